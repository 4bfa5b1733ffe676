"""The command line's grammar: every verb, its arguments, and the function that does it."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from codeanvil import __version__
from codeanvil.runs.presets import AUTO, PRESETS


class _Parser(argparse.ArgumentParser):
    """argparse with one sentence on standard error instead of a page."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2 and what is wrong with the call."""
        self.exit(2, f"{message[:1].upper()}{message[1:]}: see `{self.prog} --help`.\n")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Arguments of one call; `do` names the function, `module:function`. Exits with 2 on bad usage."""
    parser, verbs = _grammar()
    if words and words[0] in verbs:
        # Intermixed: `ask WORKSPACE --no-model QUESTION` is as good as any other order.
        arguments = verbs[words[0]].parse_intermixed_args(words[1:])
    else:
        arguments = parser.parse_args(words)
    if arguments.verb == "ask":
        _split_ask(verbs["ask"], arguments)
    elif arguments.verb == "runs":
        _split_runs(verbs["runs"], arguments)
    return arguments


def _split_runs(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """A workspace, then what to do: `card` or `promote` with a run's name, or `rollback`; nothing lists the runs."""
    words = list(arguments.words)
    actions = {"promote": 1, "card": 1, "rollback": 0}
    arguments.workspace = Path(words.pop(0)) if words and words[0] not in actions else Path()
    arguments.action, *rest = words or [None]
    if arguments.action is None:
        arguments.run = None
        return
    if arguments.action not in actions:
        parser.error(f"'{arguments.action}' is nothing to do with a run, there are card RUN, promote RUN and rollback")
    if len(rest) != actions[arguments.action]:
        parser.error(f"{arguments.action} needs {'the name of one run' if actions[arguments.action] else 'no name'}")
    arguments.run = rest[0] if rest else None


def _split_ask(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """One word of `ask` is the question, two are workspace and question; with --questions only a workspace."""
    words = arguments.words if arguments.questions is None else [*arguments.words, None]
    *workspace, question = words or [""]
    if len(workspace) > 1:
        parser.error("too many words, put the question in quotes")
    if question is not None and not question.strip():
        parser.error("there is no question")
    arguments.workspace = Path(workspace[0] if workspace else ".")
    arguments.question = question


def _grammar() -> tuple[_Parser, dict[str, argparse.ArgumentParser]]:
    parser = _Parser(
        prog="codeanvil",
        description="Learns a codebase: index, training in the background, checked answers.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"codeanvil {__version__}")
    added = parser.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=_Parser)
    verbs: dict[str, argparse.ArgumentParser] = {}

    def verb(name: str, do: str, text: str, *, workspace: bool = True) -> argparse.ArgumentParser:
        made = added.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", allow_abbrev=False)
        if workspace:
            made.add_argument("workspace", nargs="?", type=Path, default=Path(), help="default: the current folder")
        made.add_argument("--json", action="store_true", help="JSON on standard output and nothing else there")
        made.set_defaults(do=f"codeanvil.cli.{do}", verb=name)
        verbs[name] = made
        return made

    prepare = verb("prepare", "index:prepare", "read the workspace, write the data set, say what was found")
    prepare.add_argument("--show", metavar="KIND", help="print the data set's samples of a kind instead: where, ...")
    prepare.add_argument("--source", type=Path, metavar="FILE", help="print the samples made from a file instead")
    facts = verb("facts", "index:facts", "print every fact as JSON lines")

    train = verb("train", "train:train", "train a model on the workspace, in the background")
    train.add_argument("--preset", metavar="P", help=f"{AUTO}, {', '.join(PRESETS)}")
    train.add_argument("--base-model", metavar="M", help="a Hugging Face name, a folder, or embedded")
    train.add_argument(
        "--set", dest="pairs", metavar="K=V", action="append", default=[], help="epochs=3, lora.r=16, ..."
    )
    train.add_argument("--since-last", action="store_true", help="learn only what changed since the last run")
    resume = verb("resume", "train:resume", "go on with a run that was paused, was stopped or broke off")
    pause = verb("pause", "train:pause", "have the run give its memory back until it is resumed")
    stop = verb("stop", "train:stop", "stop the run with a checkpoint, so that it can go on later")
    for made in (train, resume):
        made.add_argument("--detach", action="store_true", help="return at once; see `codeanvil status`")

    status = verb("status", "status:status", "say what is indexed, what is running and what is in use")
    runs = verb("runs", "status:runs", "compare the training runs; put one to use or take it back", workspace=False)
    runs.add_argument(
        "words", nargs="*", metavar="[WORKSPACE] [card RUN | promote RUN | rollback]", help="default: list them"
    )

    ask = verb("ask", "ask:ask", "answer a question about the workspace", workspace=False)
    ask.add_argument("words", nargs="*", metavar="[WORKSPACE] QUESTION", help="the question, in quotes")
    ask.add_argument("--questions", type=Path, metavar="FILE", help='JSON lines {"id", "question", "history"}')
    earlier = "an earlier question of the conversation; may repeat"
    ask.add_argument("--after", action="append", default=[], metavar="QUESTION", help=earlier)
    ask.add_argument("--no-model", action="store_true", help="answer from the index alone")

    evaluate = verb("evaluate", "evaluate:evaluate", "measure how right the answers are, by arm and category")
    evaluate.add_argument("--questions", type=Path, metavar="FILE", help="default: the run's held-out questions")
    evaluate.add_argument("--arms", metavar="A,B", help="some of base, tuned, base+index, tuned+index, index")

    evaluate.add_argument("--out", type=Path, metavar="DIR", help="also write JSON, Markdown, picture and answers here")

    export = verb("export", "export:export", "take a model or its data out of the workspace")
    export.add_argument("--format", required=True, metavar="F", help="adapter, merged, gguf or llamafactory")
    export.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new or empty folder")
    export.add_argument("--strength", type=float, metavar="L", help="of a merged model: so much of what was learned")
    export.add_argument(
        "--add", metavar="RUN=L", action="append", default=[], help="and so much of what another run learned"
    )
    export.add_argument("--quantization", metavar="Q", help="of a gguf: f32, f16, bf16, q8_0 (default), ... q4_0")

    for made in (resume, pause, stop, status, evaluate, export):
        made.add_argument("--run", metavar="ID", help="a run by its name or the beginning of it")

    serve = verb("serve", "serve:serve", "checked answers over HTTP (OpenAI-compatible), until interrupted")
    serve.add_argument("--port", type=int, default=0, metavar="N", help="default: a free one")
    mcp = verb("mcp", "mcp:serve", "tools for agents, over standard input and output")
    for made in (prepare, facts, train, ask, evaluate, serve, mcp):
        made.add_argument("--yes", action="store_true", help="read all of it even where it is a home folder")
    verb("doctor", "doctor:doctor", "say what this machine can train and what is missing")
    return parser, verbs
