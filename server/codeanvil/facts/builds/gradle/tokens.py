"""The tokens of Gradle's scripts in Groovy and in Kotlin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

CLOSING = {"(": ")", "[": "]", "{": "}"}
"""Brackets by what opens them."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\f]+|\\\n|//[^\n]*|/\*.*?(?:\*/|\Z)|\A\#![^\n]*)
      |(?P<newline>[\n;])
      |(?P<long>\"{3}.*?(?:\"{3,5}|\Z)|'{3}.*?(?:'{3}|\Z))
      |(?P<text>"(?>\\.|\$\{(?>[^{}"\n]|"[^"\n]*")*+\}|[^"\\\n])*+"|'(?>\\.|[^'\\\n])*+')
      |(?P<number>\d[\w.]*)
      |(?P<word>[^\W\d]\w*|`[^`\n]+`)
      |(?P<mark>[-+*/%]=|\?[.:]|::|->|==+|!==?|[<>]=|&&|\|\||[^\w\s])
      |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token; the last one of a script is of the kind "end"."""

    kind: str
    text: str
    line: int


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens of a script, without white space and comments."""
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind not in {"space", "other"}:
            yield Token(kind, match[0], line)
        line += match[0].count("\n")
    yield Token("end", "", line)


def unbalanced(tokens: list[Token]) -> str | None:
    """What is wrong with the brackets."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "mark":
            continue
        if token.text in CLOSING:
            opened.append(token)
        elif token.text in {")", "]", "}"}:
            if not opened or CLOSING[opened[-1].text] != token.text:
                return f"line {token.line}: {token.text!r} closes nothing"
            opened.pop()
    return f"line {opened[-1].line}: {opened[-1].text!r} is not closed" if opened else None
