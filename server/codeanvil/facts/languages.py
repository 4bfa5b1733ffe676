"""The languages that are read: their file names, grammars and queries.

A grammar is loaded and its query compiled once per process, when a file of the language first comes by.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

import tree_sitter
import tree_sitter_c
import tree_sitter_cpp
import tree_sitter_python

MAX_DEPTH = 500
"""Syntax nodes below this depth start no match: without it, a query's time grows with the square of the depth."""

MAX_RUN = 10_000
"""Longest run of unnamed tokens in one broken construct that is still queried: the time is quadratic in it."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language. `pointer` gives the grammar of its wheel; `extensions` begin with a dot."""

    name: str
    title: str
    extensions: tuple[str, ...]
    pointer: Callable[[], object]

    def parse(self, source: bytes) -> tree_sitter.Node:
        """Root of the syntax tree of UTF-8 `source`."""
        return tree_sitter.Parser(_grammar(self.name)).parse(source).root_node

    def captures(self, root: tree_sitter.Node) -> dict[str, list[tree_sitter.Node]] | None:
        """Nodes by capture name of `queries/<name>.scm`; None where the tree is too broken to be searched."""
        if root.has_error and _longest_run(root) > MAX_RUN:
            return None
        cursor = tree_sitter.QueryCursor(_query(self.name))
        cursor.set_max_start_depth(MAX_DEPTH)
        return cursor.captures(root)


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.name: language
        for language in (
            Language("python", "Python", (".py", ".pyi", ".pyw"), tree_sitter_python.language),
            Language("c", "C", (".c",), tree_sitter_c.language),
            Language(
                "cpp",
                "C++",
                (
                    ".cpp", ".cc", ".cxx", ".c++", ".C", ".hpp", ".hh", ".hxx", ".h++", ".H", ".ipp", ".tpp", ".txx",
                    ".tcc", ".inl", ".ixx", ".cppm", ".cu", ".cuh",
                ),
                tree_sitter_cpp.language,
            ),
        )
    }
)  # fmt: skip

_BY_EXTENSION = {extension: name for name, language in LANGUAGES.items() for extension in language.extensions}

_PYTHON_SHEBANG = re.compile(rb"#![^\n]*\bpython[\d.]*\b")
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_CPP_SIGN = re.compile(
    rb"\b(?:class|namespace|template|typename|virtual|operator|constexpr|nullptr|using|mutable|explicit|override)\b"
    rb"|\b(?:public|private|protected)\s*:|::|#\s*include\s*<[a-z_]+>|\w\s*&\s*\w+\s*[,)]"
)
_C_SIGN = re.compile(
    rb"\btypedef\s+(?:struct|enum|union)\b|\(\s*void\s*\)|\bextern\s+\"C\"|\b__cplusplus\b|\b(?:struct|union)\s+\w+\s*\*"
    rb"|#\s*include\s*<(?:std(?:io|int|lib|bool|def|arg)|string|inttypes|errno|limits|sys/\w+)\.h>"
)
_CPP_GUARD = re.compile(rb"#\s*if(?:def\s+|\s+defined\s*\(?\s*)__cplusplus\b.*?#\s*endif", re.DOTALL)


def language_of(path: str, head: bytes = b"") -> str | None:
    """The language of the file at `path`, or None where it is not one of `LANGUAGES`.

    `head` is the first bytes of the file; they decide for `.h` (C++ unless plainly C) and for files without
    an extension (Python by the interpreter line).
    """
    name = path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    if not stem or not dot:
        return "python" if _PYTHON_SHEBANG.match(head) else None
    known = _BY_EXTENSION.get("." + extension) or _BY_EXTENSION.get("." + extension.lower())
    if known:
        return known
    if extension.lower() == "h":
        return "c" if _plainly_c(head) else "cpp"
    return None


def _plainly_c(head: bytes) -> bool:
    """Whether the head shows signs of C and, outside `#ifdef __cplusplus`, none of C++."""
    code = _COMMENT.sub(b" ", head)
    return bool(_C_SIGN.search(code)) and not _CPP_SIGN.search(_CPP_GUARD.sub(b" ", code))


@cache
def _grammar(name: str) -> tree_sitter.Language:
    return tree_sitter.Language(LANGUAGES[name].pointer())


@cache
def _query(name: str) -> tree_sitter.Query:
    source = resources.files(__package__).joinpath("queries", f"{name}.scm").read_text("utf-8")
    return tree_sitter.Query(_grammar(name), source)


def _longest_run(root: tree_sitter.Node) -> int:
    """Most unnamed children in a row under any broken node."""
    longest = 0
    pending = [root]
    while pending:
        node = pending.pop()
        run = 0
        for child in node.children:
            run = 0 if child.is_named else run + 1
            longest = max(longest, run)
            if child.has_error and child.child_count:
                pending.append(child)
    return longest
