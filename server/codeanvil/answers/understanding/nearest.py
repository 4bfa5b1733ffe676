"""Names near a name: a slip of the keyboard, or the names of the workspace that come closest to one it lacks."""

import re
from collections.abc import Iterable
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from codeanvil.answers.understanding.rules import rules
from codeanvil.workspace.store.names import Names, as_names

_LEAST_SHARED = 0.45

_LONG_PART = 6
"""Letters of a part of a name in which two of them may be slips."""

_MOST_WEIGHED = 500
"""Names that are weighed one by one; of a part that more of them have, too little can be said."""

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def parts(name: str) -> list[str]:
    """`parseHTTPHeader_v2` as parse, http, header, v, 2."""
    return [part.lower() for part in _PARTS.findall(name)]


def slip(name: str, names: Iterable[str]) -> str:
    """The one name of `names` that `name` is a slip for, or ''.

    A slip is one edit (insert, delete, substitute, swap neighbours), two in long names, in a part of the name that is
    no word of its own: `DicomReeder` for `DicomReader`, but neither `DicomLoader` nor `DicomReader2` nor
    `XDicomReader`.
    """
    asked = name.lower()
    limit = 0 if len(asked) < 5 else 1 if len(asked) < 9 else 2
    if not limit:
        return ""
    known = as_names(names)
    found = process.extract(asked, known.lower, scorer=OSA.distance, score_cutoff=limit, limit=None)
    least = min((away for _, away, _ in found), default=0)
    best = [known[place] for _, away, place in found if away == least]
    if len({candidate.lower() for candidate in best}) != 1 or _meant(name, best[0], known):
        return ""
    return best[0]


def _meant(asked: str, candidate: str, known: Names) -> bool:
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
    pairs = [(mine, other) for mine, other in zip(ours, theirs, strict=True) if mine != other]
    if any(OSA.distance(mine, other) > (1 if len(mine) < _LONG_PART else 2) for mine, other in pairs):
        return True  # "fast" is no slip for "test"
    changed = [mine for mine, _ in pairs]
    return any(
        part in rules().roles or any(part in parts(known[place]) for place in known.holding(part)) for part in changed
    )


def _squeezed(name: str) -> str:
    return re.sub(r"([a-z])\1+", r"\1", name.lower())


def closest(name: str, names: Iterable[str], count: int = 3) -> list[str]:
    """Up to `count` names that share most with `name`, best first; none that share little.

    What is shared is parts or letter pairs, whichever is more, as Dice's coefficient: twice the common ones over all.
    Of many names only those are weighed that have a rare part of it or most of its letters in their order.
    """
    wanted, pairs = set(parts(name)), _pairs(name)
    scored = []
    for candidate in _candidates(name, as_names(names)):
        both = _pairs(candidate)
        dice = 2 * len(pairs & both) / max(1, len(pairs) + len(both))
        theirs = set(parts(candidate))
        shared = 2 * len(wanted & theirs) / max(1, len(wanted) + len(theirs))
        if max(dice, shared) >= _LEAST_SHARED:
            scored.append((-max(dice, shared), -dice, candidate))
    return [candidate for *_, candidate in sorted(scored)[:count]]


def _candidates(name: str, known: Names) -> set[str]:
    if len(known) <= _MOST_WEIGHED:
        return set(known)
    alike = process.extract(name.lower(), known.lower, scorer=Indel.normalized_similarity, limit=_MOST_WEIGHED // 2)
    places = {place for *_, place in alike}
    for part in parts(name):
        if len(part) > 2:
            holding = list(islice(known.holding(part), _MOST_WEIGHED))
            places.update(holding if len(holding) < _MOST_WEIGHED else ())
    return {known[place] for place in places}


def _pairs(name: str) -> set[str]:
    lower = name.lower()
    return {lower[i : i + 2] for i in range(len(lower) - 1)}
