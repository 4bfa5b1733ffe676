"""Answers found by words rather than names: the nearest by full text, and whether a tool is used at all."""

import re
from collections.abc import Sequence

from codeanvil.answers.finding.occurrences import find_word
from codeanvil.answers.understanding.kin import kin
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.understanding.names import words
from codeanvil.answers.understanding.rules import rules
from codeanvil.answers.writing.cite import Citation, joined, of, with_link
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.answers.writing.papers import line_of, sections_about
from codeanvil.facts.model import Symbol
from codeanvil.samples import prose, prose_build
from codeanvil.workspace.store import Store

MOST_HITS = 5
MOST_KIN = 15

_ASKS_TYPE = re.compile(r"\b(class(es)?|types?|structs?|interfaces?|traits?|enums?)\b", re.IGNORECASE)
_ASKS_CALLABLE = re.compile(r"\b(functions?|methods?|routines?)\b", re.IGNORECASE)
_DOING = frozenset(
    {"handling", "implementing", "responsible", "everything", "happens", "decide", "decides", "sets", "care", "takes",
     "defines", "define", "exist", "exists", "there", "logic", "stuff", "part", "place", "located", "does", "done"}
)  # fmt: skip
"""Words that say that something is done, not what."""

_ASKS_USE = re.compile(
    r"^\W*(?:do|is|are|can|has|have)\w*\b.*\b(?:use|uses|using|used|need|needs|require|requires|support|supports)\b",
    re.IGNORECASE,
)


def telling_words(question: str) -> list[str]:
    """The words of a question that may lead to what it is about."""
    return [w.text for w in words(question) if w.text.lower() not in rules().stop and len(w.text) > 2]


def search(linked_question: Linked, store: Store) -> Draft:
    """The nearest things by full text; that there is nothing where no telling word of the question occurs."""
    telling = telling_words(linked_question.question)
    known = [word for word in telling if store.search(word, 1) or find_word(store, word, 1)]
    if len(known) * 2 < len(telling) or not telling:
        what = f"about {joined(prose.code(word) for word in telling)} " if telling else "that answers this "
        return Draft(f"There is nothing {what}in this workspace that the index knows.", found=False)
    hits = _hits(linked_question.question, telling, store)
    sections = [line_of(section) for section in sections_about(telling, store)]
    if sections:
        told = Draft("Documents say:\n\n" + "\n".join(line for line, _ in sections), tuple(c for _, c in sections))
        return stack_up([_nearest(hits), told] if hits else [told])
    if not hits:
        places = [Citation(*place) for word in known for place in find_word(store, word, 3)][:MOST_HITS]
        return Draft(f"The words of the question occur in {joined(c.link for c in places)}.", tuple(places))
    return _nearest(hits)


def _hits(question: str, telling: Sequence[str], store: Store) -> list[Symbol]:
    """What fits the words best; of things that all are named by all of them, more."""
    kind = "type" if _ASKS_TYPE.search(question) else "callable" if _ASKS_CALLABLE.search(question) else ""
    asked = [word for word in telling if word.lower() not in rules().kinds and word.lower() not in _DOING] or telling
    found = kin(asked, store, kind)
    family = [each.symbol for each in found if each.named == len(asked)]
    return family[:MOST_KIN] if len(family) > MOST_HITS else [each.symbol for each in found[:MOST_HITS]]


def _nearest(hits: Sequence[Symbol]) -> Draft:
    lines = "\n".join(
        f"- {with_link(s)}, {prose.kind_phrase(s.kind)}{': ' + prose.sentence(s.doc) if s.doc else '.'}" for s in hits
    )
    return Draft(f"What comes nearest to the question:\n\n{lines}", tuple(of(s) for s in hits), ())


def uses(linked: Linked, store: Store) -> Draft | None:
    """Whether tools, languages or libraries that the question names are used; None where it does not ask that."""
    if not linked.tools or not _ASKS_USE.search(linked.question):
        return None
    return stack_up([_use(tool, store) for tool in linked.tools])


def _use(tool: str, store: Store) -> Draft:
    lower = tool.lower()
    named = [(b.file, d.line) for b in store.builds() for d in b.dependencies if d.name.lower() == lower]
    built = [(b.file, 1) for b in store.builds() if lower in {prose_build.system_name(b).lower(), b.system.lower()}]
    spoken = any(prose.language_name(share.lang).lower() == lower for share in store.stack().languages)
    cites = tuple(Citation(path, max(1, line)) for path, line in named or built or find_word(store, tool, 3))
    if not cites and not spoken:
        text = f"No, there is no use of {prose.code(tool)} in this workspace that the index knows."
        return Draft(text, found=False)
    return Draft(
        f"Yes, {prose.code(tool)} is used here" + (f": {joined(c.link for c in cites)}." if cites else "."), cites
    )
