"""Symbols of a file in short lines, for tables of sources and what they hold."""

from codeanvil.facts.model import FileFacts


def outlined(facts: FileFacts) -> list[str]:
    """One line a symbol: kind, qualified name, bases in round and methods in square brackets, `;` for no body."""
    return [
        f"{s.kind} {s.qualified}"
        + (f"({', '.join(s.bases)})" if s.bases else "")
        + (f"[{', '.join(s.methods)}]" if s.methods else "")
        + (";" if s.decl else "")
        for s in facts.symbols
    ]
