"""The command line: `scripts/check-answers --help`."""

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from scripts.check_answers.denials import Denials, denials
from scripts.check_answers.projects import FetchError, Project, fetch, projects

from codeanvil.answers.ask import ask
from codeanvil.runs.scoring import Score, is_right, read_questions, score
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

GOALS = {"where": 0.95, "methods": 0.95, "inheritance": 0.95, "negative": 0.95, "all": 0.9}
MOST_DENIED = 0.02


@dataclass(frozen=True, slots=True)
class Result:
    """Verdicts by category, questions answered wrongly, and what was denied though it is there."""

    verdicts: dict[str, list[bool]]
    wrong: tuple[tuple[str, str], ...]
    denied: Denials


def main(arguments: list[str]) -> int:
    """Answer, print, and say by the exit code whether the goals are met: 0 yes, 1 no, 2 wrong usage."""
    known = {project.name: project for project in projects()}
    options = _parser(list(known)).parse_args(arguments)
    if unknown := sorted(set(options.projects) - known.keys()):
        print(f"check-answers: there is no project {unknown[0]}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    results: dict[str, Result] = {}
    code = 0
    for name in options.projects or known:
        try:
            results[name] = check(known[name], options.denials)
        except FetchError as error:
            print(f"check-answers: {error}", file=sys.stderr)
            code = 1
    if options.json:
        print(json.dumps({name: _row(result) for name, result in results.items()}))
    else:
        print(table(results))
        for name, result in results.items():
            for question, answer in result.wrong if options.wrong else ():
                print(f"\n{name}: {question}\n    " + answer.replace("\n", "\n    "))
            for question in result.denied.denied if options.wrong else ():
                print(f"\n{name}: denied: {question}")
    return code or int(bool(results) and not _is_good(results))


def check(project: Project, most_denials: int) -> Result:
    """A project's set answered from its index alone. Raises FetchError."""
    root, settings = fetch(project), Settings()
    print(f"check-answers: {project.name} {project.version}, {project.language}", file=sys.stderr)
    build_index(root, settings)
    verdicts: defaultdict[str, list[bool]] = defaultdict(list)
    wrong = []
    with Store(index_path(root, settings)) as store:
        for question in read_questions(project.questions):
            answer = ask(question.question, store, root=root)
            right = is_right(answer.answer, question)
            verdicts[question.category].append(right)
            if not right:
                wrong.append((question.question, answer.answer))
        return Result(dict(verdicts), tuple(wrong), denials(store, root, most_denials))


def table(results: dict[str, Result]) -> str:
    """A row a project and one for all, a column a category: right of asked; the last column is what was denied."""
    rows = {name: (result.verdicts, result.denied) for name, result in results.items()}
    if len(results) > 1:
        rows["all"] = (_merged(results), _denied(results))
    categories = list(dict.fromkeys(category for verdicts, _ in rows.values() for category in verdicts))
    head = ["project", *categories, "all", "95% interval", "denied"]
    lines = [head, ["---"] * len(head)]
    for name, (verdicts, denied) in rows.items():
        total = score(right for each in verdicts.values() for right in each)
        cells = [_share(score(verdicts[c])) if c in verdicts else "" for c in categories]
        interval = f"{total.low:.1%} to {total.high:.1%}"
        lines.append([name, *cells, _share(total), interval, f"{len(denied.denied)} of {denied.asked}"])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _share(result: Score) -> str:
    return f"{result.accuracy:.0%} ({result.correct} of {result.n})"


def _merged(results: dict[str, Result]) -> dict[str, list[bool]]:
    merged: defaultdict[str, list[bool]] = defaultdict(list)
    for result in results.values():
        for category, verdicts in result.verdicts.items():
            merged[category] += verdicts
    return dict(merged)


def _denied(results: dict[str, Result]) -> Denials:
    return Denials(
        sum(result.denied.asked for result in results.values()),
        tuple(question for result in results.values() for question in result.denied.denied),
    )


def _is_good(results: dict[str, Result]) -> bool:
    verdicts, denied = _merged(results), _denied(results)
    verdicts["all"] = [right for each in verdicts.values() for right in each]
    reached = all(score(verdicts[c]).accuracy >= goal for c, goal in GOALS.items() if c in verdicts)
    return reached and len(denied.denied) <= MOST_DENIED * denied.asked


def _row(result: Result) -> dict[str, Any]:
    scores = {category: score(verdicts).row() for category, verdicts in result.verdicts.items()}
    total = score(right for each in result.verdicts.values() for right in each).row()
    wrong = [question for question, _ in result.wrong]
    denied = {"asked": result.denied.asked, "denied": list(result.denied.denied)}
    return {"categories": scores, "all": total, "wrong": wrong, "denials": denied}


def _parser(known: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check-answers", description=__doc__)
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help=f"of {', '.join(known)}; all without a name")
    parser.add_argument(
        "--denials", type=int, default=300, metavar="N", help="things asked for; 0: all, in all wordings"
    )
    parser.add_argument("--wrong", action="store_true", help="print the questions that were answered wrongly")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
