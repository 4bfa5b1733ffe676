"""What a question is about: names of the workspace, names it lacks, topics of the project; and what is asked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Literal

from codeanvil.answers.members import narrowed
from codeanvil.answers.names import Mention, framed, mentions, words
from codeanvil.answers.resolve import Named, Resolver
from codeanvil.answers.rules import rules
from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import Store

MOST_NAMES = 6
"""Names of one question that are looked into."""

_LEAST_SLIPPED = 6
"""Letters of a plain word that is taken for a slip in a name."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A question and what it is about.

    `focus` says which of the rest answers it: the `names`, the `topics`, or neither, when full text is searched.
    `intent` is a rule's name of `rules.toml` or ''. `tools` are names everybody knows that the question mentions.
    `project` is what the project calls itself, else the name of its folder.
    """

    question: str
    intent: str
    names: tuple[Named, ...]
    topics: tuple[str, ...]
    tools: tuple[str, ...]
    focus: Literal["names", "topics", "search"]
    project: str = "project"

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol that a name of the question may mean, in the question's order."""
        return tuple(symbol for name in self.names for symbol in name.symbols)

    @property
    def missing(self) -> tuple[Named, ...]:
        """The names that nothing in the workspace bears."""
        return tuple(name for name in self.names if name.is_missing)


def link(question: str, store: Store, root: Path | None = None) -> Linked:
    """Read a question against the index.

    `root` is the workspace: with it, files that are there but not indexed are not called missing.
    """
    resolver = Resolver(store, root)
    taken: list[Mention] = []
    names: list[Named] = []
    tools: list[str] = []

    def take(mention: Mention, named: Named) -> None:
        taken.append(mention)
        names.append(named)

    for mention in mentions(question):
        named = resolver.resolve(mention)
        if named.is_missing and rules().is_ordinary(mention.text):
            tools.append(mention.text)
        elif named.is_missing and not mention.sure:
            continue
        else:
            take(mention, named)
    others = [word for word in words(question) if not _overlaps(word, taken)]
    for word in others:
        if rules().is_ordinary(word.text) and word.text[0].isupper():
            tools.append(word.text)
        elif word.sure and (found := resolver.exact(word)):
            take(word, found)

    topics = rules().topics_of(framed(question, taken))
    intent = rules().intent(framed(question, taken))
    if not names and (not topics or intent in {"where", "purpose", "inheritance", "derived", "signature"}):
        for word, found in _loose(question, others, resolver, bool(topics)):
            take(word, found)
        intent = rules().intent(framed(question, taken))
    if not names and not topics and (stranger := _stranger(question, others, resolver)):
        take(*stranger)
        intent = rules().intent(framed(question, taken))
    for word in _compared(question, others, taken):
        take(word, resolver.resolve(word))
        intent = rules().intent(framed(question, taken))
    order = sorted(range(len(names)), key=lambda i: taken[i].start)
    linked = narrowed([names[i] for i in order][:MOST_NAMES], intent, store)
    return Linked(
        question,
        _fitting(intent, linked),
        linked,
        topics,
        tuple(dict.fromkeys(tools)),
        _focus(linked, intent, topics),
        _project(store, root),
    )


def _project(store: Store, root: Path | None) -> str:
    named = sorted(
        (build for build in store.builds() if build.name), key=lambda build: (build.folder.count("/"), build.folder)
    )
    return named[0].name if named else root.name if root else "project"


def _focus(names: Sequence[Named], intent: str, topics: Sequence[str]) -> Literal["names", "topics", "search"]:
    if names and (intent or not topics):
        only_entries = all(name.entries and not name.symbols and not name.files for name in names)
        if not (topics and only_entries and intent in {"exists", "about", "methods", "users"}):
            return "names"
    return "topics" if topics else "search"


def _fitting(intent: str, names: Sequence[Named]) -> str:
    """The intent, or the nearest one that makes sense for what was found."""
    symbols = [symbol for name in names for symbol in name.symbols]
    if intent in {"is_a", "has_member"} and len(names) < 2:
        return {"is_a": "inheritance", "has_member": "methods"}[intent] if symbols else "exists"
    if intent in {"derived", "inheritance"} and symbols and not any(symbol.is_type for symbol in symbols):
        return "where"
    if intent == "methods" and symbols and not any(symbol.is_type for symbol in symbols):
        return "about"
    return intent or "about"


def _loose(
    question: str, others: Sequence[Mention], resolver: Resolver, only_joined: bool
) -> Iterable[tuple[Mention, Named]]:
    """Names written as plain words: "the image processor", "reader"; the longest that the workspace has, one only."""
    plain = [word for word in others if word.text.lower() not in rules().stop]
    for size in (4, 3, 2):
        for i in range(len(plain) - size + 1):
            run = plain[i : i + size]
            if any(re.search(r"[^\s_-]", question[a.end : b.start]) for a, b in pairwise(run)):
                continue
            joined = "".join(word.text for word in run)
            mention = replace(run[0], text=joined, end=run[-1].end)
            if found := resolver.loose(mention):
                return [(mention, found)]
    if only_joined:
        return []
    for word in plain:
        if len(word.text) > 2 and word.text.lower() not in rules().not_names and (found := resolver.loose(word)):
            return [(word, found)]
    return []


def _stranger(question: str, others: Sequence[Mention], resolver: Resolver) -> tuple[Mention, Named] | None:
    """The word that a question asks about as a name though nothing bears it ("what does Lighthouse do"), or a slip."""
    plain = [
        w for w in others if not rules().is_ordinary(w.text) and w.text.lower() not in rules().stop | rules().not_names
    ]
    for word in plain:
        intent = rules().intent(framed(question, [word])) if word.sure else ""
        if intent and (intent != "about" or not re.match(r"\s+\w", question[word.end :])):
            return word, resolver.resolve(word)
    for word in plain:
        if len(word.text) >= _LEAST_SLIPPED and (found := resolver.meant(word)):
            return word, found
    return None


def _compared(question: str, others: Sequence[Mention], taken: Sequence[Mention]) -> Iterator[Mention]:
    """The word that a name is compared with though nothing bears it: "does Tug derive from Submarine"."""
    for word in others:
        strange = word.sure and not rules().is_ordinary(word.text) and not _overlaps(word, taken)
        if taken and strange and rules().intent(framed(question, [*taken, word])) in {"is_a", "has_member"}:
            yield word
            return


def _overlaps(mention: Mention, others: Iterable[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)
