"""`ask`: one question in words, or many as JSON lines."""

import argparse
from dataclasses import dataclass
from typing import Any

from rich.markdown import Markdown

from codeanvil.answers.ask import Answer
from codeanvil.answers.ask import ask as answer_of
from codeanvil.answers.models.host import writer_for
from codeanvil.cli.index import brought_up_to_date
from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.errors import UsageError
from codeanvil.runs.active import adopt_finished
from codeanvil.runs.scoring import rows_of_questions
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its id in the file and the earlier ones of its conversation."""

    id: Any
    question: str
    history: tuple[str, ...] = ()


def ask(arguments: argparse.Namespace, out: Output) -> None:
    """Answer from an index that is up to date, in the words of the run in use unless --no-model."""
    root, settings = opened(arguments)
    single = arguments.questions is None
    if single:
        asked = [_Asked("", arguments.question, tuple(arguments.after))]
    else:
        asked = rows_of_questions(arguments.questions, _asked)
    brought_up_to_date(root, settings, out)
    adopt_finished(root, settings)
    writer = None if arguments.no_model else writer_for(root, settings)
    with Store(index_path(root, settings)) as store:
        for each in asked:
            with out.working("Looking it up" if writer is None else "Asking the model"):
                answer = answer_of(each.question, store, writer, root=root, history=each.history)
            if answer.notice:
                out.notice(answer.notice)
            if not single:
                out.line({"id": each.id} | answer.row())
            elif out.as_json:
                out.document(answer.row())
            else:
                _show(answer, out)


def _show(answer: Answer, out: Output) -> None:
    if out.console.is_terminal:
        out.console.print(Markdown(answer.answer))
    else:
        out.say(answer.answer)


def _asked(row: dict[str, Any], number: int, wrong: str) -> _Asked:
    history = row.get("history", [])
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        raise UsageError(f'{wrong}"history" must be a list of earlier questions.')
    return _Asked(row.get("id", number), row["question"], tuple(history))
