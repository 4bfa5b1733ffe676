"""TOML with the lines of its tables, keys and strings, which a TOML parser does not tell."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from codeanvil.facts.builds.documents import UnreadableError, check_size
from codeanvil.facts.text import decode

Step = str | int
"""A key, or the number (from 0) of a table in an array of tables."""

_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}=\n]"
    r"|[\w+-]+",
    re.DOTALL,
)
_LONG_KEY = re.compile(r"(?:\.[ \t]{0,9}+[\w\"'-]{1,200}+[ \t]{0,9}+){60}")


class Toml:
    """A TOML file: `root` is what it says, `line` and `line_of_text` where."""

    def __init__(self, source: bytes) -> None:
        """Raises `UnreadableError` for what is no TOML."""
        check_size(source)
        text = decode(source).replace("\r\n", "\n")
        if _LONG_KEY.search(text):
            # Each part of a key costs the parser the length of the whole key.
            raise UnreadableError("a key has more than 60 parts")
        try:
            self.root: Mapping[str, Any] = tomllib.loads(text)
        except RecursionError:
            raise UnreadableError("it is nested too deep") from None
        except ValueError as error:
            raise UnreadableError(error) from None
        self._written: dict[tuple[Step, ...], int] = {}
        self._implied: dict[tuple[Step, ...], int] = {}
        self._texts: dict[tuple[tuple[Step, ...], str], int] = {}
        self._scan(text)

    def line(self, *path: Step) -> int:
        """Line of a key or table header, or of the nearest thing above it that is written; 0 where there is none."""
        for length in range(len(path), 0, -1):
            part = path[:length]
            if found := self._written.get(part) or self._implied.get(part):
                return found
        return 0

    def line_of_text(self, value: str, *path: Step) -> int:
        """First line of the string `value` in the value of the key at `path`; the key's own line where it is not."""
        return self._texts.get((path, value)) or self.line(*path)

    def _scan(self, text: str) -> None:
        line = 1
        depth = 0
        table: tuple[Step, ...] = ()
        header = 0
        parts: list[str] = []
        path: tuple[Step, ...] | None = None
        arrays: dict[tuple[Step, ...], int] = {}
        for match in _TOKEN.finditer(text):
            piece = match[0]
            if piece == "\n":
                if depth == 0:
                    if header and parts:
                        table = self._header(tuple(parts), line, arrays, array=header > 1)
                    header, parts, path = 0, [], None
                line += 1
                continue
            first = piece[0]
            if path is None:
                if piece == "[":
                    header += 1
                elif piece == "=" and not header:
                    path = (*table, *parts)
                    self._note(path, line)
                elif first not in "#]=[{}":
                    parts.append(_unquoted(piece))
            elif first in "\"'":
                self._texts.setdefault((path, _unquoted(piece)), line)
            elif piece in "[{":
                depth += 1
            elif piece in "]}":
                depth -= 1
            line += piece.count("\n")
        if header and parts:
            self._header(tuple(parts), line, arrays, array=header > 1)

    def _header(
        self, parts: tuple[Step, ...], line: int, arrays: dict[tuple[Step, ...], int], *, array: bool
    ) -> tuple[Step, ...]:
        path: tuple[Step, ...] = ()
        for i, part in enumerate(parts):
            path = (*path, part)
            if array and i == len(parts) - 1:
                arrays[path] = arrays.get(path, -1) + 1
            if path in arrays:
                path = (*path, arrays[path])
        self._note(path, line)
        return path

    def _note(self, path: tuple[Step, ...], line: int) -> None:
        self._written.setdefault(path, line)
        for length in range(len(path) - 1, 0, -1):
            self._implied.setdefault(path[:length], line)


def _unquoted(token: str) -> str:
    for quotes in ('"""', "'''", '"', "'"):
        if token.startswith(quotes) and token.endswith(quotes) and len(token) >= 2 * len(quotes):
            return token[len(quotes) : -len(quotes)]
    return token
