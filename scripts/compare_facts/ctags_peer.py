"""Definitions as universal-ctags sees them, for the languages that it has a parser of its own for."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
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
    "ruby": _parser("Ruby", "class", "method singletonMethod", "module"),
    "kotlin": _parser("Kotlin", "class interface object", "method"),
    "javascript": _parser("JavaScript", "class", "function generator method getter setter"),
}

_WITHOUT_BASES = frozenset({"kotlin", "rust"})

# Of names that ctags makes up: __anon1f0c, AnonymousClass0f07853d0100, anonymousFunction0f07853d0100.
_INVENTED = re.compile(r"__anon\w*|[Aa]nonymous(?:Class|Function|Object)[0-9a-f]+")
_BETWEEN = re.compile(r"\\+|::|\.")
_ARGUMENTS = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
# C#'s constraints are taken for bases: `class A<T> : B where T : new()` inherits "BwhereT:".
_CONSTRAINT = re.compile(r"where\w+:.*")

_USE_OF_MACRO = re.compile(r"(\s*)(?:\w+::)*(?!macro_rules)\w+! *\{$")


def found(root: Path, paths: Sequence[str], language: str) -> Findings:
    """What the files define, all read as `language`, which universal-ctags 5.9 can do for the keys of `_PARSERS`.

    A scope is what ctags says it is, without names that it invents. A type has the methods that its own file puts into
    its scope. Of some languages ctags does not tell the bases.
    """
    if language not in _PARSERS:
        raise MissingError(f"Universal-ctags has no parser for {language}; give it another peer in languages.toml.")
    parser = _PARSERS[language]
    definitions: list[Definition] = []
    latest: dict[tuple[str, str], int] = {}
    methods: dict[tuple[str, str], dict[str, None]] = {}
    for tag in _tags(root, paths, parser.name):
        scope = _joined(*(part for part in _BETWEEN.split(tag.get("scope", "")) if not _INVENTED.fullmatch(part)))
        around = (tag["path"], scope)
        each = _definition(tag, scope, parser)
        if each:
            if each.group == "type":
                latest[each.file, _joined(scope, each.name)] = len(definitions)
            elif each.group == "method":
                methods.setdefault(around, {})[each.name] = None
            definitions.append(each)
        elif tag["kind"] == parser.embedded and around in latest:
            owner = definitions[latest[around]]
            definitions[latest[around]] = replace(owner, bases=(*(owner.bases or ()), tag["name"]))
    for index, each in enumerate(definitions):
        if each.group == "type":
            declared = tuple(methods.get((each.file, _joined(each.scope, each.name)), ()))
            bases = None if language in _WITHOUT_BASES else each.bases
            definitions[index] = replace(each, bases=bases, methods=declared)
    return Findings(definitions, list(_uses_of_macros(root, paths)) if language == "rust" else ())


def _uses_of_macros(root: Path, paths: Sequence[str]) -> Iterator[Unread]:
    """Where ctags does not look in Rust: `cfg_rt! {` and what follows up to the closing bracket, as rustfmt indents."""
    for path in paths:
        lines = (root / path).read_bytes().decode(errors="replace").splitlines()
        for row, line in enumerate(lines):
            if opened := _USE_OF_MACRO.match(line):
                closing = (at for at in range(row + 1, len(lines)) if lines[at].startswith(opened[1] + "}"))
                yield Unread(path, row + 1, next(closing, row) + 1, "in a use of a macro")


def _tags(root: Path, paths: Sequence[str], parser: str) -> Iterator[dict[str, Any]]:
    program = shutil.which("ctags-universal") or shutil.which("ctags")
    features = "" if program is None else _output([program, "--list-features"], root)
    if program is None or "json" not in features:
        raise MissingError("Universal-ctags with JSON output is needed: install it, in Debian as universal-ctags.")
    output = ["--output-format=json", "--sort=no", "--fields=+nKsi-P", "-f", "-"]
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
