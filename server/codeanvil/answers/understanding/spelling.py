"""Names of the workspace that a question writes in plain words: "the circular list", "urigetter", "Album: explain"."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from codeanvil.answers.understanding.names import Mention, kind_beside, possessive_end
from codeanvil.answers.understanding.nearest import parts
from codeanvil.answers.understanding.rules import rules
from codeanvil.workspace.store import Store

MOST_WORDS = 7
"""Words of a question that make up one name."""

_LEAST_LETTERS = 5
"""Letters of a name that words of prose may happen to make up."""

_TOKENS = re.compile(r"[A-Za-z0-9_]+")
_BETWEEN = re.compile(r"[ _-]{1,2}")


@dataclass(frozen=True, slots=True)
class Spelt:
    """Words of a question that make up a name of the workspace.

    `names` are how symbols write it, `types` those of them that types bear; `words` is how many words it takes.
    `sure`: words of prose do not happen to make it up; `likely`: they seldom do.
    """

    mention: Mention
    names: tuple[str, ...]
    types: tuple[str, ...]
    words: int
    sure: bool
    likely: bool


class Spelling:
    """The names that words of one question make up, looked up at once."""

    def __init__(self, question: str, store: Store) -> None:
        runs = list(_runs(question))
        known = store.spellings(form for run in runs for form in forms(_flat(run)))
        self._found = [each for run in runs if (each := _spelt(run, known, question))]

    def found(self, taken: Sequence[Mention] = ()) -> list[Spelt]:
        """Names outside of `taken`: sure ones first, those of most letters first, then in the question's order."""
        free = [
            each
            for each in self._found
            if not any(each.mention.start < other.end and other.start < each.mention.end for other in taken)
        ]
        return sorted(free, key=lambda each: (not each.sure, -len(each.names[0]), each.mention.start))


def _spelt(run: list[re.Match[str]], known: Mapping[str, list[tuple[str, bool]]], question: str) -> Spelt | None:
    borne = next((known[form] for form in forms(_flat(run)) if form in known), [])
    if not borne:
        return None
    written = "".join(each.group() for each in run)
    plain = [each for each in borne if each[0][0] != "_" or written[0] == "_"] or borne
    ordered = sorted(plain, key=lambda each: (each[0] != written, not each[1]))
    start, last = run[0].start(), run[-1].end()
    end = possessive_end(question, last)
    mention = Mention(question[start:last], start, end, "word", kind_beside(question, start, end))
    names = tuple(name for name, _ in ordered)
    types = tuple(name for name, is_type in ordered if is_type)
    words = _words_as_named(run, names[0])
    sure = any(_is_sure(words, written, name, name in types) for name in names)
    return Spelt(mention, names, types, len(run), sure, sure or _is_likely(words, names[0], bool(types)))


def phrases(question: str, taken: Sequence[Mention] = ()) -> list[Mention]:
    """Two to four words in a row that make up a phrase with no article or such at its ends, as one word; long first."""
    found = []
    for run in _runs(question, taken, most=4):
        words = [each.group().lower() for each in run]
        plain = [word for word in words if is_plain(word)]
        if len(words) > 1 and plain and words[0] not in rules().edges and words[-1] not in rules().edges:
            found.append(Mention("".join(words), run[0].start(), run[-1].end(), "word"))
    return sorted(found, key=lambda mention: -len(mention.text))


def _runs(question: str, taken: Sequence[Mention] = (), most: int = MOST_WORDS) -> Iterator[list[re.Match[str]]]:
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


def forms(name: str) -> list[str]:
    """The name, and its singular where it looks like a plural."""
    found = [name]
    if name.endswith("ies"):
        found.append(f"{name[:-3]}y")
    if name.endswith("es"):
        found.append(name[:-2])
    if name.endswith("s") and not name.endswith("ss"):
        found.append(name[:-1])
    return found


def is_plain(word: str) -> bool:
    """Whether a word, in lower case, may be a name of its own: none that questions are made of."""
    known = rules()
    return word not in known.stop and word not in known.not_names and word not in known.kinds and len(word) > 1


def _words_as_named(run: Sequence[re.Match[str]], name: str) -> list[str]:
    """The words in lower case, the last one in the singular where the name has it so."""
    words = [each.group().lower() for each in run]
    plural = len(_flat(run)) - len(name.replace("_", ""))
    return [*words[:-1], words[-1][:-plural]] if plural > 0 else words


def _is_sure(words: Sequence[str], written: str, name: str, is_type: bool) -> bool:
    plain = [word for word in words if is_plain(word)]
    if not plain or len("".join(words)) < _LEAST_LETTERS:
        return False
    if len(words) == 1:
        exact = is_type and written == name and name[0].isupper()
        return words[0] not in rules().telling and (exact or len(_cuts(parts(name))) > 1)
    aligned = _cuts(words) <= _cuts(parts(name))
    if words[0] in rules().edges or words[-1] in rules().edges:
        return len(plain) > 1 and aligned
    return is_type or len(plain) > 1 or len(words) > 2 if aligned else len(plain) == len(words)


def _is_likely(words: Sequence[str], name: str, is_type: bool) -> bool:
    """Whether it is a name such as `getAlpha`, of a verb and one word of its own, or a type's such as `FileList`."""
    plain = [word for word in words if is_plain(word)]
    edged = words[0] in rules().edges or words[-1] in rules().edges
    own = is_type or (len(plain) > 0 and is_plain(words[-1]))
    return len(words) > 1 and own and not edged and _cuts(words) <= _cuts(parts(name))


def _cuts(words: Iterable[str]) -> set[int]:
    """Where words end, counted in letters from the beginning of the first; '_' does not count."""
    cuts, at = set(), 0
    for word in words:
        at += len(word.replace("_", ""))
        cuts.add(at)
    return cuts
