"""What Python projects say besides `pyproject.toml`."""

import pytest

from codeanvil.facts.builds import combine, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(path: str, text: str) -> BuildFacts:
    return read_build(path, text.encode())


def together(**texts: str) -> dict[str, BuildFacts]:
    """Facts by path of files whose names have '__' for '.' and '___' for '/', combined."""
    paths = {name.replace("___", "/").replace("__", "."): text for name, text in texts.items()}
    return {build.file: build for build in combine([read(path, paths[path]) for path in sorted(paths)])}


SETUP_CFG = """[metadata]
name = tidy
version = attr: tidy.__version__
description = Keeps things tidy

[options]
python_requires = >=3.8
packages = find:
install_requires =
    requests>=2.31,<3
    # a comment
    tomli>=1.1; python_version < "3.11"
    attrs
setup_requires = setuptools_scm; wheel

[options.extras_require]
test =
    pytest>=7
docs = sphinx

[options.entry_points]
console_scripts =
    tidy = tidy.cli:main
    tidy-all = tidy.cli:everything [docs]

[tool:pytest]
testpaths = tests
"""


def test_a_setup_cfg_is_read():
    facts = read("lib/setup.cfg", SETUP_CFG)
    assert (facts.system, facts.folder, facts.name, facts.version) == ("setuptools", "lib", "tidy", "")
    assert (facts.minimum, facts.languages, facts.problem) == ("3.8", ("Python",), None)
    assert facts.dependencies == (
        Dependency("requests", ">=2.31,<3", 10),
        Dependency("tomli", ">=1.1", 12),
        Dependency("attrs", "", 13),
        Dependency("setuptools_scm", "", 14, "build"),
        Dependency("wheel", "", 14, "build"),
        Dependency("pytest", ">=7", 18, "test"),
        Dependency("sphinx", "", 19, "docs"),
    )
    assert facts.targets == (
        Target("tidy", "script", 23, command="tidy.cli:main"),
        Target("tidy-all", "script", 24, command="tidy.cli:everything"),
    )
    assert dict(facts.commands) == {
        "install": "pip install -e .",
        "build": "python -m build",
        "test": "pytest",
        "run": "tidy",
    }


def test_a_setup_cfg_of_tool_settings_builds_nothing():
    facts = read("setup.cfg", "[flake8]\nmax-line-length = 100\n[bdist_wheel]\nuniversal = 1\n")
    assert (facts.name, facts.commands, facts.dependencies, facts.problem) == ("", (), (), None)


SETUP_PY = """import re
from setuptools import setup, find_packages

VERSION = "2.5"
CORE = ["numpy>=1.20", "six"]
with open("README.md") as file:
    long_description = file.read()
extras = {"test": ["pytest", "hypothesis"]}
extras["all"] = extras["test"]

setup(
    name="fastgrid",
    version=VERSION,
    long_description=long_description,
    python_requires=">=3.7",
    packages=find_packages(),
    install_requires=CORE + ["scipy"],
    extras_require=extras,
    setup_requires=["cython"] if True else [],
    entry_points={"console_scripts": ["fastgrid = fastgrid.main:run"], "plugins": ["x = y"]},
    scripts=["bin/grid-tool"],
)
"""


def test_a_setup_py_is_read_without_running_it():
    facts = read("setup.py", SETUP_PY)
    assert (facts.system, facts.name, facts.version, facts.minimum) == ("setuptools", "fastgrid", "2.5", "3.7")
    assert [(d.name, d.version, d.line, d.group) for d in facts.dependencies] == [
        ("numpy", ">=1.20", 5, ""), ("six", "", 5, ""), ("scipy", "", 17, ""), ("pytest", "", 8, "test"),
        ("hypothesis", "", 8, "test"),
    ]  # fmt: skip
    assert [(t.name, t.line, t.command, t.sources) for t in facts.targets] == [
        ("fastgrid", 20, "fastgrid.main:run", ()), ("grid-tool", 21, "", ("bin/grid-tool",)),
    ]  # fmt: skip
    assert dict(facts.commands)["test"] == "pytest"


@pytest.mark.parametrize(
    ("call", "name", "version"),
    [
        ('setup(**dict(name="a", version="1"))', "a", "1"),
        ('META = {"name": "a"}\nsetup(version=get(), **META)', "a", ""),
        ('import setuptools\nsetuptools.setup(name="a", version="1" "2")', "a", "12"),
        ('x = y\ny = x\nsetup(name=x, version=f"{1}")', "", ""),
        ('if True:\n    setup(name="a", entry_points="""\n[console_scripts]\na = b:c\n""")', "a", ""),
        ("setup()", "", ""),
    ],
)
def test_only_plain_values_of_the_call_count(call, name, version):
    facts = read("setup.py", call)
    assert (facts.name, facts.version, facts.problem) == (name, version, None)


REQUIREMENTS = """# pinned by hand
-r base.txt
-c constraints.txt
--index-url https://pypi.example.org/simple
requests==2.32.3 \\
    --hash=sha256:aaaa \\
    --hash=sha256:bbbb
    # via flask
uvicorn[standard]>=0.30 ; python_version >= "3.9"  # server
-e git+https://github.com/acme/tools.git@v1#egg=acme-tools
https://x.org/wheels/some-1.0-py3-none-any.whl
git+ssh://git@github.com/acme/other.git
-e .
./local
"""


def test_requirements_are_read_with_their_lines():
    facts = read("requirements.txt", REQUIREMENTS)
    assert [(d.name, d.version, d.line, d.components) for d in facts.dependencies] == [
        ("requests", "==2.32.3", 5, ()),
        ("uvicorn", ">=0.30", 9, ("standard",)),
        ("acme-tools", "git+https://github.com/acme/tools.git@v1", 10, ()),
        ("some", "https://x.org/wheels/some-1.0-py3-none-any.whl", 11, ()),
        ("other", "git+ssh://git@github.com/acme/other.git", 12, ()),
    ]
    assert (facts.includes, facts.commands) == (("base.txt",), (("install", "pip install -r requirements.txt"),))


@pytest.mark.parametrize(
    ("path", "group", "installs"),
    [
        ("requirements.txt", "", True), ("requirements-dev.txt", "dev", True), ("dev-requirements.txt", "dev", True),
        ("requirements/tests.txt", "tests", True), ("requirements/base.in", "", True),
        ("requirements_docs.txt", "docs", True), ("constraints.txt", "managed", False),
    ],
)  # fmt: skip
def test_the_name_of_a_requirements_file_says_for_whom_it_is(path, group, installs):
    facts = read(path, "a==1")
    assert (facts.dependencies[0].group, bool(facts.commands)) == (group, installs)


def test_a_pipfile_is_read():
    facts = read(
        "Pipfile",
        '[[source]]\nurl = "x"\n[packages]\nflask = "*"\nown = {git = "https://x.org/own", ref = "1"}\n'
        'celery = {version = "~=5.3", extras = ["redis"]}\n[dev-packages]\npytest = ">=8"\n[docs]\nsphinx = "*"\n'
        '[requires]\npython_version = "3.11"\n[scripts]\nserve = "flask run"\n',
    )
    assert [(d.name, d.version, d.line, d.group, d.components) for d in facts.dependencies] == [
        ("flask", "", 4, "", ()), ("own", "https://x.org/own", 5, "", ()), ("celery", "~=5.3", 6, "", ("redis",)),
        ("pytest", ">=8", 8, "dev", ()), ("sphinx", "", 10, "docs", ()),
    ]  # fmt: skip
    assert facts.minimum == "3.11"
    assert facts.targets == (Target("serve", "custom", 14, command="pipenv run serve", doc="Runs `flask run`."),)
    assert dict(facts.commands) == {
        "install": "pipenv install --dev",
        "test": "pipenv run pytest",
        "run": "pipenv run serve",
    }


def test_a_conda_environment_is_read():
    facts = read(
        "environment.yml",
        "name: lab\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - numpy >=1.26\n"
        "  - conda-forge::gdal=3.8=h1_0\n  - pip\n  - pip:\n      - einops==0.8\n      - -e .\n",
    )
    assert (facts.name, facts.minimum) == ("lab", "3.11")
    assert [(d.name, d.version, d.line, d.group) for d in facts.dependencies] == [
        ("numpy", ">=1.26", 5, ""), ("gdal", "=3.8=h1_0", 6, ""), ("einops", "==0.8", 9, "pip"),
    ]  # fmt: skip
    assert dict(facts.commands) == {"install": "conda env create -f environment.yml"}


TOX = """[tox]
envlist = py3{10,11}-{unit,db}, lint
[testenv]
description = run the tests
deps =
    pytest>=8
    db: psycopg[binary]
    -r more.txt
commands = pytest {posargs:tests}
[testenv:lint]
deps = ruff==0.6
commands =
    ruff check .
    - ruff format --check .
[testenv:docs]
commands = {envpython} -m sphinx docs out
"""


def test_the_environments_of_tox_are_targets():
    facts = read("tox.ini", TOX)
    assert [(t.name, t.kind, t.line, t.command, t.doc) for t in facts.targets] == [
        ("py310-unit", "test", 2, "tox -e py310-unit", "run the tests"),
        ("py310-db", "test", 2, "tox -e py310-db", "run the tests"),
        ("py311-unit", "test", 2, "tox -e py311-unit", "run the tests"),
        ("py311-db", "test", 2, "tox -e py311-db", "run the tests"),
        ("lint", "custom", 10, "tox -e lint", "Runs `ruff check . && ruff format --check .`."),
        ("docs", "custom", 15, "tox -e docs", "Runs `-m sphinx docs out`."),
    ]
    assert [(d.name, d.version, d.line) for d in facts.dependencies] == [
        ("pytest", ">=8", 6), ("psycopg", "", 7), ("ruff", "==0.6", 11),
    ]  # fmt: skip
    assert facts.commands == (("test", "tox"),)


def test_names_of_environments_do_not_multiply_without_an_end():
    facts = read("tox.ini", "[tox]\nenvlist = " + "{a,b}" * 40 + "\n")
    assert len(facts.targets) <= 200


def test_the_sessions_of_nox_are_targets():
    text = '''import nox
@nox.session(python=["3.11"])
def tests(session):
    """Run the tests. All of them."""
    session.run("pytest", *session.posargs)
@nox.session(name="style-check")
def style(session):
    session.run("ruff", "check")
    session.run("mypy", external=True)
def helper(session): ...
'''
    assert [(t.name, t.kind, t.line, t.command, t.doc) for t in read("noxfile.py", text).targets] == [
        ("tests", "test", 3, "nox -s tests", "Run the tests."),
        ("style-check", "custom", 7, "nox -s style-check", "Runs `ruff check && mypy`."),
    ]


# --- together


def test_the_lock_file_tells_the_tool_of_a_project_and_of_its_members():
    project = '[project]\nname = "{}"\n[build-system]\nrequires = []\n[dependency-groups]\ndev = ["pytest"]\n'
    found = together(
        pyproject__toml=project.format("root") + '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = []\n',
        uv__lock="version = 1",
        packages___a___pyproject__toml=project.format("a"),
        other___pyproject__toml=project.format("other"),
        third___pyproject__toml=project.format("third"),
        third___poetry__lock="",
    )
    assert {path: dict(build.commands)["test"] for path, build in found.items()} == {
        "other/pyproject.toml": "pytest",
        "packages/a/pyproject.toml": "uv run pytest",
        "pyproject.toml": "uv run pytest",
        "third/pyproject.toml": "poetry run pytest",
    }
    assert found["pyproject.toml"].subfolders == ("packages/a",)
    assert dict(found["third/pyproject.toml"].commands)["build"] == "poetry build"


def test_a_pyproject_takes_what_setup_files_beside_it_say_and_their_commands_fall_away():
    found = together(
        pyproject__toml='[build-system]\nrequires = ["setuptools"]\n[tool.pytest.ini_options]\n',
        setup__cfg="[metadata]\nname = tidy\nversion = 1.2\n[options]\npython_requires = >=3.8\n"
        "[options.entry_points]\nconsole_scripts =\n  tidy = tidy:main\n",
        setup__py="from setuptools import setup\nsetup(name='other')",
    )
    main = found["pyproject.toml"]
    assert (main.name, main.version, main.minimum) == ("tidy", "1.2", "3.8")
    assert dict(main.commands)["run"] == "tidy"
    assert (found["setup.cfg"].commands, found["setup.py"].commands) == ((), ())


def test_a_pyproject_of_tool_settings_leaves_building_to_the_setup_file():
    found = together(pyproject__toml="[tool.black]\n", setup__py="from setuptools import setup\nsetup(name='other')")
    assert (found["pyproject.toml"].commands, found["pyproject.toml"].name) == ((), "")
    assert dict(found["setup.py"].commands)["build"] == "python -m build"


# --- what is not as it should be


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("setup.cfg", "name = x\n", "setup.cfg is not valid INI: line 1 stands in no section."),
        ("setup.cfg", "[a\n", "setup.cfg is not valid INI: line 1 stands in no section."),
        ("tox.ini", "[a]\n= 1\n", "tox.ini is not valid INI: line 2 is neither a section, a key nor a value."),
        ("setup.py", "print 'python 2'\n", "setup.py is not valid Python: Missing parentheses in call to 'print'"),
        ("setup.py", "x = '\0'", "setup.py is not valid Python: "),
        ("setup.py", "x = " + "-" * 100_000 + "1", "setup.py is not valid Python: it is nested too deep."),
        ("noxfile.py", "def", "noxfile.py is not valid Python: "),
        ("Pipfile", "[packages\n", "Pipfile is not valid TOML: "),
        ("environment.yml", "- a\n", "environment.yml is not valid YAML: it holds no mapping."),
        ("environment.yml", "a: [", "environment.yml is not valid YAML: did not find expected node content in line 1."),
        ("requirements.txt", "a\n" * 1_500_000, "requirements.txt is not valid input for pip: it has 3000000 bytes"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_in_its_format_is_a_problem_that_names_it(path, text, problem):
    assert str(read(path, text).problem).startswith(problem)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("setup.py", "setup(name=3, install_requires=4, entry_points=[], extras_require=None, **x)"),
        ("setup.py", "setup(install_requires=[*a, 1, 'ok'], extras_require={**x, 1: 2, 'a': b.c})"),
        ("setup.cfg", "[options]\ninstall_requires =\n[options.extras_require]\n[options.entry_points]\nconsole_scripts = x\n"),
        ("Pipfile", "packages = 1\nscripts = [1]\n[requires]\npython_version = 3"),
        ("environment.yml", "dependencies: {a: 1}\nname: [x]"),
        ("environment.yml", "dependencies: [[1], {pip: x}, '', {pip: [{a: b}]}]"),
        ("tox.ini", "[tox]\n[testenv:{a,b}]\ncommands =\n"),
        ("noxfile.py", "@nox.session(name=1)\ndef f(s): s.run(1)\n@session\nclass A: pass\n"),
        ("requirements.txt", "-r\n-e\n\\\n;\n[]\n@\na @ \n--hash\n=="),
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_are_passed_over(path, text):
    assert read(path, text).problem is None
