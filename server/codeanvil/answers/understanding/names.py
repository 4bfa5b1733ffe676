"""Names in a text, found by their form: quoted, paths, qualified, CamelCase, snake_case, words beside a kind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from codeanvil.answers.understanding.nearest import slip
from codeanvil.answers.understanding.rules import GAP, rules

Form = Literal["quoted", "path", "operator", "qualified", "hyphened", "call", "shaped", "named", "word"]

_WORD = r"~?[A-Za-z_]\w*"
_QUOTED = re.compile(r"`+([^`\n]+?)`+|[\"“”]([^\"“”\n]+?)[\"“”]|(?<![\w])['‘]([\w./:~()<>-]+?)['’](?!\w)")
_FOLDED = r"(?<![\w/])(?:\.{0,2}/)?(?:[\w.+-]+[/\\])+[\w.+-]*\w/?"
_FILE = r"[\w+-]+(?:\.[\w+-]+)*\.(?:SUFFIXES)\b(?!\(|\.\w)|\b(?:Makefile|Dockerfile|Doxyfile)\b"
_HYPHENED = re.compile(r"(?<![\w-])([A-Za-z]\w*(?:-\w+)+)(?![\w-])")
_OPERATOR = re.compile(r"\b(operator ?(?:\(\)|\[\]|->\*?|[-+*/%^&|~!=<>]{1,3}))")
_QUALIFIED = re.compile(rf"((?:::)?{_WORD}(?:<[^<>?]*>)?(?:(?:::|->|#|\.){_WORD}(?:<[^<>?]*>)?)+(?:\(\))?)")
_CAMEL = re.compile(r"[a-z\d][A-Z]|[A-Z]{2,}[a-z]{2}|^[A-Z]\w*\d")
_SNAKE = re.compile(r"[A-Za-z0-9]_+[A-Za-z0-9]|^_+[A-Za-z]|[A-Za-z]_+$")
_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")
_WORDS = re.compile(r"[A-Za-z_~][\w~]*")
_NAMED = re.compile(r"\b(?:named|called|by the name(?: of)?)\s+(?:the )?([A-Za-z_]\w*)", re.IGNORECASE)
_TERMINAL = re.compile(
    r"\s*(?:[?.!,;]|$|in this\b|in the (?:code|project|workspace)|anywhere|here\b|exist|defined|declared)",
    re.IGNORECASE,
)


_LEAST_MENDED = 6
"""Letters of a word that is taken for a slip: shorter ones are other words too often."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question. `start` and `end` span it with quotes and possessive; `kind` is the kind word beside it.

    `sure` says that it is a name whatever the workspace holds, so that it may be reported missing.
    """

    text: str
    start: int
    end: int
    form: Form
    kind: str = ""
    sure: bool = True


def mentions(question: str) -> list[Mention]:
    """Names in the question that are such by their form or by the word beside them, in order, without overlap."""
    found: list[Mention] = []
    for form, pattern in _patterns():
        for match in pattern.finditer(question):
            text = next(group for group in match.groups() if group)
            if form == "shaped" and not is_identifier(text):
                continue
            if form == "quoted" and re.search(r"\s", text.strip()):
                continue  # a phrase or a command; the names in it are found one by one
            _add(found, question, Mention(text.strip(), match.start(), match.end(), form, sure=form != "hyphened"))
    for text, start, end, sure in _beside_kinds(question):
        _add(found, question, Mention(text, start, end, "named", sure=sure))
    return sorted(found, key=lambda mention: mention.start)


def words(question: str) -> list[Mention]:
    """The other words of the question that may be names: capitalised ones within a sentence are surer than others."""
    found = []
    for match in _WORDS.finditer(question):
        text = match.group()
        before = question[: match.start()].rstrip()
        inside = bool(before) and before[-1] not in ".?!:\n"
        sure = text[0].isupper() and inside and not text.isupper()
        end = possessive_end(question, match.end())
        found.append(Mention(text, match.start(), end, "word", kind_beside(question, match.start(), end), sure))
    return found


def is_identifier(text: str) -> bool:
    """Whether a word has the form of an identifier: CamelCase, snake_case or with a digit inside; not an acronym."""
    return bool(_CAMEL.search(text) or _SNAKE.search(text)) and not _ACRONYM_PLURAL.fullmatch(text)


def framed(question: str, spans: list[Mention]) -> str:
    """The question with each name, and "called" and a kind word beside it, replaced by `GAP`; white space folded."""
    parts, at = [], 0
    for mention in sorted(spans, key=lambda item: item.start):
        parts += [question[at : mention.start], f" {GAP} "]
        at = mention.end
    text = "".join([*parts, question[at:]]).replace("’", "'")
    mended = " ".join(_mended(word) for word in text.split())
    mended = re.sub(rf"{GAP} ?(?:[-–—:,;]+ |\.\.\.? ?)", f"{GAP} ", mended)  # "X - methods?", "X: where"
    return re.sub(rf"(?:\b(?:named|called) )?{GAP}(?: (?:class|struct|type|enum|interface)\b)?", GAP, mended)


def _mended(word: str) -> str:
    """A word of a question as it was meant: short forms written out, slips in telling words mended."""
    plain = word.lower().strip('?.!,;:()"')
    if plain in rules().short_forms:
        return word.lower().replace(plain, rules().short_forms[plain])
    if len(plain) < _LEAST_MENDED or plain in rules().telling:
        return word
    meant = slip(plain, rules().telling)
    inflected = meant and plain[:-1] == meant[: len(plain) - 1]  # "declares" is no slip for "declared"
    return word.lower().replace(plain, meant) if meant and not inflected else word


def _add(found: list[Mention], question: str, mention: Mention) -> None:
    """Add a mention, with its possessive and the kind word beside it, unless another has its place."""
    start, end = mention.start, possessive_end(question, mention.end)
    if mention.text and not any(start < other.end and other.start < end for other in found):
        found.append(replace(mention, end=end, kind=kind_beside(question, start, end)))


@cache
def _patterns() -> tuple[tuple[Form, re.Pattern[str]], ...]:
    """What names look like, the surest form first."""
    return (
        ("quoted", _QUOTED),
        ("path", re.compile(f"({_FOLDED}|{_FILE.replace('SUFFIXES', suffix_pattern())})")),
        ("operator", _OPERATOR),
        ("qualified", _QUALIFIED),
        ("hyphened", _HYPHENED),
        ("call", re.compile(rf"({_WORD}\(\))")),
        ("shaped", re.compile(rf"({_WORD})")),
    )


def is_file_name(text: str) -> bool:
    """Whether a word is a file's name by its suffix."""
    return text.rpartition(".")[2].lower() in rules().suffixes and "." in text.strip(".")


def suffix_pattern() -> str:
    """Suffixes of source, build and text files as alternatives of a regular expression."""
    return "|".join(sorted(map(re.escape, rules().suffixes), key=len, reverse=True))


def possessive_end(question: str, end: int) -> int:
    """Where a name that ends at `end` does so with its possessive."""
    match = re.match(r"['’]s?\b|['’](?=\s|$)", question[end:])
    return end + match.end() if match else end


def kind_beside(question: str, start: int, end: int) -> str:
    """The kind word before or after a name: "class X", "a class called X", "the X class"; not "the functions X has"."""
    before = re.search(r"([A-Za-z]+)(?:\s+(?:named|called))?\s+[`'\"]?$", question[:start])
    after = re.match(r"[`'\"]?\s+([A-Za-z]+)", question[end:])
    for match in (before, after):
        if match and match.group(1).lower() in rules().kinds:
            return match.group(1).lower()
    return ""


def _beside_kinds(question: str) -> Iterator[tuple[str, int, int, bool]]:
    kinds = "|".join(sorted(rules().kinds, key=len, reverse=True))
    for match in _NAMED.finditer(question):
        name = match.group(1)
        if name.lower() not in rules().called_how:
            yield name, match.start(1), match.end(1), name.lower() not in rules().not_names
    for match in re.finditer(rf"\b(?:{kinds})\s+([A-Za-z_]\w*)", question, re.IGNORECASE):
        name, before = match.group(1), _WORDS.findall(question[: match.start()])[-1:]
        says_kind = bool(before) and (is_identifier(before[0]) or (before[0][0].isupper() and len(before[0]) > 1))
        if name.lower() not in rules().not_names and not (
            says_kind and name[0].islower()
        ):  # "what the Reader class holds"
            sure = name[0].isupper() or bool(_TERMINAL.match(question[match.end() :]))
            yield name, match.start(1), match.end(1), sure
    for match in re.finditer(rf"\b([A-Za-z_]\w*)\s+(?:{kinds})\b", question, re.IGNORECASE):
        name = match.group(1)
        is_word = name.lower() in rules().not_names | rules().stop
        if not is_word or (name[0].isupper() and name.lower() not in rules().edges):
            at_start = not question[: match.start()].strip()
            yield (
                name,
                match.start(1),
                match.end(1),
                name[0].isupper() and not name.isupper() and not at_start and not is_word,
            )
