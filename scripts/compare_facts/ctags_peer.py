"""Definitions as universal-ctags sees them, for the languages that it has a parser of its own for."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from scripts.compare_facts.definition import Definition, Findings, MissingError, Unread


@dataclass(frozen=True, slots=True)
class _Parser:
    """Ctags' name of a language, and which of its kinds are what.

    `owners` are the kinds of scope that make what is called in them a method; elsewhere it is a function. What is
    of the kind `embedded` is a base of the type around.
    """

    name: str
    types: frozenset[str]
    called: frozenset[str]
    owners: frozenset[str]
    embedded: str


def _parser(name: str, types: str, called: str, owners: str = "", embedded: str = "") -> _Parser:
    kinds = frozenset(types.split())
    return _Parser(name, kinds, frozenset(called.split()), kinds | frozenset(owners.split()), embedded)


_PARSERS = {
    "java": _parser("Java", "class interface enum annotation", "method"),
    "go": _parser("Go", "struct interface type", "func methodSpec", "unknown talias", "anonMember"),
    "rust": _parser("Rust", "struct enum interface", "function method", "implementation"),
    "csharp": _parser("C#", "class struct interface enum", "method"),
    "php": _parser("PHP", "class interface trait", "function"),
    "ruby": _parser("Ruby", "class", "method singletonMethod accessor alias", "module"),
    "kotlin": _parser("Kotlin", "class interface object", "method"),
    "javascript": _parser("JavaScript", "class", "function generator method getter setter"),
}

# What encloses all that is in a file: ctags does not say it in Java, and does not know it in C#.
_FILE_SCOPES = {
    "java": re.compile(r"^package\s+([\w.]+)\s*;", re.MULTILINE),
    "csharp": re.compile(r"^namespace\s+([\w.]+)\s*;", re.MULTILINE),
}
_WITHOUT_BASES = frozenset({"kotlin", "rust"})

# Of names that ctags makes up: __anon1f0c, AnonymousClass0f07853d0100, anonymousFunction0f07853d0100.
_INVENTED = re.compile(r"__anon\w*|[Aa]nonymous(?:Class|Function|Object)[0-9a-f]+")
_BETWEEN = re.compile(r"\\+|::|\.")
_ARGUMENTS = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
# C#'s constraints are taken for bases: `class A<T> : B where T : new()` inherits "BwhereT:".
_CONSTRAINT = re.compile(r"where\w+:.*")

_WRITTEN_NAME = re.compile(r"\b(?:class|module)\s+([\w:]+)")
_BEGINS_BLOCK = re.compile(r"\s*(?:(?:class|module)\s+[A-Z:]|(?:\w+\s+)?def\b)")
_IN_ONE_LINE = re.compile(
    r"\bend\b(?:\s*#.*)?\s*$|\bdef\s+[\w.?!]+(?:\([^()]*\))?\s+=\s|<\s*Struct\.new\([^()]*\)\s*;?\s*end"
)
_USE_OF_MACRO = re.compile(r"(\s*)(?:\w+::)*(?!macro_rules)\w+! *\{$")


def found(root: Path, paths: Sequence[str], language: str) -> Findings:
    """What the files define, all read as `language`, which universal-ctags 5.9 can do for the keys of `_PARSERS`.

    A scope is what ctags says it is, without names that it invents; in Ruby, what encloses by its lines; in Java and
    C# within the package or namespace of the file. A type has the methods that its own file puts into its scope. Of
    some languages ctags does not tell the bases.
    """
    if language not in _PARSERS:
        raise MissingError(f"Universal-ctags has no parser for {language}; give it another peer in languages.toml.")
    parser = _PARSERS[language]
    definitions: list[Definition] = []
    latest: dict[tuple[str, str], int] = {}
    methods: dict[object, dict[str, None]] = {}
    tags = list(_tags(root, paths, parser.name))
    scopes = {path: _file_scope(root / path, language) for path in paths}
    for tag in _with_whole_scopes(root, tags) if language == "ruby" else tags:
        scope = _joined(*(part for part in _BETWEEN.split(tag.get("scope", "")) if not _INVENTED.fullmatch(part)))
        scope = _joined(scopes[tag["path"]], scope)
        around = (tag["path"], scope)
        each = _definition(tag, scope, parser)
        if each:
            if each.group == "type":
                latest[each.file, _joined(scope, each.name)] = len(definitions)
            elif each.group == "method":
                # In C# types of one name are told apart by their type parameters.
                owner = latest.get(around) if language == "csharp" else around
                methods.setdefault(owner, {})[each.name] = None
            definitions.append(each)
        elif tag["kind"] == parser.embedded and around in latest:
            outer = definitions[latest[around]]
            definitions[latest[around]] = replace(outer, bases=(*(outer.bases or ()), tag["name"]))
    for index, each in enumerate(definitions):
        if each.group == "type":
            key = index if language == "csharp" else (each.file, _joined(each.scope, each.name))
            declared = tuple(methods.get(key, ()))
            bases = None if language in _WITHOUT_BASES else each.bases
            definitions[index] = replace(each, bases=bases, methods=declared)
    unread: list[Unread] = []
    if language == "rust":
        unread += _uses_of_macros(root, paths)
    elif language == "csharp":
        unread += _misled(root, tags)
    if language == "csharp":
        beyond = {region.file for region in unread}
        definitions = [each for each in definitions if each.file not in beyond]
    return Findings(definitions, unread)


def _file_scope(path: Path, language: str) -> str:
    """The package or namespace of a whole file, where ctags does not tell it; '' without one."""
    if language not in _FILE_SCOPES:
        return ""
    declared = _FILE_SCOPES[language].search(path.read_bytes().decode(errors="replace"))
    return declared[1] if declared else ""


def _uses_of_macros(root: Path, paths: Sequence[str]) -> Iterator[Unread]:
    """Where ctags does not look in Rust: `cfg_rt! {` and what follows up to the closing bracket, as rustfmt indents."""
    for path in paths:
        lines = (root / path).read_bytes().decode(errors="replace").splitlines()
        for row, line in enumerate(lines):
            if opened := _USE_OF_MACRO.match(line):
                closing = (at for at in range(row + 1, len(lines)) if lines[at].startswith(opened[1] + "}"))
                yield Unread(path, row + 1, next(closing, row) + 1, "in a use of a macro")


def _counted_by_indentation(root: Path, tags: Sequence[dict[str, Any]]) -> set[str]:
    """The Ruby files in which ctags loses count of `end`; each of their tags is given the end that indentation says.

    Ctags reads line by line, and a line such as `x = if y` or `while a do b end` misleads it; from there on its scopes
    are wrong, its names and lines are not. It shows by a definition that ends with a line that is indented otherwise.
    """
    lines = {path: (root / path).read_bytes().decode(errors="replace").splitlines() for path in _paths(tags)}
    found = {
        tag["path"]
        for tag in tags
        if tag.get("end", tag["line"]) != tag["line"]
        and not _closes(lines[tag["path"]][tag["end"] - 1], lines[tag["path"]][tag["line"] - 1])
    }
    for tag in tags:
        text = lines[tag["path"]]
        if tag["path"] in found and _BEGINS_BLOCK.match(text[tag["line"] - 1]):
            head = text[tag["line"] - 1]
            below = range(tag["line"], len(text))
            one_line = _IN_ONE_LINE.search(head)
            tag["end"] = (
                tag["line"] if one_line else next((at + 1 for at in below if _closes(text[at], head)), len(text))
            )
    return found


def _paths(tags: Iterable[dict[str, Any]]) -> Iterable[str]:
    return dict.fromkeys(tag["path"] for tag in tags)


def _closes(line: str, head: str) -> bool:
    indent = head[: -len(head.lstrip())] if head.strip() else ""
    return re.match(rf"{re.escape(indent)}end\b", line) is not None


def _misled(root: Path, tags: Iterable[dict[str, Any]]) -> Iterator[Unread]:
    """The C# files in which ctags takes a constraint (`where T : class`) for a class, or its T for the class's name.

    What it takes for a class encloses what follows.
    """
    for path in dict.fromkeys(tag["path"] for tag in tags if _is_constraint(tag)):
        lines = (root / path).read_bytes().count(b"\n") + 1
        yield Unread(path, 1, lines, "in a file in which ctags takes a constraint for a class")


def _is_constraint(tag: dict[str, Any]) -> bool:
    parameter = re.search(r"\bwhere\s+(\w+)\s*:(?P<is>[^:]*\b(?:class|struct)\b)?", tag.get("pattern", ""))
    return parameter is not None and (parameter["is"] is not None or parameter[1] == tag["name"])


def _with_whole_scopes(root: Path, tags: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Ruby's tags with the names in their scopes that ctags leaves out: of what is in `class A::B` it says B only.

    What is included and prepended is told among the bases, as in Ruby's `ancestors`.
    """
    # Where words in %w(...) are `class` and `def`, ctags takes those behind them for classes.
    tags = [tag for tag in tags if tag["kind"] not in {"class", "module"} or tag["name"][:1].isupper()]
    by_indentation = _counted_by_indentation(root, tags)
    around: list[tuple[str, int, str, str]] = []
    for tag in tags:
        while around and (around[-1][0] != tag["path"] or around[-1][1] < tag["line"]):
            around.pop()
        scope, kind = around[-1][2:] if around else ("", "")
        if tag["kind"] in {"class", "module"}:
            written = _WRITTEN_NAME.search(tag["pattern"])
            scope = _joined(scope, *(written[1].split("::")[:-1] if written else ()))
            mixed = (each.partition(":") for each in tag.get("mixin", "").split(","))
            included = [name for how, _, name in mixed if how in {"include", "prepend"}]
            tag["inherits"] = ",".join(filter(None, [tag.get("inherits", ""), *included]))
        if "end" in tag:
            around.append((tag["path"], tag["end"], _joined(scope, tag["name"]), tag["kind"]))
        yield tag | {"scope": scope} | ({"scopeKind": kind} if tag["path"] in by_indentation else {})


def _tags(root: Path, paths: Sequence[str], parser: str) -> Iterator[dict[str, Any]]:
    program = shutil.which("ctags-universal") or shutil.which("ctags")
    features = "" if program is None else _output([program, "--list-features"], root)
    if program is None or "json" not in features:
        raise MissingError("Universal-ctags with JSON output is needed: install it, in Debian as universal-ctags.")
    output = ["--output-format=json", "--sort=no", "--fields=+nKsie", "-f", "-"]
    command = [program, "--options=NONE", *output, f"--language-force={parser}", "-L", "-"]
    for line in _output(command, root, "".join(f"{path}\n" for path in paths)).splitlines():
        tag: dict[str, Any] = json.loads(line)
        if tag["_type"] == "tag":
            yield tag


def _output(command: list[str], folder: Path, text: str = "") -> str:
    done = subprocess.run(command, cwd=folder, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace")


def _definition(tag: dict[str, Any], scope: str, parser: _Parser) -> Definition | None:
    kind, name = tag["kind"], tag["name"]
    if _INVENTED.fullmatch(name):
        return None
    if kind in parser.types:
        return Definition("type", name, scope, tag["path"], tag["line"], tuple(_bases(tag.get("inherits", ""))))
    if kind in parser.called:
        if parser.name == "C#":
            name = name.rpartition(".")[2]  # of an explicit implementation: IEnumerable.GetEnumerator
        group: Literal["function", "method"] = "method" if tag.get("scopeKind") in parser.owners else "function"
        return Definition(group, name, scope, tag["path"], tag["line"])
    return None


def _bases(inherits: str) -> Iterator[str]:
    """Simple names out of `B<K, V>,pkg.C`."""
    while inherits != (less := _ARGUMENTS.sub("", inherits)):
        inherits = less
    for base in _CONSTRAINT.sub("", inherits).split(","):
        if name := _BETWEEN.split(base.strip())[-1]:
            yield name


def _joined(*names: str) -> str:
    return ".".join(filter(None, names))
