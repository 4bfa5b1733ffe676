"""C and C++ definitions as libclang sees them: each file a translation unit of its own, system headers may lack."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from clang.cindex import Cursor, CursorKind, Index, TranslationUnit
from scripts.compare_facts.definition import Definition, Findings

_TYPES = frozenset(
    {
        CursorKind.CLASS_DECL, CursorKind.STRUCT_DECL, CursorKind.UNION_DECL, CursorKind.ENUM_DECL,
        CursorKind.CLASS_TEMPLATE, CursorKind.CLASS_TEMPLATE_PARTIAL_SPECIALIZATION,
    }
)  # fmt: skip
_METHODS = frozenset(
    {CursorKind.CXX_METHOD, CursorKind.CONSTRUCTOR, CursorKind.DESTRUCTOR, CursorKind.CONVERSION_FUNCTION}
)
_FUNCTIONS = _METHODS | {CursorKind.FUNCTION_DECL, CursorKind.FUNCTION_TEMPLATE}
_ENTERED = _TYPES | {CursorKind.NAMESPACE, CursorKind.LINKAGE_SPEC, CursorKind.UNEXPOSED_DECL}
_HEADERS = frozenset({".h", ".hh", ".hpp", ".hxx", ".inl", ".ipp", ".txx", ".tcc"})
_ARGUMENTS = re.compile(r"<[^<>]*>")


def found(root: Path, paths: Sequence[str], language: str) -> Findings:
    """Types, functions and methods that the files define themselves, as C or as C++17.

    Includes that cannot be found are done without.
    """
    headers = {path.parent for path in root.rglob("*") if path.suffix in _HEADERS}
    folders = {folder for header in headers for folder in (header, header.parent, header.parent.parent)}
    includes = [f"-I{folder}" for folder in sorted(folders) if folder.is_relative_to(root)]
    index = Index.create()
    options = TranslationUnit.PARSE_SKIP_FUNCTION_BODIES
    definitions: list[Definition] = []
    for path in paths:
        standard = ["-x", "c"] if language == "c" else ["-x", "c++", "-std=c++17"]
        arguments = [*standard, "-ferror-limit=0", "-w", *includes]
        unit = index.parse(str(root / path), arguments, options=options)
        definitions += _definitions(unit.cursor, str(root / path), path)
    return Findings(definitions)


def _definitions(top: Cursor, file: str, path: str) -> Iterator[Definition]:
    stack = [(child, "") for child in _children(top)]
    while stack:
        cursor, scope = stack.pop()
        # What a macro of another file makes here is located here; what an include brings is not.
        if cursor.location.file is None or cursor.location.file.name != file:
            continue
        name = _name(cursor)
        where = _qualifier(cursor) or scope
        if cursor.kind in _TYPES and cursor.is_definition() and name:
            bases = [_simple(child.type.spelling) for child in cursor.get_children() if _is_base(child)]
            methods = [_name(child) for child in cursor.get_children() if _is_method(child)]
            line = cursor.location.line
            yield Definition("type", name, where, path, line, tuple(bases), tuple(dict.fromkeys(methods)))
        elif cursor.kind in _FUNCTIONS and name:
            group = "method" if _is_method(cursor) else "function"
            yield Definition(group, name, where, path, cursor.location.line)
        if cursor.kind in _ENTERED:
            inner = ".".join(filter(None, (where, name))) if cursor.kind in _TYPES | {CursorKind.NAMESPACE} else scope
            stack += [(child, inner) for child in _children(cursor)]


def _children(cursor: Cursor) -> list[Cursor]:
    return list(cursor.get_children())[::-1]


def _is_base(cursor: Cursor) -> bool:
    return bool(cursor.kind == CursorKind.CXX_BASE_SPECIFIER)


def _is_method(cursor: Cursor) -> bool:
    """Whether it is a method or the template of one: that of a friend has no type around it."""
    if cursor.kind == CursorKind.FUNCTION_TEMPLATE:
        return cursor.semantic_parent is not None and cursor.semantic_parent.kind in _TYPES
    return cursor.kind in _METHODS


def _qualifier(cursor: Cursor) -> str:
    """The scope of what is defined outside of its type; '' where it stands in its scope."""
    outer, names = cursor.semantic_parent, []
    lexical = cursor.lexical_parent
    if outer is None or (lexical is not None and outer == lexical):
        return ""
    while outer is not None and outer.kind in _TYPES | {CursorKind.NAMESPACE}:
        names.append(_name(outer))
        outer = outer.semantic_parent
    return ".".join(name for name in reversed(names) if name)


def _name(cursor: Cursor) -> str:
    """The simple name; '' where the source gives none, for which libclang says `(unnamed struct at ...)`."""
    name = cursor.spelling
    if "(" in name and not name.startswith("operator"):
        return ""
    return name if name.startswith("operator") else _simple(name)


def _simple(name: str) -> str:
    """`const ns::Foo<A, B<C>>` as Foo."""
    while name != (less := _ARGUMENTS.sub("", name)):
        name = less
    return name.rpartition("::")[2].strip().removeprefix("typename ").removeprefix("struct ").strip()
