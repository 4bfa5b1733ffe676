"""Questions that go on from earlier ones: "and its methods?", "where is it?", "what about Ferry?".

standalone("and its methods?", ["Where is Tug defined?"], store)  # "Tug's methods?"
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codeanvil.answers.understanding.link import Linked, link
from codeanvil.answers.understanding.resolve import Named
from codeanvil.workspace.store import Store

MOST_EARLIER = 8
"""Questions of a conversation that are gone back to."""

_MOST_WORDS = 7
"""Words of a question that may leave out what it is about."""

_OPENINGS = r"and|or|but|so|ok(?:ay)?|also|then|now|hmm|well|fine|thanks?|thank you"
_OPENING = re.compile(rf"^\W*(?:(?:{_OPENINGS})\b[\s,.:!]*)+", re.IGNORECASE)
_OTHER = re.compile(r"^\W*(?:(?:what|how) about|and|or|same (?:question )?for|the same for|likewise)\b", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_THING = r"class|type|struct|interface|function|method|enum|trait|module|one|thing|file|component"
_IT = re.compile(
    rf"\b(?:(?:this|that|these|those|the same|the) (?:{_THING})|it|them|they|this|that)\b(?!')", re.IGNORECASE
)
_BASE = re.compile(
    r"\b(?:its|the|that|their|his)\s+(?:direct )?(?:base|parent|super)"
    r"(?:[- ]?(?:class|type|struct|interface))?(?P<own>'s)?\b",
    re.IGNORECASE,
)
_ASKS_MORE = re.compile(r"\b(where|methods?|members?|functions?|purpose|do(es)?|uses?|used|for|who|declared?)\b")
"""A base is not what is asked for, but asked about: "where is its base", "the base's methods"."""

_OF_PROJECT = re.compile(
    r"\b(?:it|this|that) (?:project|repo\w*|code ?base|package|program|library|app\w*)\b", re.IGNORECASE
)

_VAGUE = frozenset({"overview", "types"})
"""Topics of "what does it do" and "what does that class derive from", which may be about a name."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """An earlier question, standing alone, and what it was about."""

    question: str
    linked: Linked

    @property
    def subject(self) -> Named | None:
        """What a later "it" means: the first name that is there, else the first one."""
        names = self.linked.names
        return next((name for name in names if name.symbols), next(iter(names), None))

    @property
    def name(self) -> str:
        """The subject's name as the workspace writes it."""
        return self.subject.spelled or self.subject.name if self.subject else ""


def standalone(question: str, history: Sequence[str], store: Store, root: Path | None = None) -> str:
    """The question with what it leaves to the earlier ones of its conversation, oldest first, put into words.

    One that says itself what it is about is given back as it is.
    """
    conversation = _Conversation(store, root)
    for earlier in [each.strip() for each in history if each.strip()][-MOST_EARLIER:]:
        conversation.add(earlier)
    return conversation.completed(question)


class _Conversation:
    """What was asked so far."""

    def __init__(self, store: Store, root: Path | None) -> None:
        self._store, self._root = store, root
        self._turn: _Turn | None = None

    def add(self, question: str) -> None:
        """Go on with a question."""
        asked = self.completed(question)
        linked = link(asked, self._store, self._root)
        if linked.names or self._turn is None:
            self._turn = _Turn(asked, linked)

    def completed(self, question: str) -> str:
        """The question as it would be asked without the earlier ones."""
        subject = self._turn.subject if self._turn else None
        if self._turn is None or subject is None or _OF_PROJECT.search(question):
            return question
        linked = link(question, self._store, self._root)
        if any(named.symbols or named.files or named.is_missing for named in linked.names):
            return self._with_name(question, linked, self._turn)
        body = _OPENING.sub("", question).strip()
        return _about_base(body, subject) or _about(body, self._turn.name, linked) or question

    def _with_name(self, question: str, linked: Linked, turn: _Turn) -> str:
        """A question with a name: the same about that ("and Ferry?"), about both ("is it a Vessel?"), or another."""
        own, asked = linked.names[0].name, turn.linked.names[0].name
        rest = _OTHER.sub("", question).strip(" ?!.,:").lower()
        bare = re.sub(r"^(?:the|a|an|for|of|with|in|class|type)\s+", "", rest)
        bare = re.sub(rf"\s+(?:{_THING})$", "", bare).strip("`'\"")
        if bare == own.lower() and asked in turn.question:
            return turn.question.replace(asked, own, 1)
        both = _IT.sub(turn.name, question, count=1)
        if both != question and link(both, self._store, self._root).intent in {"is_a", "has_member"}:
            return both
        return question


def _about_base(body: str, subject: Named) -> str:
    base = next((symbol.bases[0] for symbol in subject.symbols if symbol.is_type and symbol.bases), "")
    asks = base and _BASE.search(body) and _ASKS_MORE.search(body)
    return _BASE.sub(lambda match: base + (match["own"] or ""), body, count=1) if asks else ""


def _about(body: str, name: str, linked: Linked) -> str:
    """The question with the name in the place of "it", or at its end where it is left out; '' where neither fits."""
    of_project = bool(set(linked.topics) - _VAGUE)
    if _ITS.search(body):
        return _ITS.sub(f"{name}'s", body, count=1)
    if _IT.search(body) and not of_project:
        return _IT.sub(name, body, count=1)
    asks = linked.intent and not of_project
    short = 0 < len(body.split()) <= _MOST_WORDS
    return f"{body.rstrip(' ?!.')} of {name}?" if short and (asks or _BASE.search(body)) else ""
