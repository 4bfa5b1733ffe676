"""The names of a question, found step by step: by form, by exact word, loosely, as a slip, as a stranger."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from codeanvil.answers.names import Mention, framed, mentions, words
from codeanvil.answers.resolve import Named, Resolver
from codeanvil.answers.rules import rules
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

    def loosely(self, topics: Sequence[str]) -> None:
        """Names written as plain words: "the image processor", "reader"; the longest that the workspace has."""
        if self._taken:
            return
        plain = [word for word in self._others() if word.text.lower() not in rules().stop]
        about_names = not topics or self.intent in _ABOUT_NAMES
        for run in _runs(plain, self._question):
            if about_names or all(word.text[0].isupper() for word in run):
                joined = replace(run[0], text="".join(word.text for word in run), end=run[-1].end)
                if self._take(joined, self._resolver.loose(joined)):
                    return
        for word in plain if not topics else ():
            telling = len(word.text) > 2 and word.text.lower() not in rules().not_names
            if telling and self._take(word, self._resolver.loose(word)):
                return

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
        for word in plain:
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


def _runs(plain: Sequence[Mention], question: str) -> list[Sequence[Mention]]:
    """Two to four words in a row with nothing but space, '-' or '_' between them, the longest first."""
    runs = [plain[i : i + size] for size in (4, 3, 2) for i in range(len(plain) - size + 1)]
    return [run for run in runs if all(not question[a.end : b.start].strip(" _-") for a, b in pairwise(run))]
