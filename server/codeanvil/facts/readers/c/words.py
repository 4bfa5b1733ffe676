"""Words of C and C++, and patterns of them, that tell macros from types and names."""

import re

BOUNDARY = b";{}:"
"""Bytes after one of which a declaration begins."""

WINDOW = 160
"""Bytes looked at before a word. Where they are blank, a declaration begins."""

CALL = rb"(?:\s*\((?:[^(){};]|\((?:[^(){};]|\([^(){};]*+\))*+\))*+\))"
NAME = rb"(?:[A-Za-z_]\w*+(?:\s*::\s*~?[A-Za-z_]\w*+)*+)"
MACRO = rb"(?:\b(?:_*[A-Z][A-Z0-9_]+|__[a-z]\w*+)\b" + CALL + rb"?\s*)"
SPECIFIERS = frozenset(
    b"static extern inline virtual explicit constexpr consteval friend const unsigned signed volatile mutable typedef "
    b"__inline __inline__ __forceinline thread_local register".split()
)
NOT_TYPES = frozenset(
    b"return new delete else case goto throw typedef struct class union enum namespace using operator sizeof public "
    b"private protected typename if while for do switch not and or co_return co_await co_yield template noexcept "
    b"requires throw static_assert decltype alignas".split()
)
BUILT_IN = frozenset(b"void bool char short int long float double auto typename decltype".split())
BEFORE_NAME = BUILT_IN | frozenset(b"const volatile struct class union enum unsigned signed typename static".split())
NO_TYPE = rb"(?!(?:" + b"|".join(sorted(NOT_TYPES)) + rb")\b)"
CAPITALS = re.compile(rb"_*[A-Z][A-Z0-9_]+\Z")


def begins(left: bytes | bytearray) -> bool:
    """Whether a declaration begins behind `left`."""
    return not left or (left[-1] in BOUNDARY and not left.endswith(b"::"))
