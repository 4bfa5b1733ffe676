"""Finds the macros among declarations of C and C++ by their places and by how the field writes them: in capitals."""

import re
from collections.abc import Iterator

BOUNDARY = b";{}:"
"""Bytes after one of which a declaration begins."""

WINDOW = 160
"""Bytes looked at before a word. Where they are blank, a declaration begins."""

_CALL = rb"(?:\s*\((?:[^(){};]|\((?:[^(){};]|\([^(){};]*+\))*+\))*+\))"
_NAME = rb"(?:[A-Za-z_]\w*+(?:\s*::\s*~?[A-Za-z_]\w*+)*+)"
_MACRO = rb"(?:\b(?:_*[A-Z][A-Z0-9_]+|__[a-z]\w*+)\b" + _CALL + rb"?\s*)"
_SPECIFIERS = frozenset(
    b"static extern inline virtual explicit constexpr consteval friend const unsigned signed volatile mutable typedef "
    b"__inline __inline__ __forceinline thread_local register".split()
)
_NOT_TYPES = frozenset(
    b"return new delete else case goto throw typedef struct class union enum namespace using operator sizeof public "
    b"private protected typename if while for do switch not and or co_return co_await co_yield template noexcept "
    b"requires throw static_assert decltype alignas".split()
)
_BUILT_IN = frozenset(b"void bool char short int long float double auto typename decltype".split())
_NO_TYPE = rb"(?!(?:" + b"|".join(sorted(_NOT_TYPES)) + rb")\b)"

# Sections of Qt classes, attributes, deleted functions, assertions, computed return types: the grammar fails on some,
# and none of them is a fact. Each pattern is tried only where its first bytes occur.
_NOISE = (
    ((b"slots", b"Q_SLOTS"), re.compile(rb"(?:public|private|protected)\s+(Q_SLOTS|slots)\s*:")),
    ((b"signals", b"Q_SIGNALS"), re.compile(rb"(?<=\s)((?:Q_SIGNALS|signals)\s*:)(?!:)(?=[ \t\r]*\n)")),
    ((b"[[",), re.compile(rb"\[\[[\w\s:,()]*\]\]")),
    ((b"static_assert",), re.compile(rb"\bstatic_assert\s*\([^;{}]*\)\s*;")),
    ((b"decltype",), re.compile(rb"->\s*decltype\s*\([^;{}]*(?=[;{])")),
    ((b"delete",), re.compile(rb"=\s*delete\s*(?:\(\s*\)\s*)?(?=;)")),
)
_HEAD = re.compile(
    rb"(class|struct|union|enum(?:\s+(?:class|struct))?)\b((?:\s+" + _NAME + _CALL + rb"?){2,6})(?=\s*[:{;<])"
)
_WORD = re.compile(rb"\w")
_HEAD_WORD = re.compile(rb"(" + _NAME + rb")(" + _CALL + rb"?)")
_CAPITALS = re.compile(rb"_*[A-Z][A-Z0-9_]+\Z")
_EXPORT = re.compile(rb"\w*(?:export|api|decl|dll|visib|public|attr|abi)\w*\Z", re.IGNORECASE)
_BIT_FIELD = re.compile(rb":\s*\d")

# GLOBAL(void) jpeg_abort(j_common_ptr cinfo): the type is in the macro.
_WRAPPED = re.compile(
    rb"\n[ \t]{0,8}+(?=[A-Za-z_])(?:static\s+|extern\s+)?("
    + _NO_TYPE
    + rb"[A-Za-z_]\w*\s*\()\s*[A-Za-z_](?:[\w\s*&<>]|::)*(\))(?=\s*(?!_*[A-Z][A-Z0-9_]+\b)"
    + _NO_TYPE
    + _NAME
    + rb"\s*\()",
)
_CANDIDATE = re.compile(rb"([A-Z_](?<!\w[A-Z_])(?:[A-Z0-9_]++(?![a-z])|_[a-z]\w*+))(" + _CALL + rb")?")
_AFTER_PARAMETERS = re.compile(rb"\)(?:\s*\b(?:const|noexcept|override|final|volatile)\b|\s*&{1,2})*\Z")
_ENDS_HEAD = re.compile(rb"\s*" + _MACRO + rb"*(?:[;{=]|->|:(?!:)|\b(?:override|const|noexcept|final|requires)\b)")
_TYPE_NAME = re.compile(rb"(?:class|struct|union|enum)\s+([A-Z][A-Z0-9_]+)\s*(?:final\s*)?[:{;]")
# int f OF((int a)); the parameters of before C89, for compilers that had none.
_PROTOTYPE = re.compile(rb"\s*\(\s*(?=\()")
_NAMED = re.compile(rb"[\s*]\w+\Z")
# template <class T, ENABLE_IF(is_x<T>) = 0>
_ARGUMENT_ENDS = re.compile(rb"(?:\s*=\s*\w+)?(?=\s*[,>])")
# PACKED(typedef struct { int a; }) Name;
_AROUND = re.compile(rb"\s*\(\s*(?=(?:typedef|struct|class|union|enum|template)\b[^(){};]*\{)")
# local void init(, with a macro for `static` that is written in small letters.
_SMALL = re.compile(
    rb"\n[ \t]{0,8}+(?!(?:" + b"|".join(sorted(_NOT_TYPES | _SPECIFIERS | _BUILT_IN)) + rb")\b)([a-z_]\w*+)[ \t]++"
    rb"(?:(?:const|unsigned|signed|struct|enum|union)[ \t]++)*+"
    + _NO_TYPE
    + _NAME
    + rb"[\s*]++(?!operator\b)[A-Za-z_]\w*+\s*(?:_*[A-Z]+\s*)?\("
)
_FAR = 20_000
_FAR_TEMPLATE = 2_000
_ROUNDS = re.compile(rb"[()]")
_HEADS = re.compile(rb"(?:class|struct|union)\b([^;{}()=:<>]*)")
# JSON_PRIVATE_UNLESS_TESTED: but not UINT : 3;
_ACCESS = re.compile(rb"\s*:(?!:)(?!\s*\d)")
_CONSTRUCTOR = re.compile(rb"\s+(?:explicit\s+)?(?:(\w+)|((\w+)\s*(?:<[^;{}()]*>)?\s*::\s*(?:~\s*)?\3)|~\s*\w+)\s*\(")
_LAST_WORD = re.compile(rb"\w+\Z")
_NAMESPACE = re.compile(rb"\bnamespace\s+" + _NAME + rb"\s*\Z")
_ALIAS = re.compile(rb"\busing\s+\w+\s*\Z")
_NEXT = re.compile(rb"\s*(.)", re.DOTALL)
_GOES_ON = frozenset(b"[{(;=,.)+-*/<>?|&:%^")
_ENDS = re.compile(rb"\s*;")
_LINE_ENDS = re.compile(rb"[ \t\r]*(?:\n|\Z)")
_QUALIFIES = re.compile(rb"\s*(?:const|noexcept|override|final|requires|throw|try|volatile)\b")
_CALLS = re.compile(rb"\s*(?!_*[A-Z][A-Z0-9_]+\b)\w+\s*\(")
_DECLARES = re.compile(
    rb"\s+(?:(?:class|struct|union|enum|template|typedef|using|extern|static|inline|virtual|explicit|constexpr|friend|const|"
    rb"public|private|protected|"
    rb"typename|unsigned|signed|operator)\b|"
    + _NO_TYPE
    + _NAME
    + rb"(?:<[^;{}()]*>)?[\s*&]+(?:[A-Za-z_~:]|\(\s*\w+\s*\)\s*\())"
)
_DECLARATOR = re.compile(rb"\s+" + _NO_TYPE + _NAME + rb"\s*\(")


def macro_spans(code: bytearray, empty: set[bytes], callable_: set[bytes]) -> Iterator[tuple[int, int]]:
    """Start and end of what must be blanked in `code`, where comments, strings and directives are blank already.

    `empty` are the macros of the file that stand for nothing, `callable_` those with parameters. `code` may be blanked
    between two spans; a macro is then judged by what is left before it.
    """
    yield from _noise(bytes(code))
    yield from _own(code, empty, callable_)
    seen = bytes(code)
    yield from _around(seen)
    for match in _HEAD.finditer(seen):
        if match.start() == 0 or not _WORD.match(seen, match.start() - 1):
            yield from _head_macros(match)
    types = set(_TYPE_NAME.findall(code))
    owners = {word for head in _HEADS.findall(code) for word in head.split()}
    for match in _CANDIDATE.finditer(seen):
        if code[match.start()] == ord(" ") or match[1] in types:
            continue
        if match[1] in empty:
            yield match.span(1)
            continue
        used = (_ACCESS if match[2] is None else _ENDS).match(code, match.end())
        if spans := _special(match, code):
            yield from spans
        elif used and _begins(code[max(0, match.start() - WINDOW) : match.start()].rstrip()):
            yield match.start(), used.end()
        elif _is_macro(match, code, owners):
            yield match.span()


def _special(match: re.Match[bytes], code: bytearray) -> list[tuple[int, int]]:
    """What goes of a macro whose argument is a definition or parameters, and of one among template parameters."""
    start, end = match.span()
    if match[2] is None:
        around = _AROUND.match(code, end)
        last = _closing(code, around.end()) if around else None
        return [(start, around.end()), (last, last + 1)] if around and last is not None else []
    left = bytes(code[max(0, start - WINDOW) : start]).rstrip()
    if match[2].endswith(b"))") and (prototype := _PROTOTYPE.match(code, match.end(1))) and _NAMED.search(left):
        return [(start, prototype.end()), (end - 1, end)]
    if left[-1:] in (b",", b"<") and (ends := _ARGUMENT_ENDS.match(code, end)):
        return [(code.rfind(b",", 0, start) if left.endswith(b",") else start, ends.end())]
    return []


def _noise(code: bytes) -> Iterator[tuple[int, int]]:
    for signs, pattern in _NOISE:
        if any(sign in code for sign in signs):
            yield from (match.span(match.lastindex or 0) for match in pattern.finditer(code))


def _own(code: bytearray, empty: set[bytes], callable_: set[bytes]) -> Iterator[tuple[int, int]]:
    """Uses of the file's own macros that are not in capitals."""
    if names := sorted(name for name in empty if not _CAPITALS.match(name)):
        for match in re.finditer(rb"\b(?:" + b"|".join(names) + rb")\b", bytes(code)):
            yield match.span()
    if names := sorted(name for name in callable_ if not _CAPITALS.match(name)):
        for match in re.finditer(rb"\b(" + b"|".join(names) + rb")(" + _CALL + rb")", bytes(code)):
            left = code[max(0, match.start() - WINDOW) : match.start()].rstrip()
            if _begins(left) and _stands_alone(match, code):
                yield match.span()
            elif _begins(left) and (end := _ENDS.match(code, match.end())):
                yield match.start(), end.end()


def _around(code: bytes) -> Iterator[tuple[int, int]]:
    """Macros for `static` in small letters, and those around a type."""
    for match in _SMALL.finditer(code):
        if _begins(code[max(0, match.start() - WINDOW) : match.start()].rstrip()):
            yield match.span(1)
    for match in _WRAPPED.finditer(code):
        if _begins(code[max(0, match.start() - WINDOW) : match.start()].rstrip()):
            yield match.span(1)
            yield match.span(2)


def _head_macros(match: re.Match[bytes]) -> list[tuple[int, int]]:
    """Spans of the words between `class` and `{`, `:`, `<` or `;` that are not the name of the type."""
    keyword, words = match[1], [(word[1], word[2], word.span()) for word in _HEAD_WORD.finditer(match[2])]
    names = [index for index, (name, call, _) in enumerate(words) if not call and name not in {b"final", b"sealed"}]
    # `enum Color API get(int c) {` is a function.
    if not names or (words[-1][1] and not _CAPITALS.match(words[-1][0]) and not _EXPORT.match(words[-1][0])):
        return []
    # `class Foo MY_FINAL`: a name that is not in capitals stands before the macros that follow it.
    mixed = [index for index in names if not _CAPITALS.match(words[index][0])]
    chosen = mixed[-1] if mixed else names[-1]
    others = [word for index, word in enumerate(words) if index != chosen and word[0] not in {b"final", b"sealed"}]
    if not all(_CAPITALS.match(name) or _EXPORT.match(name) or call for name, call, _ in others):
        return []
    # `struct FILE_INFO info;` and `enum COLOR c : 3` declare variables.
    following = match.string[match.end() : match.end() + WINDOW].lstrip()
    exported = keyword == b"class" or all(_EXPORT.match(name) for name, _, _ in others)
    if (following[:1] == b";" and not exported) or (keyword == b"enum" and _BIT_FIELD.match(following)):
        return []
    base = match.start(2)
    return [(base + start, base + end) for _, _, (start, end) in others]


def _is_macro(match: re.Match[bytes], code: bytearray, owners: set[bytes]) -> bool:
    """Whether a word stands where neither a type nor a name can, so that it must be a macro.

    `owners` are the names of the types that are defined here, which their constructors have.
    """
    start, end = match.span()
    left = bytes(code[max(0, start - WINDOW) : start]).rstrip()
    if left.endswith((b")", b"const", b"noexcept", b"override", b"final", b"&")) and _AFTER_PARAMETERS.search(left):
        return bool(_ENDS_HEAD.match(code, end))
    if left.endswith(b">"):
        left = bytes(code[max(0, start - _FAR_TEMPLATE) : start]).rstrip()
    starts = _begins(left) or _ends_template(left)
    if match[1].islower():
        return starts and match[2] is not None and _stands_alone(match, code)
    if starts:
        return _constructs(code, end, owners) or bool(_DECLARES.match(code, end)) or _stands_alone(match, code)
    last = _LAST_WORD.search(left[-40:])
    if last and last[0] in _SPECIFIERS:
        declares = _DECLARATOR if last[0] in {b"explicit", b"virtual"} else _DECLARES
        return bool(declares.match(code, end) or _DECLARES.match(code, end)) or _constructs(code, end, owners)
    typed = last[0] not in _NOT_TYPES if last else left[-1:] in {b"*", b"&", b">"}
    return typed and _stands_between(match, code, left)


def _closing(code: bytearray, position: int) -> int | None:
    """Where the parenthesis closes that is open at `position`, if near enough."""
    depth = 1
    for match in _ROUNDS.finditer(code, position, position + _FAR):
        depth += 1 if match[0] == b"(" else -1
        if depth == 0:
            return match.start()
    return None


def _constructs(code: bytearray, end: int, owners: set[bytes]) -> bool:
    """Whether a constructor or destructor follows, which has no type: `CONSTEXPR_20 ~Foo()`, `API Foo::Foo()`."""
    follows = _CONSTRUCTOR.match(code, end)
    return follows is not None and (follows[1] is None or follows[1] in owners)


def _stands_alone(match: re.Match[bytes], code: bytearray) -> bool:
    """Q_OBJECT or NAMESPACE_BEGIN(x) at the end of a line. A type stays: DWORD, and `f(int)` on the next line."""
    end = match.end()
    if not _LINE_ENDS.match(code, end):
        return False
    following = _NEXT.match(code, end)
    goes_on = following is not None and following[1][0] in _GOES_ON
    if goes_on or _QUALIFIES.match(code, end):
        return False
    return match[2] is not None or not _CALLS.match(code, end)


def _stands_between(match: re.Match[bytes], code: bytearray, left: bytes) -> bool:
    """`int WINAPI f(`, `namespace std VISIBILITY {`, `using T DEPRECATED =`."""
    if match[2] is None and _DECLARATOR.match(code, match.end()):
        return True
    following = _NEXT.match(code, match.end())
    place = {b"{": _NAMESPACE, b"=": _ALIAS}.get(following[1]) if following else None
    return place is not None and place.search(left) is not None


def _begins(left: bytes | bytearray) -> bool:
    """Whether a declaration begins behind `left`."""
    return not left or left[-1] in BOUNDARY


def _ends_template(left: bytes) -> bool:
    """Whether the '>' at the end closes `template <`."""
    depth = 0
    for index in range(len(left) - 1, -1, -1) if left.endswith(b">") else ():
        depth += (left[index] == ord(">")) - (left[index] == ord("<"))
        if depth == 0:
            return left[:index].rstrip().endswith(b"template")
    return False
