"""Tokens that say by their form whose they are, such as `ghp_...`: one pass over a file finds all kinds."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from codeanvil.workspace.expressions import Expression, compiled
from codeanvil.workspace.secrets.found import Found

_STAND_INS = frozenset({b"pass", b"passwd", b"password", b"pwd", b"pw", b"secret", b"token", b"port", b"xxx", b"***"})
"""What a URL's password is called where a text only says that one can stand there."""


def tokens(data: bytes) -> Iterator[Found]:
    """Every token in `data` whose form says whose it is."""
    expression, kinds = _table()
    for match in expression.finditer(data):
        start, end, kind = next((*match.span(group), kind) for group, kind in kinds if match.start(group) >= 0)
        if data[start:end].lower() not in _STAND_INS:
            yield Found(start, end, kind)


@cache
def _table() -> tuple[Expression, tuple[tuple[int, str], ...]]:
    """All expressions as one, and for each group that is a secret its kind; a group inside another comes first."""
    listed: dict[str, list[str]] = tomllib.loads(
        resources.files(__package__).joinpath("tokens.toml").read_text("utf-8")
    )
    parts: list[str] = []
    kinds: list[tuple[int, str]] = []
    groups = 0
    for kind, expressions in listed.items():
        for expression in expressions:
            parts.append(f"({expression})")
            inner = compiled(expression).groups
            kinds += [(groups + 1 + number, kind) for number in range(inner, -1, -1)]
            groups += 1 + inner
    return compiled("|".join(parts)), tuple(kinds)
