"""Conditional compilation that a parser of whole files cannot follow.

A conditional is left alone where each of its branches is a run of whole declarations. Where one cuts through a
declaration or leaves braces open, its directives and all branches but one are blanked; so is what can never be true.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"(){}")))
_PAIRS = {ord(")"): ord("("), ord("}"): ord("{")}
_BOUNDARY = b";{}:"
_CPLUSPLUS = re.compile(rb"\b__cplusplus\b")
_ZERO = re.compile(rb"\s*\(?\s*(?:0|false|FALSE)\s*\)?\s*\Z")


@dataclass(frozen=True, slots=True)
class Directive:
    """`#keyword condition` at bytes `start` to `end`; of `#define` the condition is what it defines."""

    start: int
    end: int
    keyword: bytes
    condition: bytes


@dataclass(slots=True)
class _Branch:
    """What one directive opens: `open` holds its unmatched brackets, `last` its last byte that is not blank."""

    directive: Directive
    open: bytearray = field(default_factory=bytearray)
    last: int | None = None


@dataclass(slots=True)
class _Group:
    """One conditional; `cut` where it does not stand between whole declarations."""

    cut: bool
    branches: list[_Branch]


def resolve(code: bytearray, directives: list[Directive], lang: str, wipe: Callable[[int, int], None]) -> None:
    """Call `wipe(start, end)` for what must go so that the rest parses.

    `code` is the source with comments, strings and directives blanked; `directives` are its conditionals in order.
    """
    groups: list[_Group] = []
    position = 0
    last: int | None = None
    for directive in directives:
        segment = bytes(code[position : directive.start]).rstrip()
        position = directive.end
        if segment:
            last = segment[-1]
        if groups and segment:
            branch = groups[-1].branches[-1]
            branch.last = last
            _match_brackets(branch.open, segment)
        if directive.keyword in {b"if", b"ifdef", b"ifndef"}:
            groups.append(_Group(last is not None and last not in _BOUNDARY, [_Branch(directive)]))
        elif groups and directive.keyword != b"endif":
            groups[-1].branches.append(_Branch(directive))
        elif groups:
            group = groups.pop()
            left_open = _close(group, directive, lang, wipe)
            if groups:
                _match_brackets(groups[-1].branches[-1].open, left_open)


def _close(group: _Group, endif: Directive, lang: str, wipe: Callable[[int, int], None]) -> bytes:
    """Blank what must go of a whole conditional; the brackets that it leaves open."""
    branches = group.branches
    cut = group.cut or any(b.open or (b.last is not None and b.last not in _BOUNDARY) for b in branches)
    alive: list[_Branch] = []
    decided = False
    for branch in branches:
        truth = _truth(branch.directive, lang)
        if truth is not False and not decided:
            alive.append(branch)
        decided = decided or truth is True
    kept = alive[:1] if cut else alive
    ends = [branch.directive.start for branch in branches[1:]] + [endif.start]
    for branch, end in zip(branches, ends, strict=True):
        if not any(branch is other for other in kept):
            wipe(branch.directive.end, end)
        if cut:
            wipe(branch.directive.start, branch.directive.end)
    if cut:
        wipe(endif.start, endif.end)
    return bytes(kept[0].open) if cut and kept else b""


def _truth(directive: Directive, lang: str) -> bool | None:
    """Whether a condition holds, as far as that is known: `0` never does, `__cplusplus` alone does in C++."""
    condition = directive.condition
    if directive.keyword in {b"if", b"elif"} and _ZERO.match(condition):
        return False
    if not _CPLUSPLUS.search(condition) or re.search(rb"[&|<>=]", condition):
        return None
    negated = directive.keyword.endswith(b"ndef") or b"!" in condition
    return negated != (lang == "cpp")


def _match_brackets(unmatched: bytearray, segment: bytes) -> None:
    """Append the brackets of `segment` to `unmatched`, taking away what closes."""
    for bracket in segment.translate(None, _NOT_BRACKETS):
        if unmatched and _PAIRS.get(bracket) == unmatched[-1]:
            unmatched.pop()
        else:
            unmatched.append(bracket)
