"""The syntax of CMake files: commands, their arguments, and the blocks that commands open and close.

After https://cmake.org/cmake/help/latest/manual/cmake-language.7.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<bracket_comment>\#\[(?P<c>=*)\[.*?(?:\](?P=c)\]|\Z))
      |(?P<comment>\#[^\n]*)
      |(?P<space>[ \t\r\n;]+)
      |(?P<paren>[()])
      |(?P<bracket>\[(?P<b>=*)\[\n?(?P<raw>.*?)(?:\](?P=b)\]|(?P<open_bracket>\Z)))
      |"(?P<quoted>(?:[^"\\]|\\.)*+)(?:"|(?P<open_quote>\\?\Z))
      |(?P<plain>(?:\$\([^()\n]*\)|[^\s()\#"\\;]|\\.|(?<=[^\s()\#"\\;])"(?:[^"\\\n]|\\.)*")++)
      |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": "", ";": "\\;"}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. `quoted` ones are not split at ';'; `raw` ones (in brackets) hold no variables."""

    text: str
    quoted: bool = False
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """`name(arguments...)`, the name in lower case, at `line` from 1. Parentheses inside are arguments too."""

    name: str
    arguments: tuple[Argument, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Script:
    """The commands of a file; `problem` is what hindered, for example "line 3: a parenthesis is not closed"."""

    commands: tuple[Command, ...]
    problem: str | None = None


def parse(text: str) -> Script:
    """The commands of a CMake file, as far as it can be understood. Never raises."""
    return _Parser().parse(text.replace("\r\n", "\n"))


class _Parser:
    """Gathers the command that is being read; `depth` counts the parentheses that are open."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.problem: str | None = None
        self.name = ""
        self.name_line = 0
        self.arguments: list[Argument] = []
        self.depth = 0

    def parse(self, text: str) -> Script:
        for match, line in _tokens(text):
            if match["open_quote"] is not None or match["open_bracket"] is not None:
                self._complain(line, "a string is not closed")
            if match["paren"] == "(":
                self._open(line)
            elif match["paren"] == ")":
                self._close(line)
            elif self.depth:
                self.arguments += _argument(match)
            elif match["plain"] is not None and _NAME.match(match["plain"]) and not self.name:
                self.name, self.name_line = match["plain"], line
            elif match.lastgroup not in {"comment", "bracket_comment", "space", "c"}:
                self._complain(line, f"{match[0][:20].strip()!r} is not a command")
                self.name = ""
        if self.depth:
            self._complain(self.name_line, f"the parenthesis of {self.name or 'a command'} is not closed")
        elif self.name:
            self._complain(self.name_line, f"{self.name} has no parentheses")
        return Script(tuple(self.commands), self.problem)

    def _open(self, line: int) -> None:
        self.depth += 1
        if self.depth > 1:
            self.arguments.append(Argument("("))
        elif not self.name:
            self._complain(line, "a parenthesis without a command before it")

    def _close(self, line: int) -> None:
        if self.depth == 0:
            self._complain(line, "a parenthesis is closed that was not opened")
            return
        self.depth -= 1
        if self.depth:
            self.arguments.append(Argument(")"))
            return
        if self.name:
            self.commands.append(Command(self.name.lower(), tuple(self.arguments), self.name_line))
        self.name, self.arguments = "", []

    def _complain(self, line: int, what: str) -> None:
        """Keep the first thing that is wrong; what follows mostly follows from it."""
        self.problem = self.problem or f"line {line}: {what}"


def unescaped(text: str) -> str:
    """`text` with escape sequences resolved; an escaped ';' stays marked, so that it parts no list."""
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text) if "\\" in text else text


def _tokens(text: str) -> Iterator[tuple[re.Match[str], int]]:
    line, position = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        yield match, line


def _argument(match: re.Match[str]) -> list[Argument]:
    if match["raw"] is not None:
        return [Argument(match["raw"], quoted=True, raw=True)]
    if match["quoted"] is not None:
        return [Argument(match["quoted"], quoted=True)]
    return [Argument(match["plain"])] if match["plain"] is not None else []
