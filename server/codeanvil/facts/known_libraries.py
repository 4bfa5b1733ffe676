"""Libraries and test frameworks, by what code imports and by what build files call them: `known_libraries.toml`."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

Kind = Literal["libraries", "tests"]

_FAMILIES = {"cpp": "c", "kotlin": "java", "scala": "java", "typescript": "javascript", "tsx": "javascript"}
_SEPARATORS = re.compile(r"(?:\.|::|/|\\)(?=\w)")
_SLASHES = re.compile(r"/")
_PATHS = frozenset({"javascript", "go", "ruby"})
"""Languages whose imports are paths: a dot is a part of a name."""


def library_of(lang: str, imported: str) -> str | None:
    """The library that an import or include belongs to, where it is a well-known one."""
    return _known("libraries", lang, imported)


def test_framework_of(lang: str, imported: str) -> str | None:
    """The test framework that an import or include belongs to."""
    return _known("tests", lang, imported)


def test_framework_of_package(name: str) -> str | None:
    """The test framework that a build file asks for under `name`."""
    exact, open_ended = _packages()
    lower = name.lower()
    return exact.get(lower) or next((title for begin, title in open_ended if lower.startswith(begin)), None)


def is_framework(name: str) -> bool:
    """Whether what a build file asks for under `name` is a framework, about which a project is built."""
    exact, begins = _frameworks()
    return name.lower() in exact or name.lower().startswith(begins)


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("known_libraries.toml").read_text("utf-8"))


@cache
def _expressions(kind: Kind) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(expression), name) for expression, name in _tables()[kind]["c"].items())


@cache
def _packages() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Test frameworks by whole names, and by how names begin, the longest first."""
    known: dict[str, str] = _tables()["packages"]["tests"]
    begins = [(name[:-1], title) for name, title in known.items() if name.endswith("*")]
    return known, tuple(sorted(begins, key=lambda item: -len(item[0])))


@cache
def _frameworks() -> tuple[frozenset[str], tuple[str, ...]]:
    known: list[str] = _tables()["packages"]["frameworks"]
    return frozenset(known), tuple(name[:-1] for name in known if name.endswith("*"))


@lru_cache(maxsize=65_536)  # the same few are imported everywhere
def _known(kind: Kind, lang: str, imported: str) -> str | None:
    family = _FAMILIES.get(lang, lang)
    if family == "c":
        return next((name for pattern, name in _expressions(kind) if pattern.match(imported)), None)
    known: Mapping[str, str] = _tables()[kind].get(family, {})
    for begin in _beginnings(imported, _SLASHES if family in _PATHS else _SEPARATORS) if known else ():
        if name := known.get(begin):
            return name
    return None


def _beginnings(imported: str, separator: re.Pattern[str]) -> list[str]:
    """The whole of a name and what comes before each separator in it, longest first; separators count as dots."""
    ends = [match.start() for match in separator.finditer(imported)]
    found = [imported, *(imported[:end] for end in reversed(ends))]
    return found if separator is _SLASHES else [_SEPARATORS.sub(".", begin) for begin in found]
