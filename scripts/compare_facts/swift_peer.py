"""Swift definitions by keywords and brackets alone, since no other parser of Swift comes from the registries.

It knows less than a parser and nothing of ours: comments and strings are blanked, then declarations are told by their
keyword, and what encloses them by the brackets around.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scripts.compare_facts.definition import Definition, Findings

_NO_CODE = re.compile(r'#?"""(?:[^\\]|\\.)*?"""#?|"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TOKEN = re.compile(
    r"""(?<![.\w`])(?:
        (?P<type>class|struct|enum|protocol|actor|extension)\s+(?!(?:func|var|let|subscript|override)\b)
            (?P<typed>`?[\w.]+`?)(?P<header>[^{}]*)
        | func\s+(?P<func>`[^`]+`|\w+|[^\s\w(]+)
        | (?P<keyword>init(?=[?!]?\s*[<(])|deinit(?=\s*\{)|subscript(?=\s*[<(]))
        | (?:var|let)\s+(?P<property>`?\w+`?)
    ) | (?P<bracket>[(){}\[\]])""",
    re.VERBOSE,
)
_MODIFIERS = re.compile(r"\s*(?:(?:@\w+(?:\([^()]*\))?|[a-z]\w*(?:\([a-z]+\))?)\s+)*")
_BINDING = re.compile(r"(?:\b(?:if|guard|while|case|for|catch)\b|,\s*$)[^{}\n]*")
_ARGUMENTS = re.compile(r"<[^<>]*>")


@dataclass(slots=True)
class _Frame:
    """What a bracket encloses: `name` adds to the scope; `owner` says that it holds members of a type.

    `depth` is how many round and square brackets are open around, `waiting` what still waits for its own bracket.
    """

    name: str = ""
    owner: bool = False
    depth: int = 0
    waiting: "_Frame | None" = None


def found(root: Path, paths: Sequence[str], language: str) -> Findings:  # noqa: ARG001
    """What the files define. Members and bases of extensions go to their type where that is in the same file."""
    definitions: list[Definition] = []
    for path in paths:
        text = (root / path).read_bytes().decode("utf-8-sig", errors="replace")
        definitions += _joined_types(list(_definitions(_NO_CODE.sub(_blank, text), path)))
    return Findings([each for each in definitions if each.name])


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _definitions(text: str, path: str) -> Iterator[Definition]:
    """In source order; an extension is a type without a name in the scope of its type."""
    frames: list[_Frame] = []
    pending: _Frame | None = None
    depth = 0
    position = 0
    while token := _TOKEN.search(text, position):
        position = token.end("typed") if token["type"] else token.end()
        scope = ".".join(frame.name for frame in frames if frame.name)
        line = text.count("\n", 0, token.start(token.lastgroup or 0)) + 1
        before = text[text.rfind("\n", 0, token.start()) + 1 : token.start()]
        if bracket := token["bracket"]:
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(bracket, 0)
            if bracket == "{":
                opens = pending if pending and pending.depth == depth else None
                frames.append(replace(opens or _Frame(waiting=pending), depth=depth))
                pending, depth = None, 0
            elif bracket == "}" and frames:
                closed = frames.pop()
                pending, depth = closed.waiting, closed.depth
        elif token["type"]:
            name = token["typed"].strip("`")
            pending = _Frame(name, owner=True, depth=depth)
            bases = tuple(_bases(token["header"]))
            line = text.count("\n", 0, token.start("typed")) + 1
            if token["type"] == "extension":
                yield Definition("type", "", f"{scope}.{name}" if scope else name, path, line, bases)
            else:
                yield Definition("type", name, scope, path, line, bases)
        elif token["property"]:
            if not _BINDING.search(before):
                pending = _Frame(token["property"].strip("`"), depth=depth)
        elif token["func"] or _MODIFIERS.fullmatch(before):
            name = (token["func"] or token["keyword"]).strip("`")
            pending = _Frame(name, depth=depth)
            line = text.count("\n", 0, token.start("func" if token["func"] else "keyword")) + 1
            yield Definition("method" if frames and frames[-1].owner else "function", name, scope, path, line)


def _bases(header: str) -> Iterator[str]:
    """Simple names in `<T>: A, @unchecked B<C> & M.D, ~E where T: F`."""
    while header != (less := _ARGUMENTS.sub("", header)):
        header = less
    clause = re.split(r"\bwhere\b", header.partition(":")[2])[0] if header.lstrip().startswith(":") else ""
    for base in re.split(r"[,&]", clause):
        name = re.sub(r"@\w+", "", base).strip().rpartition(".")[2]
        if re.fullmatch(r"\w+", name):
            yield name


def _joined_types(definitions: list[Definition]) -> list[Definition]:
    bases: dict[str, list[str]] = {}
    methods: dict[str, dict[str, None]] = {}
    for each in definitions:
        if each.group == "type" and not each.name:
            bases.setdefault(each.scope, []).extend(each.bases or ())
        elif each.group == "method":
            methods.setdefault(each.scope, {})[each.name] = None
    for index, each in enumerate(definitions):
        if each.group == "type" and each.name:
            inside = f"{each.scope}.{each.name}" if each.scope else each.name
            all_bases = dict.fromkeys([*(each.bases or ()), *bases.get(inside, ())])
            definitions[index] = replace(each, bases=tuple(all_bases), methods=tuple(methods.get(inside, ())))
    return definitions
