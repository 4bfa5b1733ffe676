import pytest

from codeanvil.facts.builds import is_build_file, read_build
from codeanvil.facts.model import BuildFacts, Option, Target


def read(text: str, path: str = "justfile") -> BuildFacts:
    return read_build(path, text.encode())


def test_a_justfile_is_read():
    facts = read(
        'set shell := ["bash"]\nprofile := "debug"\nalias b := build\n\n# Compiles it all.\nbuild target="x" *args: fmt (dep "a")\n'
        "    cargo build\n\ndefault: build\n\n@fmt:\n    cargo fmt # not: this\n[private]\nhidden:\n    x\n_also:\n    y\n"
        "# Tests\ntest-all: build && done\n    x\nrun:\n    y: z\n"
    )
    assert (facts.system, facts.problem) == ("just", None)
    assert facts.targets == (
        Target("build", "custom", 6, (), ("fmt", "dep"), "just build", "Compiles it all."),
        Target("default", "custom", 9, (), ("build",), "just default"),
        Target("fmt", "custom", 11, (), (), "just fmt"),
        Target("test-all", "test", 19, (), ("build", "done"), "just test-all", "Tests"),
        Target("run", "custom", 21, (), (), "just run"),
    )
    assert Option("profile", "debug", 2) in facts.options
    assert dict(facts.commands) == {"build": "just build", "run": "just run"}


def test_a_taskfile_is_read():
    facts = read(
        "version: '3'\nvars:\n  BIN: app\ntasks:\n  default:\n    deps: [build]\n  build:\n    desc: Compiles it. And more.\n"
        "    deps:\n      - gen\n      - task: fmt\n    cmds: [go build]\n  gen: go generate\n  hidden:\n    internal: true\n  test:\n    cmds: []\n",
        "Taskfile.yml",
    )
    assert (facts.system, facts.problem) == ("task", None)
    assert facts.targets == (
        Target("default", "custom", 5, (), ("build",), "task default"),
        Target("build", "custom", 7, (), ("gen", "fmt"), "task build", "Compiles it."),
        Target("gen", "custom", 13, (), (), "task gen"),
        Target("test", "test", 16, (), (), "task test"),
    )
    assert facts.options == (Option("BIN", "app", 3),)
    assert dict(facts.commands) == {"build": "task build", "test": "task test"}


def test_what_is_no_yaml_is_told():
    assert str(read("a: [", "x/Taskfile.yaml").problem).startswith("x/Taskfile.yaml is not valid YAML: ")


@pytest.mark.parametrize("path", ["justfile", "Justfile", ".justfile", "Taskfile.yml", "taskfile.dist.yaml"])
def test_files_are_known_by_name(path):
    assert is_build_file(path)
    assert not is_build_file(path + ".bak")


@pytest.mark.parametrize("text", ["a " * 50_000 + ":", "a:" * 50_000, "a b" * 50_000, "# c\n" * 20_000 + "a:"])
def test_hostile_files_take_no_time_to_speak_of(text):
    read(text)
