"""What the commands of one CMake file come to: variables, loops and the file's own functions worked out.

Conditions are not decided, since they depend on a machine: both branches count, and the first value that a
conditional gives to a variable stands. Variables that other files set stay as written, `${LIKE_THIS}`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from codeanvil.facts.builds.cmake_syntax import Argument, Command, unescaped

MAX_STEPS = 20_000
"""Commands worked through before a file is taken as it is: loops in loops could go on without an end."""

MAX_DEPTH = 20
"""Calls and loops inside one another that are followed."""

MAX_VALUE = 50_000
"""Characters of a variable's value; doubling ones would fill the memory."""

_VARIABLE = re.compile(r"\$\{([\w./+-]+)\}")
_LIST = re.compile(r"(?<!\\);")
_BLOCKS = {"foreach": "endforeach", "function": "endfunction", "macro": "endmacro", "while": "endwhile"}
_GLOB_WORDS = frozenset({"CONFIGURE_DEPENDS", "LIST_DIRECTORIES", "RELATIVE", "FOLLOW_SYMLINKS", "true", "false"})


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its variables expanded and its lists split, at the line where the file has or causes it."""

    name: str
    values: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class _Function:
    parameters: tuple[str, ...]
    body: Sequence[Command]
    own_variables: bool


class _Branches:
    """One `if`: what its earlier branches and the present one have set."""

    def __init__(self) -> None:
        self.earlier: set[str] = set()
        self.present: set[str] = set()

    def next(self) -> None:
        self.earlier |= self.present
        self.present = set()


def after(values: Iterable[str], word: str) -> list[str]:
    """What follows the first `word`; nothing where it is missing."""
    values = list(values)
    return values[values.index(word) + 1 :] if word in values else []


def until(values: Iterable[str], words: Collection[str]) -> Iterable[str]:
    """`values` before the first of `words`."""
    for value in values:
        if value in words:
            return
        yield value


def run(commands: Sequence[Command], variables: dict[str, str]) -> list[Call]:
    """All commands that define something, in order. `variables` is what is known beforehand and is written to."""
    runner = _Runner(variables)
    runner.block(commands)
    return runner.calls


class _Runner:
    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.calls: list[Call] = []
        self.functions: dict[str, _Function] = {}
        self.steps = 0
        self.depth = 0
        self.line = 0
        self._built_in: dict[str, Callable[[list[str]], None]] = {
            "set": self._set,
            "unset": self._unset,
            "list": self._list,
            "file": self._file,
            "string": self._string,
            "get_filename_component": self._filename,
            "aux_source_directory": lambda values: self._assign(values[1], f"{values[0]}/*"),
            "cmake_parse_arguments": self._parse_arguments,
        }
        self._branches: list[_Branches] = []

    def block(self, commands: Sequence[Command]) -> None:
        index = 0
        while index < len(commands) and self.steps < MAX_STEPS:
            command = commands[index]
            self.steps += 1
            index += 1
            if command.name in _BLOCKS:
                end = _end_of_block(commands, index, command.name)
                self._open(command, commands[index:end])
                index = end + 1
            elif command.name in {"if", "elseif", "else", "endif"}:
                self._branch(command.name)
            elif command.name not in {"return", "break", "continue"}:
                self._command(command)

    def _open(self, command: Command, body: Sequence[Command]) -> None:
        values = self._expand(command.arguments)
        if command.name in {"function", "macro"}:
            if values:
                self.functions[values[0].lower()] = _Function(tuple(values[1:]), body, command.name == "function")
        elif command.name == "foreach" and values:
            for item in _items(values[1:], self.variables):
                self.variables[values[0]] = item
                self._nested(body)
        else:
            self._nested(body)

    def _nested(self, commands: Sequence[Command]) -> None:
        if self.depth < MAX_DEPTH:
            self.depth += 1
            branches, self._branches = self._branches, []
            self.block(commands)
            self._branches = branches
            self.depth -= 1

    def _branch(self, name: str) -> None:
        if name == "if":
            self._branches.append(_Branches())
        elif self._branches and name == "endif":
            done = self._branches.pop()
            done.next()
            if self._branches:
                self._branches[-1].present |= done.earlier
        elif self._branches:
            self._branches[-1].next()

    def _command(self, command: Command) -> None:
        values = self._expand(command.arguments)
        outermost = self.depth == 0 or not self.line
        line = command.line if outermost else self.line
        if (function := self.functions.get(command.name)) and self.depth < MAX_DEPTH:
            self._call(function, values, line)
        elif handler := self._built_in.get(command.name):
            needed = 2 if command.name in {"aux_source_directory", "get_filename_component"} else 1
            if len(values) >= needed:
                handler(values)
            if command.name == "set" and "CACHE" in values:
                self.calls.append(Call("set", tuple(values), line))
        else:
            if command.name == "option" and values:
                self.variables.setdefault(values[0], values[2] if len(values) > 2 else "OFF")
            if command.name == "project" and values:
                self._project(values)
            self.calls.append(Call(command.name, tuple(values), line))

    def _call(self, function: _Function, values: list[str], line: int) -> None:
        before = self.variables
        if function.own_variables:
            self.variables = dict(before)
        count = len(function.parameters)
        self.variables.update(zip(function.parameters, values, strict=False))
        self.variables.update({f"ARGV{i}": value for i, value in enumerate(values)})
        self.variables |= {"ARGV": ";".join(values), "ARGN": ";".join(values[count:]), "ARGC": str(len(values))}
        outer, self.line = self.line, line
        self._nested(function.body)
        self.line = outer
        self.variables = before

    def _expand(self, arguments: tuple[Argument, ...]) -> list[str]:
        values: list[str] = []
        for argument in arguments:
            if argument.raw:
                values.append(argument.text)
                continue
            text = unescaped(self._substitute(argument.text))
            values += [text] if argument.quoted else [part for part in _LIST.split(text) if part]
        return [value.replace("\\;", ";") for value in values]

    def _substitute(self, text: str) -> str:
        for _ in range(MAX_DEPTH):
            if "${" not in text:
                break
            expanded = _VARIABLE.sub(lambda match: self.variables.get(match[1], match[0]), text)[:MAX_VALUE]
            if expanded == text:
                break
            text = expanded
        return text

    def _assign(self, name: str, value: str) -> None:
        if self._branches:
            if any(name in branches.earlier for branches in self._branches):
                return
            self._branches[-1].present.add(name)
        self.variables[name] = value[:MAX_VALUE]

    def _set(self, values: list[str]) -> None:
        name, *rest = values
        if "CACHE" in rest:
            self.variables.setdefault(name, ";".join(rest[: rest.index("CACHE")]))
        elif not name.startswith("ENV{"):
            self._assign(name, ";".join(value for value in rest if value != "PARENT_SCOPE"))

    def _unset(self, values: list[str]) -> None:
        self.variables.pop(values[0], None)

    def _list(self, values: list[str]) -> None:
        if len(values) < 3:
            return
        operation, name, *items = values
        present = [item for item in self.variables.get(name, "").split(";") if item]
        match operation:
            case "APPEND":
                present += items
            case "PREPEND":
                present = items + present
            case "REMOVE_ITEM":
                present = [item for item in present if item not in items]
            case _:
                return
        self.variables[name] = ";".join(present)[:MAX_VALUE]

    def _file(self, values: list[str]) -> None:
        """`file(GLOB SOURCES src/*.cpp)`: the patterns stand for the files."""
        if values[0] in {"GLOB", "GLOB_RECURSE"} and len(values) > 2:
            patterns = [
                v for i, v in enumerate(values) if i > 1 and v not in _GLOB_WORDS and values[i - 1] != "RELATIVE"
            ]
            self._assign(values[1], ";".join(patterns))

    def _string(self, values: list[str]) -> None:
        match values:
            case ["TOLOWER", text, name]:
                self._assign(name, text.lower())
            case ["TOUPPER", text, name]:
                self._assign(name, text.upper())
            case ["REPLACE", old, new, name, *texts] if old:
                self._assign(name, "".join(texts).replace(old, new))

    def _filename(self, values: list[str]) -> None:
        name, path, *mode = values
        pure = PurePosixPath(path)
        if "${" not in path and mode:
            known = {"NAME": pure.name, "NAME_WE": pure.name.split(".")[0], "NAME_WLE": pure.stem}
            if mode[0] in known:
                self._assign(name, known[mode[0]])

    def _parse_arguments(self, values: list[str]) -> None:
        """`cmake_parse_arguments(PREFIX options one multi args...)` sets PREFIX_KEY for each key."""
        if values[0] == "PARSE_ARGV" and len(values) > 2:
            values = [values[2], *values[3:6], *self.variables.get("ARGN", "").split(";")]
        if len(values) < 4:
            return
        prefix, options, one, multi, *arguments = values
        one_keys, multi_keys = (set(filter(None, keys.split(";"))) for keys in (one, multi))
        found: dict[str, list[str]] = {}
        key = ""
        for argument in arguments:
            if argument in one_keys or argument in multi_keys or argument in options.split(";"):
                key = argument
                found.setdefault(key, [])
            elif key in multi_keys or (key in one_keys and not found[key]):
                found[key].append(argument)
        for name in one_keys | multi_keys:
            self.variables[f"{prefix}_{name}"] = ";".join(found.get(name, []))

    def _project(self, values: list[str]) -> None:
        name = values[0]
        version = values[values.index("VERSION") + 1] if "VERSION" in values[:-1] else ""
        self.variables |= {"PROJECT_NAME": name, "PROJECT_VERSION": version, f"{name}_VERSION": version}
        self.variables.setdefault("CMAKE_PROJECT_NAME", name)
        for place in ("SOURCE_DIR", "BINARY_DIR"):
            self.variables[f"{name}_{place}"] = self.variables.get(f"CMAKE_CURRENT_{place}", "")


def _end_of_block(commands: Sequence[Command], index: int, opening: str) -> int:
    """Index of the command that closes the block opened before `index`; the end where nothing does."""
    depth = 1
    for position in range(index, len(commands)):
        if commands[position].name == opening:
            depth += 1
        elif commands[position].name == _BLOCKS[opening]:
            depth -= 1
            if depth == 0:
                return position
    return len(commands)


def _items(values: list[str], variables: dict[str, str]) -> Iterator[str]:
    """What a `foreach` goes through: plain items, `IN ITEMS`, `IN LISTS`, `RANGE`."""
    if values[:1] == ["RANGE"]:
        numbers = [int(value) for value in values[1:4] if value.isdecimal() and len(value) < 6]
        if len(numbers) == len(values) - 1 and numbers:
            start, stop, *step = numbers if len(numbers) > 1 else [0, *numbers]
            yield from map(str, range(start, stop + 1, (step or [1])[0] or 1))
        return
    lists = False
    for value in values[1:] if values[:1] == ["IN"] else values:
        if value in {"LISTS", "ITEMS"}:
            lists = value == "LISTS"
        elif lists:
            yield from filter(None, variables.get(value, "").split(";"))
        else:
            yield value
