"""Facts of Python source, equal to those of Python's own `ast`."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codeanvil.facts.readers.reading import Captures, Draft, Reading, end_line_of, line_of, unique
from codeanvil.facts.text import first_sentence, fold

_MAIN_GUARD = re.compile(rb"""__name__\s*==\s*["']__main__["']|["']__main__["']\s*==\s*__name__""")
# What a docstring begins with, or a comment above it.
_BEGINS_STRING = frozenset((b"'", b'"', b"r", b"R", b"u", b"U", b"#", b"\\"))
_STRING_OR_COMMENT = re.compile(
    r'("""(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')|#[^\n]*|\\\n', re.DOTALL
)


# `(a.` at the end of a line, whose name is further left than the statement: the grammar ends the block there. Of the
# same length and lines, and the same to Python: the point before the name. Not of a number, nor beside a comment.
_POINT_AT_END = re.compile(rb"""^([^#\n]*[A-Za-z_)\]}"'])\.([ \t]*\r?\n[ \t]*)[ \t](?=[A-Za-z_])""", re.MULTILINE)


# Numbers, strings and the like between brackets or commas, at least so many bytes.
_TABLE = re.compile(
    rb"""(?<=[\[({,])(?:[\s\d.,:+\-]|[eEjJxXrRbBuU](?=[\d+\-'"])|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|True\b|False\b|None\b"""
    rb"""|\[[\s\d.,+\-]*+\]|\([\s\d.,+\-]*+\)){20000,}+"""
)
_BLANKS = bytes(char if char in b"\r\n" else 32 for char in range(256))
_LARGE = 500_000


def without_tables(source: bytes) -> bytes:
    """A large `source` with long runs of literals blanked: they take time by the square of their number."""
    if len(source) < _LARGE:
        return source
    return _TABLE.sub(lambda match: match[0].translate(_BLANKS), source)


def second_tries(source: bytes, lang: str) -> Iterator[tuple[str, bytes]]:
    """The source as the grammar can read it where it could not: see `_POINT_AT_END`."""
    mended = _POINT_AT_END.sub(rb"\1 \2.", source)
    if mended != source:
        yield lang, mended


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and docstring out of what `queries/python.scm` captured in UTF-8 `source`.

    Classes and functions count wherever they stand. A function is a method when the class is the nearest
    definition around it, also under `if` or `try`; a function inside a function is scoped by the outer names.
    """
    classes = captures.get("class", [])
    functions = captures.get("function", [])
    drafts: list[Draft] = []
    around: list[tuple[int, Draft]] = []
    ordered = sorted((node.start_byte, index, node) for index, node in enumerate(classes + functions))
    for start, _, node in ordered:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None or name.is_missing:
            continue
        while around and around[-1][0] <= start:
            around.pop()
        outer = around[-1][1] if around else None
        draft = Draft(
            kind="class" if node.type == "class_definition" else "function",
            name=source[name.start_byte : name.end_byte].decode(),
            scope=outer.qualified if outer else "",
            at=name.start_byte,
            line=line_of(name),
            end=_end_line(source, node),
            doc=_docstring(source, body),
            signature=_signature(source[start : body.start_byte].decode()),
        )
        if draft.kind == "class":
            draft.bases = _bases(source, node.child_by_field_name("superclasses"))
        elif outer is not None and outer.kind == "class":
            draft.kind = "method"
            outer.methods[draft.name] = None
        drafts.append(draft)
        around.append((node.end_byte, draft))
    return Reading(
        drafts=drafts,
        imports=_imports(source, captures.get("import", [])),
        doc="".join(first_sentence(_unquoted(source, node)) for node in captures.get("doc", [])[:1]),
        main_line=_main_line(source, captures.get("guard", [])),
    )


def _bases(source: bytes, arguments: Node | None) -> tuple[str, ...]:
    """Simple names of the positional arguments: `Generic[T]` is Generic, `a.b.C` is C, `namedtuple(...)` namedtuple."""
    names = []
    for node in arguments.named_children if arguments is not None else ():
        inner: Node | None = node
        while inner is not None and inner.type != "identifier":
            match inner.type:
                case "attribute":
                    inner = inner.child_by_field_name("attribute")
                case "subscript":
                    inner = inner.child_by_field_name("value")
                case "call":
                    inner = inner.child_by_field_name("function")
                case "parenthesized_expression":
                    inner = inner.named_child(0)
                case _:
                    inner = None
        if inner is not None:
            names.append(source[inner.start_byte : inner.end_byte].decode())
    return tuple(names)


def _end_line(source: bytes, node: Node) -> int:
    """Last line of a definition. The grammar counts comments after the last statement in; they are left out."""
    last: Node | None = node
    while last is not None and source[source.rfind(b"\n", 0, node.end_byte) + 1 : node.end_byte].lstrip()[:1] == b"#":
        node = last
        last = next((child for child in reversed(node.children) if child.type != "comment"), None)
    return end_line_of(node)


def _docstring(source: bytes, body: Node) -> str:
    if source[body.start_byte : body.start_byte + 1] not in _BEGINS_STRING:
        return ""
    statement: Node | None = body.named_child(0)
    while statement is not None and statement.type == "comment":
        statement = statement.next_named_sibling
    if statement is None or statement.type != "expression_statement" or statement.named_child_count != 1:
        return ""
    string = statement.named_child(0)
    if string is None or string.type != "string":
        return ""
    return first_sentence(_unquoted(source, string))


def _unquoted(source: bytes, string: Node) -> str:
    """Text of a string node as written between its quotes; '' for bytes and f-strings, which document nothing."""
    start, end = string.child(0), string.child(string.child_count - 1)
    if start is None or end is None or end.type != "string_end":
        return ""
    if set(source[start.start_byte : start.end_byte].lower()) & set(b"bft"):
        return ""
    return source[start.end_byte : end.start_byte].decode().replace("\\\n", "")


def _signature(head: str) -> str:
    """`head`, from `def` or `class` to the body, without comments, on one line."""
    if "#" in head or "\\" in head:
        head = _STRING_OR_COMMENT.sub(lambda match: match[1] or " ", head)
    return fold(head).rstrip(" :")


def _imports(source: bytes, statements: list[Node]) -> tuple[str, ...]:
    """Module names: `import a.b as c` gives a.b, `from ..m import x` gives ..m."""
    names = []
    for statement in sorted(statements, key=lambda node: node.start_byte):
        if statement.type == "future_import_statement":
            names.append("__future__")
            continue
        if statement.type == "import_from_statement":
            modules = statement.children_by_field_name("module_name")
        else:
            modules = [
                node.child_by_field_name("name") or node if node.type == "aliased_import" else node
                for node in statement.children_by_field_name("name")
            ]
        names += ["".join(source[node.start_byte : node.end_byte].decode().split()) for node in modules]
    return unique(names)


def _main_line(source: bytes, conditions: list[Node]) -> int:
    guards = (node for node in conditions if _MAIN_GUARD.search(source, node.start_byte, node.end_byte))
    return min(map(line_of, guards), default=0)
