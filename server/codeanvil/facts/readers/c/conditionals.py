"""Conditional compilation that a parser of whole files cannot follow.

A conditional is left alone where each of its branches is a run of whole declarations. Where one cuts through a
declaration or leaves braces open, its directives and all branches but one are blanked; so is what can never be true.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"(){}")))
_PAIRS = {ord(")"): ord("("), ord("}"): ord("{")}
_BOUNDARIES = frozenset([None, *b";{}:"])
_WINDOW = 2_000
_CONTINUES = frozenset(b"{:,)=|&?")
_UNFINISHED = frozenset(b"(,=+-*/%<&|!?.[^~")
_CPLUSPLUS = re.compile(rb"\b__cplusplus\b")
# What only programs see that make documentation or bindings: it is never compiled.
_OTHER_READERS = re.compile(
    rb"\s*!?\s*(?:defined\s*\(?\s*)?(?:Q_QDOC|Q_CLANG_QDOC|_*DOXYGEN\w*|Q_MOC_RUN|SWIG|__COVERITY__|__INTELLISENSE__|lint)\s*\)?\s*\Z"
)
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
    """What one directive opens: `open` holds its unmatched brackets, `first` and `last` its bytes that are not blank.

    `blocks` tells whether there are braces in it, so that it probably holds declarations.
    """

    directive: Directive
    open: bytearray = field(default_factory=bytearray)
    first: int | None = None
    last: int | None = None
    blocks: bool = False


@dataclass(slots=True)
class _Group:
    """One conditional; `before` is the last byte before it that is not blank."""

    before: int | None
    branches: list[_Branch]

    def cuts(self, following: bytes) -> bool:
        """Whether it does not stand between whole declarations, `following` being the first byte behind it."""
        begun = self.before not in _BOUNDARIES
        ends = [branch.last for branch in self.branches if branch.last not in _BOUNDARIES]
        if any(branch.open or branch.first in _CONTINUES for branch in self.branches):
            return True
        if ends and following and following[0] in _CONTINUES:
            return True
        if self.before in _UNFINISHED or any(end in _UNFINISHED for end in ends):
            return True
        # Whole definitions may follow a word that goes with them, or a macro's use without ';', or end with one.
        whole = any(branch.blocks for branch in self.branches) and not (begun and ends)
        return (begun or bool(ends)) and not whole


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
            branch.first = branch.first or segment.lstrip()[0]
            branch.last = last
            branch.blocks = branch.blocks or b"}" in segment
            _match_brackets(branch.open, segment)
        if directive.keyword in {b"if", b"ifdef", b"ifndef"}:
            groups.append(_Group(last, [_Branch(directive)]))
        elif groups and directive.keyword != b"endif":
            groups[-1].branches.append(_Branch(directive))
        elif groups:
            group = groups.pop()
            following = bytes(code[directive.end : directive.end + _WINDOW]).lstrip()
            left_open = _close(group, directive, lang, wipe, following[:1])
            if groups:
                outer = groups[-1].branches[-1]
                outer.blocks = outer.blocks or any(branch.blocks for branch in group.branches)
                _match_brackets(outer.open, left_open)


def _close(group: _Group, endif: Directive, lang: str, wipe: Callable[[int, int], None], following: bytes) -> bytes:
    """Blank what must go of a whole conditional before `following`; the brackets that it leaves open."""
    branches = group.branches
    cut = group.cuts(following)
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
    """Whether a condition holds, as far as that is known: `0` and `DOXYGEN` never do, `__cplusplus` does in C++."""
    condition = directive.condition
    if directive.keyword in {b"if", b"elif"} and _ZERO.match(condition):
        return False
    if _OTHER_READERS.match(condition):
        return directive.keyword.endswith(b"ndef") or b"!" in condition
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
