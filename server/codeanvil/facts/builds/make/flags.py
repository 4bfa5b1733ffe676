"""What compiler flags in build files tell: libraries, packages of pkg-config, the language standard."""

import re
from collections.abc import Iterator

from codeanvil.facts.model import Dependency

_PKG_CONFIG = re.compile(r"(?:pkg-config|\$[({]PKG_?CONFIG[)}])\s([^)`|;&\n]*)")
_PACKAGE = re.compile(r"[A-Za-z][\w.+-]*\Z")
_OPERATOR = re.compile(r"(?:>=|<=|=|>|<)\Z")
_LIBRARY = re.compile(r"(?:\A|\s|=)-l([A-Za-z_][\w.+-]*)(?=\s|\Z)")
_STANDARD = re.compile(r"-std=(?:gnu|c)(\+\+)?(\d\w)\b")

SYSTEM_LIBRARIES = frozenset(
    {"c", "m", "dl", "rt", "pthread", "gcc", "gcc_s", "stdc++", "c++", "util", "nsl", "socket"}
)
"""Libraries that come with a C or C++ compiler."""


def packages_in(text: str, line: int) -> Iterator[Dependency]:
    """What `pkg-config --libs gtk+-3.0 'x >= 2'` asks for."""
    for match in _PKG_CONFIG.finditer(text):
        words = match[1].replace('"', " ").replace("'", " ").split()
        for before, word, operator, version in zip(
            ["", *words], words, [*words[1:], ""], [*words[2:], "", ""], strict=False
        ):
            if _PACKAGE.match(word) and not _OPERATOR.match(before):
                yield Dependency(word, operator + version if _OPERATOR.match(operator) else "", line)


def libraries_in(text: str, line: int) -> Iterator[Dependency]:
    """What `-lz` in flags of a linker links, but for libraries of the compiler."""
    for match in _LIBRARY.finditer(text):
        if match[1] not in SYSTEM_LIBRARIES:
            yield Dependency(match[1], "", line)


def standard_in(text: str) -> str:
    """`-std=c++17` as C++17, '' without such a flag."""
    match = _STANDARD.search(text)
    return f"C{match[1] or ''}{match[2].upper()}" if match else ""
