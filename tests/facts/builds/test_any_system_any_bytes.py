"""Any bytes under a build file's name are facts or a named problem, and what all files say together is too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.facts.builds import _READERS, combine, is_build_file, read_build

PATHS = [
    *(
        "CMakeLists.txt",
        "CMakePresets.json",
        "cmake/Find.cmake",
        "Makefile",
        "configure.ac",
        "Makefile.am",
        "meson.build",
    ),
    *("meson_options.txt", "go.mod", "go.work", "build.gradle", "settings.gradle.kts", "gradle/libs.versions.toml"),
    *(
        "gradle.properties",
        "gradle/wrapper/gradle-wrapper.properties",
        "MODULE.bazel",
        "BUILD",
        ".bazelrc",
        ".bazelversion",
    ),
    *("Gemfile", "a.gemspec", "Rakefile", "Podfile", "Dockerfile", "Package.swift", "justfile", "Taskfile.yml"),
    *("pyproject.toml", "Cargo.toml", "package.json", "pnpm-workspace.yaml", "pom.xml", "a.csproj", "a.sln", "a.slnx"),
    *("Directory.Build.props", "packages.config", "global.json", "composer.json", "compose.yaml", ".gitlab-ci.yml"),
    *(".github/workflows/ci.yml", "azure-pipelines.yml", ".circleci/config.yml", "setup.cfg", "setup.py", "tox.ini"),
    *("noxfile.py", "requirements.txt", "Pipfile", "environment.yml", "uv.lock", "build.sbt"),
    *("project/build.properties", "Jenkinsfile", ".travis.yml", ".drone.yml", ".woodpecker.yml", ".woodpecker/a.yml"),
    *("bitbucket-pipelines.yml", ".buildkite/pipeline.yml", "appveyor.yml", "Vagrantfile"),
]
PIECES = [
    *(
        "a",
        "b",
        "name",
        "version",
        "1.0",
        "project(",
        "add_executable(x ",
        "${",
        "}",
        "$(",
        ")",
        "(",
        "{",
        "[",
        "]",
        "<",
        ">",
    ),
    *(
        "=",
        ":",
        ":\n",
        "\n",
        "\n  ",
        "\n- ",
        "\t",
        " ",
        '"',
        "'",
        '"""',
        "#",
        "//",
        "/*",
        "*/",
        ",",
        ";",
        "\\\n",
        "&a ",
        "*a",
    ),
    *(
        "[project]\n",
        "[dependencies]\n",
        'name = "a"\n',
        '"scripts": {"a": "b"}',
        "<project>",
        "</project>",
        "<dependencies>",
    ),
    *(
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "&b;",
        "services:\n",
        "jobs:\n",
        "steps:\n",
        "FROM a\n",
        "RUN a\n",
        "module a\n",
    ),
    *(
        "require (\n",
        "implementation('a:b:1')\n",
        "plugins {\n",
        "gem 'a'\n",
        "task :a do\n",
        "end\n",
        "all: b\n\tc\n",
        "null",
    ),
    *(
        "true",
        "1",
        "ü",
        "\0",
        "\r\n",
        "if ",
        "endif",
        "foreach(a IN LISTS b)\n",
        "AC_INIT([a],[1])\n",
        "bin_PROGRAMS = a\n",
    ),
    *(
        "import ",
        "setup(",
        "deps =",
        "extends: ",
        "include: ",
        "!reference ",
        "{{",
        "}}",
        "<<: ",
        "---\n",
        "let ",
        "targets: [",
    ),
]
SOURCE = st.one_of(st.binary(max_size=150), st.lists(st.sampled_from(PIECES), max_size=40).map("".join).map(str.encode))


def test_every_reader_has_a_path_here() -> None:
    from codeanvil.facts.builds import _reader_of

    assert all(is_build_file(path) for path in PATHS)
    assert {read for _, read in _READERS} == {_reader_of(path) for path in PATHS}


@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("path", PATHS)
@given(source=SOURCE)
def test_any_bytes_give_facts_or_a_named_problem(path: str, source: bytes) -> None:
    facts = read_build(path, source)
    assert facts.file == path
    assert facts.problem is None or facts.problem.startswith(path)
    lines = source.count(b"\n") + source.count(b"\r") + 1
    assert all(0 <= each.line <= lines for each in (*facts.targets, *facts.options, *facts.dependencies))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(["", "a/", "a/b/"]), SOURCE), max_size=6))
def test_what_any_files_say_together_is_told_too(files: list[tuple[str, str, bytes]]) -> None:
    builds = [
        read_build(folder + path, source) for path, folder, source in {(f, p): (p, f, s) for p, f, s in files}.values()
    ]
    combine(builds)
