import json
from dataclasses import replace

import pytest

from codeanvil.facts.builds import combine, read_build
from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts, Stack
from codeanvil.facts.roles import role_of
from codeanvil.facts.stack import MAX_FOLDERS, stack

CMAKE = b"project(V)\nfind_package(Boost 1.70)\nadd_executable(v main.cpp)\nadd_test(NAME t COMMAND v)"
PYPROJECT = b"""[build-system]
requires = ["hatchling"]
[project]
name = "tool"
dependencies = ["numpy>=1.26", "PyYAML"]
[project.optional-dependencies]
dev = ["numpy", "pytest"]
[project.scripts]
tool = "tool.cli:main"
"""


def project() -> Stack:
    files = [
        extract(
            "src/main.cpp", b"#include <boost/any.hpp>\n#include <zlib.h>\n#include <vector>\nint main() {}\n", "cpp"
        ),
        extract("include/v/a.h", b"class A {};\nclass Fwd;\n", "cpp"),
        extract("tests/t.cpp", b"#include <gtest/gtest.h>\n\nint main() {}\n", "cpp"),
        extract("tool/cli.py", b"import os, yaml, rich.table\nimport tool.other\nfrom . import x\n", "python"),
        extract("tool/other.py", b'if __name__ == "__main__": pass\n', "python"),
        FileFacts("CMakeLists.txt", "cmake", "", 100),
        extract("vendor/z/z.c", b"#include <openssl/ssl.h>\nint main() {}\n" * 90, "c"),
        extract("src/a.pb.cc", b"#include <google/protobuf/any.h>\n" * 90, "cpp"),
    ]
    files = [replace(file, role=role_of(file.path, b"", file.lang)) for file in files]
    return stack(files, [read_build("CMakeLists.txt", CMAKE), read_build("pyproject.toml", PYPROJECT)])


def test_languages_come_by_share_of_lines_of_source():
    found = project().languages
    assert [(share.lang, share.files, share.lines) for share in found] == [("cpp", 3, 9), ("python", 2, 4)]
    assert sum(share.share for share in found) == 1


def test_libraries_are_what_builds_ask_for_and_then_what_the_code_shows():
    assert [(d.name, d.version) for d in project().libraries] == [
        ("Boost", "1.70"), ("numpy", ">=1.26"), ("PyYAML", ""), ("pytest", ""), ("rich", ""), ("zlib", ""),
    ]  # fmt: skip


def test_test_frameworks_come_from_code_and_builds():
    assert set(project().test_frameworks) == {"GoogleTest", "CTest", "pytest"}


def test_folders_tell_what_lies_in_them():
    assert dict(project().folders) == {
        "src": "2 C++ files",
        "include": "public headers: 1 C++ file, 1 type",
        "include/v": "1 C++ file, 1 type",
        "tests": "tests: 1 C++ file",
        "tool": "2 Python files",
        "vendor": "third-party code: 1 C file",
        "vendor/z": "1 C file",
    }


def test_entry_points_are_scripts_then_programs_then_tests():
    assert project().entry_points == (
        ("pyproject.toml", 9, "script tool, tool.cli:main"),
        ("src/main.cpp", 4, "main function"),
        ("tool/other.py", 1, 'if __name__ == "__main__"'),
        ("tests/t.cpp", 3, "main function"),
    )


def test_the_order_of_the_files_does_not_matter():
    files = [extract(f"{name}/a.py", b"import numpy\n", "python") for name in ("b", "a", "c")]
    assert stack(files, []) == stack(files[::-1], [])


def test_of_many_folders_the_largest_are_told():
    files = [FileFacts(f"d{i}/a.py", "python", "", i) for i in range(50)]
    folders = stack(files, []).folders
    assert len(folders) == MAX_FOLDERS
    assert ("d49", "1 Python file") in folders


def test_a_project_of_nothing_but_vendored_code_is_told_by_that():
    files = [FileFacts("vendor/a.py", "python", "", 5, role="vendored")]
    assert [share.lang for share in stack(files, []).languages] == ["python"]


def test_a_vendored_module_is_no_library():
    files = [
        FileFacts("app.py", "python", "", 5, imports=("attr", "rich")),
        FileFacts("vendor/attr.py", "python", "", 5, role="vendored"),
    ]
    assert [library.name for library in stack(files, []).libraries] == ["rich"]


def test_an_empty_project_has_an_empty_stack():
    assert stack([], []) == Stack()


def of(files: dict[str, object], **imports: tuple[str, ...]) -> Stack:
    """The stack of build files (text, or what their JSON says) and of one file a language with these imports."""
    texts = {path: each if isinstance(each, str) else json.dumps(each) for path, each in files.items()}
    builds = combine([read_build(path, text.encode()) for path, text in texts.items()])
    return stack([FileFacts(f"src/a.{lang}", lang, "", 10, imports=names) for lang, names in imports.items()], builds)


def pom(*dependencies: str) -> str:
    items = "".join(
        "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>".format(
            *each.split(":")
        )
        for each in dependencies
    )
    return f"<project><artifactId>app</artifactId><dependencies>{items}</dependencies></project>"


@pytest.mark.parametrize(
    ("files", "imports", "libraries", "tests"),
    [
        (
            {"package.json": {"name": "web", "dependencies": {"axios": "^1", "react": "^18"}, "devDependencies": {"vite": "5", "vitest": "1"}}},
            {"tsx": ("react", "@testing-library/react"), "javascript": ("./own", "node:fs", "three")},
            ["react ^18", "axios ^1", "vite 5", "vitest 1", "three "],
            {"Vitest", "Testing Library"},
        ),
        (
            {"Cargo.toml": '[package]\nname="a"\n[dependencies]\nserde="1"\naxum="0.7"\n[dev-dependencies]\nproptest="1"\n[build-dependencies]\ncc="1"'},
            {"rust": ("std::io", "serde::Serialize", "crate::x")},
            ["axum 0.7", "serde 1", "proptest 1"],
            {"proptest"},
        ),
        (
            {"pom.xml": pom("com.google.guava:guava:33", "org.springframework.boot:spring-boot-starter-web:3.2", "org.junit.jupiter:junit-jupiter:5.10")},
            {"java": ("org.springframework.boot.SpringApplication", "java.util.List"), "kotlin": ("io.ktor.server.application.Application",)},
            ["org.springframework.boot:spring-boot-starter-web 3.2", "com.google.guava:guava 33", "org.junit.jupiter:junit-jupiter 5.10", "Ktor "],
            {"JUnit 5"},
        ),
        (
            {"A.csproj": '<Project Sdk="x"><ItemGroup><PackageReference Include="Dapper" Version="2"/><PackageReference Include="xunit" Version="2.9"/></ItemGroup></Project>'},
            {"csharp": ("Microsoft.AspNetCore.Mvc", "System.Linq", "Xunit.Abstractions")},
            ["Dapper 2", "xunit 2.9", "ASP.NET Core "],
            {"xUnit"},
        ),
        (
            {"composer.json": {"name": "a/b", "require": {"php": "^8", "monolog/monolog": "^3", "laravel/framework": "^11"}, "require-dev": {"pestphp/pest": "^2"}}},
            {"php": ("Illuminate\\Support\\Facades\\DB", "Mockery")},
            ["laravel/framework ^11", "monolog/monolog ^3", "pestphp/pest ^2"],
            {"Pest", "Mockery"},
        ),
        (
            {},
            {"go": ("fmt", "testing", "github.com/gin-gonic/gin", "github.com/stretchr/testify/assert"), "swift": ("SwiftUI", "XCTest")},
            ["Gin ", "SwiftUI "],
            {"go test", "Testify", "XCTest"},
        ),
        (
            {"compose.yaml": "services:\n  redis:\n    image: redis:7\n", ".github/workflows/a.yml": "jobs:\n  a:\n    steps: [{uses: actions/checkout@v4}]\n"},
            {},
            ["redis 7"],
            set(),
        ),
    ],
)  # fmt: skip
def test_libraries_and_test_frameworks_of_every_language(files, imports, libraries, tests):
    found = of(files, **imports)
    assert [f"{each.name} {each.version}" for each in found.libraries] == libraries
    assert set(found.test_frameworks) == tests


def test_what_the_project_makes_itself_and_versions_for_others_are_no_libraries():
    found = of(
        {
            "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n[workspace.dependencies]\nunused = "9"\nlog = "0.4"\n',
            "a/Cargo.toml": '[package]\nname = "a"\n[dependencies]\nb = { path = "../b" }\nlog = { workspace = true }\n',
            "b/Cargo.toml": '[package]\nname = "b"\n',
        }
    )
    assert [(each.name, each.version) for each in found.libraries] == [("log", "0.4")]


def test_a_script_named_like_a_library_does_not_hide_it():
    found = of({"package.json": {"name": "a", "scripts": {"jest": "jest"}, "devDependencies": {"jest": "29"}}})
    assert [each.name for each in found.libraries] == ["jest"]


def test_build_files_of_tests_and_examples_do_not_count_beside_the_project_s_own():
    own = {"name": "a", "dependencies": {"koa": "2"}}
    other = {"name": "b", "dependencies": {"express": "4"}}
    assert [e.name for e in of({"package.json": own, "examples/b/package.json": other}).libraries] == ["koa"]
    assert [e.name for e in of({"examples/b/package.json": other}).libraries] == ["express"]


def test_commands_that_packages_install_are_entry_points_and_tasks_are_not():
    found = of(
        {
            "package.json": {"name": "a", "bin": {"a-cli": "./cli.js"}, "scripts": {"build": "tsc"}},
            "composer.json": {"name": "v/b", "bin": ["bin/b"]},
            "setup.py": "from setuptools import setup\nsetup(name='c', scripts=['bin/c'], entry_points={'console_scripts': ['d = c:d']})",
            "pyproject.toml": "[tool.poe.tasks]\nx = 'y'\n[project.scripts]\nodd = 3\n",
        }
    )
    assert found.entry_points == (
        ("package.json", 1, "program a-cli, cli.js"),
        ("composer.json", 1, "program b, bin/b"),
        ("setup.py", 2, "script d, c:d"),
        ("setup.py", 2, "script c, bin/c"),
        ("pyproject.toml", 4, "script odd"),
    )


def test_scripts_say_what_starts_them():
    files = [
        extract("bin/a", b"#!/usr/bin/env node\nrun()\n", "javascript"),
        extract("bin/b.js", b"'use strict';\nif (require.main === module) run();\n", "javascript"),
        extract("bin/c.rb", b"def run; end\nrun if __FILE__ == $0\n", "ruby"),
        extract("bin/d", b"#!/usr/bin/php\n<?php run();\n", "php"),
    ]
    assert stack(files, []).entry_points == (
        ("bin/a", 1, "script that begins with #!"),
        ("bin/b.js", 2, "a check that it is the main module"),
        ("bin/c.rb", 2, "if __FILE__ == $0"),
        ("bin/d", 1, "script that begins with #!"),
    )
