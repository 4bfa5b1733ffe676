"""Finds the macros among declarations of C and C++ by their places and by how the field writes them: in capitals."""

import re
from collections.abc import Iterator

from codeanvil.facts.readers.c.places import is_macro, stands_alone
from codeanvil.facts.readers.c.words import (
    BUILT_IN,
    CALL,
    CAPITALS,
    NAME,
    NO_TYPE,
    NOT_TYPES,
    SPECIFIERS,
    WINDOW,
    begins,
)

# Sections of Qt classes, attributes, deleted functions, assertions, computed return types: the grammar fails on some,
# and none of them is a fact. Each pattern is tried only where its first bytes occur.
_NOISE = (
    ((b"slots", b"Q_SLOTS"), re.compile(rb"(?:public|private|protected)\s+(Q_SLOTS|slots)\s*:")),
    ((b"signals", b"Q_SIGNALS"), re.compile(rb"(?<=\s)((?:Q_SIGNALS|signals)\s*:)(?!:)(?=[ \t\r]*\n)")),
    ((b"[[",), re.compile(rb"\[\[[\w\s:,()]*\]\]")),
    ((b"static_assert",), re.compile(rb"\bstatic_assert\s*\([^;{}]*\)\s*;")),
    ((b"decltype",), re.compile(rb"->\s*decltype\s*\([^;{}]*(?=[;{])")),
    # Instances of templates declare nothing.
    ((b"template",), re.compile(rb"extern\s+template\b[^;{}]*;")),
    # inline A::operator bool(): without what stands before it the grammar knows it for a conversion.
    (
        (b"operator",),
        re.compile(
            rb"((?:\b(?:inline|constexpr|explicit)\s+)+)(?=[\w:]+(?:<[^;{}()]*>)?\s*::\s*operator\s+[A-Za-z_:])"
        ),
    ),
    # S<i == j>
    ((b"==", b"!="), re.compile(rb"<(\s*[\w:]+\s*[=!]=\s*[\w:]+\s*)>")),
    ((b"delete",), re.compile(rb"=\s*delete\s*(?:\(\s*\)\s*)?(?=;)")),
)
_HEAD = re.compile(
    rb"(class|struct|union|enum(?:\s+(?:class|struct))?)\b((?:\s+" + NAME + CALL + rb"?){2,6})(?=\s*[:{;<])"
)
_WORD = re.compile(rb"\w")
_HEAD_WORD = re.compile(rb"(" + NAME + rb")(" + CALL + rb"?)")
_EXPORT = re.compile(rb"\w*(?:export|api|decl|dll|visib|public|attr|abi)\w*\Z", re.IGNORECASE)
_BIT_FIELD = re.compile(rb":\s*\d")
# GLOBAL(void) jpeg_abort(j_common_ptr cinfo): the type is in the macro.
_WRAPPED = re.compile(
    rb"\n[ \t]{0,8}+(?=[A-Za-z_])(?:static\s+|extern\s+)?("
    + NO_TYPE
    + rb"[A-Za-z_]\w*\s*\()\s*[A-Za-z_](?:[\w\s*&<>]|::)*(\))(?=\s*(?!_*[A-Z][A-Z0-9_]+\b)"
    + NO_TYPE
    + NAME
    + rb"\s*\()",
)
_CANDIDATE = re.compile(rb"([A-Z_](?<!\w[A-Z_])(?:[A-Z0-9_]++(?![a-z])|_[a-z]\w*+))(" + CALL + rb")?")
# int f OF((int a)); the parameters of before C89, for compilers that had none.
_DOUBLE = re.compile(rb"\(\s*+\(")
_PROTOTYPE = re.compile(rb"[\s*]\w+\s+(_*[A-Z][A-Z0-9_]*)\s*\Z")
# PACKED(typedef struct { int a; }) Name;
_AROUND = re.compile(rb"\s*\(\s*(?=(?:typedef|struct|class|union|enum|template)\b[^(){};]*\{)")
# T* nullable f(), T* nullable x
_ANNOTATION = re.compile(rb"[*&]\s*+([A-Za-z_]\w*+)\s++([A-Za-z_]\w*+)")
_BEHIND_POINTER = frozenset(
    b"const volatile restrict operator noexcept override final requires throw try and or not".split()
)
# local void init(, with a macro for `static` that is written in small letters.
_SMALL = re.compile(
    rb"\n[ \t]{0,8}+([a-z_]\w*+)[ \t]++(?:(?:const|unsigned|signed|struct|enum|union)[ \t]++)*+("
    + NAME
    + rb")(?:<[^;{}()]*>)?[\s*]++(?!operator\b)[A-Za-z_]\w*+\s*\("
)
_BEFORE_TYPE = NOT_TYPES | SPECIFIERS | BUILT_IN
_FAR = 20_000
_ROUNDS = re.compile(rb"[()]")
_HEADS = re.compile(rb"(?:class|struct|union|enum)\b([^;{}()=:<>]*)([:{;]?)")
# JSON_PRIVATE_UNLESS_TESTED: but not UINT : 3;
_ACCESS = re.compile(rb"\s*:(?!:)(?!\s*\d)")
_ENDS = re.compile(rb"\s*;")


def macro_spans(code: bytearray, empty: set[bytes], callable_: set[bytes]) -> Iterator[tuple[int, int]]:
    """Start and end of what must be blanked in `code`, where comments, strings and directives are blank already.

    `empty` are the macros of the file that stand for nothing, `callable_` those with parameters. `code` may be blanked
    between two spans; a macro is then judged by what is left before it.
    """
    yield from _noise(bytes(code))
    yield from _own(code, empty, callable_)
    yield from _prototypes(bytes(code))
    seen = bytes(code)
    yield from _around(seen)
    for match in _HEAD.finditer(seen):
        if match.start() == 0 or not _WORD.match(seen, match.start() - 1):
            yield from _head_macros(match)
    heads = [(head.split(), sign) for head, sign in _HEADS.findall(code)]
    owners = {word for words, _ in heads for word in words}
    types = {words[0] for words, sign in heads if sign and words and words[1:] in ([], [b"final"])}
    for match in _CANDIDATE.finditer(seen):
        if code[match.start()] == ord(" ") or match[1] in types:
            continue
        if match[1] in empty:
            yield match.span(1)
            continue
        used = (_ACCESS if match[2] is None else _ENDS).match(code, match.end())
        if spans := _special(match, code):
            yield from spans
        elif used and begins(code[max(0, match.start() - WINDOW) : match.start()].rstrip()):
            yield match.start(), used.end()
        elif is_macro(match, code, owners):
            yield match.span()


def _special(match: re.Match[bytes], code: bytearray) -> list[tuple[int, int]]:
    """What goes of a macro whose argument is a definition."""
    around = _AROUND.match(code, match.end()) if match[2] is None else None
    last = _closing(code, around.end()) if around else None
    return [(match.start(), around.end()), (last, last + 1)] if around and last is not None else []


def _prototypes(code: bytes) -> Iterator[tuple[int, int]]:
    """The macros, and the parentheses of theirs, in which parameters stand."""
    for match in _DOUBLE.finditer(code):
        begin = max(0, match.start() - WINDOW)
        name = _PROTOTYPE.search(code[begin : match.start()])
        last = _closing(code, match.start() + 1) if name else None
        if name and last is not None and code.endswith(b")", 0, last):
            yield begin + name.start(1), match.end() - 1
            yield last, last + 1


def _noise(code: bytes) -> Iterator[tuple[int, int]]:
    for signs, pattern in _NOISE:
        if any(sign in code for sign in signs):
            yield from (match.span(match.lastindex or 0) for match in pattern.finditer(code))


def _own(code: bytearray, empty: set[bytes], callable_: set[bytes]) -> Iterator[tuple[int, int]]:
    """Uses of the file's own macros that are not in capitals."""
    if names := sorted(name for name in empty if not CAPITALS.match(name)):
        for match in re.finditer(rb"\b(?:" + b"|".join(names) + rb")\b", bytes(code)):
            yield match.span()
    if names := sorted(name for name in callable_ if not CAPITALS.match(name)):
        for match in re.finditer(rb"\b(" + b"|".join(names) + rb")(" + CALL + rb")", bytes(code)):
            left = code[max(0, match.start() - WINDOW) : match.start()].rstrip()
            if begins(left) and stands_alone(match, code):
                yield match.span()
            elif begins(left) and (end := _ENDS.match(code, match.end())):
                yield match.start(), end.end()


def _around(code: bytes) -> Iterator[tuple[int, int]]:
    """Macros for `static` in small letters, and those around a type."""
    for match in _ANNOTATION.finditer(code):
        if match[1] not in _BEHIND_POINTER and match[2] not in _BEHIND_POINTER and not match[1].startswith(b"__"):
            yield match.span(1)
    for match in _SMALL.finditer(code):
        fits = match[1] not in _BEFORE_TYPE and match[2] not in NOT_TYPES
        if fits and begins(code[max(0, match.start() - WINDOW) : match.start()].rstrip()):
            yield match.span(1)
    for match in _WRAPPED.finditer(code):
        if begins(code[max(0, match.start() - WINDOW) : match.start()].rstrip()):
            yield match.span(1)
            yield match.span(2)


def _head_macros(match: re.Match[bytes]) -> list[tuple[int, int]]:
    """Spans of the words between `class` and `{`, `:`, `<` or `;` that are not the name of the type."""
    keyword, words = match[1], [(word[1], word[2], word.span()) for word in _HEAD_WORD.finditer(match[2])]
    names = [index for index, (name, call, _) in enumerate(words) if not call and name not in {b"final", b"sealed"}]
    # `enum Color API get(int c) {` is a function.
    if not names or (words[-1][1] and not CAPITALS.match(words[-1][0]) and not _EXPORT.match(words[-1][0])):
        return []
    # `class Foo MY_FINAL`: a name that is not in capitals stands before the macros that follow it.
    mixed = [index for index in names if not CAPITALS.match(words[index][0])]
    chosen = mixed[-1] if mixed else names[-1]
    others = [word for index, word in enumerate(words) if index != chosen and word[0] not in {b"final", b"sealed"}]
    if not all(CAPITALS.match(name) or _EXPORT.match(name) or call for name, call, _ in others):
        return []
    # `struct FILE_INFO info;` and `enum COLOR c : 3` declare variables.
    following = match.string[match.end() : match.end() + WINDOW].lstrip()
    exported = keyword == b"class" or all(_EXPORT.match(name) for name, _, _ in others)
    if (following[:1] == b";" and not exported) or (keyword == b"enum" and _BIT_FIELD.match(following)):
        return []
    base = match.start(2)
    return [(base + start, base + end) for _, _, (start, end) in others]


def _closing(code: bytes | bytearray, position: int) -> int | None:
    """Where the parenthesis closes that is open at `position`, if near enough."""
    depth = 1
    for match in _ROUNDS.finditer(code, position, position + _FAR):
        depth += 1 if match[0] == b"(" else -1
        if depth == 0:
            return match.start()
    return None
