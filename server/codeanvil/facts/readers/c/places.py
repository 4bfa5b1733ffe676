"""Judges by its place among declarations whether a word of C or C++ is a macro."""

import re

from codeanvil.facts.readers.c.words import BEFORE_NAME, MACRO, NAME, NO_TYPE, NOT_TYPES, SPECIFIERS, WINDOW, begins

_AFTER_PARAMETERS = re.compile(rb"\)(?:\s*\b(?:const|noexcept|override|final|volatile)\b|\s*&{1,2})*\Z")
_ENDS_HEAD = re.compile(rb"\s*" + MACRO + rb"*(?:[;{=]|->|:(?!:)|\b(?:override|const|noexcept|final|requires)\b)")
# void f(T* x LIFETIME_BOUND)
_PARAMETER = re.compile(rb"(?:(\w+)|[>*&])[\s*&]+(\w+)\s*\Z")
# Queue queue_ GUARDED_BY(mutex_){nullptr};
_MEMBER_ENDS = re.compile(rb"\s*[,)=;{]")
_BEFORE_NAMES = BEFORE_NAME | SPECIFIERS | NOT_TYPES
_PARAMETER_ENDS = re.compile(rb"\s*[,)=]")
_COMPUTED_TYPE = re.compile(rb"\bdecltype\s*\([^()]*\)\s*\Z")
_FAR_TEMPLATE = 2_000
_CONSTRUCTOR = re.compile(rb"\s+(?:explicit\s+)?(?:(\w+)|((\w+)\s*(?:<[^;{}()]*>)?\s*::\s*(?:~\s*)?\3)|~\s*\w+)\s*\(")
_LAST_WORD = re.compile(rb"\w+\Z")
_NAMESPACE = re.compile(rb"\bnamespace\s+" + NAME + rb"\s*\Z")
_ALIAS = re.compile(rb"\busing\s+\w+\s*\Z")
_NEXT = re.compile(rb"\s*(.)", re.DOTALL)
_GOES_ON = frozenset(b"[{(;=,.)+-*/<>?|&:%^")
_LINE_ENDS = re.compile(rb"[ \t\r]*(?:\n|\Z)")
_QUALIFIES = re.compile(rb"\s*(?:const|noexcept|override|final|requires|throw|try|volatile)\b")
_CALLS = re.compile(rb"\s*(?!_*[A-Z][A-Z0-9_]+\b)\w+\s*\(")
_DECLARES = re.compile(
    rb"\s+(?:(?:class|struct|union|enum|template|typedef|using|extern|static|inline|virtual|explicit|constexpr|friend|const|"
    rb"public|private|protected|"
    rb"typename|unsigned|signed|operator)\b|"
    + NO_TYPE
    + NAME
    + rb"(?:<[^;{}()]*>)?[\s*&]+(?:[A-Za-z_~:]|\(\s*\w+\s*\)\s*\())"
)
_DECLARATOR = re.compile(rb"\s+" + NO_TYPE + NAME + rb"\s*\(")


def is_macro(match: re.Match[bytes], code: bytearray, owners: set[bytes]) -> bool:
    """Whether a word stands where neither a type nor a name can, so that it must be a macro.

    `owners` are the names of the types that are defined here, which their constructors have.
    """
    start, end = match.span()
    left = bytes(code[max(0, start - WINDOW) : start]).rstrip()
    if left.endswith((b")", b"const", b"noexcept", b"override", b"final", b"&")) and _AFTER_PARAMETERS.search(left):
        return not _COMPUTED_TYPE.search(left) and bool(_ENDS_HEAD.match(code, end))
    if left.endswith(b">"):
        left = bytes(code[max(0, start - _FAR_TEMPLATE) : start]).rstrip()
    starts = begins(left) or _ends_template(left)
    if match[1].islower():
        return starts and match[2] is not None and stands_alone(match, code)
    if starts:
        return _constructs(code, end, owners) or bool(_DECLARES.match(code, end)) or stands_alone(match, code)
    ends = _PARAMETER_ENDS if match[2] is None else _MEMBER_ENDS
    if ends.match(code, end) and (parameter := _PARAMETER.search(left[-WINDOW:])):
        return not {parameter[1], parameter[2]} & _BEFORE_NAMES
    last = _LAST_WORD.search(left[-40:])
    if last and last[0] in SPECIFIERS:
        declares = _DECLARATOR if last[0] in {b"explicit", b"virtual"} else _DECLARES
        return bool(declares.match(code, end) or _DECLARES.match(code, end)) or _constructs(code, end, owners)
    typed = last[0] not in NOT_TYPES if last else left[-1:] in {b"*", b"&", b">"}
    return typed and _stands_between(match, code, left)


def _constructs(code: bytearray, end: int, owners: set[bytes]) -> bool:
    """Whether a constructor or destructor follows, which has no type: `CONSTEXPR_20 ~Foo()`, `API Foo::Foo()`."""
    follows = _CONSTRUCTOR.match(code, end)
    return follows is not None and (follows[1] is None or follows[1] in owners)


def stands_alone(match: re.Match[bytes], code: bytearray) -> bool:
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


def _ends_template(left: bytes) -> bool:
    """Whether the '>' at the end closes `template <`."""
    depth = 0
    for index in range(len(left) - 1, -1, -1) if left.endswith(b">") else ():
        depth += (left[index] == ord(">")) - (left[index] == ord("<"))
        if depth == 0:
            return left[:index].rstrip().endswith(b"template")
    return False
