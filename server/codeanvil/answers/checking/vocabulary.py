"""Words that are nobody's invention: English ones, and the keywords and standard libraries of languages (`words/`)."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from codeanvil.answers.understanding.rules import rules

_LANGUAGES = (
    "python", "cpp", "ecmascript", "java", "go", "rust", "csharp", "kotlin", "scala", "swift", "php", "ruby",
)  # fmt: skip

_ENDINGS = {
    "s": ("",), "es": ("", "e"), "ies": ("y",), "ed": ("", "e"), "d": ("",), "ied": ("y",), "ing": ("", "e"),
    "er": ("", "e"), "ers": ("", "e"), "or": ("", "e"), "ors": ("", "e"), "ly": ("", "le"), "ily": ("y",),
    "ness": ("",), "less": ("",), "ful": ("",), "ment": ("",), "ments": ("",), "al": ("", "e"), "ally": ("", "al"),
    "able": ("", "e"), "ability": ("able",), "ation": ("", "e"), "ations": ("", "e"), "ity": ("", "e"),
    "ive": ("", "e"),
    "ization": ("ize",), "isation": ("ise",), "ise": ("ize",), "ises": ("ize",), "ised": ("ize",), "ising": ("ize",),
    "ize": ("",), "izes": ("",), "ized": ("",), "izing": ("",),
}  # fmt: skip
"""Endings of English words, each with what may stand in its place in the word it was made of."""

_INFLECTIONS = ("s", "es", "ies", "ed", "d", "ied", "ing", "er", "ers")

_PREFIXES = (
    "re", "un", "de", "pre", "non", "multi", "sub", "over", "auto", "micro", "meta", "super", "inter", "anti", "co",
    "mis", "out", "under", "up", "down", "dis", "in", "im", "pseudo", "semi", "self", "hyper", "type", "back", "side",
)  # fmt: skip
_LEAST_STEM = 3


@cache
def is_english(word: str) -> bool:
    """Whether a word is English in some form: plural, past, with a common ending or prefix; hyphened ones by parts."""
    if "-" in word:
        return all(is_english(part) or part.isdigit() for part in word.split("-") if part)
    lower = word.lower()
    if len(lower) == 1 or lower in rules().stop or word in word_list("proper"):
        return True
    return _is_formed(lower) or any(
        lower.startswith(prefix) and len(lower) - len(prefix) > _LEAST_STEM and _is_formed(lower[len(prefix) :])
        for prefix in _PREFIXES
    )


def is_proper(word: str) -> bool:
    """Whether a word is written with a capital wherever it stands: a day, a month, a language."""
    return word in word_list("proper")


def is_standard(name: str) -> bool:
    """Whether a simple name is a keyword of a language, a name of a standard library, or looks like a type variable."""
    return name in _standard() or name.rstrip("?!") in _standard() or bool(re.fullmatch(r"[A-Z]\d?", name))


def is_namespace(head: str) -> bool:
    """Whether the head of a qualified name is somebody else's: what follows must be in a standard library too."""
    return head in word_list("namespaces")


def is_member_of_all(name: str) -> bool:
    """Whether types have a member of this name by their language alone."""
    return name in word_list("members") or (name.startswith("__") and name.endswith("__") and is_standard(name))


def is_flag(name: str) -> bool:
    """Whether a flag of a command, without hyphens, is one that many programs have."""
    return name in word_list("flags")


def _is_formed(word: str) -> bool:
    return word in _english() or any(
        len(word) - len(ending) >= _LEAST_STEM
        and any(stem in _english() for stem in _stems(word[: -len(ending)], heads))
        for ending, heads in _ENDINGS.items()
        if word.endswith(ending)
    )


def _stems(cut: str, heads: tuple[str, ...]) -> Iterator[str]:
    for head in heads:
        stem = cut + head
        yield stem
        for ending in _INFLECTIONS:  # "serializers" has two endings
            if stem.endswith(ending) and len(stem) > len(ending) + 2:
                yield from (stem.removesuffix(ending) + each for each in _ENDINGS[ending])
    if cut[-1] == cut[-2]:
        yield cut[:-1]  # "getting"


@cache
def _english() -> frozenset[str]:
    return word_list("english") | word_list("technical")


@cache
def _standard() -> frozenset[str]:
    return frozenset().union(*map(word_list, _LANGUAGES))


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `words/NAME.txt`."""
    return frozenset(files("codeanvil.answers.checking").joinpath("words", f"{name}.txt").read_text("utf-8").split())
