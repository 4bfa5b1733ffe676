"""Lessons about what the last commits changed, and about names that they removed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codeanvil.facts.model import Commit, Removed
from codeanvil.samples import prose
from codeanvil.samples.evidence import changed_facts, history_facts
from codeanvil.samples.lessons.expect import ABSENT, INVENTED, groups
from codeanvil.samples.lessons.model import Lesson
from codeanvil.samples.model import ProjectView

MOST_TOLD = 5
"""Commits that are told of together."""

MOST_CHANGED = 40
"""Files of which the last change is told."""


def change_lessons(view: ProjectView) -> Iterator[Lesson]:
    """Everything there is to ask about the history of a project, so far as it is recent."""
    commits = view.history.commits
    if not commits:
        return
    name = view.name or "workspace"
    told, last = commits[:MOST_TOLD], commits[0]
    project = _lesson("changes", name, prose.changes(name, told), history_facts(told))
    yield replace(project, expect=groups(*(commit.subject for commit in told[:3])))
    project = _lesson("lastchange", name, prose.last_change(name, last), changed_facts("project", last))
    yield replace(project, expect=groups(last.subject))
    yield from _files(commits)
    for removed in view.history.removed:
        yield from _gone(removed)


def _files(commits: Sequence[Commit]) -> Iterator[Lesson]:
    """The last change of each file that is still there."""
    last: dict[str, tuple[str, Commit]] = {}
    for commit in commits:
        for status, path in commit.files:
            last.setdefault(path, (status, commit))
    for path, (status, commit) in list(last.items())[:MOST_CHANGED]:
        if status != "D":
            made = _lesson("filechange", path, prose.file_change(path, commit), changed_facts(f"file {path}", commit))
            slots = {"name": path, "kind": "file", "path": path, "file": path.rpartition("/")[2]}
            yield replace(
                made, fact=f"{made.fact}:{path}", slots=slots, count=3, naming="file", placed=True,
                missing=prose.missing(path), expect=groups(commit.date),
            )  # fmt: skip


def _lesson(asks: str, subject: str, answer: str, block: str) -> Lesson:
    return Lesson(
        kind="changes",
        asks=asks,
        fact=f"changes:{asks}",
        subject=subject,
        source="",
        slots={"name": subject, "kind": "project"},
        answer=answer,
        count=16,
        naming="project",
        evidence=(block,),
        missing="",
    )


def _gone(removed: Removed) -> Iterator[Lesson]:
    is_type = removed.kind != "function"
    kind = "class" if is_type else "function"
    for asks, count in (("removed", 4), ("exists", 2), ("where", 2)):
        yield Lesson(
            kind="removed",
            asks=asks,
            fact=f"removed:{removed.name}",
            subject=removed.name,
            source="",
            slots={"name": removed.name, "kind": kind, "akind": f"a {kind}", "path": removed.path},
            answer=prose.removed(removed),
            count=count,
            naming="type" if is_type else "function",
            expect=ABSENT,
            forbid=INVENTED,
        )
