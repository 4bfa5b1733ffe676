"""Claims of relations in a sentence: derives from, is the base of, has the methods, belongs to, is defined in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.understanding.meaning import plain

_NAME = r"~?[A-Za-z_]\w*(?:(?:::|\.)~?[A-Za-z_]\w*)*(?:[?!](?=[`(]))?"  # Ruby's `paid?`
_WHO = rf"`?(?P<who>{_NAME})(?:<[^<>`]*>)?(?:\(\))?`?"
_LIST = r"(?P<list>[^.;:!?\n]*(?:\.(?=\w)[^.;:!?\n]*|::[^.;:!?\n]*|:(?=\d)[^.;:!?\n]*|[?!](?=[`(])[^.;:!?\n]*)*)"
_THE = r"(?:the |a |an |its |their )*"
_KIND = (
    r"(?:abstract |public |private |protected |static |virtual |nested |inner |own |member |following |base |direct )*"
)
_CLAUSE = re.compile(
    r"\b(?:which|that|but|while|with|where|to |for |in |so |because|located|defined|declared"
    r"|and (?:has|is|was|it|its|provides|offers|defines|implements|uses|contains|lives|lies|belongs|can|does))\b"
)
_LEAD = re.compile(
    rf"\s*(?:,\s*)?(?:\b(?:and|or|both)\b)?\s*{_THE}{_KIND}(?:(?:class(?:es)?|types?|structs?|interfaces?|methods?|functions?|members?)\s+)?",
    re.IGNORECASE,
)
_ITEM = re.compile(
    rf"\s*(?:`([^`]+)`|((?:::)?{_NAME}(?:<[^<>]*>)?(?:\(\))?))(?:\s*\([^()]*\))?\s*(?=$|,|\band\b|\bor\b)"
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A false claim: the span of the name that makes it false, and the name."""

    span: Span
    name: str


def false_claims(sentence: str, subject: str, lookup: Lookup) -> Iterator[Found]:
    """The names in a sentence that stand in a relation which the index denies. `subject` is who "it" is, or ''."""
    for pattern, holds in _PATTERNS:
        for match in pattern.finditer(sentence):
            about = match.group("who") or ""
            if not about or (about.lower() in _PRONOUNS and not lookup.types(about)):
                about = subject
            known = pattern in _OF_MEMBERS or bool(lookup.types(about))
            if not about or not (known or (pattern in _UPWARDS and lookup.is_base(about))):
                continue
            group = "list" if match.group("list") else "more"
            for name, span in _items(_without_access(match.group(group)), match.start(group)):
                if lookup.knows(name) and not holds(lookup, about, name):
                    yield Found(span, name)


def _without_access(text: str) -> str:
    """`public Base, private Other` with the words that are no names blanked."""
    return re.sub(r"\b(?:public|protected|private|virtual)\b", lambda word: " " * len(word.group()), text)


def _items(text: str, offset: int) -> Iterator[tuple[str, Span]]:
    """Names of a list "`a`, b and `c`", as far as it is one."""
    cut = next((m.start() for m in _CLAUSE.finditer(text) if text.count("`", 0, m.start()) % 2 == 0), len(text))
    at = 0
    while at < cut:
        lead = _LEAD.match(text, at, cut)
        start = lead.end() if lead else at
        item = _ITEM.match(text, start, cut)
        if not item:
            return
        group = 1 if item.group(1) else 2
        name = item.group(group)
        if (
            group == 1
            or re.search(r"[A-Z_]|\(\)", name)
            or item.end() >= cut
            or text[item.end() : item.end() + 1] == ","
            or start > at
        ):
            yield name.removesuffix("()"), (offset + item.start(group), offset + item.end(group))
        at = item.end()


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("WHO", _WHO).replace("LIST", _LIST), re.IGNORECASE)


_PRONOUNS = frozenset(
    {"it", "this", "that", "which", "they", "these", "class", "type", "struct", "interface", "and", "also", "who"}
)

_HEIR = r"(?:sub-?class|child|sub-?type|descendant|derived class|speciali[sz]ation|implementation)(?: class)?"
_DERIVED = (
    r"(?:derives|inherits|descends|deriving|inheriting|is inherited)(?: \w+ly)? from|(?:is )?(?:\w+ly )?derived from"
)
_EXTENDS = r"extends|subclasses|implements|extending"
_PARENT = r"(?:base|parent|super)[- ]?(?:class(?:es)?|types?|interfaces?)?"
_HAS = r"(?:has|have|provides|offers|declares|defines|exposes|includes|contains|implements)"
_COUNT = r"(?:\d+ |one |two |three |four |several )?"
_METHOD = r"(?:member functions?|methods?|functions?|members?|operations?)"
_IS = r"(?:is|are|include|includes|:)"

_DERIVES = _compiled(
    rf"WHO(?: class| struct| type)?,? (?:also |directly |publicly |further |in turn )*"
    rf"(?:is (?:a |an )?(?:\w+ )?{_HEIR} of|{_DERIVED}|{_EXTENDS}) {_THE}LIST"
)
_BASES = _compiled(rf"(?:{_PARENT}|bases|parents)(?: of WHO)? {_IS} {_THE}LIST")
_BASE_OF = _compiled(
    rf"WHO(?: class)? (?:is|serves as|acts as) {_THE}(?:abstract |common )*{_PARENT} ?(?:of|for) {_THE}LIST"
)
_DERIVED_BY = _compiled(rf"WHO(?: class)? is (?:extended|inherited|sub-?classed|implemented) by {_THE}LIST")
_METHODS = _compiled(
    rf"WHO(?: class)? (?:also )?{_HAS} {_THE}{_KIND}{_COUNT}{_KIND}{_METHOD}(?: named| called|:| such as| like)? LIST"
)
_ITS_METHODS = _compiled(rf"{_METHOD}(?: (?:of|in|on) WHO)? {_IS} {_THE}LIST")
_PART_OF = rf"(?:belongs to|is {_THE}(?:method|member|function) of|is (?:declared|defined) by)"
_BELONGS = _compiled(rf"(?:method|function|member) WHO {_PART_OF} {_THE}LIST")

# In backticks a name means a thing of the code; so fewer words are needed to make a claim of it.
_TICKED = r"(?P<list>`[^`\n]+`(?:(?:,? and|,) `[^`\n]+`)*)"
_IS_A = _compiled(rf"WHO is an? {_TICKED}(?! (?:method|function|member|field|attribute|property|parameter|variable))")
_KIND_OF = _compiled(rf"WHO is {_THE}(?:kind|sort|type|form|variant) of {_THE}LIST")
_INHERITS = _compiled(rf"WHO(?: class)? inherits (?!from\b){_THE}LIST")
_OFFERS = _compiled(rf"WHO(?: class)? (?:also )?(?:has|provides|offers|declares|defines|exposes) {_THE}{_TICKED}")
_A_METHOD = _compiled(rf"WHO(?: class)? {_HAS} (?:an?|the|its) {_KIND}(?P<list>`?{_NAME}(?:\(\))?`?) {_METHOD}\b")
_OF = _compiled(rf"WHO {_PART_OF} {_THE}LIST")
_HEAD = re.compile(
    rf"\b(?:class|struct|interface|trait|protocol|record) (?P<who>{_NAME})(?:<[^<>]*>)?"
    rf"(?:\((?P<list>[\w., ]+)\)|\s*(?::|extends|implements|<)\s*(?P<more>[^{{`\n]+))"
)

_OF_MEMBERS = (_BELONGS, _OF)
"""Claims about a member, which is no type."""

_UPWARDS = (_BASE_OF, _DERIVED_BY)
"""Claims about what derives from a type, which may be somebody else's."""


def _is_or_derives(lookup: Lookup, who: str, name: str) -> bool:
    return not lookup.types(name) or plain(name) == plain(who) or lookup.derives(who, name)


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Lookup, str, str], bool]], ...] = (
    (_DERIVES, lambda look, who, name: look.derives(who, name)),
    (_BASES, lambda look, who, name: look.derives(who, name)),
    (_BASE_OF, lambda look, who, name: look.derives(name, who)),
    (_DERIVED_BY, lambda look, who, name: look.derives(name, who)),
    (_METHODS, lambda look, who, name: look.has_member(who, name)),
    (_ITS_METHODS, lambda look, who, name: look.has_member(who, name)),
    (_BELONGS, lambda look, who, name: not look.types(name) or look.has_member(name, who)),
    (_OF, lambda look, who, name: not look.types(name) or bool(look.types(who)) or look.has_member(name, who)),
    (_IS_A, _is_or_derives),
    (_KIND_OF, _is_or_derives),
    (_INHERITS, _is_or_derives),
    (_HEAD, _is_or_derives),
    (_OFFERS, lambda look, who, name: not look.is_callable(name) or look.has_member(who, name)),
    (_A_METHOD, lambda look, who, name: look.has_member(who, name)),
)
