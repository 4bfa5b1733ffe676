"""Build facts of a `noxfile.py`, read without running it: its sessions."""

import ast
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, runs, unread
from codeanvil.facts.builds.python.source import parsed, string
from codeanvil.facts.model import BuildFacts, Target, TargetKind
from codeanvil.facts.text import first_sentence


def read(path: str, source: bytes) -> BuildFacts:
    """What the `noxfile.py` at `path` says: a target for each session. Never raises."""
    facts = begin("nox", path, source)
    try:
        tree = parsed(source)
    except UnreadableError as error:
        return unread(facts, "Python", error)
    sessions = tuple(_sessions(tree))
    return replace(facts, languages=("Python",), targets=sessions, commands=(("test", "nox"),) if sessions else ())


def _sessions(tree: ast.Module) -> Iterator[Target]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                written = call.func if call else decorator
                name = written.attr if isinstance(written, ast.Attribute) else getattr(written, "id", "")
                if name in {"session", "nox_session"}:
                    yield _session(node, call)
                    break


def _session(node: ast.FunctionDef, call: ast.Call | None) -> Target:
    given = {each.arg: each.value for each in call.keywords} if call else {}
    name = string(given.get("name")) or node.name
    body = " && ".join(_commands(node))
    kind: TargetKind = "test" if "test" in name or "pytest" in body else "custom"
    doc = first_sentence(ast.get_docstring(node) or "") or runs(body)
    return Target(name, kind, node.lineno, command=f"nox -s {name}", doc=doc)


def _commands(node: ast.FunctionDef) -> Iterator[str]:
    """What `session.run("pytest", "tests")` runs, where it is written in plain strings."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "run":
            words = [word for each in call.args if (word := string(each))]
            if words:
                yield " ".join(words)
