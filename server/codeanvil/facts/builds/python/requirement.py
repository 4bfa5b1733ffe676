"""Requirements as Python's packaging standards write them (PEP 440, PEP 508)."""

import re
from collections.abc import Callable, Iterable, Iterator

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from codeanvil.facts.model import Dependency

_VERSION = re.compile(r"[\w.-]+\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)")
_CARET = re.compile(r"[\^~]=?\s*(\d[\w.]*)")
_OLDEST = frozenset({">=", "~=", "==", ">", "==="})


def requirement(written: str, line: int, group: str = "") -> Dependency | None:
    """The dependency that a requirement is, its version as written; None for what is none."""
    try:
        parsed = Requirement(written)
    except InvalidRequirement:
        return None
    match = _VERSION.match(written.strip())
    version = parsed.url or (match[1].strip() if match else str(parsed.specifier))
    return Dependency(parsed.name, version, line, group, tuple(sorted(parsed.extras)))


def requirements(values: Iterable[str], group: str, line_of: Callable[[str], int]) -> Iterator[Dependency]:
    """The dependencies among `values`; what is no requirement is passed over."""
    for value in values:
        if found := requirement(value, line_of(value), group):
            yield found


def oldest(written: str) -> str:
    """The oldest version that a constraint allows, as in "3.11"; the constraint itself where it names no oldest."""
    if caret := _CARET.match(written):
        return caret[1]
    try:
        bounds = [each.version.removesuffix(".*") for each in SpecifierSet(written) if each.operator in _OLDEST]
    except InvalidSpecifier:
        return written
    return max(bounds, key=_parts) if bounds else written  # all of them must hold


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d{1,9}", version))
