"""The languages that are read: their file names, grammars and queries.

A grammar is loaded and its query compiled once per process, when a file of the language first comes by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from types import MappingProxyType

import tree_sitter

from codeanvil.facts.readers import statements
from codeanvil.facts.readers.reading import Captures

MAX_DEPTH = 500
"""Syntax nodes below this depth start no match: without it, a query's time grows with the square of the depth."""

MAX_RUN = 10_000
"""Longest run of unnamed tokens in one broken construct that is still queried: the time is quadratic in it."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language. `grammar` is the module of its wheel and the function in it; `extensions` begin with a dot.

    `names` are whole file names in lower case, `interpreters` what a first line `#!` may name. The reader is
    `readers/<reader>.py`, the query `queries/<query>.scm`; both are the language's own name unless said.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    grammar: tuple[str, str]
    names: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    reader: str = ""
    query: str = ""

    def parse(self, source: bytes, within: tree_sitter.Node | None = None) -> tree_sitter.Node:
        """Root of the syntax tree of UTF-8 `source`, or of what the brackets of the node `within` hold."""
        parser = tree_sitter.Parser(_grammar(self.name))
        if within:
            (row, column), (last_row, last_column) = within.start_point, within.end_point
            start, end = tree_sitter.Point(row, column + 1), tree_sitter.Point(last_row, last_column - 1)
            parser.included_ranges = [tree_sitter.Range(start, end, within.start_byte + 1, within.end_byte - 1)]
        return parser.parse(source).root_node

    def parse_for(self, source: bytes, steps: int) -> tree_sitter.Node | None:
        """As `parse`, but None where that takes more than `steps` of the parser: some grammars never end on some input.

        A step is a hundred of its operations; real sources took one for 30 bytes at most.
        """
        taken = 0

        def gives_up(_offset: int, _has_error: bool) -> bool:
            nonlocal taken
            taken += 1
            return taken > steps

        parser = tree_sitter.Parser(_grammar(self.name))
        try:
            tree = parser.parse(lambda at, _point: source[at : at + _CHUNK], progress_callback=gives_up)
        except ValueError:  # what the binding raises for a parse that was given up
            return None
        return tree.root_node

    def captures(self, root: tree_sitter.Node) -> Captures | None:
        """Nodes by capture name of the language's query; None where the tree is too broken to be searched.

        Python's query takes three times as long as looking where its captures can be (`statements`).
        """
        if self.name == "python" and not root.has_error:
            return statements.captured(root, _grammar(self.name), MAX_DEPTH)
        return self.queried(root)

    def queried(self, root: tree_sitter.Node) -> Captures | None:
        """As `captures`, by the query itself."""
        if root.has_error and _longest_run(root) > MAX_RUN:
            return None
        cursor = tree_sitter.QueryCursor(_query(self.name))
        cursor.set_max_start_depth(MAX_DEPTH)
        return cursor.captures(root)


def _wheel(name: str, function: str = "language") -> tuple[str, str]:
    return f"tree_sitter_{name}", function


_CPP_EXTENSIONS = (
    ".cpp", ".cc", ".cxx", ".c++", ".C", ".hpp", ".hh", ".hxx", ".h++", ".H", ".ipp", ".tpp", ".txx", ".tcc", ".inl",
    ".ixx", ".cppm", ".cu", ".cuh",
)  # fmt: skip
_RUBY_NAMES = (
    "rakefile", "vagrantfile", "guardfile", "capfile", "fastfile", "appfile", "dangerfile", "thorfile", "berksfile",
    "brewfile",
)  # fmt: skip
_ALL = (
    Language("python", "Python", (".py", ".pyi", ".pyw"), _wheel("python"), interpreters=("python",)),
    Language("c", "C", (".c",), _wheel("c")),
    Language("cpp", "C++", _CPP_EXTENSIONS, _wheel("cpp")),
    Language("csharp", "C#", (".cs", ".csx"), _wheel("c_sharp")),
    Language("java", "Java", (".java",), _wheel("java")),
    Language("kotlin", "Kotlin", (".kt", ".kts"), _wheel("kotlin")),
    Language("scala", "Scala", (".scala", ".sc", ".sbt"), _wheel("scala")),
    Language(
        "javascript", "JavaScript", (".js", ".mjs", ".cjs", ".jsx"), _wheel("javascript"), interpreters=("node",),
        reader="ecmascript",
    ),
    Language(
        "typescript", "TypeScript", (".ts", ".mts", ".cts"), _wheel("typescript", "language_typescript"),
        interpreters=("ts-node", "deno", "bun"), reader="ecmascript",
    ),
    Language(
        "tsx", "TypeScript JSX", (".tsx",), _wheel("typescript", "language_tsx"), reader="ecmascript",
    ),
    Language("go", "Go", (".go",), _wheel("go")),
    Language("rust", "Rust", (".rs",), _wheel("rust")),
    Language("php", "PHP", (".php", ".phtml", ".php5", ".php7"), _wheel("php", "language_php"),
             interpreters=("php",)),
    Language(
        "ruby", "Ruby", (".rb", ".rake", ".gemspec", ".ru"), _wheel("ruby"), names=_RUBY_NAMES,
        interpreters=("ruby", "rake"),
    ),
    Language("swift", "Swift", (".swift",), _wheel("swift"), interpreters=("swift",)),
)  # fmt: skip

LANGUAGES: Mapping[str, Language] = MappingProxyType({language.name: language for language in _ALL})

_BY_EXTENSION = {extension: name for name, language in LANGUAGES.items() for extension in language.extensions}
_BY_NAME = {file: name for name, language in LANGUAGES.items() for file in language.names}
_BY_INTERPRETER = {command: name for name, language in LANGUAGES.items() for command in language.interpreters}
_INHERITS = re.compile(r"; inherits: (\w+)")
_CHUNK = 65_536
_SHEBANG = re.compile(rb"#![ \t]*(?:/\S*/)?(?:env[ \t]+(?:-\S+[ \t]+)*)?([a-z][a-z-]*)")
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
    an extension (by the interpreter of their first line).
    """
    name = path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    if name.lower() in _BY_NAME:
        return _BY_NAME[name.lower()]
    if not stem or not dot:
        interpreter = _SHEBANG.match(head)
        return _BY_INTERPRETER.get(interpreter[1].decode()) if interpreter else None
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
    module, function = LANGUAGES[name].grammar
    return tree_sitter.Language(getattr(import_module(module), function)())


@cache
def _query(name: str) -> tree_sitter.Query:
    return tree_sitter.Query(_grammar(name), _query_source(LANGUAGES[name].query or name))


def _query_source(name: str) -> str:
    """The text of `queries/<name>.scm`, after that of the query it `inherits`, if its first line names one."""
    source = resources.files(__package__).joinpath("queries", f"{name}.scm").read_text("utf-8")
    inherited = _INHERITS.match(source)
    return f"{_query_source(inherited[1])}\n{source}" if inherited else source


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
