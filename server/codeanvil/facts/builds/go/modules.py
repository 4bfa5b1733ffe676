"""Build facts of a `go.mod` or `go.work`.

After https://go.dev/ref/mod#go-mod-file
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, ordered, unread
from codeanvil.facts.model import BuildFacts, Dependency
from codeanvil.facts.text import decode

INDIRECT = "indirect"
"""Group of modules that only other modules need."""

MOST_MODULES = 20
"""Modules of a workspace that commands name one by one."""

_WORD = re.compile(r'"[^"\n]*"|`[^`\n]*`|//[^\n]*|[()]|=>|[^\s()"`]+')
_VERSION = re.compile(r"\d+(?:\.\w+)*\Z")
_DIRECTIVES = frozenset(
    {"module", "go", "toolchain", "godebug", "require", "exclude", "replace", "retract", "tool", "use", "ignore"}
)


@dataclass(frozen=True, slots=True)
class _Directive:
    """`verb words // comment`; those in a block each have its verb. The verb "(" tells of a block that is left open."""

    verb: str
    words: tuple[str, ...]
    line: int
    comment: str


def read(path: str, source: bytes) -> BuildFacts:
    """What the `go.mod` at `path` says; `minimum` is the oldest Go. Never raises: problems are told in `problem`."""
    facts, directives = _read(path, source, "go.mod")
    named: dict[str, Dependency] = {}
    name = minimum = ""
    for each in directives:
        match each.verb, each.words:
            case "module", (module, *_):
                name = name or module
            case "go", (version, *_) if _VERSION.match(version):
                minimum = minimum or version
            case "require", (module, version) if module:
                group = INDIRECT if each.comment.split(";")[0].strip() == INDIRECT else ""
                named.setdefault(module, Dependency(module, version, each.line, group))
            case "tool", (package,) if package:
                named.setdefault(package, Dependency(package, "", each.line, "tool"))
            case "replace", (module, *rest) if "=>" in rest and (known := named.get(module)):
                instead = " ".join(rest[rest.index("=>") + 1 :])
                named[module] = replace(known, version=f"replaced by {instead}") if instead else known
            case _:
                pass
    commands = {"build": "go build ./...", "test": "go test ./..."} if name else {}
    return replace(
        facts,
        name=name,
        minimum=minimum,
        languages=("Go",),
        dependencies=tuple(sorted(named.values(), key=lambda dependency: dependency.line)),
        commands=ordered(commands),
    )


def read_workspace(path: str, source: bytes) -> BuildFacts:
    """What the `go.work` at `path` says. Never raises: problems are told in `problem`."""
    facts, directives = _read(path, source, "go.work")
    folders: dict[str, None] = {}
    minimum = ""
    for each in directives:
        if each.verb == "use" and each.words:
            folders[posixpath.normpath(each.words[0])] = None
        elif each.verb == "go" and each.words and _VERSION.match(each.words[0]):
            minimum = minimum or each.words[0]
    packages = [
        f"./{folder}/..." if folder != "." else "./..." for folder in folders if not folder.startswith(("/", ".."))
    ]
    everything = " ".join(packages[:MOST_MODULES])
    return replace(
        facts,
        minimum=minimum,
        languages=("Go",),
        subfolders=tuple(folder for folder in folders if folder != "."),
        commands=ordered({"build": f"go build {everything}", "test": f"go test {everything}"} if packages else {}),
    )


def _read(path: str, source: bytes, kind: str) -> tuple[BuildFacts, list[_Directive]]:
    facts = begin("go", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, kind, error), []
    directives = list(_directives(decode(source)))
    if wrong := next((each for each in directives if each.verb not in _DIRECTIVES), None):
        what = "the block is not closed" if wrong.verb == "(" else f"{wrong.verb[:30]!r} is no directive"
        facts = unread(facts, kind, f"line {wrong.line}: {what}")
    # Replacements may stand before what they replace.
    return facts, sorted(directives, key=lambda each: each.verb == "replace")


def _directives(text: str) -> Iterator[_Directive]:
    block, opened = "", 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        words = _WORD.findall(line)
        comment = words.pop()[2:].strip() if words and words[-1].startswith("//") else ""
        words = [word[1:-1] if word[0] in '"`' and len(word) > 1 else word for word in words]
        if block and words[:1] == [")"]:
            block = ""
        elif not block and words[1:2] == ["("]:
            block, opened = words[0], number
            if words[2:]:  # `use ( ./a )` on one line, or an empty block
                inside = [word for word in words[2:] if word != ")"]
                block = "" if ")" in words else block
                if inside:
                    yield _Directive(words[0], tuple(inside), number, comment)
        elif words:
            verb, *rest = [block, *words] if block else words
            yield _Directive(verb, tuple(rest), number, comment)
    if block:
        yield _Directive("(", (), opened, "")
