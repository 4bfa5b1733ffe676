"""The keys of a project's own files of configuration. The readers of formats are loaded when such a file comes by."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from codeanvil.facts.builds.documents import UnreadableError
from codeanvil.facts.configuration.names import is_config_file
from codeanvil.facts.configuration.values import told
from codeanvil.facts.model import Setting
from codeanvil.facts.text import decode, first_sentence

MOST_KEYS = 60
"""Keys told of one file: with more of them it is data."""

_KEY = re.compile(r"[A-Za-z][\w.-]{0,79}")
_PROPERTY = re.compile(r"^[ \t]*([A-Za-z][\w.-]*)[ \t]*[=:][ \t]*(.*)$")


def read_config(path: str, source: bytes) -> tuple[Setting, ...]:
    """The keys at the top of the file at `path`, and those one step below, in the order of their lines.

    `path` is one that `is_config_file` knows. A list tells its key alone. Never raises, whatever the bytes.
    """
    lines = decode(source).splitlines()
    try:
        found = list(_READERS[is_config_file(path) or "properties"](source, lines))
    except UnreadableError:  # a template, or another format that bears this name
        return ()
    settings = [
        Setting(name, "key", path, max(1, line), told(name, value), _comment(lines, line))
        for name, value, line in found
        if _KEY.fullmatch(name)
    ]
    return tuple(sorted(settings, key=lambda each: each.line))[:MOST_KEYS]


_Key = tuple[str, str, int]
"""A key, its value and its line."""


class _Document(Protocol):
    """A file of tables."""

    root: Any

    def line(self, *path: str) -> int: ...


def _keys(document: _Document) -> Iterator[_Key]:
    for key, value in document.root.items():
        if isinstance(value, Mapping) and value:
            for inner, leaf in value.items():
                yield f"{key}.{inner}", _scalar(leaf), document.line(str(key), str(inner))
        else:
            yield str(key), _scalar(value), document.line(str(key))


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int, float)) else ""


def _toml(source: bytes, _: list[str]) -> Iterator[_Key]:
    from codeanvil.facts.builds.toml_document import Toml

    return _keys(Toml(source))


def _yaml(source: bytes, _: list[str]) -> Iterator[_Key]:
    from codeanvil.facts.builds.yaml_document import Yaml

    return _keys(Yaml(source))


def _json(source: bytes, _: list[str]) -> Iterator[_Key]:
    from codeanvil.facts.builds.json_document import Json

    return _keys(Json(source, comments=True))


def _ini(source: bytes, _: list[str]) -> Iterator[_Key]:
    from codeanvil.facts.builds.ini_document import Ini

    ini = Ini(source)
    for section, keys in ini.root.items():
        for key, value in keys.items():
            if ini.line(section, key) != ini.line(section):  # else it is one of DEFAULT
                yield f"{section}.{key}", value, ini.line(section, key)


def _properties(_: bytes, lines: list[str]) -> Iterator[_Key]:
    for number, line in enumerate(lines, 1):
        if match := _PROPERTY.match(line):
            yield match[1], match[2].strip(), number


_READERS: Mapping[str, Callable[[bytes, list[str]], Iterator[_Key]]] = {
    "toml": _toml,
    "yaml": _yaml,
    "json": _json,
    "ini": _ini,
    "properties": _properties,
}


def _comment(lines: list[str], line: int) -> str:
    """What a comment on the line above, or at the end of the line, says."""
    here = lines[line - 1] if 0 < line <= len(lines) else ""
    trailing = re.search(r"\s[#;]\s+(\S.*)$", here)
    if trailing:
        return first_sentence(trailing[1])
    above: list[str] = []
    at = line - 2
    while 0 <= at < len(lines) and lines[at].lstrip().startswith(("#", ";", "//")) and len(above) < 20:
        above.insert(0, lines[at].strip().lstrip("#;/").strip())
        at -= 1
    return first_sentence(" ".join(above))
