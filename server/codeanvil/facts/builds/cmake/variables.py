"""The variables of one CMake file: what commands like `set` and `list` do to them, and putting values in place.

Conditions are not decided, since they depend on a machine: both branches count, and the first value that a
conditional gives to a variable stands. Variables that other files set stay as written, `${LIKE_THIS}`.
"""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from codeanvil.facts.builds.cmake.syntax import Argument, unescaped

MAX_VALUE = 50_000
"""Characters of a variable's value; doubling ones would fill the memory."""

MAX_NESTING = 20
"""Times that a value is looked through for variables again."""

_VARIABLE = re.compile(r"\$\{([\w./+-]+)\}")
_LIST = re.compile(r"(?<!\\);")
_GLOB_WORDS = frozenset({"CONFIGURE_DEPENDS", "LIST_DIRECTORIES", "RELATIVE", "FOLLOW_SYMLINKS", "true", "false"})


class _Branches:
    """One `if`: what its earlier branches and the present one have set."""

    def __init__(self) -> None:
        self.earlier: set[str] = set()
        self.present: set[str] = set()

    def next(self) -> None:
        self.earlier |= self.present
        self.present = set()


class Variables:
    """What is known of the variables at one place of a file. `work` counts the characters and names gone through."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.work = 0
        self._branches: list[_Branches] = []
        self._commands: dict[str, tuple[int, Callable[[list[str]], None]]] = {
            "set": (1, self._set),
            "unset": (1, self._unset),
            "list": (3, self._list),
            "file": (3, self._file),
            "string": (3, self._string),
            "get_filename_component": (3, self._filename),
            "aux_source_directory": (2, lambda values: self._assign(values[1], f"{values[0]}/*")),
            "cmake_parse_arguments": (4, self._parse_arguments),
        }

    def takes(self, command: str) -> bool:
        """Whether a command does nothing but write variables."""
        return command in self._commands

    def take(self, command: str, values: list[str]) -> None:
        """Do what a command that `takes` knows does to the variables; nothing where arguments are missing."""
        needed, handler = self._commands[command]
        if len(values) >= needed:
            handler(values)

    def expand(self, arguments: tuple[Argument, ...]) -> list[str]:
        """The values that arguments come to: variables put in place, lists split."""
        values: list[str] = []
        for argument in arguments:
            self.work += len(argument.text)
            if argument.raw:
                values.append(argument.text)
                continue
            text = unescaped(self._substitute(argument.text))
            values += [text] if argument.quoted else [part for part in _LIST.split(text) if part]
        return [value.replace("\\;", ";") for value in values]

    def branch(self, word: str) -> None:
        """Note an `if`, `elseif`, `else` or `endif`."""
        if word == "if":
            self._branches.append(_Branches())
        elif self._branches and word == "endif":
            done = self._branches.pop()
            done.next()
            if self._branches:
                self.work += len(done.earlier)
                self._branches[-1].present |= done.earlier
        elif self._branches:
            self._branches[-1].next()

    def leave_branches(self) -> list[_Branches]:
        """Forget the open branches, for the body of a loop or function; they are given back to `return_to`."""
        branches, self._branches = self._branches, []
        return branches

    def return_to(self, branches: list[_Branches]) -> None:
        """Be among `branches` again."""
        self._branches = branches

    def project(self, values: list[str]) -> None:
        """What `project(NAME VERSION 1.0)` sets."""
        name = values[0]
        version = values[values.index("VERSION") + 1] if "VERSION" in values[:-1] else ""
        self.values |= {"PROJECT_NAME": name, "PROJECT_VERSION": version, f"{name}_VERSION": version}
        self.values.setdefault("CMAKE_PROJECT_NAME", name)
        for place in ("SOURCE_DIR", "BINARY_DIR"):
            self.values[f"{name}_{place}"] = self.values.get(f"CMAKE_CURRENT_{place}", "")

    def _substitute(self, text: str) -> str:
        for _ in range(MAX_NESTING):
            if "${" not in text:
                break
            expanded = self._substitute_once(text)
            if expanded == text:
                break
            text = expanded
        return text

    def _substitute_once(self, text: str) -> str:
        """At most `MAX_VALUE` characters, and no more than that is ever put together."""
        pieces: list[str] = []
        size = end = 0
        for match in _VARIABLE.finditer(text):
            value = self.values.get(match[1], match[0])
            pieces += (text[end : match.start()], value)
            size += match.start() - end + len(value)
            end = match.end()
            if size > MAX_VALUE:
                break
        pieces.append(text[end : end + MAX_VALUE])
        expanded = "".join(pieces)[:MAX_VALUE]
        self.work += len(expanded)
        return expanded

    def _assign(self, name: str, value: str) -> None:
        if self._branches:
            self.work += len(self._branches)
            if any(name in branches.earlier for branches in self._branches):
                return
            self._branches[-1].present.add(name)
        self.values[name] = value[:MAX_VALUE]

    def _set(self, values: list[str]) -> None:
        name, *rest = values
        if "CACHE" in rest:
            self.values.setdefault(name, ";".join(rest[: rest.index("CACHE")])[:MAX_VALUE])
        elif not name.startswith("ENV{"):
            self._assign(name, ";".join(value for value in rest if value != "PARENT_SCOPE"))

    def _unset(self, values: list[str]) -> None:
        self.values.pop(values[0], None)

    def _list(self, values: list[str]) -> None:
        operation, name, *items = values
        known = self.values.get(name, "")
        self.work += len(known)
        present = [item for item in known.split(";") if item]
        match operation:
            case "APPEND":
                present += items
            case "PREPEND":
                present = items + present
            case "REMOVE_ITEM":
                removed = set(items)
                present = [item for item in present if item not in removed]
            case _:
                return
        self.values[name] = ";".join(present)[:MAX_VALUE]

    def _file(self, values: list[str]) -> None:
        """`file(GLOB SOURCES src/*.cpp)`: the patterns stand for the files."""
        if values[0] in {"GLOB", "GLOB_RECURSE"}:
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
                self._replace(old, new, name, "".join(texts))

    def _replace(self, old: str, new: str, name: str, text: str) -> None:
        """Nothing where the outcome would be longer than a value may be."""
        self.work += len(text)
        if len(text) + text.count(old) * len(new) <= 2 * MAX_VALUE:
            self._assign(name, text.replace(old, new))

    def _filename(self, values: list[str]) -> None:
        name, path, mode, *_ = values
        if "${" not in path:
            pure = PurePosixPath(path)
            known = {"NAME": pure.name, "NAME_WE": pure.name.split(".")[0], "NAME_WLE": pure.stem}
            if mode in known:
                self._assign(name, known[mode])

    def _parse_arguments(self, values: list[str]) -> None:
        """`cmake_parse_arguments(PREFIX options one multi args...)` sets PREFIX_KEY for each key."""
        if values[0] == "PARSE_ARGV":
            values = [values[2], *values[3:6], *self.values.get("ARGN", "").split(";")]
        if len(values) < 4:
            return
        prefix, options, one, multi, *arguments = values
        one_keys, multi_keys, flags = (set(filter(None, keys.split(";"))) for keys in (one, multi, options))
        found: dict[str, list[str]] = {}
        key = ""
        for argument in arguments:
            if argument in one_keys or argument in multi_keys or argument in flags:
                key = argument
                found.setdefault(key, [])
            elif key in multi_keys or (key in one_keys and not found[key]):
                found[key].append(argument)
        for name in one_keys | multi_keys:
            self.values[f"{prefix}_{name}"] = ";".join(found.get(name, []))[:MAX_VALUE]
