"""Lessons about documents: what their sections say, and which there are."""

import re
from collections import Counter
from collections.abc import Iterator

from codeanvil.facts.model import Section
from codeanvil.samples import prose
from codeanvil.samples.evidence import section_facts
from codeanvil.samples.lessons.expect import described, groups
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.model import DocumentView

MOST_SECTIONS = {True: 60, False: 25}
"""Sections of one document that are taught, the outermost first: of the project's own README (True), and of others."""

MOST_TITLE = 80
MOST_TITLES = 12
LEAST_LEAD = 20
"""Characters: longer titles are sentences, and what is shorter says nothing."""

_UNTAUGHT = re.compile(
    r"(licen[sc]e|copying|authors|contributors|changelog|changes|news|history|code[-_]of[-_]conduct|notice|third)\b.*",
    re.IGNORECASE,
)
"""Documents that are much alike everywhere, or a list of what is past."""

_NUMBER = re.compile(r"^(?:[\d.]+|[ivx]+\.)\s+")


def document_lessons(view: DocumentView) -> Iterator[Lesson]:
    """What there is to ask about one document: each section whose title is its own, and the titles themselves."""
    name = view.path.rpartition("/")[2]
    if _UNTAUGHT.fullmatch(name):
        return
    is_readme = "/" not in view.path and name.lower().startswith("readme")
    sections = [section for section in view.sections if section.part == 1 and _is_named(section)]
    titles = Counter(section.title.lower() for section in sections)
    own = [section for section in sections if titles[section.title.lower()] == 1]
    taught = sorted(own, key=lambda section: len(section.titles))[: MOST_SECTIONS[is_readme]]
    for section in [section for section in own if section in taught and len(section.lead) >= LEAST_LEAD]:
        answer = prose.section(section)
        expect = described(section.lead, f"{section.title} {view.path}")
        yield _lesson(view, section, answer, expect, is_readme=is_readme)
    if len(own) > 1:
        expect = groups(*(section.title for section in taught[:3]), within=view.path)
        answer = prose.outline(view.path, [section.title for section in own][:MOST_TITLES], len(own))
        yield _lesson(view, None, answer, expect, is_readme=is_readme)


def _is_named(section: Section) -> bool:
    return 0 < len(section.title) <= MOST_TITLE and any(letter.isalpha() for letter in section.title)


def _lesson(view: DocumentView, section: Section | None, answer: str, expect: Expect, *, is_readme: bool) -> Lesson:
    kind, title = ("docs", section.title) if section else ("outline", "")
    return Lesson(
        kind=kind,
        asks=kind,
        fact=":".join(part for part in (kind, view.path, title) if part),
        subject=title or view.path,
        source=view.path,
        slots={
            "name": title or view.path,
            "kind": "document",
            "topic": topic(title or view.path),
            "path": view.path,
            "file": view.path.rpartition("/")[2] if is_readme else view.path,
        },
        answer=answer,
        count=8 if is_readme else 5,
        naming="readme" if is_readme else "document",
        evidence=(section_facts(section),) if section else (),
        missing=prose.missing(title) if section else "",
        expect=expect,
    )


def topic(title: str) -> str:
    """A title as it is called in a question: without its number, and small where it is a word of prose."""
    text = _NUMBER.sub("", title).rstrip("?!.: ") or title
    first = text.split()[0]
    return text[0].lower() + text[1:] if first.istitle() and first.isalpha() and len(first) > 1 else text
