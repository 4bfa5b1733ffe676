import pytest

from codeanvil.facts.builds import read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(text: str) -> BuildFacts:
    return read_build("pkg/pyproject.toml", text.encode())


PEP_621 = """[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "tree-tools"
version = "2.0.1"
requires-python = ">=3.9,<4"
dependencies = [
  "numpy >=1.26,<3 ; python_version > '3.8'",
  "httpx[http2]",
  "local @ https://x.org/local.whl",
  "not a requirement !!",
]

[project.optional-dependencies]
test = ["pytest>=8", "hypothesis"]

[dependency-groups]
docs = ["sphinx", {include-group = "test"}]

[project.scripts]
trees = "trees.cli:main"

[project.gui-scripts]
"trees-gui" = "trees.gui:main"

[tool.pytest.ini_options]
testpaths = ["tests"]
"""


def test_a_standard_project_is_read():
    facts = read(PEP_621)
    assert (facts.system, facts.folder, facts.name, facts.version) == ("pyproject", "pkg", "tree-tools", "2.0.1")
    assert (facts.minimum, facts.languages, facts.problem) == ("3.9", ("Python",), None)
    assert facts.targets == (
        Target("trees", "script", 23, command="trees.cli:main"),
        Target("trees-gui", "script", 26, command="trees.gui:main"),
    )
    assert facts.dependencies == (
        Dependency("numpy", ">=1.26,<3", 10),
        Dependency("httpx", "", 11, components=("http2",)),
        Dependency("local", "https://x.org/local.whl", 12),
        Dependency("pytest", ">=8", 17, "test"),
        Dependency("hypothesis", "", 17, "test"),
        Dependency("sphinx", "", 20, "docs"),
        Dependency("hatchling", ">=1.27", 2, "build"),
    )
    assert dict(facts.commands) == {
        "install": "pip install -e .",
        "build": "python -m build",
        "test": "pytest",
        "run": "trees",
    }


POETRY = """[tool.poetry]
name = "old"
version = "0.3"

[tool.poetry.dependencies]
python = "^3.8"
requests = "^2.31"
rich = {version = "~13", extras = ["jupyter"], optional = true}
own = {git = "https://x.org/own.git"}
any = "*"
many = [{version = "<2", python = "<3.9"}, {version = ">=2"}]

[tool.poetry.group.dev.dependencies]
tox = "4.0"

[tool.poetry.dev-dependencies]
black = "*"

[tool.poetry.scripts]
old = "old.main:run"
new = {reference = "old.new", type = "file"}

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""


def test_a_poetry_project_is_read():
    facts = read(POETRY)
    assert (facts.name, facts.version, facts.minimum) == ("old", "0.3", "3.8")
    assert [(d.name, d.version, d.line, d.group) for d in facts.dependencies] == [
        ("requests", "^2.31", 7, ""), ("rich", "~13", 8, ""), ("own", "https://x.org/own.git", 9, ""),
        ("any", "", 10, ""),
        ("many", "<2", 11, ""), ("black", "", 17, "dev"), ("tox", "4.0", 14, "dev"), ("poetry-core", "", 24, "build"),
    ]  # fmt: skip
    assert [(t.name, t.line, t.command) for t in facts.targets] == [("old", 20, "old.main:run"), ("new", 21, "old.new")]
    assert dict(facts.commands) == {
        "install": "poetry install",
        "build": "poetry build",
        "test": "poetry run tox",
        "run": "poetry run old",
    }


@pytest.mark.parametrize(
    ("written", "minimum"),
    [(">=3.11", "3.11"), ("~=3.10", "3.10"), ("==3.12.*", "3.12"), ("<4", "<4"), ("", ""),
     ("nonsense", "nonsense"), (">3.7", "3.7"),
     (">=3.9,!=3.9.1,<4", "3.9"), (">=3.8,>=3.10", "3.10"), ("^3.9", "3.9")],
)  # fmt: skip
def test_the_oldest_python(written, minimum):
    assert read(f'[project]\nname = "a"\nrequires-python = "{written}"').minimum == minimum


@pytest.mark.parametrize(
    ("extra", "tester"),
    [
        ('[dependency-groups]\ndev = ["pytest"]', "pytest"),
        ('[dependency-groups]\ndev = ["pytest", "nox"]', "nox"),
        ('[tool.tox]\nenv_list = ["py"]', "tox"),
        ('[tool.uv]\ndev-dependencies = ["PyTest>=8"]', "uv run pytest"),
        ('[tool.pdm.dev-dependencies]\ntest = ["pytest"]', "pdm run pytest"),
        ("", None),
    ],
)
def test_how_to_test_is_told_by_tools_and_dependencies(extra, tester):
    assert dict(read(f'[project]\nname = "a"\n{extra}').commands).get("test") == tester


UV = """[project]
name = "service"
version = "1.0"
dependencies = ["httpx", "core", "torch>=2"]

[project.scripts]
serve = "service:main"

[tool.uv]
dev-dependencies = ["pytest"]

[tool.uv.sources]
httpx = { git = "https://x.org/httpx", tag = "0.27" }
core = { workspace = true }
torch = [{ index = "cpu" }, { index = "gpu" }]

[tool.uv.workspace]
members = ["packages/*"]
"""


def test_a_uv_project_has_its_sources_and_the_folders_of_its_workspace():
    facts = read(UV)
    assert [(d.name, d.version, d.line) for d in facts.dependencies] == [
        ("httpx", "https://x.org/httpx", 4), ("core", "", 4), ("torch", ">=2", 4), ("pytest", "", 10),
    ]  # fmt: skip
    assert facts.subfolders == ("packages/*",)
    # Without a build system uv builds no package of it.
    assert dict(facts.commands) == {"install": "uv sync", "test": "uv run pytest", "run": "uv run serve"}


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ('[build-system]\nrequires = []\nbuild-backend = "uv_build"', {"install": "uv sync", "build": "uv build"}),
        ('[build-system]\nbuild-backend = "pdm.backend"', {"install": "pdm install", "build": "pdm build"}),
        ('[build-system]\nbuild-backend = "hatchling.build"', {"install": "pip install -e .", "build": "python -m build"}),
        ('[tool.hatch.envs.default]\n[project]\nname="a"', {"install": "pip install -e .", "build": "hatch build"}),
        ('[tool.poetry]\nname = "a"\npackage-mode = false', {"install": "poetry install"}),
        ('[tool.uv]\npackage = true\n[project]\nname = "a"', {"install": "uv sync", "build": "uv build"}),
        ("[tool.uv.workspace]\nmembers = []", {"install": "uv sync"}),
    ],
)  # fmt: skip
def test_commands_are_those_of_the_tool_that_manages_the_project(text, commands):
    assert dict(read(text).commands) == commands


TASKS = """[tool.pdm.scripts]
start = "flask run"
all = {composite = ["lint", "test"]}
_hidden = "x"

[tool.poe.tasks]
lint = {cmd = "ruff check", help = "Look for slips"}
fix = ["lint", "format"]

[tool.hatch.envs.default.scripts]
cov = "pytest --cov"
[tool.hatch.envs.docs.scripts]
serve = ["mkdocs build", "mkdocs serve"]
"""


def test_tasks_are_targets_with_the_command_to_type():
    assert [(t.name, t.kind, t.line, t.command, t.doc) for t in read(TASKS).targets] == [
        ("start", "custom", 2, "pdm run start", "Runs `flask run`."),
        ("all", "custom", 3, "pdm run all", "Runs `lint && test`."),
        ("lint", "custom", 7, "poe lint", "Look for slips"),
        ("fix", "custom", 8, "poe fix", "Runs `lint && format`."),
        ("cov", "custom", 11, "hatch run cov", "Runs `pytest --cov`."),
        ("docs:serve", "custom", 13, "hatch run docs:serve", "Runs `mkdocs build && mkdocs serve`."),
    ]


def test_a_dependency_that_two_tables_name_is_told_once():
    text = '[project]\ndependencies = ["torch>=2"]\n[tool.poetry.dependencies]\ntorch = {source = "x"}'
    assert [(d.name, d.version) for d in read(text).dependencies] == [("torch", ">=2")]


def test_a_file_of_tool_settings_builds_nothing():
    facts = read("[tool.ruff]\nline-length = 100\n")
    assert (facts.name, facts.commands, facts.problem) == ("", (), None)


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = 3\nversion = []\ndependencies = {a = 1}\nscripts = "x"\noptional-dependencies = 1',
        '[tool]\npoetry = 1\nuv = [2]\n[project]\ndependencies = [1, ["x"]]',
        'project = "x"\nbuild-system = []',
        "[tool.poetry.group]\ndev = 1\n[tool.poetry.dependencies]\nx = []\ny = [1]",
        "[tool.hatch]\nenvs = 1\n[tool.pdm]\nscripts = 1\n[tool.poe.tasks]\na = 1\nb = {cmd = 2}",
        "[tool.hatch.envs]\na = 1\n[tool.uv]\nsources = 3\nworkspace = []\n[project]\nrequires-python = 3",
    ],
)
def test_values_of_the_wrong_kind_are_passed_over(text):
    assert read(text).problem is None


def test_what_is_no_toml_is_a_problem_that_names_the_file():
    problem = read("[project\nname").problem
    assert problem is not None
    assert problem.startswith("pkg/pyproject.toml is not valid TOML: ")


def test_deep_nesting_is_no_danger():
    assert read("x = " + "[" * 5000).problem is not None
