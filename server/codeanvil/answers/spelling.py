"""Names of the workspace that a question writes in plain words: "the circular list", "urigetter", "Album: explain"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codeanvil.answers.names import Mention, kind_beside, possessive_end
from codeanvil.answers.nearest import parts
from codeanvil.answers.rules import rules
from codeanvil.workspace.store import Store

MOST_WORDS = 7
"""Words of a question that make up one name."""

_LEAST_LETTERS = 5
"""Letters of a name that words of prose may happen to make up."""

_TOKENS = re.compile(r"[A-Za-z0-9_]+")
_BETWEEN = re.compile(r"[ _-]{1,2}")


@dataclass(frozen=True, slots=True)
class Spelt:
    """Words of a question that make up a name of the workspace, written there as `name`.

    `sure`: it takes several of the name's words, or a word that no language has, to make them up.
    """

    mention: Mention
    name: str
    is_type: bool
    sure: bool


def spelt(question: str, store: Store, taken: Sequence[Mention] = ()) -> list[Spelt]:
    """Every name of the workspace that words of the question outside of `taken` make up; sure ones, long ones first."""
    runs = [(run, _flat(run)) for run in _runs(question, taken)]
    known = store.spellings(flat for _, flat in runs)
    found = []
    for run, flat in runs:
        written = "".join(each.group() for each in run)
        spellings = sorted(known.get(flat, ()), key=lambda each: _likeness(each[0], each[1], written))
        for name, is_type in spellings[:1]:
            start, last = run[0].start(), run[-1].end()
            end = possessive_end(question, last)
            mention = Mention(question[start:last], start, end, "word", kind_beside(question, start, end))
            found.append((Spelt(mention, name, is_type, _is_sure(run, name, is_type)), len(flat)))
    return [each for each, _ in sorted(found, key=lambda pair: (not pair[0].sure, -pair[1], pair[0].mention.start))]


def phrases(question: str, taken: Sequence[Mention] = ()) -> list[Mention]:
    """Two to four words in a row that make up a phrase with no article or such at its ends, as one word; long first."""
    found = []
    for run in _runs(question, taken, most=4):
        words = [each.group().lower() for each in run]
        plain = [word for word in words if _is_plain(word)]
        if len(words) > 1 and plain and words[0] not in rules().edges and words[-1] not in rules().edges:
            found.append(Mention("".join(words), run[0].start(), run[-1].end(), "word"))
    return sorted(found, key=lambda mention: -len(mention.text))


def _runs(question: str, taken: Sequence[Mention], most: int = MOST_WORDS) -> Iterator[list[re.Match[str]]]:
    """Words in a row with nothing but a space, '-' or '_' between them, and no name among them that is taken."""
    tokens = [
        token
        for token in _TOKENS.finditer(question)
        if not any(token.start() < each.end and each.start < token.end() for each in taken)
    ]
    for first in range(len(tokens)):
        for last in range(first, min(first + most, len(tokens))):
            if last > first and not _BETWEEN.fullmatch(question, tokens[last - 1].end(), tokens[last].start()):
                break
            yield tokens[first : last + 1]


def _flat(run: Iterable[re.Match[str]]) -> str:
    return "".join(each.group() for each in run).replace("_", "").lower()


def _likeness(name: str, is_type: bool, written: str) -> tuple[bool, bool, bool]:
    """How near a spelling is to what is written, least first."""
    return name != written, not is_type, name.startswith("_")


def _is_plain(word: str) -> bool:
    known = rules()
    return word not in known.stop and word not in known.not_names and word not in known.kinds and len(word) > 1


def _is_sure(run: Sequence[re.Match[str]], name: str, is_type: bool) -> bool:
    words = [each.group().lower() for each in run]
    plain = [word for word in words if _is_plain(word)]
    if not plain or len("".join(words)) < _LEAST_LETTERS:
        return False
    if len(words) == 1:
        exact = is_type and run[0].group() == name and name[0].isupper()
        return words[0] not in rules().telling and (exact or len(_cuts(parts(name))) > 1)
    if words[0] in rules().edges or words[-1] in rules().edges:
        return len(plain) > 1 and _cuts(words) <= _cuts(parts(name))
    if _cuts(words) <= _cuts(parts(name)):
        return is_type or len(plain) > 1
    return len(plain) == len(words)


def _cuts(words: Iterable[str]) -> set[int]:
    """Where words end, counted in letters from the beginning of the first; '_' does not count."""
    cuts, at = set(), 0
    for word in words:
        at += len(word.replace("_", ""))
        cuts.add(at)
    return cuts
