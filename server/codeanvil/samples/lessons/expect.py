"""What an answer must hold to be right, as groups of alternatives of which each group must occur."""

import re

from codeanvil.facts.model import Symbol
from codeanvil.samples.lessons.model import Expect
from codeanvil.samples.prose import signature_text

COMMON_FILES = frozenset(
    {"__init__.py", "__main__.py", "CMakeLists.txt", "pyproject.toml", "setup.py", "main.py", "main.c", "main.cpp",
     "utils.py", "conftest.py", "config.h", "types.h"}
)  # fmt: skip
"""File names that many folders have: alone they do not say which one."""

YES: Expect = (("Yes", "yes"),)
NO: Expect = (("No,", "No.", "no,", "has no ", "no method", "does not ", "doesn't "),)
METHODS_NONE: Expect = (
    ("no method", "no own method", "No method", "not have any method", "n't have any method", "not declare any method"),
)
NO_BASES: Expect = (
    ("no base", "No base", "no parent", "no superclass", "not inherit", "n't inherit", "not derive", "n't derive"),
)
DERIVED_NONE: Expect = (
    (
        "no derived",
        "No derived",
        "no subclass",
        "No class",
        "no class derives",
        "Nothing",
        "nothing derives",
        "No type",
    ),
)
NO_USERS: Expect = (("no other file", "No other file", "nowhere", "Nothing", "not used", "unused", "in no file"),)
DERIVES: Expect = (
    ("derive", "inherit", "subclass", "extends", "base of", "base class", "child of", "children of", "implements"),
)
INSIDE: Expect = (("inside", "within", "nested", "inner ", "encloses", "part of", "member of"),)
ABSENT: Expect = (
    (
        "There is no",
        "there is no",
        "does not exist",
        "doesn't exist",
        "no such",
        "No such",
        "not found",
        "could not find",
    ),
)
INVENTED = ("is defined in", "is a class in", "has the methods", "derives from")
"""What an answer about something that is not there must not say."""


def groups(*names: str, within: str = "") -> Expect:
    """A group for each name: all must occur. One that is a part of `within`, what is asked about, must stand alone,
    so that an answer does not become right by repeating the question."""
    return tuple(_alone(name, within) if name in within else (name,) for name in dict.fromkeys(names) if name)


def _alone(name: str, within: str) -> tuple[str, ...]:
    # Of a file that is called `Reader.h`, " Reader." would be found in every question.
    end = () if f"{name}." in within else (f" {name}.",)
    return f"`{name}`", f" {name} ", *end, f" {name},", f" {name}\n", f"({name}", f" {name})", f"[{name}]"


def path_forms(path: str) -> tuple[str, ...]:
    """A path, and its file name where that alone says which file is meant."""
    name = path.rsplit("/", 1)[-1]
    return (path,) if name in COMMON_FILES else tuple(dict.fromkeys((path, name)))


_COMMON = frozenset(
    {"about", "above", "after", "again", "along", "among", "because", "before", "being", "below", "between", "could",
     "every", "first", "given", "other", "since", "still", "their", "there", "these", "those", "through", "under",
     "until", "using", "where", "whether", "which", "while", "within", "without", "would"}
)  # fmt: skip
"""Words of five letters or more that say nothing of their own."""


def described(doc: str, subject: str, words: int = 3) -> Expect:
    """The longest words of a description that are no part of the subject's name; none for a very short one."""
    name = subject.lower()
    found = [
        word
        for word in dict.fromkeys(re.findall(r"[A-Za-z]{5,}", doc[:160]))
        if word.lower() not in name and word.lower() not in _COMMON
    ]
    longest = sorted(found, key=lambda word: (-len(word), word))[:words]
    return groups(*longest) if len(longest) == words else ()


def parameters(symbol: Symbol) -> Expect:
    """The names of a signature's parameters; where it has none, the signature or that it has none."""
    text = signature_text(symbol)
    inside = re.search(r"\((.*)\)", text)
    if inside is None:
        return ()
    names = []
    for part in _split(inside.group(1)):
        head = re.split(r"[:=]" if symbol.lang == "python" else "=", part.replace("::", ""))[0]
        words = re.findall(r"[A-Za-z_]\w*", head)
        if words and words[-1] not in {"self", "cls", "void"}:
            names.append(words[-1])
    return groups(*names[:4], within=f"{symbol.name} {symbol.file}") or ((text, "no parameters", "no arguments"),)


def _split(text: str) -> list[str]:
    """Parts of a parameter list, at commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "([{<") - (char in ")]}>")
        if char == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]
