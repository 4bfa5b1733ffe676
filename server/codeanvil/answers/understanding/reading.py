"""The names of a question, found step by step: by form, by exact word, loosely, as a slip, as a stranger."""

import re
from collections.abc import Iterator, Sequence

from codeanvil.answers.finding.occurrences import is_constant
from codeanvil.answers.understanding.kin import kin
from codeanvil.answers.understanding.meaning import OF_RELATIONS, OF_TYPES
from codeanvil.answers.understanding.names import Mention, framed, mentions, words
from codeanvil.answers.understanding.resolve import Named, Resolver
from codeanvil.answers.understanding.rules import rules
from codeanvil.answers.understanding.spelling import Spelling, Spelt, is_plain, phrases
from codeanvil.facts.model import Dependency, Option, Target

_LEADS = (
    r"where is|where.?s|tell me about|describe|explain|what is|what.?s|what does|in which file is|open|find|show me"
    r"|which file (?:contains|has|defines)|who uses|who calls|go ?to|usages? of"
    r"|is there (?:something|anything) (?:called|named)"
)
_LONE = re.compile(
    rf"\W*(?:(?:{_LEADS}) +)?(?:the )?([A-Za-z_]\w*)(?: +(?:defined|implemented|declared|do|pls|please))*\W*$",
    re.IGNORECASE,
)
"""Questions about one word and nothing else: a symbol of just that name is meant, however common the word."""

_LEAST_SLIPPED = 6
"""Letters of a plain word that is taken for a slip in a name."""

_ABOUT_NAMES = frozenset({"where", "purpose", "inheritance", "derived", "signature"})
"""Intents that make sense of a name only, whatever topic the other words sound like."""

_PATTERNS = frozenset(
    {"Builder", "Decorator", "Facade", "Factory", "Mediator", "Memento", "Observer", "Prototype", "Singleton",
     "Strategy", "Visitor"}
)  # fmt: skip
"""Names of patterns; in quotes they are names of types."""

_MEMBER = r"(?:method|function|member|operation)"
_BEFORE_MEMBER = re.compile(
    rf"\b(?:{_MEMBER}s?(?: (?:named|called))?|(?:defin|declar|overrid)es?) [`'\"]?$", re.IGNORECASE
)
_AFTER_MEMBER = re.compile(rf"[`'\"]? {_MEMBER}\b", re.IGNORECASE)
"""What makes a plain word the name of a member that is asked for: "is there a rotate method in X"."""

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


_SETTING = re.compile(r"(?<![\w./-])(?:--?[A-Za-z][\w-]*|[A-Za-z][\w.-]*\w)")
_SAYS_SETTING = r"(?:setting|key|variable|option|flag|argument|switch|parameter)"
_BEFORE_SETTING = re.compile(rf"\b{_SAYS_SETTING} (?:called |named )?[`'\"]?$", re.IGNORECASE)
_AFTER_SETTING = re.compile(
    rf"[`'\"]? (?:(?:configuration|environment|command[- ]?line) )?{_SAYS_SETTING}\b", re.IGNORECASE
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
        self._spelling = Spelling(question, resolver.store)
        self._taken: list[tuple[Mention, Named]] = []
        self.tools: list[str] = []
        self.asks_entry = False
        """Whether the question is about one entry of a build file and nothing else."""

    @property
    def names(self) -> list[Named]:
        """The names found so far, in the question's order."""
        return [named for _, named in sorted(self._taken, key=lambda pair: pair[0].start)]

    @property
    def _has_subject(self) -> bool:
        """Whether a name was found that is more than the file or folder in which another is looked for."""
        return any(not named.files for _, named in self._taken) or (
            bool(self._taken) and self.intent not in {"methods", "inheritance", "derived", "is_a", "has_member"}
        )

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
            if any(mention.start < other.end and other.start < mention.end for other, _ in self._taken):
                continue
            named = self._resolver.resolve(mention)
            pattern = mention.form == "quoted" and mention.text in _PATTERNS
            if named.is_missing and rules().is_ordinary(mention.text) and not pattern:
                self.tools.append(mention.text)
            elif mention.sure or self._is_borne(mention, named):
                self._taken.append((mention, named))

    def _is_borne(self, mention: Mention, named: Named) -> bool:
        """Whether an unsure name is one: words that mean something else only where a type is called just so."""
        if mention.text.lower() in rules().stop | rules().not_names:
            return not named.spelled and any(symbol.is_type for symbol in named.symbols)
        return bool(named.symbols or named.entries)

    def by_word(self) -> None:
        """Capitalised words that are symbols, and the one word of a question about nothing else."""
        for word in self._others():
            exact = self._resolver.exact(word) if word.sure or word.text.isupper() else None
            is_type = exact is not None and any(symbol.is_type for symbol in exact.symbols)
            shaped = is_type and word.text.istitle()  # `Node` is more than a tool where a type is called so
            if rules().is_ordinary(word.text) and word.text[0].isupper() and not shaped:
                self.tools.append(word.text)
            elif word.sure or (is_type and len(word.text) > 1):
                self._take(word, exact)
        if not self._taken and (lone := _LONE.fullmatch(self._question)):
            word = Mention(lone.group(1), lone.start(1), lone.end(1), "word")
            self._take(word, self._resolver.exact(word))

    def by_setting(self) -> None:
        """Names of settings: `APP_PORT`, `--port`, `server.port`, and plain words beside what says that they are."""
        for match in _SETTING.finditer(self._question):
            name, sure = match[0].rstrip("."), is_constant(match[0]) or match[0].startswith("-") or "." in match[0][:-1]
            before, after = self._question[: match.start()], self._question[match.end() :]
            if sure or _BEFORE_SETTING.search(before) or _AFTER_SETTING.match(after):
                mention = Mention(name, match.start(), match.start() + len(name), "word")
                self._take(mention, self._resolver.setting(name))

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

    def in_phrases(self) -> None:
        """Names of several words, which may hold a word that says a kind: "the beatport object"."""
        for each in self._free():
            plain = each.mention.text == each.mention.text.lower() or each.mention.text.istitle()
            if each.sure and each.words > 1 and plain and not self._names_topic(each):
                self._take(each.mention, self._resolver.spelt(each, rules().intent(self._framed(each.mention))))

    def in_words(self) -> None:
        """Names that several words make up, or a word of no language: "circular list", "urigetter"."""
        for each in self._free() if not self._has_subject else ():
            if each.sure and not self._names_topic(each):
                self._take(each.mention, self._resolver.spelt(each, rules().intent(self._framed(each.mention))))

    def loosely(self, topics: Sequence[str]) -> None:
        """A plain word that is a name, "reader", "the models": the one that the rest of the question asks about."""
        if self._has_subject:
            return
        found: list[tuple[tuple[bool, ...], Spelt, Named]] = []
        parts: set[int] = set()
        for each in self._spelling.found([mention for mention, _ in self._taken]):
            word = each.mention.text.lower()
            if word in rules().edges or (each.words > 1 and not each.likely) or len(word) < 3:
                continue
            intent = rules().intent(self._framed(each.mention))
            about = not topics or intent in _ABOUT_NAMES or (intent in OF_TYPES and bool(each.types))
            everyday = word in rules().stop | rules().not_names
            if everyday and about:  # "List all methods of handle.", "File is used by whom"
                shaped = each.mention.text in each.types and each.mention.text[0].isupper()
                asked = OF_RELATIONS | {"methods"} | (_ABOUT_NAMES | OF_TYPES if shaped else frozenset())
                about = intent in asked and bool(each.types) and word not in rules().kinds
            named = self._resolver.spelt(each, intent) if about and not self._names_topic(each) else None
            if named and self._is_part(each):
                parts.add(each.mention.start)
            elif named:
                is_type = any(symbol.is_type for symbol in named.symbols)
                doubts = (everyday, not intent, each.words < 2, intent in OF_TYPES and not is_type, not is_type)
                found.append((doubts, each, named))
        for _, each, named in sorted(found, key=lambda pair: pair[0])[:1]:
            self._take(each.mention, named)
        for other in self._others() if not found and not topics else ():
            telling = (
                len(other.text) > 2
                and other.start not in parts
                and other.text.lower() not in rules().stop | rules().not_names
            )
            if telling and self._take(other, self._resolver.loose(other)):
                return

    def _is_part(self, each: Spelt) -> bool:
        """Whether a word is but a part of a phrase that other things are called after: "the item exporters"."""
        plain = [w for w in self._others() if is_plain(w.text.lower()) and w.text.lower() not in rules().telling]
        around = [w for w in plain if w.start == each.mention.start]
        for word in plain:
            gap = (word.end, each.mention.start) if word.end <= each.mention.start else (each.mention.end, word.start)
            if gap[0] < gap[1] and not self._question[gap[0] : gap[1]].strip(" -"):
                around.append(word)
        if each.words > 1 or len(around) < 2:
            return False
        best = next(iter(kin([word.text for word in around], self._resolver.store)), None)
        return best is not None and best.covered == len(around) and best.symbol.name not in each.names

    def _free(self) -> Iterator[Spelt]:
        """Names in words, surest first, that share no word with one taken, also while they are taken."""
        for each in self._spelling.found():
            if not any(each.mention.start < other.end and other.start < each.mention.end for other, _ in self._taken):
                yield each

    def _names_topic(self, each: Spelt) -> bool:
        """Whether words are the topic rather than a name: "where is the entry point", though a type is called so."""
        words = set(each.mention.text.lower().replace("_", " ").replace("-", " ").split())
        if not self.topics or not words <= rules().topic_words:
            return False
        framed = self._framed(each.mention)
        if rules().topics_of(framed):
            return False
        intent = rules().intent(framed)
        if intent in OF_TYPES and not (intent == "users" and "tools" in self.topics):
            return False
        return not (intent in {"about", "purpose"} and _ASKS_ABOUT.search(self._question))

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
            slipped = len(word.text) >= _LEAST_SLIPPED and not self._resolver.exact(word)
            if slipped and self._take(word, self._resolver.meant(word)):
                return

    def members(self) -> None:
        """Plain words beside a type or file that are its members: "text of DataElement", "Reader's size"."""
        for mention, named in list(self._taken):
            if not named.files and not any(symbol.is_type for symbol in named.symbols):
                continue
            for word in self._others():
                between = self._question[word.end : mention.start] if word.start < mention.start else ""
                after = self._question[mention.end : word.start] if word.start > mention.start else ""
                plain = is_plain(word.text.lower()) and word.text.lower() not in rules().telling
                beside = _OF.fullmatch(between) or (after.isspace() and (plain or self._is_possessive(mention)))
                if beside and word.text.lower() not in rules().relations:
                    asks = word.text not in rules().stop and rules().intent(self._framed(word)) == "has_member"
                    found = self._resolver.member(word, named)
                    self._take(word, found or (self._resolver.resolve(word) if asks else None))

    def _is_possessive(self, mention: Mention) -> bool:
        return self._question[: mention.end].endswith(("'s", "’s", "'", "’"))

    def compared(self) -> None:
        """The word that a name is compared with though nothing bears it: "does Tug derive from Submarine"."""
        for word in self._others() if self._taken else ():
            plain = is_plain(word.text.lower()) and word.text.lower() not in rules().telling
            beside = _BEFORE_MEMBER.search(self._question[: word.start]) or _AFTER_MEMBER.match(
                self._question, word.end
            )
            sure = word.sure or (plain and beside is not None)
            asks = sure and not rules().is_ordinary(word.text)
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
