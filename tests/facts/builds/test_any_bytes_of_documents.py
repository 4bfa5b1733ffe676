"""Build files that are documents: any bytes give facts or a named problem, and nothing takes long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.builds.systems import SYSTEMS
from codeanvil.workspace.store.rows import build_json

FORMATS: dict[str, tuple[str, ...]] = {
    "TOML": ("pyproject.toml", "Pipfile", "Cargo.toml"),
    "INI": ("setup.cfg", "tox.ini"),
    "Python": ("setup.py", "noxfile.py"),
    "YAML": (
        "environment.yml",
        "pnpm-workspace.yaml",
        "compose.yaml",
        ".github/workflows/a.yml",
        ".gitlab-ci.yml",
        "azure-pipelines.yml",
        ".circleci/config.yml",
        ".travis.yml",
        ".drone.yml",
        "bitbucket-pipelines.yml",
        ".buildkite/a.yml",
        "appveyor.yml",
    ),
    "JSON": ("package.json", "global.json", "composer.json"),
    "XML": ("pom.xml", "A.csproj", "A.slnx", "Directory.Build.props", "packages.config"),
    "solution": ("A.sln",),
    "input for pip": ("requirements.txt",),
}
PATHS = [(path, form) for form, paths in FORMATS.items() for path in paths]

FRAGMENTS: dict[str, list[str]] = {
    "TOML": [
        "[project]\n", "[[bin]]\n", "[workspace]\n", "[features]\n", "[package]\n", "[tool.poetry.dependencies]\n", "[build-system]\n", "[scripts]\n", "[packages]\n",
        "name = ", '"a"', "[", "]", "{", "}", "=", "\n", '"', "'", '"""', "a.b", "1", "x = ", ",", "#", "é", "\\u",
    ],
    "INI": ["[options]\n", "[tox]\n", "[testenv:{a,b}]\n", "install_requires =\n", "  a>=1\n", "=", ":", "\n", "[", "x", "{", "}", ",", "#", ";"],
    "Python": ["setup(", "name=", '"a"', ")", "[", "]", "{", "}", "**", "x = ", "\n", "def f(s):\n", " ", "@session\n", ",", "lambda:", "-", "\\ud800"],
    "YAML": [
        "name: ", "a", "\n", "  ", "- ", "dependencies:\n", "&a ", "*a", "{", "}", "[", "]", ": ", "'", '"', "|\n", "---\n", "#",
        "<<: ", "!x ", "services:\n", "image: ", "${A:-b}", "script: ", "extends: ", "jobs:\n", "on: ", "steps:\n", "run: ", "? ", "\t",
    ],
    "JSON": [
        "{", "}", "[", "]", ":", ",", '"name"', '"scripts"', '"dependencies"', '"bin"', '"a"', "1", "null", "\n", '"', "\\u",
        '"\\ud800"', "//x\n", '"workspaces"', '"require"', " ", '"projects"',
    ],
    "XML": [
        "<project>", "</project>", "<Project>", "</Project>", "<dependencies>", "</dependencies>", "<dependency>", "</dependency>",
        "<artifactId>", "</artifactId>", "<version>", "</version>", "a", "${a}", "$(A)", "<a/>", "<properties>", "</properties>",
        "<PropertyGroup>", "</PropertyGroup>", '<PackageReference Include="a"/>', "&amp;", "&#xd800;", "<!--", "-->", "<![CDATA[", "]]>",
        '<?xml version="1.0" encoding="latin-1"?>', "<!DOCTYPE a [", "]>", "\n", "é",
    ],
    "solution": ["Microsoft Visual Studio Solution File\n", 'Project("{A}") = "a", "a\\a.csproj"', "\n", '"', ",", "=", "EndProject\n", "é"],
    "input for pip": ["a", "==", "1", "\n", "-r ", "-e ", "git+https://x/y", "#egg=", "\\\n", "[", "]", ";", "@", " ", "--hash=", "é"],
}  # fmt: skip


def sources(form: str) -> st.SearchStrategy[bytes]:
    written = (
        st.lists(st.sampled_from(FRAGMENTS[form]), max_size=60)
        .map("".join)
        .map(lambda text: text.encode("utf-8", "replace"))
    )
    return st.one_of(st.binary(max_size=200), written)


@pytest.mark.parametrize(("path", "form"), PATHS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_bytes_give_facts_or_a_named_problem(path, form, data):
    source = data.draw(sources(form))
    facts = read_build(f"in/{path}", source)
    assert facts.problem is None or facts.problem.startswith(f"in/{path} is not valid {form}: ")
    assert facts.system in SYSTEMS
    lines = source.count(b"\n") + source.count(b"\r") + 1
    for item in (*facts.targets, *facts.options, *facts.dependencies):
        assert item.name
        assert 0 <= item.line <= lines
    # What is stored must be text that SQLite and JSON can hold, and come back the same.
    assert build_json().validate_json(build_json().dump_json(facts)) == facts
    assert combine(combine([facts])) == combine([facts])


HOSTILE: dict[str, tuple[bytes, ...]] = {
    "TOML": (b"x = " + b"[" * 900_000, b"a.b" * 300_000, b"[a]\n" * 300_000, b"'" * 1_900_000),
    "INI": (b"[a]\n" + b"x" * 1_900_000, b"[a" * 900_000, b"[a]\nb = 1\n" * 100_000, b"[tox]\nenvlist = " + b"{a," * 500_000),
    "Python": (b"(" * 250_000, b"-" * 250_000, b"a." * 140_000, b"x=[" * 90_000, b"1+" * 140_000, b"if 1:\n" * 15_000),
    "YAML": (
        b"[" * 1_900_000, b"- " * 900_000, b"{" * 900_000, b"? " * 900_000, b"a: &a [*a]",
        b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(b"b%d: &b%d [%s]\n" % (i, i, b",".join([b"*b%d" % (i - 1) if i else b"*a"] * 9)) for i in range(9)),
        b"a: 'x\n" * 200_000, b"services:\n  a:\n    image: '" + b"${a:-" * 300_000 + b"'\n",
    ),
    "JSON": (b"[" * 1_900_000, b'{"a":' * 300_000, b'"' * 1_900_000, b'{"a": "' + b"\\u0041" * 300_000 + b'"}', b"{" + b'"a":1,' * 300_000 + b'"b":1}'),
    "XML": (
        b"<a>" * 600_000, b"<project><dependencies>" + b"<dependency><artifactId>a</artifactId></dependency>" * 15_000 + b"</dependencies></project>",
        b"<project><properties>" + b"".join(b"<a%d>${a%d}${a%d}</a%d>" % (i, i - 1, i - 1, i) for i in range(8_000)) + b"</properties></project>",
        b"<project><modules>" + b"<module>${a}</module>" * 20_000 + b"</modules></project>", b"<a " + b"b='1' " * 300_000,
        b"<project><artifactId>" + b"x &amp; " * 230_000 + b"</artifactId></project>",
    ),
    "solution": (b"Microsoft Visual Studio Solution File\n" + b'Project("{' * 190_000, b"x" * 1_900_000),
    "input for pip": (b"a\\\n" * 400_000, b"a#egg=" * 300_000, b"-r " * 600_000, b"[" * 1_900_000),
}  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("path", "form"), PATHS)
def test_files_made_to_take_long_do_not(path, form):
    for source in HOSTILE[form]:
        began = time.process_time()
        read_build(path, source)
        # Far above what any of them takes, far below the time after which a worker is given up.
        assert time.process_time() - began < 10, source[:40]


@pytest.mark.parametrize(("path", "form"), PATHS)
@pytest.mark.parametrize("source", [b"x" * 2_000_001, b"", b"\xff\xfe", b"\xef\xbb\xbf"])
def test_too_large_or_empty_files_are_no_danger(path, form, source):
    facts = read_build(path, source)
    if len(source) > 2_000_000:
        assert "more than the" in str(facts.problem)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("pyproject.toml", True), ("a/b/setup.py", True), ("requirements.txt", True), ("requirements-dev.txt", True),
        ("requirements/prod.txt", True), ("docs/requirements.rst", False), ("my-setup.py", False), ("Pipfile", True),
        ("environment.yaml", True), ("environments.yml", False), ("tox.ini", True), ("pytest.ini", False),
        ("web/package.json", True), ("package.json5", False), ("pnpm-workspace.yaml", True), ("Cargo.toml", True), ("Cargo.lock", False), ("uv.lock", True), ("Pipfile.lock", False), ("constraints.txt", True), ("xrequirements.txt", False),
    ],
)  # fmt: skip
def test_files_are_told_by_their_path(path, known):
    assert is_build_file(path) is known
