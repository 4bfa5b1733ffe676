"""INI files (`setup.cfg`, `tox.ini`) with the lines of their keys, which the parser does not tell."""

import configparser
import re
from collections.abc import Mapping

from codeanvil.facts.builds.documents import UnreadableError, check_size
from codeanvil.facts.text import decode

_SECTION = re.compile(r"\[([^\]\n]+)\]")
_KEY = re.compile(r"([^\s:=#;\[][^:=\n]{0,200}?)\s{0,20}(?:[:=]|$)")


class Ini:
    """An INI file: `root` maps sections to their keys, as written, and values; `line` and `line_of_text` say where."""

    def __init__(self, source: bytes) -> None:
        """Raises `UnreadableError` for what is no such file."""
        check_size(source)
        text = decode(source).replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
        parser = configparser.RawConfigParser(strict=False)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        try:
            parser.read_string(text)
        except configparser.MissingSectionHeaderError as error:
            raise UnreadableError(f"line {error.lineno} stands in no section") from None
        except configparser.ParsingError as error:
            raise UnreadableError(f"line {error.errors[0][0]} is neither a section, a key nor a value") from None
        except (configparser.Error, ValueError) as error:
            raise UnreadableError(error) from None
        self.root: Mapping[str, Mapping[str, str]] = {name: dict(parser.items(name)) for name in parser.sections()}
        self._lines: list[tuple[str, str, str]] = []
        self._first: dict[tuple[str, str], int] = {}
        self._scan(text)

    def get(self, section: str, *keys: str) -> str:
        """The value of the first of `keys` that the section has; '' where it has none."""
        values = self.root.get(section, {})
        return next((values[key].strip() for key in keys if key in values), "")

    def listed(self, section: str, *keys: str) -> list[str]:
        """The lines of a value that are no comments."""
        return [
            value for each in self.get(section, *keys).splitlines() if (value := each.strip()) and value[0] not in "#;"
        ]

    def line(self, section: str, key: str = "") -> int:
        """Line of a key, of its section where the key is not there, else 0."""
        return self._first.get((section, key)) or self._first.get((section, ""), 0)

    def line_of_text(self, value: str, section: str, key: str) -> int:
        """First line of the key's value that is, or begins with, `value`; the key's own line where none is."""
        start = self.line(section, key)
        for number in range(start, len(self._lines) + 1):
            inside, name, text = self._lines[number - 1]
            if (inside, name) != (section, key):
                break
            written = (
                text.strip() if number > start else text.partition("=")[2].strip() or text.partition(":")[2].strip()
            )
            if written.startswith(value):
                return number
        return start

    def _scan(self, text: str) -> None:
        section = key = ""
        for number, written in enumerate(text.split("\n"), 1):
            if found := _SECTION.match(written):
                section, key = found[1], ""
            elif found := _KEY.match(written):
                key = found[1].strip()
            self._lines.append((section, key, written))
            self._first.setdefault((section, key), number)
