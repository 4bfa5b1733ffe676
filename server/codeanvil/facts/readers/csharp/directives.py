"""Blanks the preprocessor's directives of C#, so that the rest is whole declarations and statements."""

import re

from codeanvil.facts.readers.c.conditionals import Directive, resolve

_OPAQUE = re.compile(
    rb"""//[^\n]*+                                                       # comments
      |/\*.*?(?:\*/|\Z)
      |(?P<quotes>"{3,9}+)(?!").*?(?P=quotes)                            # raw strings
      |(?:\$*@\$*)"(?:[^"]|"")*+"                                        # verbatim strings
      |"(?:[^"\\\n]|\\.)*+"                                              # strings
      |'(?:[^'\\\n]|\\.)++'                                              # characters
      |(?<![^\n])[ \t]*\#[ \t]*(?P<directive>[a-z]++)(?P<rest>[^\n]*+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ANY = re.compile(rb"^[ \t]*#", re.MULTILINE)
_CONDITIONAL = frozenset({b"if", b"elif", b"else", b"endif"})
_BLANKS = bytes(char if char in b"\r\n" else 32 for char in range(256))


def without_directives(source: bytes) -> bytes:
    """UTF-8 `source`, of the same length and lines, with its directives blanked.

    Where each branch of a conditional is a run of whole declarations, all are kept; where it cuts through one, or
    leaves braces open, the first branch that can be true is.
    """
    if not _ANY.search(source):
        return source
    directives: list[Directive] = []

    def hide(match: re.Match[bytes]) -> bytes:
        if match["directive"] is not None:
            directives.append(Directive(match.start(), match.end(), match["directive"], match["rest"]))
        return match[0].translate(_BLANKS)

    code = bytearray(_OPAQUE.sub(hide, source))
    text = bytearray(source)

    def wipe(start: int, end: int) -> None:
        text[start:end] = text[start:end].translate(_BLANKS)
        code[start:end] = code[start:end].translate(_BLANKS)

    resolve(code, [directive for directive in directives if directive.keyword in _CONDITIONAL], "csharp", wipe)
    for directive in directives:
        wipe(directive.start, directive.end)
    return bytes(text)
