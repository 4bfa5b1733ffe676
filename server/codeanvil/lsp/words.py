"""The name under the cursor."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types
from pygls.workspace import PositionCodec

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_NAME = re.compile(r"[^\W\d]\w*")
_BEFORE = re.compile(r"([^\W\d]\w*)(?:<[^<>]*>)?\s*(?:::|\.|->)\s*(~?)$|(~)$")


@dataclass(frozen=True, slots=True)
class Word:
    """A name in a line. `qualifier` is the name before `::`, `.` or `->`, or empty; `range` is in client units."""

    name: str
    qualifier: str
    range: types.Range


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a document with their ends, as the protocol counts them: only \\n, \\r\\n and \\r end a line."""
    return tuple(_LINE.findall(text))


def word_at(lines: Sequence[str], position: types.Position, codec: PositionCodec) -> Word | None:
    """The name that touches `position` (client units), or None. A destructor's name begins with '~'."""
    if not 0 <= position.line < len(lines):
        return None
    line = lines[position.line].rstrip("\r\n")
    column = _code_points(line, position.character, codec)
    found = next((match for match in _NAME.finditer(line) if match.start() <= column <= match.end()), None)
    if found is None:
        return None
    before = _BEFORE.search(line[: found.start()])
    tilde = (before[2] or before[3] or "") if before else ""
    start = codec.client_num_units(line[: found.start()])
    end = start + codec.client_num_units(found[0])
    place = types.Range(types.Position(position.line, start), types.Position(position.line, end))
    return Word(tilde + found[0], (before[1] or "") if before else "", place)


def _code_points(line: str, units: int, codec: PositionCodec) -> int:
    """How many characters of `line` lie before so many client units; all of them where the line is shorter."""
    seen = 0
    for index, character in enumerate(line):
        if seen >= units:
            return index
        seen += codec.client_num_units(character)
    return len(line)
