"""What `.gitattributes` says of files' roles, compared with git itself, and what the index makes of it."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from codeanvil.workspace.attributes import Attributes

FILES = {
    ".gitattributes": (
        "# comment linguist-vendored\n"
        "*.js linguist-vendored\n"
        "own.js -linguist-vendored text\n"
        "lib/** linguist-generated=true linguist-vendored=false\n"
        "docs/*.py linguist-documentation\n"
        "folder/ linguist-vendored\n"
        "!no.py linguist-vendored\n"
        "/top.py eol=lf linguist-generated\n"
        '"with space.py"\tlinguist-generated\n'
        "no-attributes\n"
        "*.go -linguist-generated\n"
        "left.js !linguist-vendored\n"
    ),
    "lib/.gitattributes": "a.py linguist-generated=false\nb.js linguist-vendored\n",
    **dict.fromkeys(
        ["a.js", "own.js", "left.js", "lib/a.py", "lib/b.js", "lib/deep/c.py", "docs/x.py", "docs/deep/x.py"], ""
    ),
    **dict.fromkeys(["folder/a.py", "no.py", "!no.py", "top.py", "sub/top.py", "with space.py", "a.go", "a.py"], ""),
}
ROLES = ("documentation", "generated", "vendored")


def write(root: Path) -> None:
    for path, content in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)


def of_git(root: Path, path: str) -> str:
    """The same, as git sees it."""
    names = [f"linguist-{role}" for role in ROLES]
    shown = subprocess.run(
        ["git", "-C", root, "check-attr", "-z", *names, "--", path], capture_output=True, check=True, text=True
    ).stdout.split("\0")
    values = dict(zip(ROLES, shown[2::3], strict=True))
    signs = {"set": "", "true": "", "unset": "-", "false": "-"}
    return " ".join(f"{signs[value]}{role}" for role, value in values.items() if value in signs)


def sorted_words(text: str) -> str:
    return " ".join(sorted(text.split()))


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_attributes_are_what_git_says_they_are(tmp_path: Path) -> None:
    write(tmp_path)
    subprocess.run(["git", "-C", tmp_path, "init", "-q"], check=True)
    attributes = Attributes(tmp_path)
    found = {path: attributes.of(path) for path in FILES}
    assert found == {path: sorted_words(of_git(tmp_path, path)) for path in FILES}
    assert (found["a.js"], found["own.js"], found["lib/b.js"]) == ("vendored", "-vendored", "generated vendored")
    below = Attributes(tmp_path / "lib")
    assert below.of("deep/c.py") == "-vendored generated"


def test_the_project_s_word_counts_more_than_conventions(project: Any) -> None:
    project.write(
        {
            ".gitattributes": (
                "vendor/own/** -linguist-vendored\nlegacy/** linguist-vendored\n*.gen2.py linguist-generated\n"
                "guide/** linguist-documentation\nexamples/app.py -linguist-documentation\n"
                "api_pb2.py -linguist-generated\n"
            ),
            **dict.fromkeys(["vendor/own/a.py", "vendor/b.py", "legacy/c.py", "d.gen2.py", "guide/e.py"], "x = 1\n"),
            **dict.fromkeys(["examples/app.py", "examples/other.py", "api_pb2.py", "main.py"], "x = 1\n"),
        }
    )
    project.index()
    assert roles(project) == {
        "api_pb2.py": "source",
        "d.gen2.py": "generated",
        "examples/app.py": "source",
        "examples/other.py": "example",
        "guide/e.py": "example",
        "legacy/c.py": "vendored",
        "main.py": "source",
        "vendor/b.py": "vendored",
        "vendor/own/a.py": "source",
    }


@pytest.mark.parametrize("told", [(), (".gitattributes",)])
def test_a_change_of_the_attributes_changes_roles_and_reads_no_other_file(project: Any, told: tuple[str, ...]) -> None:
    project.write({"a.py": "class A: ...\n", "b.py": "class B: ...\n"})
    project.index()
    project.write({".gitattributes": "a.py linguist-vendored\n"})
    assert project.index(*told).parsed == ("a.py",)
    assert roles(project) == {"a.py": "vendored", "b.py": "source"}
    assert project.index().parsed == ()
    project.write({".gitattributes": None})
    assert project.index(*told).parsed == ("a.py",)
    assert roles(project) == {"a.py": "source", "b.py": "source"}


def roles(project: Any) -> dict[str, str]:
    with project.store() as store:
        return {file.path: file.role for file in store.files()}


def test_a_build_file_that_is_vendored_is_not_the_project_s_own(project: Any) -> None:
    project.write(
        {
            ".gitattributes": "legacy/** linguist-vendored\nvendor/own/** -linguist-vendored\n",
            "legacy/package.json": '{"name": "legacy", "dependencies": {"react": "1"}}',
            "vendor/own/Cargo.toml": '[package]\nname = "own"\n[dependencies]\ntokio = "1"\n',
            "vendor/other/package.json": '{"name": "other", "dependencies": {"vue": "3"}}',
            "pyproject.toml": '[project]\nname = "app"\ndependencies = ["flask"]\n',
        }
    )
    project.index()
    with project.store() as store:
        assert sorted(each.name for each in store.stack().libraries) == ["flask", "tokio"]
