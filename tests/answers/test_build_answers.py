"""Questions about the build, asked of workspaces of several build systems."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from codeanvil.answers.ask import ask
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.workers import Workers
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

POM = """<project><groupId>org.acme</groupId><artifactId>harbour</artifactId><version>1.4.0</version><packaging>pom</packaging>
<modules><module>core</module></modules><properties><maven.compiler.release>21</maven.compiler.release></properties>
<dependencyManagement><dependencies>
<dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>33.0</version></dependency>
</dependencies></dependencyManagement></project>"""
CORE = """<project><parent><groupId>org.acme</groupId><artifactId>harbour</artifactId><version>1.4.0</version></parent>
<artifactId>core</artifactId><dependencies>
<dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId></dependency></dependencies></project>"""
SOLUTION = (
    "Microsoft Visual Studio Solution File\n"
    'Project("{A}") = "App", "src\\App\\App.csproj", "{B}"\nEndProject\n'
    'Project("{A}") = "App.Tests", "test\\App.Tests\\App.Tests.csproj", "{C}"\nEndProject\n'
)
PROJECT = '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup>{}<TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include="{}" Version="2.9"/></ItemGroup></Project>'

WORKSPACES: dict[str, dict[str, str]] = {
    "cargo": {
        "Cargo.toml": '[workspace]\nmembers = ["app", "lib"]\n[workspace.package]\nversion = "2.0.0"\nrust-version = "1.75"\n[workspace.dependencies]\nserde = "1.0.200"\n',
        "app/Cargo.toml": '[package]\nname = "ferry"\nversion.workspace = true\n[features]\nsimd = []\n[dependencies]\nserde.workspace = true\ntokio = "^1.38"\n',
        "lib/Cargo.toml": '[package]\nname = "tide"\nversion = "0.1.0"\n',
        "app/src/main.rs": "fn main() {}\n",
        "lib/src/lib.rs": "pub struct Tide;\n",
    },
    "npm": {
        "package.json": json.dumps({"name": "quay", "version": "3.1.0", "workspaces": ["web"], "scripts": {"build": "tsc -b", "test": "vitest run", "dev": "vite"}, "engines": {"node": ">=18.17"}}),
        "web/package.json": json.dumps({"name": "web", "dependencies": {"react": "^18.2.0"}}),
        "pnpm-lock.yaml": "lockfileVersion: 9\n",
        "compose.yaml": "services:\n  db:\n    image: postgres:16.2\n  web:\n    build: .\n",
        ".github/workflows/ci.yml": "jobs:\n  check:\n    steps:\n      - run: pnpm test\n",
    },
    "maven": {"pom.xml": POM, "core/pom.xml": CORE, "core/src/main/java/a/Berth.java": "package a; class Berth {}\n"},
    "dotnet": {
        "Harbour.sln": SOLUTION,
        "src/App/App.csproj": PROJECT.format("<OutputType>Exe</OutputType><Version>2.1.0</Version>", "Serilog"),
        "test/App.Tests/App.Tests.csproj": PROJECT.format("", "xunit"),
    },
    "composer": {
        "composer.json": json.dumps({"name": "acme/harbour", "version": "2.3.0", "require": {"php": "^8.1", "symfony/console": "^6.4"}, "require-dev": {"phpunit/phpunit": "^10"}, "scripts": {"serve": "php -S localhost:8000"}}),
        "src/Berth.php": "<?php class Berth {}\n",
    },
}  # fmt: skip

HOLDS = [
    ("cargo", "How do I build this?", ["with Cargo", "cargo build", "Cargo.toml:1"]),
    ("cargo", "How do I run this?", ["cargo run", "app/src/main.rs:1"]),
    ("cargo", "How do I install this?", ["run in `app`", "cargo install --path ."]),
    ("cargo", "Which dependencies does this project have?", ["`serde 1.0.200` ([app/Cargo.toml:7]", "`tokio ^1.38`"]),
    ("cargo", "Which minimum version does it need?", ["`Rust 1.75 or newer`"]),
    ("cargo", "What version is this project?", ["`2.0.0`"]),
    ("cargo", "Which version of serde?", ["version `1.0.200`"]),
    ("cargo", "Which build options are there?", ["`simd` (default `off`"]),
    ("npm", "How do I build this?", ["pnpm install\npnpm build", "docker compose build"]),
    ("npm", "How do I run the tests?", ["pnpm test"]),
    ("npm", "Which build system is used?", ["built with pnpm"]),
    ("npm", "Which minimum version does it need?", ["`Node.js 18.17 or newer`"]),
    ("npm", "What version of react does this use?", ["`react`", "version `^18.2.0`", "web/package.json:1"]),
    ("npm", "What does the dev script do?", ["Runs `vite`."]),
    ("npm", "Which CI jobs are there?", ["`check`, a job ([.github/workflows/ci.yml:2]"]),
    ("npm", "Which services does compose start?", ["`db`, a service", "`web`, a service"]),
    ("npm", "How do I build the Docker image?", ["docker compose build"]),
    ("npm", "What is the tech stack?", ["`react ^18.2.0`", "`postgres 16.2`"]),
    ("maven", "How do I test this?", ["mvn test"]),
    ("maven", "Which version of guava is used?", ["`com.google.guava:guava`", "version `33.0`", "core/pom.xml:3"]),
    ("maven", "Which minimum version does it need?", ["`Java 21 or newer`"]),
    ("maven", "Which version of symfony/console is used?", ["`symfony/console`", "no"]),
    ("dotnet", "How do I run this?", ["dotnet run --project src/App/App.csproj"]),
    ("dotnet", "How do I run the tests?", ["dotnet test", "`xUnit`"]),
    ("dotnet", "Which targets are there?", ["`App`, an executable", "`App.Tests`, a test"]),
    ("dotnet", "What version is this project?", ["`App` is at version `2.1.0`"]),
    ("composer", "How do I run the tests?", ["vendor/bin/phpunit"]),
    ("composer", "Which minimum version does it need?", ["`PHP 8.1 or newer`"]),
    ("composer", "How do I run this?", ["composer serve"]),
    ("composer", "Which version of symfony/console is used?", ["version `^6.4`"]),
]

NOT_HELD = [
    ("cargo", "Which dependencies does this project have?", "a version that others take"),
    ("npm", "Which build system is used?", "GitHub Actions"),
    ("npm", "How do I build this?", "with compose"),
    ("maven", "Which version of symfony/console is used?", "1.4.0"),
    ("npm", "Which targets are there?", "check"),
]


@pytest.fixture(scope="module")
def store_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[Store, Path]]]:
    """The index of a workspace, made once."""
    made: dict[str, tuple[Store, Path]] = {}
    with Workers(1, seconds=60) as workers:

        def open_store(name: str) -> tuple[Store, Path]:
            if name not in made:
                root = tmp_path_factory.mktemp("builds") / name
                for path, text in WORKSPACES[name].items():
                    (root / path).parent.mkdir(parents=True, exist_ok=True)
                    (root / path).write_text(text)
                build_index(root, Settings(), workers=workers)
                made[name] = Store(index_path(root, Settings())), root
            return made[name]

        yield open_store
    for store, _ in made.values():
        store.close()


@pytest.mark.parametrize(("workspace", "question", "held"), HOLDS)
def test_questions_about_the_build_are_answered(store_of, workspace, question, held):
    store, root = store_of(workspace)
    answer = ask(question, store, root=root).row()["answer"]
    assert [each for each in held if each not in answer] == [], answer


@pytest.mark.parametrize(("workspace", "question", "unsaid"), NOT_HELD)
def test_what_does_not_belong_in_an_answer_is_not_said(store_of, workspace, question, unsaid):
    store, root = store_of(workspace)
    assert unsaid not in ask(question, store, root=root).row()["answer"]
