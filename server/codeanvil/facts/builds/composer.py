"""Build facts of a `composer.json`, and what its package has in the folders of a workspace."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from codeanvil.facts.builds.documents import (
    Table,
    UnreadableError,
    begin,
    ordered,
    runs,
    strings,
    table,
    text,
    unread,
)
from codeanvil.facts.builds.json_document import Json
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.versions import oldest
from codeanvil.facts.model import BuildFacts, Dependency, Target

_PLATFORM = re.compile(r"php(?:-64bit|-ipv6|-zts|-debug)?|composer(?:-plugin-api|-runtime-api)?|hhvm")
_EVENT = re.compile(r"(?:pre|post)-[\w-]+-(?:cmd|dump|install|update|uninstall|exec|download|init)|pre-operations-exec")
_OWN_COMMANDS = frozenset(
    {
        "about", "archive", "audit", "bump", "config", "create-project", "depends", "diagnose", "exec", "fund", "help",
        "home", "init", "install", "licenses", "list", "outdated", "prohibits", "reinstall", "remove", "require",
        "run", "run-script", "search", "show", "status", "suggests", "update", "upgrade", "validate", "why",
    }
)  # fmt: skip
_TESTERS = (
    ("pestphp/pest", "vendor/bin/pest"),
    ("phpunit/phpunit", "vendor/bin/phpunit"),
    ("symfony/phpunit-bridge", "vendor/bin/simple-phpunit"),
    ("codeception/codeception", "vendor/bin/codecept run"),
    ("phpspec/phpspec", "vendor/bin/phpspec run"),
    ("behat/behat", "vendor/bin/behat"),
)
_SERVERS = (
    ("laravel/framework", "php artisan serve"),
    ("symfony/framework-bundle", "symfony server:start"),
    ("yiisoft/yii2", "php yii serve"),
    ("cakephp/cakephp", "bin/cake server"),
    ("codeigniter4/framework", "php spark serve"),
)
_STARTING = ("start", "serve", "dev")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `composer.json` at `path` says. `minimum` is the oldest PHP. Never raises.

    Scripts and programs are targets; packages that lie in folders of the workspace are `subfolders`, as patterns.
    """
    facts = begin("composer", path, source)
    try:
        json = Json(source)
    except UnreadableError as error:
        return unread(facts, "JSON", error)
    root = json.root
    targets = tuple(_targets(json))
    dependencies = tuple(_dependencies(json))
    return replace(
        facts,
        name=text(root.get("name")),
        version=text(root.get("version")),
        minimum=oldest(text(table(root, "require").get("php"))),
        languages=("PHP",),
        targets=targets,
        dependencies=dependencies,
        subfolders=tuple(_folders(root)),
        commands=_commands(targets, dependencies),
    )


def join(known: Known) -> None:
    """Patterns of folders become the folders that hold packages."""
    for root in known.of("composer"):
        if root.subfolders:
            start = len(root.folder) + 1 if root.folder else 0
            found = known.matching(root.folder, root.subfolders, "composer.json")
            known.put(replace(root, subfolders=tuple(each.folder[start:] for each in found)))


def _dependencies(json: Json) -> Iterator[Dependency]:
    for key, group in (("require", ""), ("require-dev", "dev")):
        for name, value in table(json.root, key).items():
            if name and not _PLATFORM.fullmatch(name):
                version = text(value)
                yield Dependency(name, "" if version == "*" else version, json.line(key, name), group)


def _targets(json: Json) -> Iterator[Target]:
    folders = tuple(dict.fromkeys(_autoloaded(table(json.root, "autoload"))))
    if folders and (name := text(json.root.get("name"))):
        yield Target(name, "library", json.line("autoload"), folders)
    written = json.root.get("bin")
    for path in [written] if isinstance(written, str) else strings(written):
        if name := path.rpartition("/")[2]:
            yield Target(name, "executable", json.line_of_text(path, "bin"), (path,), command=f"php {path}")
    described = table(json.root, "scripts-descriptions")
    for name, value in table(json.root, "scripts").items():
        steps = [value] if isinstance(value, str) else strings(value)
        if name and steps and not _EVENT.fullmatch(name):
            is_test = name == "test" or name.startswith(("test:", "test-"))
            doc = text(described.get(name)) or runs(" && ".join(steps))
            line = json.line("scripts", name)
            yield Target(name, "test" if is_test else "script", line, command=_script_command(name), doc=doc)


def _script_command(name: str) -> str:
    return f"composer run {name}" if name in _OWN_COMMANDS else f"composer {name}"


def _autoloaded(autoload: Table) -> Iterator[str]:
    """Folders and files that classes are looked for in."""
    for key in ("psr-4", "psr-0"):
        for value in table(autoload, key).values():
            for path in [value] if isinstance(value, str) else strings(value):
                yield posixpath.normpath(path) if path else "."
    for key in ("classmap", "files"):
        yield from (posixpath.normpath(path) for path in strings(autoload.get(key)) if path)


def _folders(root: Table) -> Iterator[str]:
    repositories = root.get("repositories")
    if isinstance(repositories, Mapping):
        repositories = list(repositories.values())
    for each in repositories if isinstance(repositories, list) else ():
        if table(each).get("type") == "path" and (folder := text(table(each).get("url"))):
            yield folder


def _commands(targets: tuple[Target, ...], dependencies: tuple[Dependency, ...]) -> tuple[tuple[str, str], ...]:
    scripts = {target.name for target in targets if target.kind in {"script", "test"}}
    names = {dependency.name for dependency in dependencies}
    found = {"configure": "composer install", "install": "composer install"}
    if "build" in scripts:
        found["build"] = _script_command("build")
    if tester := "test" if "test" in scripts else next((command for name, command in _TESTERS if name in names), ""):
        found["test"] = _script_command("test") if tester == "test" else tester
    start = next((_script_command(name) for name in _STARTING if name in scripts), "")
    programs = [target.command for target in targets if target.kind == "executable"]
    found["run"] = start or next((command for name, command in _SERVERS if name in names), "") or "".join(programs[:1])
    return ordered(found)
