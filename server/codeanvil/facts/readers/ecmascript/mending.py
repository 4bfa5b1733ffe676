"""Other ways to parse what the grammars do not know: Flow's annotations and newer TypeScript."""

import re
from collections.abc import Iterator

# `in` and `out` before the name of a type parameter; where they are names themselves, one of these words follows.
_VARIANCE = re.compile(
    rb"(?<=[<,])(\s*)(const\s+)?((?:in\s+)?out|in)(?=\s+(?!(?:as|in|instanceof|of|satisfies)\b)[A-Za-z_$])"
)
_GOES_ON = frozenset(
    b"""as async asserts await case const default delete do else export extends in infer instanceof is keyof new of
    readonly return satisfies throw typeof unique void yield""".split()
)
"""Words that an expression or a type goes on after."""

_TOKEN = re.compile(
    rb"""//[^\n]*|/\*.*?\*/|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"""
    rb"""|\n[ \t]*(?P<gap>[ \t])(?=[(<])|(?P<word>[\w$]+)|(?P<mark>=>|[^\s\w$])""",
    re.DOTALL,
)


def second_tries(source: bytes, lang: str) -> Iterator[tuple[str, bytes]]:
    """Languages whose grammar may fare better with `source`, which is in `lang`, and texts of its length for them.

    The grammar of TSX knows type annotations, most of Flow's too. Both of TypeScript want a semicolon before a call
    signature in a type, and know neither `in` and `out` before type parameters nor escapes in template literal types.
    """
    grammar = "tsx" if lang == "javascript" else lang
    if grammar != lang:
        yield grammar, source
    yield grammar, _rewritten(_VARIANCE.sub(_blank, source))


def _blank(found: re.Match[bytes]) -> bytes:
    return re.sub(rb"\S", b" ", found[0])


def _rewritten(source: bytes) -> bytes:
    """`source` without escapes in template literals, and with a semicolon in the indentation of the lines in braces
    that begin with a bracket, where a type or an expression ends before."""
    text = bytearray(source)
    braces = [b""]
    ends = False
    for token in _TOKEN.finditer(source):
        kind, found = token.lastgroup, token[0]
        if kind == "gap" and ends and braces[-1] == b"{":
            text[token.start("gap")] = ord(";")
        elif kind == "text":
            ends = True
            if found[:1] == b"`" and b"\\" in found:
                text[token.start() : token.end()] = found.replace(b"\\`", b"''")
        elif kind == "word":
            ends = found not in _GOES_ON
        elif kind == "mark":
            ends = found in (b")", b"]", b"}", b">")
            if found in (b"(", b"[", b"{"):
                braces.append(found)
            elif ends and found != b">" and len(braces) > 1:
                braces.pop()
    return bytes(text)
