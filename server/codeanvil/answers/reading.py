"""The names of a question, found step by step: by form, by exact word, loosely, as a slip, as a stranger."""

import re
from collections.abc import Sequence

from codeanvil.answers.names import Mention, framed, mentions, words
from codeanvil.answers.resolve import Named, Resolver
from codeanvil.answers.rules import rules
from codeanvil.answers.spelling import Spelt, phrases, spelt
from codeanvil.facts.model import Dependency, Option, Target

_LONE = re.compile(
    r"\W*(?:where is|where.?s|tell me about|describe|explain|what is|what does|in which file is"
    r"|which file (?:contains|has|defines)) +(?:the )?([A-Za-z_]\w*) *(?:defined|implemented|declared|do)?\W*$",
    re.IGNORECASE,
)
"""Questions about one word and nothing else: a symbol of just that name is meant, however common the word."""

_LEAST_SLIPPED = 6
"""Letters of a plain word that is taken for a slip in a name."""

_ABOUT_NAMES = frozenset({"where", "purpose", "inheritance", "derived", "signature"})
"""Intents that make sense of a name only, whatever topic the other words sound like."""

_OF_RELATIONS = frozenset({"inheritance", "derived", "is_a", "has_member", "owner"})
_OF_TYPES = _OF_RELATIONS | {"methods", "users"}
"""Intents that no question about the project as a whole has."""

_NARROW = frozenset({"entry", "test", "test_framework", "minimum", "standard", "dependencies", "options", "targets"})
"""Topics that words like "entry point" name, which types are called too."""

_ASKS_ABOUT = re.compile(r"\b(explain|describe|tell me|about|purpose|meaning)\b", re.IGNORECASE)


_OF = re.compile(
    r"(?:\(\))?\s+(?:of|in|on|from|to|with)\s+(?:(?:the|a|an|class|struct|type|called|named)\s+)*[`'\"]?", re.IGNORECASE
)


_NAME = r"[`'\"]?([@A-Za-z][\w@/.:+-]*\w|[A-Za-z])[`'\"]?"
_OF_DEPENDENCY = re.compile(
    rf"\bversions? of (?:the )?{_NAME}|\b(?:which|what) {_NAME} version\b|\bdepends? on {_NAME}\W*$", re.IGNORECASE
)
_OF_TARGET = re.compile(
    rf"\bthe {_NAME} (?:script|target|task|job|service|session|feature|option|profile|variable|command)\b"
    rf"|\b(?:script|target|task|job|service|session|feature|option|profile|variable) (?:named |called )?{_NAME}",
    re.IGNORECASE,
)


_OF_PROJECTS = frozenset(
    {"app", "application", "compilers", "interpreter", "package", "product", "program", "runtime", "sdk", "software",
     "standard", "system", "tool", "toolchain", "tools", "minimum", "oldest", "release", "your", "build"}
)  # fmt: skip
"""What has a version besides libraries."""


class Reading:
    """One question being read. `names` are what was found, `tools` names everybody knows."""

    def __init__(self, question: str, resolver: Resolver) -> None:
        self._question = question
        self._resolver = resolver
        self._taken: list[tuple[Mention, Named]] = []
        self.tools: list[str] = []
        self.asks_entry = False
        """Whether the question is about one entry of a build file and nothing else."""

    @property
    def names(self) -> list[Named]:
        """The names found so far, in the question's order."""
        return [named for _, named in sorted(self._taken, key=lambda pair: pair[0].start)]

    @property
    def topics(self) -> tuple[str, ...]:
        """What of the project the rest of the question asks about."""
        return rules().topics_of(self._framed())

    @property
    def intent(self) -> str:
        """What is asked about the names found so far."""
        return rules().intent(self._framed())

    def by_form(self) -> None:
        """Names that are such by their form or the kind word beside them, borne or missing."""
        for mention in mentions(self._question):
            named = self._resolver.resolve(mention)
            if named.is_missing and rules().is_ordinary(mention.text):
                self.tools.append(mention.text)
            elif mention.sure or named.symbols or named.entries:
                self._taken.append((mention, named))

    def by_word(self) -> None:
        """Capitalised words that are symbols, and the one word of a question about nothing else."""
        for word in self._others():
            if rules().is_ordinary(word.text) and word.text[0].isupper():
                self.tools.append(word.text)
            elif word.sure:
                self._take(word, self._resolver.exact(word))
        if not self._taken and (lone := _LONE.match(self._question)):
            word = Mention(lone.group(1), lone.start(1), lone.end(1), "word")
            self._take(word, self._resolver.exact(word))

    def by_entry(self) -> None:
        """What build files ask for or define, in questions for a version or for one target: "version of guava"."""
        for pattern, kinds in ((_OF_DEPENDENCY, (Dependency,)), (_OF_TARGET, (Target, Option))):
            match = None if self._taken else pattern.search(self._question)
            if match and match.lastindex:
                mention = Mention(match[match.lastindex], *match.span(match.lastindex), "word")
                named = self._resolver.entry(mention.text, kinds)
                if named is None and kinds == (Dependency,) and not _is_everyday(mention.text):
                    stranger = self._resolver.resolve(mention)
                    named = stranger if stranger.is_missing else None
                self.asks_entry = self._take(mention, named)

    def in_words(self) -> None:
        """Names that several words make up, or a word of no language: "circular list", "urigetter"."""
        for each in self._spelt() if not self._taken else ():
            free = not any(each.mention.start < m.end and m.start < each.mention.end for m, _ in self._taken)
            if each.sure and free and not self._names_topic(each):
                self._take(each.mention, self._resolver.spelt(each))

    def loosely(self, topics: Sequence[str]) -> None:
        """A plain word that is a name, "reader", "the models": the one that the rest of the question asks about."""
        if self._taken:
            return
        plain = [word for word in self._others() if word.text.lower() not in rules().stop]
        weak = {each.mention.start: each for each in self._spelt() if each.mention.text.isidentifier()}
        found: list[tuple[tuple[bool, bool, bool], Mention, Named]] = []
        for word in plain:
            intent = rules().intent(self._framed(word))
            about = not topics or intent in _ABOUT_NAMES or (intent in _OF_RELATIONS and word.start in weak)
            telling = len(word.text) > 2 and word.text.lower() not in rules().not_names
            named = self._loose(word, weak.get(word.start), intent) if about and telling else None
            if named:
                is_type = any(symbol.is_type for symbol in named.symbols)
                found.append(((not intent, intent in _OF_TYPES and not is_type, not is_type), word, named))
        for _, word, named in sorted(found, key=lambda each: each[0])[:1]:
            self._take(word, named)

    def _loose(self, word: Mention, weak: Spelt | None, intent: str) -> Named | None:
        if weak and weak.is_type and intent in _OF_TYPES:
            return self._resolver.spelt(weak)
        return self._resolver.loose(word)

    def _spelt(self) -> list[Spelt]:
        return spelt(self._question, self._resolver.store, [mention for mention, _ in self._taken])

    def _names_topic(self, each: Spelt) -> bool:
        """Whether words are the topic rather than a name: "where is the entry point", though a type is called so."""
        topics = self.topics
        if not topics or (each.mention.text == each.name and not each.mention.text.istitle()):
            return False
        framed = self._framed(each.mention)
        if rules().topics_of(framed):
            return False
        intent = rules().intent(framed)
        if intent in _OF_TYPES:
            return False
        return (
            not intent
            or bool(_NARROW & set(topics))
            or (intent in {"about", "exists"} and not _ASKS_ABOUT.search(self._question))
        )

    def strangers(self) -> None:
        """A word asked about as a name though nothing bears it ("what does Lighthouse do"); else a slip."""
        if self._taken:
            return
        passed = rules().stop | rules().not_names
        plain = [w for w in self._others() if not rules().is_ordinary(w.text) and w.text.lower() not in passed]
        for word in plain:
            intent = rules().intent(self._framed(word)) if word.sure else ""
            if intent and (intent != "about" or not re.match(r"\s+\w", self._question[word.end :])):
                self._take(word, self._resolver.resolve(word))
                return
        for word in [*phrases(self._question), *plain]:
            if len(word.text) >= _LEAST_SLIPPED and self._take(word, self._resolver.meant(word)):
                return

    def members(self) -> None:
        """Plain words beside a type or file that are its members: "text of DataElement", "Reader's size"."""
        for mention, named in list(self._taken):
            if not named.files and not any(symbol.is_type for symbol in named.symbols):
                continue
            for word in self._others():
                between = self._question[word.end : mention.start] if word.start < mention.start else ""
                after = self._question[mention.end : word.start] if word.start > mention.start else ""
                beside = _OF.fullmatch(between) or (after and after.isspace() and self._is_possessive(mention))
                if beside and word.text.lower() not in rules().relations:
                    asks = word.text not in rules().stop and rules().intent(self._framed(word)) == "has_member"
                    found = self._resolver.member(word, named)
                    self._take(word, found or (self._resolver.resolve(word) if asks else None))

    def _is_possessive(self, mention: Mention) -> bool:
        return self._question[: mention.end].endswith(("'s", "’s", "'", "’"))

    def compared(self) -> None:
        """The word that a name is compared with though nothing bears it: "does Tug derive from Submarine"."""
        for word in self._others() if self._taken else ():
            asks = word.sure and not rules().is_ordinary(word.text)
            if asks and rules().intent(self._framed(word)) in {"is_a", "has_member"}:
                self._take(word, self._resolver.resolve(word))
                return

    def _others(self) -> list[Mention]:
        """The words that are no part of a name found so far."""
        spans = [(mention.start, mention.end) for mention, _ in self._taken]
        return [w for w in words(self._question) if not any(w.start < end and start < w.end for start, end in spans)]

    def _take(self, mention: Mention, named: Named | None) -> bool:
        if named:
            self._taken.append((mention, named))
        return named is not None

    def _framed(self, *more: Mention) -> str:
        return framed(self._question, [*(mention for mention, _ in self._taken), *more])


def _is_everyday(name: str) -> bool:
    """Whether a word is no name of a library: one of the language, of a tool that everybody knows, of the project."""
    lower, known = name.lower(), rules()
    return lower in known.stop | known.not_names | known.telling | known.kinds | _OF_PROJECTS or known.is_ordinary(name)
