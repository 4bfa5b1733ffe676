"""Code that nobody wrote: plausible projects of invented names, without end, the same for the same seed.

A base model that is to copy names out of evidence has to see names that it cannot know. The evidence of
training samples borrows a few of them as distractors.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from codeanvil.facts.model import (
    BuildFacts,
    Dependency,
    FileFacts,
    LanguageShare,
    Option,
    Stack,
    Symbol,
    SymbolKind,
    Target,
)
from codeanvil.samples.draw import Draw
from codeanvil.samples.evidence import symbol_facts
from codeanvil.samples.model import ProjectView

_DECOYS = 48
_EXTENSIONS = {"python": (".py",), "cpp": (".h", ".hpp", ".h", ".hpp", ".cpp", ".cc")}
_CAPITALS = "ABCDEFGHIKLMNPQRSTVWX"


@cache
def _vocabulary() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text("utf-8"))


def invented_project(seed: int) -> list[FileFacts]:
    """A small project of one to six files, in Python's style or in that of C++."""
    draw = Draw("invented", str(seed))
    writer = _Writer(draw, "python" if draw.chance(0.5) else "cpp")
    return [writer.file() for _ in range(1 + draw.below(6))]


def invented_view(seed: int) -> ProjectView:
    """The build and the stack of an invented project."""
    draw = Draw("invented build", str(seed))
    writer = _Writer(draw, "cpp" if draw.chance(0.6) else "python")
    return writer.project()


@cache
def decoys() -> tuple[str, ...]:
    """Evidence blocks of invented symbols, the same in every process."""
    blocks: list[str] = []
    seed = 0
    while len(blocks) < _DECOYS:
        for file in invented_project(-1 - seed):
            blocks += [symbol_facts(s) for s in file.symbols if s.is_type or s.kind == "function"]
        seed += 1
    return tuple(blocks[:_DECOYS])


@dataclass
class _Writer:
    """Writes one project; remembers its types, so that they derive from each other."""

    draw: Draw
    lang: str

    def __post_init__(self) -> None:
        self.types: list[str] = []
        self.scope = "" if self.lang == "python" or self.draw.chance(0.5) else self.word()
        self.folders = [self.pick("folders") for _ in range(1 + self.draw.below(3))]

    def pick(self, key: str) -> str:
        choice: str = self.draw.choice(_vocabulary()[key])
        return choice

    def word(self) -> str:
        """A noun, or syllables that look like one."""
        if self.draw.chance(0.5):
            return self.pick("nouns")
        return "".join(self.pick("syllables") for _ in range(2 + self.draw.below(2)))

    def type_name(self) -> str:
        """A name in CamelCase, now and then with capitals (`XMLReader`), a number or an underscore before it."""
        if self.draw.chance(0.1):
            capitals = "".join(self.draw.choice(_CAPITALS) for _ in range(2 + self.draw.below(3)))
            return capitals + self.pick("roles")
        if self.draw.chance(0.06):
            return f"{self.word().capitalize()}{1 + self.draw.below(99)}"
        if self.lang == "python" and self.draw.chance(0.05):
            return f"_{self.word().capitalize()}"
        role = self.pick("roles") if self.draw.chance(0.7) else self.word().capitalize()
        return (
            self.word().capitalize() + (self.pick("adjectives").capitalize() if self.draw.chance(0.15) else "") + role
        )

    def function_name(self) -> str:
        parts = [self.pick("verbs")]
        parts += [self.word() for _ in range(self.draw.below(3) if self.draw.chance(0.8) else 0)]
        if self.lang == "python":
            return ("_" if self.draw.chance(0.08) else "") + "_".join(parts)
        if self.draw.chance(0.2):
            return "_".join(parts)
        name = "".join(part.capitalize() for part in parts)
        return name if self.draw.chance(0.4) else name[0].lower() + name[1:]

    def sentence(self) -> str:
        text = self.pick("docs")
        for slot, make in _SLOTS.items():
            while slot in text:
                text = text.replace(slot, make(self), 1)
        return text

    def signature(self, name: str, owner: str = "") -> str:
        parameters = [self.word() for _ in range(self.draw.below(4))]
        parameters = list(dict.fromkeys(parameters))
        if self.lang == "python":
            inner = [f"{p}: {self.pick('hints')}" if self.draw.chance(0.7) else p for p in parameters]
            result = "" if name == "__init__" else f" -> {self.pick('hints')}" if self.draw.chance(0.6) else ""
            return f"def {name}({', '.join((['self'] if owner else []) + inner)}){result}"
        inner = [f"{self.pick('types')} {p}" for p in parameters]
        result = "" if name == owner else "void " if self.draw.chance(0.5) else f"{self.pick('types')} "
        return f"{result}{name}({', '.join(inner)})"

    def file(self) -> FileFacts:
        """One file of types and functions."""
        folder = "/".join(self.folders[: 1 + self.draw.below(len(self.folders))])
        stem = "_".join(self.word() for _ in range(1 + self.draw.below(2)))
        names = [self.type_name() for _ in range(self.draw.below(4))]
        if self.lang == "cpp" and names and self.draw.chance(0.7):
            stem = names[0]
        path = f"{folder}/{stem}{self.draw.choice(_EXTENSIONS[self.lang])}"
        symbols: list[Symbol] = []
        line = 3 + self.draw.below(20)
        for name in dict.fromkeys(names):
            made = self.type(name, path, line)
            symbols += made
            line = made[0].end + 2 + self.draw.below(5)
        for _ in range(self.draw.below(4) if names else 1 + self.draw.below(4)):
            symbols.append(self.function(path, line))
            line = symbols[-1].end + 3
        return FileFacts(
            path, self.lang, sha256(path.encode()).hexdigest(), line, tuple(symbols),
            doc=self.sentence() if self.draw.chance(0.5) else "",
        )  # fmt: skip

    def type(self, name: str, path: str, line: int) -> list[Symbol]:
        """A type, then its members."""
        methods = dict.fromkeys(self.function_name() for _ in range(self.draw.below(7)))
        bases = self.draw.shuffled(self.types)[: 1 + self.draw.below(2)] if self.draw.chance(0.6) else []
        if self.draw.chance(0.15):
            bases.append(self.type_name())
        self.types.append(name)
        qualified = f"{self.scope}.{name}" if self.scope else name
        kind: SymbolKind = "struct" if self.lang == "cpp" and self.draw.chance(0.25) else "class"
        members = []
        at = line + 1
        constructor = "__init__" if self.lang == "python" else name
        for method in [*([constructor] if self.draw.chance(0.5) else []), *methods]:
            members.append(
                Symbol(
                    "constructor" if method == constructor else "method",
                    self.lang,
                    method,
                    qualified,
                    f"{qualified}.{method}",
                    path,
                    at,
                    at + 1 + self.draw.below(9),
                    decl=self.lang == "cpp",
                    doc=self.sentence() if self.draw.chance(0.4) else "",
                    signature=self.signature(method, name),
                )
            )
            at = members[-1].end + 1
        return [
            Symbol(
                kind, self.lang, name, self.scope, qualified, path, line, at, tuple(bases), tuple(methods),
                doc=self.sentence() if self.draw.chance(0.75) else "", signature=f"{kind} {name}",
            ),
            *members,
        ]  # fmt: skip

    def function(self, path: str, line: int) -> Symbol:
        """A free function."""
        name = self.function_name()
        return Symbol(
            "function", self.lang, name, self.scope, f"{self.scope}.{name}" if self.scope else name, path, line,
            line + 2 + self.draw.below(20), doc=self.sentence() if self.draw.chance(0.7) else "",
            signature=self.signature(name),
        )  # fmt: skip

    def project(self) -> ProjectView:
        """A build file and what the project is made of."""
        return _project(self)


_SLOTS: dict[str, Callable[["_Writer"], str]] = {
    "<Verbs>": lambda w: _third(w.pick("verbs")).capitalize(),
    "<verbs>": lambda w: _third(w.pick("verbs")),
    "<nouns>": lambda w: _third(w.word()),
    "<a noun>": lambda w: _article(w.word()),
    "<noun>": lambda w: w.word(),
    "<an adj>": lambda w: _article(w.pick("adjectives")),
    "<An adj>": lambda w: _article(w.pick("adjectives")).capitalize(),
    "<Adj>": lambda w: w.pick("adjectives").capitalize(),
    "<adj>": lambda w: w.pick("adjectives"),
}


def _third(word: str) -> str:
    """`pass` as passes, `carry` as carries, `load` as loads: also the plural of a noun."""
    if word.endswith(("s", "x", "sh", "ch", "z")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' and not word.startswith(('uni', 'use')) else 'a'} {word}"


def _project(writer: _Writer) -> ProjectView:
    draw, name = writer.draw, writer.word()
    version = f"{draw.below(9)}.{draw.below(20)}.{draw.below(10)}"
    needs = dict.fromkeys(writer.word() for _ in range(draw.below(5)))
    cmake = writer.lang == "cpp"
    dependencies = tuple(
        Dependency(
            need, "" if draw.chance(0.4) else (f"{draw.below(9)}.{draw.below(9)}" if cmake else f">={draw.below(9)}")
        )
        for need in needs
    )
    targets = tuple(
        Target(
            target, draw.choice(("executable", "library", "test") if cmake else ("script",)), 9 + 4 * i,
            tuple(f"src/{writer.word()}.cpp" for _ in range(draw.below(3))) if cmake else (),
            tuple(draw.shuffled(list(needs))[: draw.below(2)]) if cmake else (),
        )
        for i, target in enumerate(dict.fromkeys(writer.word() for _ in range(1 + draw.below(3))))
    )  # fmt: skip
    options = tuple(
        Option(f"{name.upper()}_{writer.word().upper()}", draw.choice(("ON", "OFF")), 30 + i, writer.sentence())
        for i in range(draw.below(3) if cmake else 0)
    )
    commands = (
        (("configure", "cmake -S . -B build"), ("build", "cmake --build build"), ("test", "ctest --test-dir build"))
        if cmake
        else (("install", "pip install ."), ("test", "pytest"))
    )
    folder = "" if draw.chance(0.7) else writer.pick("folders")
    path = "CMakeLists.txt" if cmake else "pyproject.toml"
    build = BuildFacts(
        "cmake" if cmake else "pyproject", f"{folder}/{path}" if folder else path, folder, "", name, version,
        f"3.{10 + draw.below(20)}" if cmake else f">=3.{8 + draw.below(6)}",
        draw.choice(("C++11", "C++14", "C++17", "C++20")) if cmake else "",
        ("CXX",) if cmake else (), targets, options, dependencies, (), commands,
    )  # fmt: skip
    folders = tuple(
        (f, f"{draw.choice(('sources', 'tests', 'headers', 'tools'))}") for f in dict.fromkeys(writer.folders)
    )
    main = LanguageShare(writer.lang, 3 + draw.below(90), 4000, 1.0)
    entry = f"{writer.folders[0]}/{writer.word()}{'.cpp' if cmake else '.py'}"
    stack = Stack((main,), dependencies, (), folders, ((entry, 1, "main"),))
    types = tuple((writer.type_name(), 20 - i) for i in range(3))
    return ProjectView(name, (build,), stack, {}, types)
