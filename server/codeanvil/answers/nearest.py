"""Names near a name: a slip of the keyboard, or the names of the workspace that come closest to one it lacks."""

import re
from collections import Counter
from collections.abc import Iterable

from codeanvil.answers.rules import rules

_LEAST_SHARED = 0.45

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def parts(name: str) -> list[str]:
    """`parseHTTPHeader_v2` as parse, http, header, v, 2."""
    return [part.lower() for part in _PARTS.findall(name)]


def distance(first: str, second: str, limit: int) -> int:
    """Edits (insert, delete, substitute, swap neighbours) between two words; `limit` + 1 as soon as there are more.

    Optimal string alignment, row by row.
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before: list[int] = []
    above = list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        row = [i]
        for j, right in enumerate(second, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, above = above, row
    return min(above[-1], limit + 1)


def slip(name: str, names: Iterable[str]) -> str:
    """The one name of `names` that `name` is a slip for, or ''.

    A slip is one edit, two in long names, in a part of the name that is no word of its own: `DicomReeder` for
    `DicomReader`, but neither `DicomLoader` nor `DicomReader2` nor `XDicomReader`.
    """
    asked = name.lower()
    limit = 0 if len(asked) < 5 else 1 if len(asked) < 9 else 2
    if not limit:
        return ""
    known = list(names)
    letters = Counter(asked)
    found: dict[str, int] = {}
    for candidate in known:
        if abs(len(candidate) - len(asked)) > limit:
            continue
        lower = candidate.lower()
        if sum((letters - Counter(lower)).values()) <= limit:
            away = distance(asked, lower, limit)
            if away <= limit:
                found[candidate] = away
    least = min(found.values(), default=0)
    best = [candidate for candidate, away in found.items() if away == least]
    if len({candidate.lower() for candidate in best}) != 1 or _meant(name, best[0], known):
        return ""
    return best[0]


def _meant(asked: str, candidate: str, known: list[str]) -> bool:
    """Whether `asked` differs from `candidate` by intent: another word, one more word, another number."""
    if _squeezed(asked) == _squeezed(candidate) or sorted(asked.lower()) == sorted(candidate.lower()):
        return False  # a letter was typed twice, or two in the wrong order
    ours, theirs = parts(asked), parts(candidate)
    if "".join(filter(str.isdigit, asked)) != "".join(filter(str.isdigit, candidate)):
        return True
    if len(ours) > len(theirs) and len([part for part in ours if part in theirs]) >= len(theirs):
        return True
    if len(ours) != len(theirs):
        return False
    changed = [ours[i] for i in range(len(ours)) if ours[i] != theirs[i]]
    return any(
        part in rules().roles or any(part in parts(name) for name in known if part in name.lower()) for part in changed
    )


def _squeezed(name: str) -> str:
    return re.sub(r"([a-z])\1+", r"\1", name.lower())


def closest(name: str, names: Iterable[str], count: int = 3) -> list[str]:
    """Up to `count` names that share most with `name`, best first; none that share little.

    What is shared is parts or letter pairs, whichever is more, as Dice's coefficient: twice the common ones over all.
    """
    wanted, pairs = set(parts(name)), _pairs(name)
    scored = []
    for candidate in set(names):
        both = _pairs(candidate)
        dice = 2 * len(pairs & both) / max(1, len(pairs) + len(both))
        theirs = set(parts(candidate))
        shared = 2 * len(wanted & theirs) / max(1, len(wanted) + len(theirs))
        if max(dice, shared) >= _LEAST_SHARED:
            scored.append((-max(dice, shared), -dice, candidate))
    return [candidate for *_, candidate in sorted(scored)[:count]]


def _pairs(name: str) -> set[str]:
    lower = name.lower()
    return {lower[i : i + 2] for i in range(len(lower) - 1)}
