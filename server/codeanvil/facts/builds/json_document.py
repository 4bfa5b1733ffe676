"""JSON with the lines of its keys and strings, which a JSON parser does not tell."""

import json
import re
from collections.abc import Mapping
from typing import Any

from codeanvil.facts.builds.documents import UnreadableError, check_size, table
from codeanvil.facts.text import decode

MAX_DEPTH = 4
"""Keys below this depth have the line of the key above them."""

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|[{}\[\]:,\n]', re.DOTALL)
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s{0,200}[}\]])', re.DOTALL)


class Json:
    """A JSON file whose outermost value is a table: `root` is what it says, `line` and `line_of_text` where."""

    def __init__(self, source: bytes, *, comments: bool = False) -> None:
        """`comments`: whether those, and a comma before a closing bracket, are allowed. Raises `UnreadableError`."""
        check_size(source)
        text = decode(source).replace("\r\n", "\n")
        self.root: Mapping[str, Any] = table(_loaded(_plain(text) if comments else text))
        if not self.root and text.strip()[:1] != "{":
            raise UnreadableError("it holds no table")
        self._keys: dict[tuple[str, ...], int] = {}
        self._texts: dict[tuple[tuple[str, ...], str], int] = {}
        self._scan(text)

    def line(self, *path: str) -> int:
        """Line of the key at `path`, or of the nearest key above it; 0 where there is none."""
        for length in range(len(path), 0, -1):
            if found := self._keys.get(path[:length]):
                return found
        return 0

    def line_of_text(self, value: str, *path: str) -> int:
        """First line of the string `value` in the list at `path`; the key's own line where it is not."""
        return self._texts.get((path, value)) or self.line(*path)

    def _scan(self, text: str) -> None:
        line = 1
        depth = 0
        path: list[str] = []
        pending: str | None = None
        for match in _TOKEN.finditer(text):
            token = match[0]
            first = token[0]
            if first == '"':
                if pending is not None and depth <= MAX_DEPTH:
                    self._texts.setdefault((tuple(path), _bare(pending)), line)
                pending = token
            elif first == ":" and pending is not None:
                if depth <= MAX_DEPTH:
                    del path[depth - 1 :]
                    path.append(_bare(pending))
                    self._keys.setdefault(tuple(path), line)
                pending = None
            elif first in "{[":
                depth += 1
            elif first in "}],":
                if pending is not None and depth <= MAX_DEPTH:
                    self._texts.setdefault((tuple(path), _bare(pending)), line)
                pending = None
                if first != ",":
                    depth -= 1
                    del path[max(depth, 0) :]
            line += token.count("\n")


def _bare(token: str) -> str:
    if "\\" in token:
        try:
            return str(json.loads(token, strict=False))
        except ValueError:
            pass
    return token[1:-1]


def _loaded(text: str) -> object:
    try:
        found: object = json.loads(text)
        if "\\u" in text:
            # Halves of surrogate pairs stand in no UTF-8: what is stored or sent must have none.
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError:
        raise UnreadableError("it is nested too deep") from None
    except ValueError as error:
        raise UnreadableError(error) from None
    return found


def _plain(text: str) -> str:
    """`text` without comments and without commas before closing brackets; lines stay where they are."""
    kept = _COMMENT.sub(lambda match: match[1] or "\n" * match[0].count("\n"), text)
    return _TRAILING.sub(lambda match: match[1] or "", kept)
