import json

import pytest

from codeanvil.facts.builds import combine, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(text: str, path: str = "composer.json") -> BuildFacts:
    return read_build(path, text.encode())


PACKAGE = """{
    "name": "acme/harbour",
    "version": "2.3.0",
    "type": "project",
    "require": {
        "php": "^8.1 || ^8.3",
        "ext-json": "*",
        "symfony/console": "^6.4",
        "composer-runtime-api": "^2.0"
    },
    "require-dev": {
        "phpunit/phpunit": "^10.5"
    },
    "autoload": {
        "psr-4": { "Acme\\\\Harbour\\\\": "src/", "Acme\\\\Other\\\\": ["lib", "more/"] },
        "files": ["src/functions.php"]
    },
    "bin": ["bin/harbour"],
    "scripts": {
        "test": "phpunit --colors",
        "check": ["@test", "phpstan analyse"],
        "install": "x",
        "post-install-cmd": "y",
        "serve": "php -S localhost:8000"
    },
    "scripts-descriptions": { "check": "Everything that CI checks" }
}
"""


def test_a_package_is_read():
    facts = read(PACKAGE, "php/composer.json")
    assert (facts.system, facts.folder, facts.name, facts.version) == ("composer", "php", "acme/harbour", "2.3.0")
    assert (facts.minimum, facts.languages, facts.problem) == ("8.1", ("PHP",), None)
    assert facts.dependencies == (
        Dependency("ext-json", "", 7),
        Dependency("symfony/console", "^6.4", 8),
        Dependency("phpunit/phpunit", "^10.5", 12, "dev"),
    )
    assert facts.targets == (
        Target("acme/harbour", "library", 14, ("src", "lib", "more", "src/functions.php")),
        Target("harbour", "executable", 18, ("bin/harbour",), command="php bin/harbour"),
        Target("test", "test", 20, command="composer test", doc="Runs `phpunit --colors`."),
        Target("check", "script", 21, command="composer check", doc="Everything that CI checks"),
        Target("install", "script", 22, command="composer run install", doc="Runs `x`."),
        Target("serve", "script", 24, command="composer serve", doc="Runs `php -S localhost:8000`."),
    )
    assert dict(facts.commands) == {
        "configure": "composer install",
        "test": "composer test",
        "run": "composer serve",
        "install": "composer install",
    }


@pytest.mark.parametrize(
    ("package", "verb", "command"),
    [
        ({"require-dev": {"pestphp/pest": "^2"}}, "test", "vendor/bin/pest"),
        ({"require-dev": {"phpunit/phpunit": "*"}}, "test", "vendor/bin/phpunit"),
        ({"require": {"laravel/framework": "^11"}}, "run", "php artisan serve"),
        ({"require": {"laravel/framework": "^11"}, "scripts": {"dev": "x"}}, "run", "composer dev"),
        ({"bin": "bin/tool"}, "run", "php bin/tool"),
        ({"scripts": {"build": "x"}}, "build", "composer build"),
        ({"require": {"php": ">=8"}}, "test", None),
    ],
)
def test_commands_come_from_scripts_and_well_known_packages(package, verb, command):
    assert dict(read(json.dumps(package)).commands).get(verb) == command


def test_packages_in_folders_of_the_workspace_are_its_subfolders():
    root = {"name": "a/root", "repositories": [{"type": "path", "url": "./packages/*"}, {"type": "vcs", "url": "x"}]}
    files = {
        "composer.json": root,
        "packages/one/composer.json": {"name": "a/one"},
        "other/composer.json": {"name": "b"},
    }
    found = {b.file: b for b in combine([read(json.dumps(files[path]), path) for path in sorted(files)])}
    assert found["composer.json"].subfolders == ("packages/one",)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": [], "require": 1, "autoload": {"psr-4": [1], "files": {}}, "bin": {}, "scripts": {"a": 1, "b": []}}',
        '{"repositories": {"x": {"type": "path", "url": 1}, "y": 2}, "require": {"": "1", "php": []}}',
        '{"repositories": [1, null], "scripts": [], "scripts-descriptions": [1]}',
    ],
)
def test_values_of_the_wrong_kind_are_passed_over(text):
    facts = read(text)
    assert facts.problem is None
    assert combine([facts])


def test_what_is_no_json_is_a_problem_that_names_the_file():
    assert str(read("{,}", "a/composer.json").problem).startswith("a/composer.json is not valid JSON: ")
