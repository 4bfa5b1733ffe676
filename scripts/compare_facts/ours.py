"""CodeAnvil's own facts as definitions."""

from collections.abc import Sequence
from pathlib import Path

from scripts.compare_facts.definition import Definition, Findings, Unread

from codeanvil.facts.extract import extract
from codeanvil.facts.model import Symbol


def found(root: Path, paths: Sequence[str], language: str) -> Findings:
    """What `extract` says about the files; `unread` names those of which it says that they could not be read well."""
    definitions: list[Definition] = []
    problems: list[Unread] = []
    for path in paths:
        facts = extract(path, (root / path).read_bytes(), language)
        definitions += filter(None, map(_definition, facts.symbols))
        if facts.problem:
            problems.append(Unread(path, 1, facts.lines, facts.problem))
    return Findings(definitions, problems)


def _definition(symbol: Symbol) -> Definition | None:
    where = (symbol.name, symbol.scope, symbol.file, symbol.line)
    if symbol.kind == "module":
        return None
    if symbol.is_type:
        return None if symbol.decl else Definition("type", *where, symbol.bases, symbol.methods)
    if symbol.kind in {"method", "constructor"}:
        return Definition("method", *where)
    return Definition("function", *where) if symbol.kind == "function" else None
