"""YAML as plain values with their lines. Scalars stay the text that is written: `3.10` is no number, `on` no truth.

Aliases stand for what they name, up to a limit. The reader goes by a parser's events and never calls itself, so that
neither deep nesting nor many aliases cost more than their length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from codeanvil.facts.builds.documents import UnreadableError, check_size
from codeanvil.facts.text import decode

MAX_DEPTH = 100
"""Collections below this depth are refused."""

MAX_VALUES = 200_000
"""Values of a document, those that aliases repeat counted each time."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


class Map(dict[str, Any]):
    """A mapping; `lines` are those of its keys, `tag` what is written before it, as `!override`."""

    def __init__(self, line: int = 0, tag: str = "") -> None:
        super().__init__()
        self.line, self.tag = line, tag
        self.lines: dict[str, int] = {}


class List(list[Any]):
    """A sequence; `lines` are those of its items, `tag` what is written before it, as `!reference`."""

    def __init__(self, line: int = 0, tag: str = "") -> None:
        super().__init__()
        self.line, self.tag = line, tag
        self.lines: list[int] = []


class Yaml:
    """A YAML file: `root` is the first document's outermost mapping, `documents` all that there are."""

    def __init__(self, source: bytes) -> None:
        """Raises `UnreadableError` for what is no YAML, nested too deep or unfolded to too much by aliases."""
        check_size(source)
        self.documents = [document for document in _documents(decode(source)) if isinstance(document, Map)]
        if not self.documents:
            raise UnreadableError("it holds no mapping")
        self.root: Map = self.documents[0]

    def line(self, *path: str | int) -> int:
        """As `line` of this module, from the root."""
        return line(self.root, *path)


def line(value: object, *path: str | int) -> int:
    """Line of the key or item at `path` in a value, or of the nearest thing above it; 0 where there is none."""
    found = 0
    for step in path:
        if isinstance(value, Map) and isinstance(step, str) and step in value:
            found, value = value.lines.get(step, found), value[step]
        elif isinstance(value, List) and isinstance(step, int) and 0 <= step < len(value):
            found, value = value.lines[step], value[step]
        else:
            break
    return found


@dataclass(slots=True)
class _Open:
    """A collection that is being read. `weight` counts the values in it, `key` is the one whose value comes next."""

    value: Map | List
    anchor: str | None
    weight: int = 1
    key: str | None = None
    key_line: int = 0
    wants_key: bool = True


class _Builder:
    """Puts values together, one document at a time."""

    def __init__(self) -> None:
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.root: Any = None
        self.weight = 0

    def begin(self, value: Map | List, anchor: str | None) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise UnreadableError("it is nested too deep")
        if anchor:
            self.anchors.pop(anchor, None)
        self.open.append(_Open(value, anchor))

    def end(self) -> None:
        done = self.open.pop()
        self.add(done.value, done.weight, done.value.line, done.anchor)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        text: Any = event.value
        if not event.style and text in _NOTHING and event.tag is None:  # plain
            text = None
        elif not text.isascii():
            # Halves of surrogate pairs stand in no UTF-8: what is stored or sent must have none.
            text = text.encode("utf-8", "replace").decode()
        self.add(text, 1, _line(event), event.anchor)

    def alias(self, event: yaml.AliasEvent) -> None:
        found = self.anchors.get(event.anchor or "")
        if found is None:
            raise UnreadableError(f"*{event.anchor} in line {_line(event)} names nothing that is complete")
        self.add(found[0], found[1], _line(event), None)

    def add(self, value: Any, weight: int, line_number: int, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = (value, weight)
        if not self.open:
            self.root, self.weight = value, weight
            return
        inside = self.open[-1]
        inside.weight += weight
        if inside.weight > MAX_VALUES:
            raise UnreadableError(f"it holds more than {MAX_VALUES} values")
        if isinstance(inside.value, List):
            inside.value.append(value)
            inside.value.lines.append(line_number)
        elif inside.wants_key:
            inside.key, inside.key_line, inside.wants_key = _key(value), line_number, False
        else:
            _put(inside, value)
            inside.wants_key = True


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _key(value: Any) -> str | None:
    """A key that is a collection has no name to be found by."""
    if value is None:
        return ""
    return value if isinstance(value, str) else None


def _put(inside: _Open, value: Any) -> None:
    mapping = inside.value
    if inside.key is None or not isinstance(mapping, Map):
        return
    if inside.key == "<<":
        for other in value if isinstance(value, List) else [value]:
            if isinstance(other, Map):
                for key, merged in other.items():
                    if key not in mapping:
                        mapping[key] = merged
                        mapping.lines[key] = other.lines.get(key, 0)
                inside.weight += len(other)
        return
    mapping[inside.key] = value
    mapping.lines[inside.key] = inside.key_line


def _documents(text: str) -> Iterator[Any]:
    builder = _Builder()
    values = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            match event:
                case yaml.DocumentStartEvent():
                    builder = _Builder()
                case yaml.MappingStartEvent():
                    builder.begin(Map(_line(event), event.tag or ""), event.anchor)
                case yaml.SequenceStartEvent():
                    builder.begin(List(_line(event), event.tag or ""), event.anchor)
                case yaml.CollectionEndEvent():
                    builder.end()
                case yaml.ScalarEvent():
                    builder.scalar(event)
                case yaml.AliasEvent():
                    builder.alias(event)
                case yaml.DocumentEndEvent():
                    values += builder.weight
                    if values > MAX_VALUES:
                        raise UnreadableError(f"it holds more than {MAX_VALUES} values")
                    yield builder.root
    except yaml.YAMLError as error:
        raise UnreadableError(_told(error, text.count("\n") + 1)) from None


def _told(error: yaml.YAMLError, lines: int) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{error.problem or error.context} in line {min(error.problem_mark.line + 1, lines)}"
    return str(error)


def names(values: object) -> list[str]:
    """The strings of a list, or the string itself, but for empty ones; none for anything else."""
    if isinstance(values, str):
        return [values] if values else []
    return [value for value in values if isinstance(value, str) and value] if isinstance(values, list) else []


def keys(value: object) -> Map:
    """The mapping itself, or an empty one for anything else."""
    return value if isinstance(value, Map) else Map()
