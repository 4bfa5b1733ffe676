"""Build facts of a `setup.py`, read without running it: what the call of `setup` says in plain values."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from packaging.utils import canonicalize_name

from codeanvil.facts.builds.documents import BUILD_GROUP, UnreadableError, begin, unread
from codeanvil.facts.builds.python import tools
from codeanvil.facts.builds.python.requirement import oldest, requirement
from codeanvil.facts.builds.python.source import parsed, string
from codeanvil.facts.model import BuildFacts, Dependency, Target

MAX_DEPTH = 20
"""Expressions below this depth are not worked out."""

_GROUPS = (("install_requires", ""), ("requires", ""), ("tests_require", "test"), ("setup_requires", BUILD_GROUP))
_Names = Mapping[str, ast.expr]
_Text = tuple[str, int]


def read(path: str, source: bytes) -> BuildFacts:
    """What the `setup.py` at `path` says. Values that only running it would tell are left out. Never raises."""
    facts = begin("setuptools", path, source)
    try:
        tree = parsed(source)
    except UnreadableError as error:
        return unread(facts, "Python", error)
    call = next((node for node in ast.walk(tree) if _is_setup(node)), None)
    if not isinstance(call, ast.Call):
        return facts
    names = _constants(tree)
    given = dict(_keywords(call, names))
    dependencies = tuple(_dependencies(given, names))
    scripts = tuple(_scripts(given, names))
    known = {canonicalize_name(dependency.name) for dependency in dependencies}
    return replace(
        facts,
        name=_text(given.get("name"), names),
        version=_text(given.get("version"), names),
        minimum=oldest(_text(given.get("python_requires"), names)),
        languages=("Python",),
        targets=scripts,
        dependencies=dependencies,
        commands=tools.commands(
            tools.PIP,
            package=True,
            tester=tools.tester_of(known),
            script=scripts[0].name if scripts else "",
        ),
    )


def _is_setup(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name == "setup" and bool(node.keywords)


def _constants(tree: ast.Module) -> _Names:
    """Names that the file's outermost level gives a value, each the last one."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = value
    return found


def _keywords(call: ast.Call, names: _Names) -> Iterator[tuple[str, ast.expr]]:
    """Arguments by name, those of a `**dictionary` that the file spells out among them."""
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg, keyword.value
        else:
            yield from ((key, value) for key, _, value in _entries(keyword.value, names))


def _resolved(value: ast.expr | None, names: _Names) -> ast.expr | None:
    for _ in range(MAX_DEPTH):
        if not isinstance(value, ast.Name):
            break
        value = names.get(value.id)
    return value


def _texts(value: ast.expr | None, names: _Names, depth: int = 0) -> Iterator[_Text]:
    """The strings of a list, of lists put together, or of a string with a line each; with their lines."""
    value = _resolved(value, names)
    if depth > MAX_DEPTH:
        return
    match value:
        case ast.Constant():
            lines = (string(value) or "").splitlines()
            yield from ((each.strip(), value.lineno) for each in lines if each.strip())
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            for item in items:
                inner = item.value if isinstance(item, ast.Starred) else item
                yield from _texts(inner, names, depth + 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _texts(left, names, depth + 1)
            yield from _texts(right, names, depth + 1)


def _text(value: ast.expr | None, names: _Names) -> str:
    return string(_resolved(value, names)) or ""


def _entries(value: ast.expr | None, names: _Names) -> Iterator[tuple[str, int, ast.expr]]:
    """Keys of a dictionary that are plain strings, with their lines and values."""
    match _resolved(value, names):
        case ast.Dict(keys=keys, values=values):
            for key, item in zip(keys, values, strict=True):
                if key is not None and (name := string(key)) is not None:
                    yield name, key.lineno, item
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            yield from ((each.arg, each.value.lineno, each.value) for each in keywords if each.arg)


def _dependencies(given: Mapping[str, ast.expr], names: _Names) -> Iterator[Dependency]:
    for keyword, group in _GROUPS:
        yield from _listed(given.get(keyword), group, names)
    for extra, _, values in _entries(given.get("extras_require"), names):
        yield from _listed(values, extra.partition(":")[0], names)


def _listed(value: ast.expr | None, group: str, names: _Names) -> Iterator[Dependency]:
    for written, line in _texts(value, names):
        if found := requirement(written, line, group):
            yield found


def _scripts(given: Mapping[str, ast.expr], names: _Names) -> Iterator[Target]:
    for key, _, values in _entries(given.get("entry_points"), names):
        if key in {"console_scripts", "gui_scripts"}:
            for written, line in _texts(values, names):
                name, equals, reference = written.partition("=")
                if equals and name.strip():
                    yield Target(name.strip(), "script", line, command=reference.partition("[")[0].strip())
    for written, line in _texts(given.get("scripts"), names):
        yield Target(written.rpartition("/")[2], "script", line, sources=(written,))
