"""Makes C and C++ fit for a parser that does not run the preprocessor.

Three things break such a parser: macros among declarations (`class EXPORT_API Foo`), conditionals that cut through a
declaration or unbalance its braces, and text that is no code, as what macros stand for or what is under `#if 0`. They
are overwritten with blanks, so that every position stays what it is in the source; so are the bodies of functions that
define nothing, which saves most of the parser's time.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from codeanvil.facts.readers.c.bodies import idle_spans
from codeanvil.facts.readers.c.conditionals import Directive, resolve
from codeanvil.facts.readers.c.macros import macro_spans
from codeanvil.facts.readers.c.words import BOUNDARY, WINDOW

# Alternatives begin with a literal character each: the scan for the next match is then several times as fast.
_OPAQUE = re.compile(
    rb"""//(?:[^\\\n]|\\.)*+(?:\n[ \t]*+//(?:[^\\\n]|\\.)*+)*+           # comments
      |/\*.*?(?:\*/|\Z)
      |R"(?P<raw>[^()\\\s]{0,16})\(.*?\)(?P=raw)"                       # raw strings
      |"(?:[^"\\\n]|\\.)*+"                                             # strings
      |'(?<![0-9a-fA-F]')(?:[^'\\\n]|\\.)++'                            # characters, but not 1'000'000
      |\#[ \t]*(?P<directive>[a-z_]+)(?P<rest>(?:[^\\\n/"]|\\.|/\*.*?\*/|/|"(?:[^"\\\n]|\\.)*+"|")*+)
    """,
    re.VERBOSE | re.DOTALL,
)
_CONDITIONAL = frozenset({b"if", b"ifdef", b"ifndef", b"elif", b"elifdef", b"elifndef", b"else", b"endif"})
_KEPT = frozenset({b"define", b"include", b"include_next", b"import"}) | _CONDITIONAL
_DEFINED = re.compile(rb"[ \t]*\w+(?:\([^()]*\))?")
# Of template parameters nothing is a fact, and the grammar stumbles over some.
_PARAMETERS = re.compile(
    rb"template\s*<((?:[^<>;{}()]|\([^;{}]*?\)|<(?:[^<>;{}()]|\([^;{}]*?\)|<(?:[^<>;{}()]|\([^;{}]*?\)|<[^<>;{}]*+>)*+>)*+>)*+)>"
)
_EMPTY = re.compile(rb"[ \t]*(\w+)\s*(?:/[/*].*)?\Z", re.DOTALL)
_CALLABLE = re.compile(rb"[ \t]*(\w+)\(")
_BLANKS = bytes(char if char == 10 else 32 for char in range(256))


def prepared(source: bytes, lang: str) -> bytes:
    """UTF-8 `source`, of the same length and lines, with what a parser would stumble over blanked.

    `lang` is "c" or "cpp": it decides what `#ifdef __cplusplus` keeps.
    """
    directives: list[Directive] = []

    def hide(match: re.Match[bytes]) -> bytes:
        if match.lastindex is not None and match["directive"] is not None:
            directives.append(Directive(match.start(), match.end(), match["directive"], match["rest"]))
        return match[0].translate(_BLANKS)

    code = bytearray(_OPAQUE.sub(hide, source))
    text = bytearray(source)

    def wipe(start: int, end: int) -> None:
        text[start:end] = text[start:end].translate(_BLANKS)
        code[start:end] = code[start:end].translate(_BLANKS)

    kept: list[tuple[int, int]] = []
    for directive in directives:
        if directive.keyword not in _CONDITIONAL:
            start = _kept_until(directive, code)
            text[start : directive.end] = text[start : directive.end].translate(_BLANKS)
            if directive.start < start:
                kept.append((directive.start, directive.end))
            # The grammar takes blanks behind a macro's name for an error: something must be defined.
            if directive.start < start < directive.end:
                text[start + (text[start + 1 : start + 2] == b" ")] = ord("0")
    resolve(code, [directive for directive in directives if directive.keyword in _CONDITIONAL], lang, wipe)
    for start, end in idle_spans(bytes(code)):
        code[start:end] = code[start:end].translate(_BLANKS)
        for first, last in _without(kept, start, end):
            text[first:last] = text[first:last].translate(_BLANKS)
    for match in _PARAMETERS.finditer(code):
        wipe(match.start(1), match.end(1))
    defined = [each.condition for each in directives if each.keyword == b"define"]
    empty = {name[1] for condition in defined if (name := _EMPTY.match(condition))}
    callable_ = {name[1] for condition in defined if (name := _CALLABLE.match(condition))}
    for start, end in macro_spans(code, empty, callable_):
        wipe(start, end)
    return bytes(text)


def _kept_until(directive: Directive, code: bytearray) -> int:
    """Where a directive's text is of no more use: behind a macro's parameters, at once where it splits a statement."""
    left = code[max(0, directive.start - WINDOW) : directive.start].rstrip()
    if directive.keyword not in _KEPT or (left and left[-1] not in BOUNDARY):
        return directive.start
    if directive.keyword == b"define" and (name := _DEFINED.match(directive.condition)):
        return directive.end - len(directive.condition) + name.end()
    return directive.end


def _without(kept: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What is left of a span when those of `kept`, which are in order, are taken out."""
    for first, last in kept[bisect_left(kept, (start, start)) :]:
        if first >= end:
            break
        yield start, first
        start = last
    yield start, end
