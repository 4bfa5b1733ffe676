"""Where a word stands in the indexed text: for names that no symbol bears, such as fields, aliases and imports."""

import re

from codeanvil.facts.languages import language_of
from codeanvil.facts.model import Symbol
from codeanvil.facts.roles import role_of
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.words import places_of

MOST_USES = 12
"""Lines kept of those that mention a name."""


def find_word(store: Store, word: str, most: int = MOST_USES) -> list[tuple[str, int]]:
    """(path, line) of the first lines that hold `word` as a whole word, a line a file, in the order of paths."""
    if len(word) < 2:
        return []
    found = []
    for path in store.files_with(word):
        text = store.text(path)
        if (place := next(places_of(text, word), -1)) >= 0:
            found.append((path, text.count("\n", 0, place) + 1))
            if len(found) == most:
                break
    return found


def is_constant(word: str) -> bool:
    """Whether a name is written as constants and settings are: `LOG_LEVEL`."""
    return "_" in word.strip("_") and word.isupper()


def find_setting(store: Store, word: str, most: int = 3) -> list[tuple[str, int]]:
    """(path, line) of lines of code that give a constant its value, a line a file; own sources first."""
    if not is_constant(word):
        return []
    setting = re.compile(
        rf"^(?:.*[\s.(])?{re.escape(word)}\b\s*(?::[^=\n]*)?=(?!=)|^\s*#\s*define\s+{re.escape(word)}\b", re.MULTILINE
    )
    paths = [path for path in store.files_with(word) if language_of(path) is not None]
    found = []
    for path in sorted(paths, key=lambda path: role_of(path, b"", None) != "source"):
        text = store.text(path)
        if match := setting.search(text):
            found.append((path, text.count("\n", 0, match.end()) + 1))
            if len(found) == most:
                break
    return found


def line_within(store: Store, owner: Symbol, word: str) -> int:
    """The line of the first mention of `word` within the definition of `owner`; 0 where there is none."""
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    lines = store.text(owner.file).splitlines()[owner.line - 1 : owner.end]
    return next((owner.line + i for i, line in enumerate(lines) if pattern.search(line)), 0)


def find_line(store: Store, line: str) -> str:
    """The path of a file in which this text stands as it is, or ''; '' for texts without a word to search for."""
    words = sorted(re.findall(r"\w+", line), key=len, reverse=True)
    if not words or len(words[0]) < 2:
        return ""
    return next((path for path in store.files_with(words[0]) if line in store.text(path)), "")
