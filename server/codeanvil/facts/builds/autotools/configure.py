"""Build facts of a `configure.ac`."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from codeanvil.facts.builds.autotools.m4 import Macro, Script, spelled_out
from codeanvil.facts.builds.autotools.options import option_of
from codeanvil.facts.builds.documents import (
    BUILD_GROUP,
    MAX_SCRIPT_BYTES,
    UnreadableError,
    begin,
    check_size,
    ordered,
    unread,
)
from codeanvil.facts.builds.make.flags import SYSTEM_LIBRARIES
from codeanvil.facts.model import BuildFacts, Dependency, Option
from codeanvil.facts.text import decode

CONFIGURE = "autoreconf --install && ./configure"

_LANGUAGES = {
    "AC_PROG_CC": "C", "AC_PROG_CXX": "CXX", "AC_PROG_FC": "Fortran", "AC_PROG_F77": "Fortran", "AC_PROG_OBJC": "OBJC",
    "AC_PROG_CC_C99": "C", "AC_PROG_GO": "Go",
}  # fmt: skip
_TOOLS = {
    "AM_INIT_AUTOMAKE": "automake", "LT_PREREQ": "libtool", "AM_GNU_GETTEXT_VERSION": "gettext",
    "AM_GNU_GETTEXT_REQUIRE_VERSION": "gettext", "GTK_DOC_CHECK": "gtk-doc", "IT_PROG_INTLTOOL": "intltool",
    "PKG_PROG_PKG_CONFIG": "pkg-config", "AX_BOOST_BASE": "boost", "AM_PATH_PYTHON": "python",
}  # fmt: skip
"""Macros with the version of a tool or library, which they ask for."""

_NO_BUILD_TOOLS = frozenset({"boost", "python"})
_MODULE = re.compile(r"(?<![\w.+${(-])([A-Za-z][\w.+-]*)(?![\w.+$-])\s*(?:(>=|<=|=|>|<)\s*([\w.$(){}+-]+))?")
_ASSIGNED = re.compile(r"^[ \t]*([A-Za-z_]\w*)=[\"']?([\w.+-]+)[\"']?[ \t]*$", re.MULTILINE)
_SHELL_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_NUMBER = re.compile(r"\d[\w.]*")
_NAME = re.compile(r"[\w][\w .+/-]*\Z")
_STANDARD = re.compile(r"AX_CXX_COMPILE_STDCXX(?:_(\d\d))?\Z")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `configure.ac` at `path` says; `minimum` is the oldest Autoconf.

    Never raises: what cannot be read is told in `problem`.
    """
    facts = begin("autotools", path, source)
    try:
        check_size(source, MAX_SCRIPT_BYTES)
    except UnreadableError as error:
        return unread(facts, "Autoconf", error)
    text = decode(source)
    script = Script(text)
    reader = _Reader(text)
    for macro in script.macros:
        reader.take(macro)
    facts = reader.finish(facts)
    return unread(facts, "Autoconf", script.problem) if script.problem else facts


class _Reader:
    """Gathers facts from the macros of one file."""

    def __init__(self, text: str) -> None:
        self.name = self.version = self.minimum = self.standard = ""
        self.languages: dict[str, None] = {}
        self.options: dict[str, Option] = {}
        self.dependencies: dict[str, Dependency] = {}
        self.subfolders: dict[str, None] = {}
        self.automake = False
        self._defined: dict[str, str] = {}
        self._assigned = dict(_ASSIGNED.findall(text))
        self._takers: dict[str, Callable[[Macro], None]] = {
            "m4_define": self._define,
            "AC_INIT": self._init,
            "AC_PREREQ": self._prerequisite,
            "AC_CONFIG_FILES": self._files,
            "AC_OUTPUT": self._files,
            "AC_CONFIG_SUBDIRS": self._folders,
            "PKG_CHECK_MODULES": lambda macro: self._modules(macro[1], macro.line),
            "PKG_CHECK_EXISTS": lambda macro: self._modules(macro[0], macro.line),
            "AC_CHECK_LIB": lambda macro: self._library(macro[0], macro.line),
            "AC_SEARCH_LIBS": lambda macro: self._library("".join(macro[1].split()[:1]), macro.line),
        }

    def take(self, macro: Macro) -> None:
        if macro.name in _LANGUAGES:
            self.languages[_LANGUAGES[macro.name]] = None
        elif match := _STANDARD.match(macro.name):
            number = match[1] or macro[0]
            self.standard = self.standard or (f"C++{number}" if number.isdecimal() else "")
        elif option := option_of(macro):
            self.options.setdefault(option.name, option)
        elif taker := self._takers.get(macro.name):
            taker(macro)
        if macro.name in _TOOLS:
            self._tool(macro)

    def finish(self, facts: BuildFacts) -> BuildFacts:
        installs = self.automake
        commands = {"configure": CONFIGURE, "build": "make"} | ({"install": "make install"} if installs else {})
        return replace(
            facts,
            name=self.name,
            version=self.version,
            minimum=self.minimum,
            standard=self.standard,
            languages=tuple(self.languages),
            options=tuple(self.options.values()),
            dependencies=tuple(self.dependencies.values()),
            subfolders=tuple(self.subfolders),
            commands=ordered(commands) if self.name or self.subfolders or self.automake else (),
            installs=installs,
        )

    def _value(self, text: str) -> str:
        """`text` with what `m4_define` gave a name, as far as nothing else is in it; '' where it stays unknown."""
        value = _expanded(text, self._defined) if text in self._defined or "m4_" not in text else ""
        return value if _NAME.match(value) else ""

    def _define(self, macro: Macro) -> None:
        if macro[0] and macro[1]:
            self._defined[macro[0]] = _expanded(macro[1], self._defined)

    def _init(self, macro: Macro) -> None:
        # With one argument it is a form of long ago: the argument is a source file.
        if len(macro.arguments) > 1 and not self.name:
            self.name, self.version = self._value(macro[0]), self._value(macro[1])

    def _prerequisite(self, macro: Macro) -> None:
        if number := _NUMBER.match(macro[0]):
            self.minimum = number[0]

    def _tool(self, macro: Macro) -> None:
        if macro.name == "AM_INIT_AUTOMAKE":
            self.automake = True
            if len(macro.arguments) > 1 and not self.name:
                self.name, self.version = self._value(macro[0]), self._value(macro[1])
                return
        number = next(filter(None, map(_NUMBER.match, macro[0].split())), None)
        if number and number.end() > 1:
            tool = _TOOLS[macro.name]
            group = "" if tool in _NO_BUILD_TOOLS else BUILD_GROUP
            self._depend(Dependency(tool, f">={number[0]}", macro.line, group))

    def _files(self, macro: Macro) -> None:
        for file in macro[0].split():
            made = file.split(":")[0]
            if posixpath.basename(made).startswith(("Makefile", "GNUmakefile")):
                self._folder(posixpath.dirname(made))

    def _folders(self, macro: Macro) -> None:
        for folder in macro[0].split():
            self._folder(folder)

    def _folder(self, folder: str) -> None:
        folder = posixpath.normpath(folder or ".")
        if folder != "." and not folder.startswith(("/", "..")) and "$" not in folder:
            self.subfolders[folder] = None

    def _modules(self, text: str, line: int) -> None:
        text = _SHELL_VARIABLE.sub(lambda match: self._assigned.get(match[1], match[0]), _expanded(text, self._defined))
        for match in _MODULE.finditer(text):
            version = f"{match[2]}{match[3]}" if match[2] and "$" not in match[3] else ""
            self._depend(Dependency(match[1], version, line))

    def _library(self, name: str, line: int) -> None:
        if _MODULE.fullmatch(name) and name not in SYSTEM_LIBRARIES:
            self._depend(Dependency(name, "", line))

    def _depend(self, dependency: Dependency) -> None:
        known = self.dependencies.get(dependency.name)
        if known is None or (dependency.version and not known.version):
            self.dependencies[dependency.name] = replace(dependency, line=known.line if known else dependency.line)


def _expanded(text: str, defined: dict[str, str]) -> str:
    """`text` with defined names in place of words, without the quotes between them; at most 1,000 characters."""
    words: Iterator[str] = (defined.get(word, word) for word in re.split(r"(\w+)", spelled_out(text)))
    return "".join(words).replace("[", "").replace("]", "")[:1000].strip()
