"""What CMake commands ask for from outside."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from codeanvil.facts.builds.cmake.run import Call, after, until
from codeanvil.facts.model import Dependency

_VERSION = re.compile(r"\d[\w.]*(?:\.\.\.<?\d[\w.]*)?\Z")
_VERSION_IN_URL = re.compile(r"v?(\d+(?:\.\d+)+)")
_MODULE = re.compile(r"([\w.+-]+?)\s*([<>=]=?.*)?\Z")
_FIND_WORDS = frozenset(
    {
        "REQUIRED", "QUIET", "EXACT", "CONFIG", "MODULE", "NO_MODULE", "COMPONENTS", "OPTIONAL_COMPONENTS", "NAMES",
        "PATHS", "HINTS", "CONFIGS", "PATH_SUFFIXES", "GLOBAL", "NO_DEFAULT_PATH", "NO_POLICY_SCOPE",
    }
)  # fmt: skip
_MODULE_WORDS = frozenset({"REQUIRED", "QUIET", "IMPORTED_TARGET", "GLOBAL", "NO_CMAKE_PATH"})


def dependencies_of(call: Call) -> Iterator[Dependency]:
    """What a command of `DEPENDING` with at least one argument asks for."""
    yield from DEPENDING[call.name](call)


def _package(call: Call) -> Iterator[Dependency]:
    """`find_package(Qt6 6.2 REQUIRED COMPONENTS Core)`; components may also follow REQUIRED."""
    name, *rest = call.values
    version = rest[0] if rest and _VERSION.match(rest[0]) else ""
    components: list[str] = []
    for word in ("COMPONENTS", "OPTIONAL_COMPONENTS", "REQUIRED"):
        components += until(after(rest, word), _FIND_WORDS)
    yield Dependency(name, version, call.line, components=tuple(dict.fromkeys(components)))


def _fetched(call: Call) -> Iterator[Dependency]:
    """`FetchContent_Declare(name GIT_TAG v1)`, or with the version in the archive's name."""
    name, *rest = call.values
    version = "".join(after(rest, "GIT_TAG")[:1])
    if not version and (url := after(rest, "URL")) and (match := _VERSION_IN_URL.search(url[0])):
        version = match[1]
    yield Dependency(name, version, call.line)


def _cpm(call: Call) -> Iterator[Dependency]:
    """`CPMAddPackage("gh:owner/name#1.0")`, or with NAME and VERSION."""
    if "NAME" in call.values:
        version = after(call.values, "VERSION") or after(call.values, "GIT_TAG")
        yield Dependency("".join(after(call.values, "NAME")[:1]), "".join(version[:1]), call.line)
    else:
        place, _, tag = call.values[0].replace("@", "#").partition("#")
        yield Dependency(place.rpartition("/")[2], tag, call.line)


def _modules(call: Call) -> Iterator[Dependency]:
    """`pkg_check_modules(PREFIX REQUIRED gtk+-3.0>=3.22 cairo)`."""
    for value in call.values[1:]:
        if value not in _MODULE_WORDS and (match := _MODULE.match(value)):
            yield Dependency(match[1], match[2] or "", call.line)


DEPENDING: Mapping[str, Callable[[Call], Iterator[Dependency]]] = MappingProxyType(
    {
        "find_package": _package,
        "fetchcontent_declare": _fetched,
        "externalproject_add": _fetched,
        "cpmaddpackage": _cpm,
        "pkg_check_modules": _modules,
        "pkg_search_module": _modules,
    }
)
"""The commands that ask for something, in lower case."""
