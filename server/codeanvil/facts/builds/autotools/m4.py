"""The syntax of `configure.ac`: macros with their arguments, quoted with brackets.

After https://www.gnu.org/software/autoconf/manual/autoconf-2.71/html_node/M4-Quotation.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_DEPTH = 12
"""Macros inside one another that are looked for."""

_WORD = re.compile(r"\bdnl\b[^\n]*|#[^\n]*|\b(?:[A-Z][A-Z0-9]*|m4|gl)_\w+\b\(?|\[")
_BRACKET = re.compile(r"[\[\]]")
_MARK = re.compile(r"[\[(),]|#[^\n]*|\bdnl\b[^\n]*")
_SPELLED = {"@<:@": "[", "@:>@": "]", "@%:@": "#", "@S|@": "$", "@&t@": ""}
_SPELLING = re.compile(r"@(?:<:|:>|%:|S\||&t)@")


@dataclass(frozen=True, slots=True)
class Macro:
    """`NAME(arguments)` with one level of quotes taken off each argument, at `line`."""

    name: str
    arguments: tuple[str, ...]
    line: int

    def __getitem__(self, number: int) -> str:
        """The argument of that number, from 0; '' where it is missing."""
        return self.arguments[number] if number < len(self.arguments) else ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """An argument, and the line on which it begins."""

    text: str
    line: int


class Script:
    """A file's macros in order, those inside of others after them; `problem` is what hindered."""

    def __init__(self, text: str) -> None:
        self.problem: str | None = None
        self.macros = list(self._scan(_Piece(text.replace("\r\n", "\n"), 1), 0))

    def _scan(self, piece: _Piece, depth: int) -> Iterator[Macro]:
        text, line = piece.text, piece.line
        closing = _pairs(text)
        at = counted = 0
        while word := _WORD.search(text, at):
            line += text.count("\n", counted, word.start())
            counted = word.start()
            at = word.end()
            if word[0] == "[":
                at = closing.get(word.start(), at)
            elif word[0].endswith("("):
                name = word[0][:-1]
                pieces, end = _arguments(text, at, line, closing)
                if not end:
                    self.problem = self.problem or f"line {line}: the parenthesis of {name} is not closed"
                at = end or len(text)
                yield Macro(name, tuple(part.text for part in pieces), line)
                if depth < MAX_DEPTH:
                    for part in pieces:
                        yield from self._scan(part, depth + 1)
            elif word[0][0] != "#" and not word[0].startswith("dnl"):
                yield Macro(word[0], (), line)


def spelled_out(text: str) -> str:
    """`text` with Autoconf's spellings of brackets and the like resolved."""
    return _SPELLING.sub(lambda match: _SPELLED[match[0]], text) if "@" in text else text


def _pairs(text: str) -> dict[int, int]:
    """Where each bracket that is closed begins, and what stands behind its end."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for mark in _BRACKET.finditer(text):
        if mark[0] == "[":
            opened.append(mark.start())
        elif opened:
            pairs[opened.pop()] = mark.end()
    return pairs


def _arguments(text: str, start: int, line: int, closing: dict[int, int]) -> tuple[list[_Piece], int]:
    """The arguments from behind the parenthesis on, and where they end; 0 where the parenthesis is not closed.

    `closing` is what `_pairs` says about `text`.
    """
    pieces: list[_Piece] = []
    kept: list[str] = []
    depth = end = 0
    begun = done = at = start
    while not end and (mark := _MARK.search(text, at)):
        at = mark.end()
        character = mark[0][0]
        if character == "[":
            at = closing.get(mark.start(), len(text))
            kept += (text[done : mark.start()], text[mark.end() : at - 1])
            done = at
        elif character in "#d":  # a comment
            kept.append(text[done : mark.start()])
            done = at
        elif character == "(" or depth:
            depth += {"(": 1, ")": -1}.get(character, 0)
        elif character in "),":
            kept.append(text[done : mark.start()])
            pieces.append(_piece("".join(kept), line))
            line += text.count("\n", begun, at)
            kept, begun, done = [], at, at
            end = at if character == ")" else 0
    if not end:
        kept.append(text[done:])
        pieces.append(_piece("".join(kept), line))
    return pieces, end


def _piece(text: str, line: int) -> _Piece:
    """An argument without the white space around it."""
    stripped = text.lstrip()
    return _Piece(stripped.rstrip(), line + text[: len(text) - len(stripped)].count("\n"))
