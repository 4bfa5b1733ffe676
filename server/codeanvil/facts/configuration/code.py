"""Where source reads settings: the environment, the command line, classes of settings.

`known.toml` lists the calls. An expression finds where one may stand, and the syntax tree says whether that is code: in
a comment or a text nothing is read. Only files in which something is found are parsed for it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from typing import cast

from tree_sitter import Node

from codeanvil.facts.configuration.arguments import Arguments, read, text_of, texts_in, value_of
from codeanvil.facts.configuration.classes import CLASS, WORDS, fields
from codeanvil.facts.configuration.values import told
from codeanvil.facts.languages import LANGUAGES, MAX_DEPTH
from codeanvil.facts.model import Setting, SettingKind
from codeanvil.facts.readers.comments import comment_above
from codeanvil.facts.text import first_sentence, fold, to_utf8

MOST = 200
"""Settings told of one file."""

_MOST_LOOKED_AT = 2 * MOST
"""Places looked at for one row of `known.toml`."""

_BEFORE_WORD, _AFTER_WORD = 40, 300
"""Characters around a word of a row in which its expression is tried."""

_MOST_OPEN = 20
"""Calls that do not end, of one row: with more of them, a file is no program."""

_ENVIRONMENT = re.compile(r"[A-Z][A-Z0-9_]+")
_OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
_LONG = re.compile(r"(?<![\w-])--[A-Za-z][\w-]*")
_KEY = re.compile(r"[A-Za-z][\w.-]{1,79}")
_TARGET = re.compile(
    r"(?:^|[({,;])[ \t]*(?:(?:export|const|let|var|val|static|final|public|private|pub|mut|auto)[ \t]+)*"
    r"(?:[A-Za-z_](?:[\w<>*&]|::)*[ \t]+)?(?:self\.|this\.|@|\$)?([A-Za-z_]\w*)[ \t]*"
    r"(?::[^=\n]{0,60})?(?::=|=(?![=>]))[^=;\n]*$"
)
_WRITTEN = re.compile(r"\s*\]?\s*=(?![=~>])")
_TRAILING = re.compile(r"[^\n]*?(?:\s#\s|\s//\s)([^\n]+)")


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """One row of `known.toml`."""

    kind: SettingKind
    words: tuple[str, ...]
    head: str
    open: str
    is_text: bool
    quoted: bool
    prefix: str
    after: re.Pattern[str] | None
    places: Mapping[str, tuple[str | int, ...]]


def read_settings(path: str, source: bytes, lang: str) -> tuple[Setting, ...]:
    """The settings that the file at `path` reads, in the order of their lines, each name of a kind once.

    `source` is its screened bytes. Never raises, whatever they are; what cannot be parsed tells nothing.
    """
    rows = [known for known in _known(lang) if any(word.encode() in source for word in known.words)]
    has_class = lang == "python" and any(word in source for word in WORDS)
    if not (rows or has_class):
        return ()
    data = to_utf8(source)
    text = _Text(data)
    candidates = [each for known in rows for each in _found(path, text, known)]
    has_class = has_class and CLASS.search(text.text) is not None
    if not (has_class or candidates):
        return ()
    root = LANGUAGES[lang].parse_for(data, 2_000 + len(data))
    if root is None:
        return ()
    found = list(fields(path, root)) if has_class else []
    found += [setting for at, setting in candidates if at is None or _is_code(root, text.byte(at))]
    first: dict[tuple[str, str], Setting] = {}
    for setting in sorted(found, key=lambda each: (each.line, each.kind, each.name)):
        first.setdefault((setting.kind, setting.name), setting)
    return tuple(first.values())[:MOST]


class _Text:
    """A source as text, with the way from its characters to bytes and lines."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.text = data.decode(errors="replace")
        self._is_ascii = len(self.text) == len(data)

    def byte(self, at: int) -> int:
        """The byte at which a character begins."""
        return at if self._is_ascii else len(self.text[:at].encode(errors="replace"))

    def line(self, at: int) -> int:
        """The line of a character, from 1."""
        return self.text.count("\n", 0, at) + 1


@cache
def _rows() -> tuple[tuple[frozenset[str], _Known], ...]:
    data = tomllib.loads(resources.files(__package__).joinpath("known.toml").read_text("utf-8"))
    return tuple(
        (
            frozenset(row["languages"]),
            _Known(
                cast("SettingKind", row["kind"]),
                tuple(row["words"]),
                row["text"] if "text" in row else row["head"],
                row.get("open", "("),
                "text" in row,
                row.get("quoted", False),
                row.get("prefix", ""),
                re.compile(row["after"]) if "after" in row else None,
                {
                    what: tuple(row[what]) if isinstance(row[what], list) else (row[what],)
                    for what in ("name", "default", "doc", "environment")
                    if what in row
                },
            ),
        )
        for row in (*data["call"], *data["text"])
    )


def _known(lang: str) -> tuple[_Known, ...]:
    return tuple(known for languages, known in _rows() if lang in languages)


@cache
def _pattern(known: _Known) -> re.Pattern[str]:
    return re.compile(known.head if known.is_text else rf"(?:{known.head})(?=\s*{re.escape(known.open)})")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a setting is read: characters `at` to `end` of a source; what is said there of its default and of it."""

    path: str
    source: _Text
    at: int
    end: int
    default: str
    doc: str = ""

    def setting(self, kind: SettingKind, name: str) -> Iterator[Setting]:
        """The setting of this name, where it is one that a user can write."""
        fit = {"environment": _ENVIRONMENT, "argument": _OPTION}.get(kind, _KEY)
        if fit.fullmatch(name):
            doc = self.doc or _beside(self.source, self.at, self.end)
            sets = "" if kind == "argument" else _sets(self.source, self.at)  # a parser's, or called as it is anyway
            line = self.source.line(self.at)
            yield Setting(name, kind, self.path, line, told(name, self.default), doc, sets)


def _matches(text: str, known: _Known) -> Iterator[re.Match[str]]:
    """Where an expression fits, tried only around the words of its row: over a whole text it would cost a parse."""
    seen: set[int] = set()
    for word in known.words:
        at = text.find(word)
        while at >= 0:
            for match in _pattern(known).finditer(text, max(0, at - _BEFORE_WORD), at + _AFTER_WORD):
                if match.start() not in seen:
                    seen.add(match.start())
                    yield match
            at = text.find(word, at + len(word))


def _found(path: str, source: _Text, known: _Known) -> Iterator[tuple[int | None, Setting]]:
    """Settings with the character where code must stand for it to be one; None where it stands in a text anyway."""
    unended = 0
    for match in islice(_matches(source.text, known), _MOST_LOOKED_AT):
        at = None if known.quoted else match.start()
        if known.is_text:
            place = _Place(path, source, match.start(), match.end(), _group(match, "default"))
            yield from ((at, setting) for setting in place.setting(known.kind, known.prefix + match["name"]))
            continue
        given = read(source.text, source.text.index(known.open, match.end()))
        unended += given is None
        if unended > _MOST_OPEN:
            return
        if given is None or (known.open == "[" and _WRITTEN.match(source.text, given.end)):
            continue
        place = _Place(path, source, match.start(), given.end, _default(known, given), _doc(known, given))
        names = [(known.kind, _name(known, given, source, match.start()))]
        names.append(("environment", text_of(_piece(known, "environment", given) or "") or ""))
        yield from ((at, setting) for kind, name in names for setting in place.setting(kind, name))


def _is_code(root: Node, at: int) -> bool:
    """Whether a byte is neither in a comment nor in a text; what a text interpolates is code.

    From the root down, since every step up costs the whole way again.
    """
    cursor, code = root.walk(), True
    for _ in range(MAX_DEPTH):
        if cursor.goto_first_child_for_byte(at) is None:
            return code
        node = cursor.node
        if node is None or node.start_byte > at:
            return code
        if "interpolation" in node.type or "substitution" in node.type:
            code = True
        elif "comment" in node.type or "string" in node.type or "heredoc" in node.type:
            code = False
    return False


def _group(match: re.Match[str], name: str) -> str:
    return (match[name] or "").strip("\"'") if name in match.re.groupindex else ""


def _piece(known: _Known, what: str, given: Arguments) -> str | None:
    """The first of the arguments that hold `what`."""
    for place in known.places.get(what, ()):
        if isinstance(place, int):
            if place < len(given.placed):
                return given.placed[place]
        elif place in given.named:
            return given.named[place]
    return None


def _name(known: _Known, given: Arguments, source: _Text, at: int) -> str:
    """What the user writes, of an option its long form; '' where the call does not say."""
    for place in known.places["name"]:
        if place == "options":
            name = _longest(" ".join(given.texts))
        elif place == "names":
            name = _longest(" ".join(texts_in(given.named.get("names", ""))))
        elif place == "after":
            after = known.after.match(source.text, given.end) if known.after else None
            name = after[1].replace("_", "-") if after else ""
        elif place == "sets":
            name = _sets(source, at).replace("_", "-")
        else:
            piece = given.named.get(place) if isinstance(place, str) else None
            if isinstance(place, int) and place < len(given.placed):
                piece = given.placed[place]
            name = "" if piece is None else text_of(piece) or (piece if known.prefix and piece.isidentifier() else "")
        if name:
            return name if name.startswith("-") else known.prefix + name
    return ""


def _longest(texts: str) -> str:
    found = _LONG.findall(texts) or _OPTION.findall(texts)
    return found[0] if found else ""


def _default(known: _Known, given: Arguments) -> str:
    piece = _piece(known, "default", given)
    value = "" if piece is None else value_of(piece)
    return "" if value in {"None", "nil", "null"} or value.startswith("--") else value


def _doc(known: _Known, given: Arguments) -> str:
    if "texts" in known.places.get("doc", ()):
        others = [text for text in given.texts if not text.startswith("-")]
        return first_sentence(others[-1]) if others and " " in others[-1] else ""
    piece = _piece(known, "doc", given)
    text = text_of(piece.removeprefix("[").removesuffix("]").removeprefix("{").removesuffix("}")) if piece else None
    return first_sentence(text) if text else ""


def _is_prose(text: str) -> bool:
    """Whether a comment tells something, and is not code that somebody switched off."""
    return " " in text and re.search(r"[;{}=]|\([\"']", text) is None


def _sets(source: _Text, at: int) -> str:
    """The variable, field or parameter that what stands at `at` is given to, on the same line."""
    line = source.text[max(source.text.rfind("\n", 0, at) + 1, at - 200) : at]
    match = _TARGET.search(line)
    return match[1] if match else ""


def _beside(source: _Text, at: int, end: int) -> str:
    """What a comment on the line, or on those above it, says."""
    trailing = _TRAILING.match(source.text[end : end + 400])
    if trailing:
        return first_sentence(fold(trailing[1])) if _is_prose(trailing[1]) else ""
    start = source.byte(source.text.rfind("\n", 0, at) + 1)
    above = comment_above(source.data, start, "//") or comment_above(source.data, start, "#")
    said = first_sentence(above) if above else ""
    return said if _is_prose(said) else ""
