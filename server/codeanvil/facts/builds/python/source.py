"""Python source as a syntax tree that is looked at and never run."""

import ast
import warnings

from codeanvil.facts.builds.documents import UnreadableError
from codeanvil.facts.text import decode

MAX_BYTES = 300_000
"""Parsing a larger file takes more memory than what it may say is worth."""


def parsed(source: bytes) -> ast.Module:
    """The tree of a module. Raises `UnreadableError` for what is no Python, too long or nested too deep."""
    if len(source) > MAX_BYTES:
        raise UnreadableError(f"it has {len(source)} bytes, more than the {MAX_BYTES} that are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about escapes and the like, meant for whoever wrote the file
            return ast.parse(decode(source))
    except (RecursionError, MemoryError):
        raise UnreadableError("it is nested too deep") from None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise UnreadableError(f"{getattr(error, 'msg', error)}{f' in line {line}' if line else ''}") from None


def string(node: ast.AST | None) -> str | None:
    """The text of a plain string; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        # Halves of surrogate pairs stand in no UTF-8: what is stored or sent must have none.
        return node.value.encode("utf-8", "replace").decode()
    return None
