"""Finds the function bodies of C and C++ that define nothing, and initialisers, so that nobody has to parse them.

They are most of the code, and where most of what a parser without preprocessor stumbles over is.
"""

import re
from collections.abc import Iterator

_WINDOW = 200
_BRACE = re.compile(rb"[{}]")
_HEAD_ENDS = (b")", b"const", b"noexcept", b"override", b"final", b"volatile", b"&", b"try")
_HEAD = re.compile(rb"\)(?:\s*\b(?:const|noexcept|override|final|volatile|try)\b|\s*&{1,2})*\Z")
_NAMESPACE = re.compile(rb"\bnamespace\b[^;{}]*\Z")
_ROUND = rb"\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+\))*+\)"
_CURLY = rb"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}"
_ITEM = rb"[A-Za-z_][\w:]*+\s*(?:<[^;{}()]*+>)?\s*(?:" + _ROUND + rb"|" + _CURLY + rb")(?:\s*\.\.\.)?"
_INITIALISERS = re.compile(
    rb":(?!:)\s*(?!if\b|for\b|while\b|switch\b)" + _ITEM + rb"(?:\s*,\s*" + _ITEM + rb")*+(?=\s*\{)"
)
_STRAY = re.compile(rb"\s*(;)")
# The head of a lambda that is a variable's value: `auto f = [](int x)`.
_VALUE = re.compile(rb"(?<!operator)(?<!operator )=[^;{}]*\Z")
_TYPE_INSIDE = re.compile(rb"\b(?:class|struct|union|enum)\b[^;(){}=]*\{")


def initialisers(code: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of what constructors initialise, from the colon to the body: `: a(1), b{2}`."""
    for match in _INITIALISERS.finditer(code):
        left = code[max(0, match.start() - _WINDOW) : match.start()].rstrip()
        if left.endswith(_HEAD_ENDS) and _HEAD.search(left):
            yield match.span()


def empty_bodies(code: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of what is between the braces of functions in which no type is defined, and of a ';' after them.

    A stray `;` would make an initial value of an empty body: `void f() {};`.

    In `code`, comments, strings and directives are blank, and its braces are balanced: where they are not, nothing is
    found from there on.
    """
    depth = 0
    body: tuple[int, int] | None = None
    for match in _BRACE.finditer(code):
        position = match.start()
        if match[0] == b"{":
            if body is None and _opens_body(code, position):
                body = (position + 1, depth)
            depth += 1
            continue
        depth -= 1
        if depth < 0:
            return
        if body is not None and depth == body[1]:
            if not _TYPE_INSIDE.search(code, body[0], position):
                yield body[0], position
            stray = _STRAY.match(code, position + 1)
            if stray and not _VALUE.search(code, max(0, body[0] - _WINDOW), body[0] - 1):
                yield stray.span(1)
            body = None


def _opens_body(code: bytes, position: int) -> bool:
    """Whether the brace follows parameters: those of a namespace's attribute are none."""
    left = code[max(0, position - _WINDOW) : position].rstrip()
    return left.endswith(_HEAD_ENDS) and _HEAD.search(left) is not None and not _NAMESPACE.search(left)
