"""The words of a text, by which files refer to what others define."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import takewhile

_WORD = re.compile(r"[^\W\d]\w{2,79}")
_SPACED = bytes(byte if chr(byte).isalnum() or byte == ord("_") else ord(" ") for byte in range(128)) + bytes(128)

LONGEST = 79
SHORTEST = 3

# Languages whose files use each other's names.
_FAMILIES = {
    "cpp": "c", "kotlin": "java", "scala": "java", "typescript": "javascript", "tsx": "javascript",
}  # fmt: skip


def family_of(lang: str) -> str:
    """The languages in which a name that is defined in `lang` can be meant, by the name of one of them."""
    return _FAMILIES.get(lang, lang)


def is_indexed(word: str) -> bool:
    """Whether the full-text index of words can tell which files may hold the word."""
    if not SHORTEST <= len(word) <= LONGEST:
        return False
    if word.isascii():  # ten times as fast as the rest
        return word.replace("_", "a").isalnum()
    if not re.fullmatch(r"\w+", word):
        return False
    # Letters that SQLite does not know yet would part a word.
    return all(unicodedata.ucd_3_2_0.category(letter) != "Cn" for letter in word)


def with_word(word: str) -> tuple[str, list[str]]:
    """The condition in SQL, with its values, that a row of `files` must meet to be of a file that may hold the word."""
    if is_indexed(word):
        return "files.id IN (SELECT rowid FROM words WHERE words MATCH ?)", [f'"{word}"']
    return "true", []


def places_of(text: str, word: str) -> Iterator[int]:
    """Where `word` stands in `text` as a whole word. Ten times as fast as an expression where the word is rare."""
    at, length = text.find(word), len(word)
    while at >= 0 and length:
        after = at + length
        if not (_is_part(text[at - 1 : at]) or _is_part(text[after : after + 1])):
            yield at
        at = text.find(word, after)


def _is_part(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def words_of(text: str) -> set[str]:
    """The identifiers, keywords and words of prose in `text`; shorter ones than SHORTEST may be missing.

    Also what begins with a digit may be among them; nobody asks for such.
    """
    if text.isascii():  # five times as fast as the expression
        return set(text.encode().translate(_SPACED).decode().split())
    return set(_WORD.findall(text))


def indexed_words(words: Iterable[str]) -> str:
    """What the full-text index of words holds of a file."""
    return " ".join([word for word in words if SHORTEST <= len(word) <= LONGEST])


def pack_words(words: Iterable[str]) -> str:
    """Words and what stands for imports as one text: much quicker to hand to another process than one by one."""
    return "\0".join(words)


def unpack_words(text: str) -> list[str]:
    """What `pack_words` packed."""
    return text.split("\0") if text else []


IMPORT = "import "
"""Begins what stands for an import among words."""

_SEPARATORS = re.compile(r"::|[./\\]+")
_HERE = frozenset({"", "*", "crate", "self", "super"})
_FOLDER_FILES = frozenset({"__init__", "index", "mod", "lib"})
_SUFFIXES = re.compile(r"\.(?:[cm]?[jt]sx?|py|rb|php|vue|rs)$")


_JVM = frozenset({"java", "kotlin", "scala"})
_GO_VERSION = re.compile(r"v\d+")


def imported(names: Iterable[str], lang: str) -> set[str]:
    """The imports or includes of a file, as words: the last two parts of each, or its only one."""
    return {word for name in names for word in _meant(name, lang)}


def import_names(path: str, lang: str) -> set[str]:
    """The words of `imported` by which a file can be meant: its own name, with and without the folder around it.

    In Go it is the folder that is imported, on the JVM it may be, as a package.
    """
    *folders, name = path.split("/")
    if lang == "go":
        return set() if name.endswith("_test.go") else _folder_names(folders)
    if lang in _JVM:
        of_type = [*folders, name.partition(".")[0]]
        return _names(of_type, 1, 2) | (_names(folders, 2) if len(folders) > 1 else set())
    parts = _parts(path, lang)
    if lang not in {"c", "cpp"} and parts and parts[-1] in _FOLDER_FILES:
        parts = parts[:-1]  # the folder is what is imported
    return _names(parts, 1, 2)


def _meant(name: str, lang: str) -> set[str]:
    if lang == "go":
        parts = _without_version(name.split("/"))
        # A folder at the top is imported by the module's name, which only a build file tells.
        return _names(parts, 2) | ({f"{IMPORT}/{parts[-1]}"} if len(parts) > 1 else set())
    parts = _parts(name, lang)
    if lang in _JVM or lang == "rust":
        packages = [*takewhile(lambda part: not part[0].isupper(), parts)]
        # A file of the JVM is named after its type, in which lies what comes after; `_` stands for all of a package.
        parts = packages if lang == "rust" else [part for part in parts[: len(packages) + 1] if part != "_"]
    return _names(parts, 2)


def _folder_names(folders: list[str]) -> set[str]:
    """The words by which a folder of Go is imported."""
    parts = _without_version(folders)
    return _names(parts, 2) if len(parts) > 1 else {f"{IMPORT}/{part}" for part in parts}


def _without_version(parts: list[str]) -> list[str]:
    return parts[:-1] if len(parts) > 1 and _GO_VERSION.fullmatch(parts[-1]) else parts


def _names(parts: list[str], *counts: int) -> set[str]:
    return {IMPORT + "/".join(parts[-count:]) for count in counts if parts}


def _parts(name: str, lang: str) -> list[str]:
    if lang in {"c", "cpp"}:
        return [part for part in name.split("/") if part not in {"", ".", ".."}]
    whole = _SUFFIXES.sub("", name)
    return [part for part in _SEPARATORS.split(whole) if part not in _HERE]
