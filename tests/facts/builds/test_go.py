import pytest

from codeanvil.facts.builds import combine, is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Dependency, Target

MODULE = """// Deprecated: no
module "github.com/acme/shop/v2" // the shop

go 1.21.3
toolchain go1.22.1

replace golang.org/x/text v0.3.0 => ../text

require (
\tgithub.com/spf13/cobra v1.8.0
\t`gopkg.in/yaml.v3` v3.0.1 // indirect
\tgolang.org/x/text v0.3.0 // indirect; for fun
)

require golang.org/x/net v0.17.0

replace (
\tgolang.org/x/net => github.com/acme/net v0.17.1
)

exclude golang.org/x/net v0.16.0
retract [v2.0.0, v2.0.1] // broken
tool golang.org/x/tools/cmd/stringer
"""


def read(text: str, path: str = "go.mod") -> BuildFacts:
    return read_build(path, text.encode())


def test_a_module_is_read():
    facts = read(MODULE)
    assert (facts.system, facts.name, facts.minimum, facts.problem) == ("go", "github.com/acme/shop/v2", "1.21.3", None)
    assert facts.dependencies == (
        Dependency("github.com/spf13/cobra", "v1.8.0", 10),
        Dependency("gopkg.in/yaml.v3", "v3.0.1", 11, "indirect"),
        Dependency("golang.org/x/text", "replaced by ../text", 12, "indirect"),
        Dependency("golang.org/x/net", "replaced by github.com/acme/net v0.17.1", 15),
        Dependency("golang.org/x/tools/cmd/stringer", "", 23, "tool"),
    )
    assert facts.commands == (("build", "go build ./..."), ("test", "go test ./..."))


def test_folders_with_a_main_are_programs():
    sources = {
        "main.go",
        "cmd/shop/main.go",
        "cmd/shop/other.go",
        "cmd/x_test/main.go",
        "vendor/a/main.go",
        "sub/main.go",
    }
    found = combine([read("module github.com/acme/shop/v2"), read("module sub", "sub/go.mod")], sources)
    assert found[0].targets == (
        Target("shop", "executable", 1, ("main.go",), (), "go run ."),
        Target("shop", "executable", 1, ("cmd/shop/main.go",), (), "go run ./cmd/shop"),
        Target("x_test", "executable", 1, ("cmd/x_test/main.go",), (), "go run ./cmd/x_test"),
    )
    assert dict(found[0].commands) == {
        "build": "go build ./...", "test": "go test ./...", "run": "go run .", "install": "go install ./...",
    }  # fmt: skip
    assert dict(found[1].commands)["run"] == "go run ."


def test_a_library_is_neither_run_nor_installed():
    (found,) = combine([read("module a/b")], {"b.go", "testdata/main.go"})
    assert dict(found.commands) == {"build": "go build ./...", "test": "go test ./..."}


@pytest.mark.parametrize(
    ("text", "folders", "build"),
    [
        ("go 1.22\nuse (\n\t.\n\t./api\n)\nuse ./web/", ("api", "web"), "go build ./... ./api/... ./web/..."),
        ("use ( ./a )", ("a",), "go build ./a/..."),
        ("use ()\nuse ../x", ("../x",), None),
    ],
)
def test_a_workspace_names_its_modules(text, folders, build):
    facts = read(text, "go.work")
    assert (facts.subfolders, dict(facts.commands).get("build"), facts.problem) == (folders, build, None)


def test_in_a_workspace_the_commands_are_those_of_all_modules():
    found = {build.file: build for build in combine([read("module a/b"), read("use .\nuse ./c", "go.work")])}
    assert found["go.mod"].commands == ()
    assert found["go.work"].name == "a/b"
    assert dict(found["go.work"].commands)["test"] == "go test ./... ./c/..."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("module a\nrequires b v1", "line 2: 'requires' is no directive"),
        ("module a\nrequire (\n\tb v1", "line 2: the block is not closed"),
        ("package main\nmodule a", "line 1: 'package' is no directive"),
    ],
)
def test_what_is_no_module_file_is_told_and_the_rest_is_read(text, problem):
    facts = read(text, "x/go.mod")
    assert facts.problem == f"x/go.mod is not valid go.mod: {problem}. Mend the file to have its facts."
    assert facts.name == "a"


@pytest.mark.parametrize("text", ["module", "go", "require a", "replace a => ", ")", "module a ( )", "go x", '"'])
def test_lines_that_lack_something_do_no_harm(text):
    assert read(f"{text}\nmodule m\n").dependencies == ()


@pytest.mark.parametrize("path", ["go.mod", "a/go.work"])
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".bak")
