"""One file as libclang parses it, with what only libclang's C functions tell: see `libclang_peer`."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from clang.cindex import (
    Cursor,
    CursorKind,
    Diagnostic,
    Index,
    SourceLocation,
    SourceRange,
    TranslationUnit,
    callbacks,
    conf,
)
from scripts.compare_facts.definition import Definition, Unread

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
_SCOPES = _TYPES | _FUNCTIONS | {CursorKind.NAMESPACE}
_TOLD = frozenset(kind.value for kind in _TYPES | _FUNCTIONS | {CursorKind.TYPEDEF_DECL})
PREPROCESSING = TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
"""The option without which libclang does not know what the preprocessor has skipped."""

_KEEP_GOING = 0x200
_NEXT, _INTO = 1, 2
_NAMES_TYPE = re.compile(r"operator [\w:(]")
_CONVERSION = re.compile(rb"operator\b[^()]*")
_DEFINES = re.compile(rb"[^\w,)]*?[({:;<]|\s+final\b|\s*~")
_MADE = "definitions made by macros, whose names are not written in the source"
_BROKEN = "files in which libclang reports errors, for the most part headers that nobody has"


class _Ranges(ctypes.Structure):
    _fields_ = (("count", ctypes.c_uint), ("ranges", ctypes.POINTER(SourceRange)))


conf.lib.clang_getSkippedRanges.restype = ctypes.POINTER(_Ranges)
conf.lib.clang_getFileLocation.argtypes = [SourceLocation, *[ctypes.c_void_p] * 4]


class Unit:
    """The file `file`, called `path`, parsed with compiler arguments. `notes` counts what is left out, by reason."""

    def __init__(self, index: Index, file: Path, path: str, arguments: list[str]) -> None:
        self._file = str(file)
        self._path = path
        self._unit = index.parse(self._file, arguments, options=PREPROCESSING | _KEEP_GOING)
        self._texts: dict[str, bytes] = {}
        self._seen: set[tuple[int, str]] = set()
        self.notes: Counter[str] = Counter()

    def definitions(self) -> Iterator[Definition]:
        """What the file itself defines, in the order of libclang."""
        for cursor in self._told:
            if cursor.kind == CursorKind.TYPEDEF_DECL:
                yield from self._typedef(cursor)
                continue
            name = self._name(cursor)
            file, line, offset = self._place(cursor)
            if file != self._file or not name or (offset, name) in self._seen:
                continue
            if cursor.kind in _TYPES and not (cursor.is_definition() and self._has_body(cursor)):
                continue
            if cursor.kind in _FUNCTIONS and _is_local(cursor):
                continue
            self._seen.add((offset, name))
            if not self._is_written(cursor, name):
                self.notes[_MADE] += 1
            elif cursor.kind in _TYPES:
                yield self._type(cursor, name, line)
            else:
                group = "method" if _is_method(cursor) else "function"
                yield Definition(group, name, self._scope(cursor), self._path, line)

    def unread(self) -> Iterator[Unread]:
        """What the preprocessor has skipped."""
        ranges = conf.lib.clang_getSkippedRanges(self._unit, self._unit.get_file(self._file)).contents
        for number in range(ranges.count):
            skipped = ranges.ranges[number]
            # From the directive that opens it to the one that ends it.
            yield Unread(self._path, skipped.start.line, skipped.end.line, "branches of #if that are not compiled here")
        errors = (d for d in self._unit.diagnostics if d.severity >= Diagnostic.Error)
        self.notes[_BROKEN] += any(error.location.file and error.location.file.name == self._file for error in errors)

    @cached_property
    def _told(self) -> list[Cursor]:
        """The cursors of what may be a definition, outer ones first."""
        told: list[Cursor] = []

        def visit(cursor: Cursor, parent: Cursor, _: object) -> int:
            if parent.kind == CursorKind.TRANSLATION_UNIT:
                cursor._tu = self._unit
                file = cursor.location.file
                if file is None or file.name != self._file:
                    return _NEXT
            if cursor._kind_id in _TOLD:
                # A friend is only mentioned, unless its body is here.
                if parent.kind == CursorKind.FRIEND_DECL and not cursor.is_definition():
                    return _NEXT
                cursor._tu = self._unit
                told.append(cursor)
            return _INTO

        conf.lib.clang_visitChildren(self._unit.cursor, callbacks["cursor_visit"](visit), None)
        return told

    def _type(self, cursor: Cursor, name: str, line: int) -> Definition:
        bases, methods = [], {}
        for child in cursor.get_children():
            if child.kind == CursorKind.CXX_BASE_SPECIFIER:
                bases.append(_simple(child.type.spelling))
            elif _is_method(child) and (method := self._name(child)) and self._is_written(child, method):
                methods[method] = None
        return Definition("type", name, self._scope(cursor), self._path, line, tuple(bases), tuple(methods))

    def _typedef(self, cursor: Cursor) -> Iterator[Definition]:
        """`typedef struct {...} Name` names a type, `typedef struct tag {...} Name` a second one."""
        type_ = next((child for child in cursor.get_children() if child.kind in _TYPES), None)
        file, line, _ = self._place(cursor)
        if (
            type_ is None
            or file != self._file
            or not type_.is_definition()
            or not self._is_written(cursor, cursor.spelling)
        ):
            return
        inside = cursor.extent.start.offset <= type_.extent.start.offset < cursor.extent.end.offset
        key = (self._place(type_)[2], "typedef")
        if not inside or cursor.underlying_typedef_type.get_declaration().kind not in _TYPES or key in self._seen:
            return
        self._seen.add(key)
        name, tag = cursor.spelling, self._name(type_)
        if tag and self._is_written(type_, tag):
            if tag != name:
                yield Definition("type", name, self._scope(cursor), self._path, line)
            return
        yield self._type(type_, name, line)

    def _name(self, cursor: Cursor) -> str:
        """The simple name; '' where the source gives none, for which libclang says `(unnamed struct at ...)`."""
        name = cursor.spelling
        if _NAMES_TYPE.match(name):
            file, _, offset = self._place(cursor)
            written = _CONVERSION.match(self._text(file), offset)
            return " ".join(written[0].decode(errors="replace").split()) if written else name
        if name.startswith("operator"):
            return name
        simple = _simple(name)
        return "" if "(" in simple or name.startswith("<") else simple

    def _scope(self, cursor: Cursor) -> str:
        """The names of what encloses a definition; those that a macro opens are left out.

        Where it stands outside of its scope (`void A::f() {}`) or is a friend, that is its scope; a specialisation
        belongs to the namespace where it stands.
        """
        return ".".join(self._names(cursor))

    def _names(self, cursor: Cursor) -> list[str]:
        outer = cursor.lexical_parent
        while outer is not None and outer.kind in {CursorKind.LINKAGE_SPEC, CursorKind.UNEXPOSED_DECL}:
            outer = outer.lexical_parent
        if outer is None or outer.kind not in _SCOPES:
            around = []
        else:
            around = self._names(outer) + [name for name in [self._name(outer)] if self._counts(outer, name)]
        file, _, offset = self._place(cursor)
        is_friend = outer is not None and outer.kind in _TYPES and cursor.kind in _FUNCTIONS and not _is_method(cursor)
        if not is_friend and not self._text(file)[max(0, offset - 80) : offset].rstrip().endswith(b"::"):
            return around
        names: list[str] = []
        outer = cursor.semantic_parent
        while outer is not None and outer.kind in _SCOPES:
            name = self._name(outer)
            if name in around or self._counts(outer, name):
                names.insert(0, name)
            outer = outer.semantic_parent
        return names

    def _counts(self, outer: Cursor, name: str) -> bool:
        """Whether a scope has a name that the source gives it; a lambda has none."""
        if not name or (name == "operator()" and not self._name(outer.semantic_parent)):
            return False
        return self._is_written(outer, name)

    def _place(self, cursor: Cursor) -> tuple[str, int, int]:
        """File, line and offset of the name, in the argument of a macro too."""
        file, line, column, offset = ctypes.c_void_p(), ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
        places = [ctypes.byref(value) for value in (file, line, column, offset)]
        conf.lib.clang_getFileLocation(cursor.location, *places)
        name = cursor.location.file.name if cursor.location.file is not None else ""
        return name, line.value, offset.value

    def _is_written(self, cursor: Cursor, name: str) -> bool:
        """Whether the name stands where libclang says it is, so that no macro has made it."""
        file, _, offset = self._place(cursor)
        text = self._text(file)
        first = re.match(r"operator|~|\w+", name)
        if first is None or not text.startswith(first[0].encode(), offset):
            return False
        # In an argument of a macro: `ARGUMENT(struct A {})` defines A in the source, `DEFINE(A)` does not.
        alone = cursor.location.offset == offset or _DEFINES.match(text, offset + len(first[0]))
        return bool(alone)

    def _has_body(self, cursor: Cursor) -> bool:
        """False for `template class Foo<int>;`, which libclang takes for a definition."""
        start, end = cursor.extent.start, cursor.extent.end
        text = self._text(start.file.name if start.file is not None else "")[start.offset : end.offset]
        return not text.startswith(b"template") or b"{" in text

    def _text(self, file: str) -> bytes:
        if file not in self._texts:
            self._texts[file] = Path(file).read_bytes() if file else b""
        return self._texts[file]


def _is_method(cursor: Cursor) -> bool:
    """Whether it is a method or the template of one: that of a friend has no type around it."""
    if cursor.kind == CursorKind.FUNCTION_TEMPLATE:
        return cursor.semantic_parent is not None and cursor.semantic_parent.kind in _TYPES
    return cursor.kind in _METHODS


def _is_local(cursor: Cursor) -> bool:
    """Whether it is a function's declaration in the body of another."""
    outer = cursor.lexical_parent
    return outer is not None and outer.kind in _FUNCTIONS


def _simple(name: str) -> str:
    """`const ns::Foo<A, B<(1 > 0)>>` as Foo."""
    kept, angles, rounds = "", 0, 0
    for char in name.removesuffix("..."):
        rounds += (char == "(") - (char == ")")
        angles += (char == "<" and not rounds) - (char == ">" and not rounds)
        kept += char if not angles and char != ">" else ""
    return kept.rpartition("::")[2].strip().rpartition(" ")[2]
