"""Answers about what the last commits changed, and what they removed."""

import re

from codeanvil.answers.finding.history import last_changes
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.understanding.resolve import Named
from codeanvil.answers.writing.cite import Citation
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.facts.model import Commit
from codeanvil.samples import prose
from codeanvil.samples.lessons.changes import MOST_TOLD
from codeanvil.workspace.store import Store

_ASKS_ONE = re.compile(r"\b(last|latest|newest|most recent) (commit|change)\b", re.IGNORECASE)


def write(linked: Linked, store: Store) -> Draft:
    """The last commit, or the last few."""
    commits = store.history().commits
    if not commits:
        return Draft(
            f"The index knows no commits of {prose.code(linked.project)}: it is in no git repository, or in a new one."
        )
    told = commits[:1] if _ASKS_ONE.search(linked.question) else commits[:MOST_TOLD]
    text = prose.last_change(linked.project, told[0]) if len(told) == 1 else prose.changes(linked.project, told)
    return Draft(text, _cited(told[0], store), tuple((commit.subject,) for commit in told[:1]))


def of_names(linked: Linked, store: Store) -> Draft | None:
    """The last change of the files that a question names, or that define what it names; None where there is none."""
    found = last_changes([path for name in linked.names for path in paths_of(name)], store)
    drafts = [
        Draft(f"{prose.file_change(path, commit)} ({Citation(path, 1).link})", (Citation(path, 1),), ((commit.date,),))
        for path, commit in found
    ]
    return stack_up(drafts) if drafts else None


def paths_of(name: Named) -> list[str]:
    """The files of this name, and those that define it."""
    return list(dict.fromkeys([*name.files, *(symbol.file for symbol in name.symbols)]))


def gone(name: Named, store: Store) -> Draft | None:
    """That a commit removed what nothing bears now; None where none of the last did."""
    removed = next((each for each in store.history().removed if each.name == name.name.rpartition(".")[2]), None)
    return Draft(prose.removed(removed), found=False) if removed else None


def _cited(commit: Commit, store: Store) -> tuple[Citation, ...]:
    there = store.shas(path for status, path in commit.files if status != "D")
    return tuple(Citation(path, 1) for path in there)
