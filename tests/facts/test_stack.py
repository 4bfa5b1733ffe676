from dataclasses import replace

from codeanvil.facts.builds import read_build
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
