"""Easier versions of a source file on which a grammar has failed. Positions stay what they are, names too: what is
changed is read from the source, never from here.
"""

import re
from collections.abc import Callable, Iterator

_OPAQUE = re.compile(
    rb"""//[^\n]*+                                                # comments
      |/\*.*?(?:\*/|\Z)
      |(?P<quotes>"{3,9}+)(?!").*?(?P=quotes)                     # raw strings
      |(?P<at>\$*@\$*)"(?:[^"]|"")*+"                             # verbatim strings
      |"(?:[^"\\\n]|\\.)*+"                                       # strings
      |'(?:[^'\\\n]|\\(?:u+[0-9a-fA-F]+|.))'                      # characters
    """,
    re.VERBOSE | re.DOTALL,
)
_LETTERS = bytes(char if char in b" \t\r\n" else ord("_") for char in range(256))
_BLANKS = bytes(char if char in b"\r\n" else 32 for char in range(256))
ANNOTATIONS = rb"(?:@[\w.:]++(?:\((?:[^()]|\([^()]*+\))*+\))?\s++)++"
"""A run of annotations and the blanks behind it. What must follow is to be told by a group that may be absent, since a
search that fails would begin again at every annotation of the run."""

_SOFT = (
    rb"\b(?:infix|inline|operator|enum|data|open|inner|external|tailrec|sealed|const|lateinit|vararg|out|abstract|final"
    rb"|suspend|expect|actual|noinline|crossinline|annotation|companion|internal|override|value)"
)
_Change = Callable[[bytes], bytes]


def _blank(text: bytes) -> bytes:
    return text.translate(_BLANKS)


def _misspell(text: bytes) -> bytes:
    return text[:-1] + b"_"


_KOTLIN: tuple[tuple[re.Pattern[bytes], _Change], ...] = (
    # The grammar wants a line's end or ';' behind the last member of a class.
    (re.compile(rb"(?<![\s{;,])(?<!->)[ \t]+(?=\})"), lambda text: text[:-1] + b";"),
    # Words that are keywords in some places only.
    (re.compile(rb"\bdynamic\b"), _misspell),
    (re.compile(_SOFT + rb"(?=\()"), _misspell),
    # Annotations of accessors, and those on a line of their own before the modifiers of a constructor.
    (
        re.compile(ANNOTATIONS + rb"(?P<found>(?=(?:\w+\s+)?(?:get|set)\s*\(|(?:\w+\s+){1,2}constructor\b))?"),
        _blank,
    ),
    (re.compile(rb"\bactual(?=\s+constructor\b)"), _blank),
    (re.compile(rb",(?=\s*>)"), _blank),
    (re.compile(rb"(?<==)\s*\[\]"), lambda text: text[:-2] + b'""'),
)
_SCALA: tuple[tuple[re.Pattern[bytes], _Change], ...] = (
    # Scala 2 has names that are keywords in Scala 3.
    (re.compile(rb"\benum\b(?=\s*(?:[=:.,()\[]|<-))"), _misspell),
    (re.compile(rb"(?<=\bsuper)\[\w+\]"), _blank),
)
_REWRITES = {"kotlin": _KOTLIN, "scala": _SCALA}
_KEYWORDS = {
    "java": (rb"class|interface|enum|record", rb"new|->"),
    "csharp": (rb"class|struct|interface|enum|record|namespace|extension", rb"new|=>|="),
    "kotlin": (rb"class|interface|object", rb"fun|val|var|init|get|set|->"),
    "scala": (
        rb"class|trait|object|enum|package|given|extension",
        rb"def|val|var|new|=>|case(?!\s+(?:class|object)\b)",
    ),
}
_STRUCTURE = {
    lang: re.compile(rb"(?P<type>\b(?:" + types + rb")\b)|(?P<other>(?<!\w)(?:" + others + rb")(?!\w))|[{}();]")
    for lang, (types, others) in _KEYWORDS.items()
}


def second_tries(source: bytes, lang: str) -> Iterator[tuple[str, bytes]]:
    """Versions of UTF-8 `source` in which what the grammar of `lang` is known to stumble over is written otherwise."""
    if (text := _rewritten(source, lang)) != source:
        yield lang, text


def last_tries(source: bytes, lang: str) -> Iterator[tuple[str, bytes]]:
    """Versions of UTF-8 `source` without what is in the bodies of functions: the definitions around them are read."""
    text = bytearray(_rewritten(source, lang))
    for start, end in _bodies(masked(text), lang):
        text[start:end] = text[start:end].translate(_BLANKS)
    yield lang, bytes(text)


def _rewritten(source: bytes, lang: str) -> bytes:
    code, text = bytearray(masked(source)), bytearray(source)
    for pattern, change in _REWRITES.get(lang, ()):
        for match in pattern.finditer(bytes(code)):
            if match.groupdict().get("found", b"") is None:
                continue
            new = change(source[match.start() : match.end()])
            text[match.start() : match.end()] = code[match.start() : match.end()] = new
    return bytes(text)


def masked(source: bytes | bytearray) -> bytes:
    """`source` with '_' for what is in comments, strings and characters, their marks included; blanks stay."""
    return _OPAQUE.sub(lambda match: match[0].translate(_LETTERS), bytes(source))


def _bodies(code: bytes, lang: str) -> Iterator[tuple[int, int]]:
    """Start and end of what is between the braces that are no type's, the outermost ones.

    The last keyword before a brace says whose it is; what is in round brackets says nothing.
    """
    depth = rounds = 0
    body: tuple[int, int] | None = None
    of_type = False
    for match in _STRUCTURE[lang].finditer(code):
        token = match[0]
        if token == b"{":
            if body is None and (rounds or not of_type):
                body = (match.end(), depth)
            depth += 1
        elif token == b"}":
            depth -= 1
            if body is None:
                rounds = 0
            elif depth == body[1]:
                yield body[0], match.start()
                body = None
        elif body is None and token in b"()":
            rounds = max(0, rounds + (1 if token == b"(" else -1))
            continue
        if body is None and not rounds:
            of_type = match["type"] is not None
