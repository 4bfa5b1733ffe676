"""The command line's grammar, word by word."""

from pathlib import Path

import pytest

from codeanvil.cli.arguments import parse


@pytest.mark.parametrize(
    ("words", "workspace", "question"),
    [
        (["ask", "Where is Reader?"], ".", "Where is Reader?"),
        (["ask", "/w", "Where is Reader?"], "/w", "Where is Reader?"),
        (["ask", "/w", "--no-model", "Where is Reader?"], "/w", "Where is Reader?"),
        (["ask", "--json", "/w", "Where is Reader?", "--no-model"], "/w", "Where is Reader?"),
        (["ask", "/w", "--questions", "q.jsonl"], "/w", None),
        (["ask", "--questions", "q.jsonl"], ".", None),
    ],
)
def test_ask_takes_a_question_or_a_workspace_and_a_question(words, workspace, question) -> None:
    arguments = parse(words)
    assert (arguments.workspace, arguments.question) == (Path(workspace), question)
    assert arguments.no_model == ("--no-model" in words)


@pytest.mark.parametrize(
    "verb",
    [
        ["prepare"], ["facts"], ["train"], ["resume"], ["stop"], ["status"], ["runs"], ["evaluate"], ["serve"],
        ["doctor"], ["export", "--format", "adapter", "--out", "o"],
    ],
)  # fmt: skip
def test_every_verb_takes_the_workspace_first_and_the_current_folder_by_default(verb) -> None:
    name, *rest = verb
    assert parse(verb).workspace == Path()
    assert parse([name, "/w", *rest, "--json"]).workspace == Path("/w")
    assert parse([name, *rest, "--json", "/w"]).json is True


def test_train_takes_settings_one_by_one() -> None:
    arguments = parse(["train", "/w", "--preset", "guide", "--set", "epochs=3", "--set", "lora.r=16", "--detach"])
    assert (arguments.preset, arguments.pairs, arguments.detach) == ("guide", ["epochs=3", "lora.r=16"], True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "required"),
        (["prapare"], "prapare"),
        (["train", "--epochs", "3"], "--epochs"),
        (["train", "--pre", "guide"], "--pre"),
        (["ask"], "no question"),
        (["ask", ""], "no question"),
        (["ask", "/w", "Where", "is", "Reader?"], "quotes"),
        (["ask", "/w", "Where?", "--questions", "q.jsonl"], "Too many"),
        (["export", "--format", "adapter"], "--out"),
        (["status", "a", "b"], "arguments: b"),
    ],
)
def test_a_wrong_call_is_one_line_that_names_the_help(words, sentence, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert sentence in said.err
    assert "--help" in said.err


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"], ["--version"]])
def test_help_and_version_are_on_standard_output(words, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 0
    assert "codeanvil" in capsys.readouterr().out
