"""README, ARCHITECTURE and CONTRIBUTING name what is there: files, tests, scripts, verbs, options and commands."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checkout import REPOSITORY

from codeanvil.cli.arguments import parse
from codeanvil.contract import RunConfig
from codeanvil.runs.presets import PRESETS

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
ROOMS = {"server/codeanvil": "server/codeanvil/", "trainer/codeanvil_trainer": "trainer/codeanvil_trainer/"}
PLACES = ("", "server/codeanvil", "server/codeanvil/facts", "trainer/codeanvil_trainer")
"""Where a path in a document begins: at the checkout, or at a room that the sentence is about."""
ELSEWHERE = (".codeanvil/", "PATH/", "codeanvil/", "workspace/executeCommand", "tests/editor/last-shots")
"""Paths in a user's workspace, methods of the protocol, and what only a run of the tests makes."""


def text_of(document: str) -> str:
    return (REPOSITORY / document).read_text("utf-8")


def code_in(text: str) -> Iterator[str]:
    """What stands in backticks or is linked, in one line."""
    for match in re.finditer(r"`([^`\n]+)`|\]\(([^)\s]+)\)", text):
        yield match[1] or match[2]


def paths_in(text: str) -> Iterator[str]:
    """Relative paths of two parts or more, without the place in them that a link may lead to."""
    for code in code_in(text):
        for word in code.split():
            path = word.partition("#")[0].removeprefix("./").rstrip(",;:.")
            if re.fullmatch(r"\.?\w[\w.-]*(/[\w.<>*-]+)+/?(::\w+)?", path) and not path.startswith(ELSEWHERE):
                yield path


def found(path: str) -> list[Path]:
    """The files that are meant; `<name>` and `*` stand for any."""
    pattern = re.sub(r"<\w+>", "*", path.rstrip("/"))
    return [each for place in PLACES for each in (REPOSITORY / place).glob(pattern)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_test_that_is_named_is_there(document: str) -> None:
    named = set(paths_in(text_of(document)))
    assert len(named) > 3
    missing = []
    for name in sorted(named):
        path, _, test = name.partition("::")
        files = found(path)
        if not files or (test and f"def {test}(" not in files[0].read_text("utf-8")):
            missing.append(name)
    assert missing == []


def test_the_map_has_every_room_and_names_no_other() -> None:
    _, _, text = text_of("ARCHITECTURE.md").partition("## Rooms")
    drawn = text.split("```")[1]
    for room, head in ROOMS.items():
        block = re.search(rf"^{re.escape(head)}.*\n((?:    .*\n)+)", drawn, re.M)
        assert block, head
        rows = re.findall(r"^    (\S.*?)(?:   .*)?$", block[1], re.M)
        names = {name.rstrip("/") for row in rows for name in row.split()}
        there = {each.name for each in (REPOSITORY / room).iterdir() if each.is_dir() and each.name != "__pycache__"}
        assert there <= names
        assert [name for name in names if not (REPOSITORY / room / name).exists()] == []


def test_every_script_is_told_of() -> None:
    text = "".join(map(text_of, DOCUMENTS))
    scripts = {each.name for each in (REPOSITORY / "scripts").iterdir() if each.is_file()}
    assert {name for name in scripts if f"scripts/{name}" not in text} == set()
    for name in set(re.findall(r"scripts/bench (\w+)", text)) - {"alone"}:
        assert (REPOSITORY / "scripts" / f"bench_{name}").is_dir(), name


PLACEHOLDERS = {"VERB", "FILE", "RUN", "DIR", "KIND", "PATH", "..."}


def calls_of_the_command_line() -> Iterator[str]:
    for document in DOCUMENTS:
        text = text_of(document)
        flowing = re.sub(r"\n *", " ", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
        for code in (*code_in(flowing), *re.findall(r"^\$ (.+)$", text, re.M)):
            if re.match(r"codeanvil [a-z]", code):
                yield code


@pytest.mark.parametrize("call", sorted(set(calls_of_the_command_line())))
def test_every_call_of_the_command_line_is_one(call: str) -> None:
    words = ["w" if word in PLACEHOLDERS else word for word in shlex.split(call)[1:]]
    if words == ["runs", "promote", "w"] or words[0] != "ask":
        needed = {"export": ["--format", "gguf", "--out", "w"]}.get(words[0], [])
        parse([*words, *(needed if "--out" not in words else [])])
    else:
        parse(words if len(words) > 1 and words[-1] != "--no-model" else [*words, "Where is it?"])


def test_the_table_of_verbs_has_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    offered = set(re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.M))
    table = text_of("README.md").partition("| verb |")[2].partition("\n\n")[0]
    told = {verb for row in re.findall(r"^\| (`.*?) \|", table, re.M) for verb in re.findall(r"`([a-z]+)`", row)}
    assert told == offered


def test_presets_and_keys_of_a_run_are_real() -> None:
    readme = text_of("README.md")
    assert set(re.findall(r"^\| `([a-z-]+)` \| (?:\d+ GB|no) GPU", readme, re.M)) == set(PRESETS)
    for key in re.findall(r"--set ([a-z_.]+)=", readme):
        fields = RunConfig.model_fields
        for part in key.split("."):
            assert part in fields, key
            fields = getattr(fields[part].annotation, "model_fields", {})


def test_commands_of_the_editor_go_by_their_titles() -> None:
    package = json.loads((REPOSITORY / "extension-vscode" / "package.json").read_text("utf-8"))
    titles = {f"{command['category']}: {command['title']}" for command in package["contributes"]["commands"]}
    told = {
        title
        for document in (*DOCUMENTS, "extension-vscode/README.md")
        for title in re.findall(r"\*+(CodeAnvil: [^*]+?)\*+", re.sub(r"\s*\n\s*", " ", text_of(document)))
    }
    assert told
    assert told - titles == set()
