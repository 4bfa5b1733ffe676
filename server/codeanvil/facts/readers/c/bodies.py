"""Finds what is between braces in C and C++ and declares nothing: bodies of functions, lists of values, enumerators.

They are most of the code, and where most of what a parser without preprocessor stumbles over is. Types that are defined
in them are facts; these stay.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

_BRACE = re.compile(rb"[{}]")
_HEAD = 4_000
_ROUND = re.compile(rb"\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+\))*+\)")
_ANGLED = rb"<(?:[^<>;{}]|<(?:[^<>;{}]|<(?:[^<>;{}]|<[^<>;{}]*+>)*+>)*+>)*+>"
_ARGUMENTS = re.compile(_ANGLED)
_TEMPLATE = re.compile(rb"\btemplate\s*" + _ANGLED)
_SCOPE = re.compile(rb"\b(?:class|struct|union|enum|namespace|__interface)\b|\bextern\s*\Z")
# What may have parentheses in the head of a type: `struct alignas(8) S`, `class API(x) C`.
_ATTRIBUTE = re.compile(rb"\b(?:alignas|_Alignas|__\w+|[A-Z_][A-Z0-9_]+)\s*\(_*\)")
# `) : a(1)`, but neither `MACRO(x) public: A()` nor `MACRO(x) SIGNALS: void f()`.
_CONSTRUCTS = re.compile(
    rb"\)(?:[^:;(){}]|::)*(?<!:)(?<!\bpublic)(?<!\bprivate)(?<!\bprotected)(?<!\bslots)(:)(?!:)\s*[A-Za-z_][\w:]*\s*(?:[<(]|\Z)"
)
_BASES = re.compile(rb"(?<!:):(?!:)")
_VALUE = re.compile(rb"(?<![=!<>+\-*/%^&|])=(?!=)")
_OPERATOR = re.compile(rb"\boperator\b\s*\W{1,3}")
_ENDS = (b")", b"const", b"override", b"noexcept")
_MORE = re.compile(rb"(?<!:):(?!:)|class|struct|union|enum|namespace|__interface|=")
_TYPES = (b"class", b"struct", b"union", b"enum")
_STRAY = re.compile(rb"\s*(;)")
# A type with a name; not that of a value, `(struct A){1}` or `struct { int a; } table[]`.
_TYPE = re.compile(
    rb"\btypedef\s+(?:const\s+)?(?:struct|union|enum|class)\b[^;(){}=]{0,400}\{"
    rb"|(?<!\()\b(?:class|struct|union|enum)\s+[A-Za-z_\[][^;(){}=]{0,400}\{"
)
_MAX_DEPTH = 20
_LINE_START = b"\n}"


def idle_spans(code: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of what may be blanked: the insides of bodies and of lists of values, what constructors initialise,
    arguments of templates in the heads of types, braces that close nothing, and `;` behind bodies, which would make an
    initial value of an empty one: `void f() {};`.

    In `code`, comments, strings and directives are blank. A brace that nothing closes is taken to end at the next line
    that begins with one.
    """
    openings, closing, astray = _pairs(code)
    yield from ((position, position + 1) for position in astray)
    ranges = [(0, len(code), 0)]
    while ranges:
        start, end, depth = ranges.pop()
        for inside, kept in _blocks(code, openings, closing, start, end):
            position, last = inside
            if kept and depth < _MAX_DEPTH:
                for type_start, type_end in _types(code, closing, position, last):
                    yield position, type_start
                    ranges.append((type_start, type_end, depth + 1))
                    position = type_end
            yield position, last


def _pairs(code: bytes) -> tuple[list[int], dict[int, int], list[int]]:
    """Opening braces in order, the closing one of each, and braces that close nothing."""
    openings: list[int] = []
    closing: dict[int, int] = {}
    opened: list[int] = []
    astray: list[int] = []
    for match in _BRACE.finditer(code):
        position = match.start()
        if match[0] == b"{":
            openings.append(position)
            opened.append(position)
        elif opened:
            closing[opened.pop()] = position
        else:
            astray.append(position)
    for position in opened:
        end = code.find(_LINE_START, position)
        closing[position] = end + 1 if end >= 0 else len(code)
    return openings, closing, astray


def _blocks(
    code: bytes, openings: list[int], closing: dict[int, int], start: int, end: int
) -> Iterator[tuple[tuple[int, int], bool]]:
    """Spans to be blanked among the declarations between two positions, and whether types in them are to be kept."""
    done = start
    index = bisect_left(openings, start)
    while index < len(openings) and (opening := openings[index]) < end:
        index += 1
        begin = max(done, opening - _HEAD)
        begin = max(begin, *(code.rfind(sign, begin, opening) + 1 for sign in (b";", b"{", b"}")))
        head = code[begin:opening]
        # Most are the bodies of plain functions, and plainly so.
        if not head.rstrip().endswith(_ENDS) or _MORE.search(head):
            head = _ROUND.sub(_hidden, head)
            declared = _declared(head)
            if declared == b"enum":
                yield (opening + 1, closing[opening]), False
            elif declared and b"<" in head:
                arguments = (match.span() for match in _ARGUMENTS.finditer(head))
                yield from (((begin + first + 1, begin + last - 1), False) for first, last in arguments)
            if declared is not None:
                continue
            colons = [match.start(1) for match in _CONSTRUCTS.finditer(head)]
            # Not that of `a ? b : c` in parentheses.
            if colons := [colon for colon in colons if head.count(b"(", 0, colon) == head.count(b")", 0, colon)]:
                colon = begin + colons[-1]
                opening = _body(code, openings, closing, index - 1, colon)
                yield (colon, opening), False
        last = closing[opening]
        yield (opening + 1, last), True
        done = min(last + 1, end)
        if (stray := _STRAY.match(code, done)) and not _VALUE.search(_OPERATOR.sub(b"", head)):
            yield stray.span(1), False
        index = bisect_left(openings, done, index)


def _declared(head: bytes) -> bytes | None:
    """What the braces behind `head` hold: the keyword of a type or a namespace, b"" for declarations of nobody knows
    what, None for a body or values."""
    head = _TEMPLATE.sub(_hidden, head)
    scope = _SCOPE.search(head)
    if scope is None:
        return b"" if head.strip() and b"(" not in head and b"=" not in head else None
    if scope[0] == b"namespace":
        return scope[0]
    rest = _ARGUMENTS.sub(b"", head[scope.end() :])
    if bases := _BASES.search(rest):
        rest = rest[: bases.start()]
    return None if b"(" in _ATTRIBUTE.sub(b"", rest) or _VALUE.search(rest) else scope[0]


def _body(code: bytes, openings: list[int], closing: dict[int, int], index: int, colon: int) -> int:
    """Where the body of a constructor opens: of `: a{1}, b(2) {` the brace behind `)` or `}`, outside of any."""
    position = colon
    depth = 0
    while index < len(openings):
        opening = openings[index]
        between = code[position:opening]
        depth += between.count(b"(") - between.count(b")")
        if depth <= 0 and between.rstrip()[-1:] in (b")", b".", b""):
            return opening
        position = closing[opening] + 1
        index = bisect_left(openings, position, index)
    return openings[-1]


def _types(code: bytes, closing: dict[int, int], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The types that are defined between two positions, each up to its ';'."""
    if not any(code.find(word, start, end) >= 0 for word in _TYPES):
        return
    position = start
    while match := _TYPE.search(code, position, end):
        last = closing[match.end() - 1]
        semicolon = code.find(b";", last, end)
        position = semicolon + 1 if semicolon >= 0 else min(last + 1, end)
        yield match.start(), position


def _hidden(match: re.Match[bytes]) -> bytes:
    """As many signs, without what could be taken for something."""
    return b"(" + b"_" * (len(match[0]) - 2) + b")" if match[0].startswith(b"(") else b" " * len(match[0])
