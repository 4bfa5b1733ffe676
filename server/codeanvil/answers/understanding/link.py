"""What a question is about: names of the workspace, names it lacks, topics of the project; and what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeanvil.answers.understanding.members import narrowed
from codeanvil.answers.understanding.names import words
from codeanvil.answers.understanding.reading import Reading
from codeanvil.answers.understanding.resolve import Named, Resolver
from codeanvil.answers.understanding.rules import rules
from codeanvil.facts.builds.systems import rank
from codeanvil.facts.model import Symbol
from codeanvil.workspace.location import folder_name
from codeanvil.workspace.store import Store

MOST_NAMES = 6
"""Names of one question that are looked into."""


_RANKING = frozenset(
    {"key", "core", "biggest", "largest", "longest", "major", "essential", "structs", "enums", "interfaces",
     "enumerations", "available", "together", "overall", "define", "defines", "there", "contains", "everything",
     "public", "kinds"}
)  # fmt: skip
"""Words that say which types are meant by their rank, or say nothing of them."""

_WIDE_INTENTS = frozenset({"exists", "about", "methods", "users"})
_ABOUT_TARGETS = frozenset({"build", "targets", "types"})


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
    reading = Reading(question, Resolver(store, root))
    reading.by_setting()
    reading.by_entry()
    reading.in_phrases()
    reading.by_form()
    reading.in_words()
    reading.by_word()
    topics = reading.topics
    reading.loosely(topics)
    if set(topics) <= {"types"}:
        reading.strangers()
    reading.members()
    reading.compared()
    intent = reading.intent
    if set(topics) == {"types"} and not reading.names and _describes(question):
        topics = ()
    names = narrowed(reading.names[:MOST_NAMES], intent, store)
    return Linked(
        question,
        _fitting(intent, names),
        names,
        topics,
        tuple(dict.fromkeys(reading.tools)),
        "names" if reading.asks_entry else _focus(names, intent, topics),
        _project(store, root),
    )


def _describes(question: str) -> bool:
    """Whether a question for types says which by what they do: "which class handles cookies"."""
    known = rules()
    passed = known.stop | known.not_names | known.telling | known.topic_words | known.kinds | _RANKING
    return any(word.text.lower() not in passed and len(word.text) > 2 for word in words(question))


def _project(store: Store, root: Path | None) -> str:
    named = sorted(
        (build for build in store.builds() if build.name),
        key=lambda build: (build.folder.count("/") + bool(build.folder), rank(build.system), build.folder),
    )
    return named[0].name if named else folder_name(root) if root else "project"


def _focus(names: Sequence[Named], intent: str, topics: Sequence[str]) -> Literal["names", "topics", "search"]:
    """What answers: names win over topics, but for names of the build in a question about the build."""
    if not names:
        return "topics" if topics else "search"
    if all(name.settings for name in names):
        return "names"
    of_build = all(name.entries and not name.symbols and not name.files for name in names)
    is_project = of_build and all(entry.item is None for name in names for entry in name.entries)
    if topics and (is_project or (of_build and intent in _WIDE_INTENTS and set(topics) - _ABOUT_TARGETS)):
        return "topics"
    if of_build and not is_project and set(topics) <= _ABOUT_TARGETS:
        return "names"
    return "names" if intent or set(topics) <= {"types", "overview"} else "topics"


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
