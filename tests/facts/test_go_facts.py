import pytest

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts, Symbol


def read(source: str) -> FileFacts:
    return extract("net/a.go", source.encode(), "go")


def symbols(source: str) -> tuple[Symbol, ...]:
    return read(f"package p\n{source}").symbols


@pytest.mark.parametrize(
    ("source", "kind", "name", "bases", "methods"),
    [
        ("type A struct { x, y int }", "struct", "A", (), ()),
        ("type A struct{ B; *C; pkg.D; *pkg.E[int]; x struct{ F } }", "struct", "A", ("B", "C", "D", "E"), ()),
        ("type A struct {\n\terror\n\tsync.Mutex `json:\"-\"`\n}", "struct", "A", ("error", "Mutex"), ()),
        ("type A[K comparable, V any] struct{ B[K] }", "struct", "A", ("B",), ()),
        ("type A interface { io.Reader; B[int]; Do(x int) error; Done() }", "interface", "A", ("Reader", "B"), ("Do", "Done")),
        ("type A interface { error; comparable; ~int; int; B | C; f() }", "interface", "A", ("error", "comparable"), ("f",)),
        ("type A[T interface{ m() }] interface { n(interface{ o() }) }", "interface", "A", (), ("n",)),
        ("type A struct { io interface{ Close() }; f func() }", "struct", "A", (), ()),
        ("type A float64", "class", "A", (), ()),
        ("type A func(w Writer, r *Request)", "class", "A", (), ()),
        ("type A map[string]struct{ B }\nfunc (a A) Get() {}", "class", "A", (), ("Get",)),
        ("type A int\nconst (\n\tOne A = iota + 1\n\tTwo\n)", "enum", "A", (), ()),
        ("type A uint8\nconst One A = 1 << iota", "enum", "A", (), ()),
        ("type A int\nconst One A = 1", "class", "A", (), ()),
        ("type A int\nfunc f() { type A int; const B A = iota }", "class", "A", (), ()),
    ],
)  # fmt: skip
def test_types_have_kind_bases_and_methods(source, kind, name, bases, methods):
    found = symbols(source)[0]
    assert (found.kind, found.qualified, found.bases, found.methods) == (kind, f"p.{name}", bases, methods)


@pytest.mark.parametrize(
    ("source", "owner"),
    [
        ("func (a A) M() {}", "A"),
        ("func (a *A) M() {}", "A"),
        ("func (A) M() {}", "A"),
        ("func (_ *A[K, V]) M() {}", "A"),
        ("func (a *(A)) M() {}", "A"),
        ("func (a /* of */ A) M() {}", "A"),
    ],
)
def test_a_method_belongs_to_the_type_of_its_receiver(source, owner):
    (alone,) = symbols(source)
    assert (alone.kind, alone.qualified) == ("method", f"p.{owner}.M")
    method, before = symbols(f"{source}\ntype {owner} struct{{}}")
    assert (method.qualified, before.methods) == (f"p.{owner}.M", ("M",))


def test_functions_methods_and_local_types_in_order():
    source = """
func New[T any](x T) (a, b *T) {
	type local struct{ base }
	f := func() {}
	return
}
func asm(x int) int
type I interface { Do() }
func (l *local) not() {}
"""
    found = [(s.kind, s.qualified, s.decl) for s in symbols(source)]
    assert found == [
        ("function", "p.New", False),
        ("struct", "p.New.local", False),
        ("function", "p.asm", True),
        ("interface", "p.I", False),
        ("method", "p.I.Do", True),
        ("method", "p.local.not", False),
    ]


@pytest.mark.parametrize(
    "source",
    ["type A = B", "type ( A = pkg.B )", "func _() {}", "type _ struct{ B }", "var A = func() {}", "const A = 1"],
)
def test_aliases_blank_names_and_values_are_no_symbols(source):
    assert symbols(source) == ()


def test_what_a_function_without_a_name_declares_is_not_the_package_s():
    assert [s.qualified for s in symbols("func _() { type A int }\ntype B int")] == ["p._.A", "p.B"]


def test_a_package_is_the_scope_and_what_stands_around_it_does_no_harm():
    assert [s.qualified for s in read("//go:build linux\n\npackage http_test\ntype A struct{}").symbols] == [
        "http_test.A"
    ]
    assert [s.qualified for s in read("type A struct{}").symbols] == ["A"]


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("// A is one. More.\ntype A int", "A is one."),
        ("/*\nA is one.\nMore of it.\n*/\ntype A int", "A is one."),
        ("// A is one.\n//\n//go:generate stringer\ntype A int", "A is one."),
        ("//go:noinline\n// A is one.\n//export A\nfunc A() {}", "A is one."),
        ("//nolint:all\nfunc A() {}", ""),
        ("// Apart.\n\nfunc A() {}", ""),
        ("// Group.\ntype (\n\t// A is one.\n\tA int\n\tB int\n)", "A is one."),
        ("// Group.\ntype (\n\tA int\n\tB int\n)", ""),
        ("// A is one.\ntype (\n\tA int\n)", "A is one."),
        ("// A is one.\nfunc (b B) A() {}", "A is one."),
    ],
)
def test_the_doc_is_the_comment_above_without_directives(source, doc):
    assert symbols(source)[0].doc == doc


def test_a_method_of_an_interface_is_documented_too():
    source = "type I interface {\n\t// Do does.\n\tDo() // soon\n\n\tUndo()\n}"
    assert [s.doc for s in symbols(source)] == ["", "Do does.", ""]


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("func (t *T[K]) M(\n\tx int, // first\n\ty ...string,\n) (err error) { return }", "func (t *T[K]) M( x int, y ...string, ) (err error)"),
        ("type A[T any] struct { x int }", "type A[T any] struct"),
        ("type (\n\tA interface { Do() }\n\tB int\n)", "type A interface"),
        ("type A func(int) error // why", "type A func(int) error"),
        ("func asm(x int) int", "func asm(x int) int"),
    ],
)  # fmt: skip
def test_a_signature_ends_where_the_body_begins(source, signature):
    assert symbols(source)[0].signature == signature


def test_imports_are_paths_in_order():
    source = 'package p\nimport "fmt"\nimport (\n\t. "a/b"\n\t_ `c`\n\tx "github.com/d/e/v2"\n)\nimport "fmt"\n'
    assert read(source).imports == ("fmt", "a/b", "c", "github.com/d/e/v2")


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("// Package p draws. More.\npackage p", "Package p draws."),
        ("// Copyright 2024 A. All rights reserved.\n\n//go:build x\n// +build x\n\n// Package p draws.\n//\n//go:generate y\npackage p", "Package p draws."),
        ("// Copyright 2024 A.\n\n// This file draws.\n\npackage p", "This file draws."),
        ("// This file draws.\n\n/*\nPackage p is for pens.\n*/\npackage p", "Package p is for pens."),
        ("// Copyright 2024 A.\npackage p\n\n// f does.\nfunc f() {}", ""),
        ("package p // why", ""),
    ],
)  # fmt: skip
def test_the_comment_above_the_package_documents_the_file(source, doc):
    assert read(source).doc == doc


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("package main\n\nfunc main() {}", 3),
        ("package mains\nfunc main() {}", 0),
        ("package main\ntype A int\nfunc (a A) main() {}", 0),
    ],
)
def test_main_of_package_main_is_an_entry_point(source, line):
    assert (read(source).has_main, read(source).main_line) == (line > 0, line)


def test_lines_are_those_of_the_name_and_of_the_closing_bracket():
    method, type_ = symbols("// M.\nfunc (a A) M() {\n\treturn\n}\n\ntype (\n\tA struct {\n\t\tx int\n\t}\n)")
    assert (method.line, method.end, type_.line, type_.end) == (3, 5, 8, 10)


def test_broken_code_leaves_the_rest_readable():
    facts = read("package p\nfunc f( {\n}\n\ntype A struct { B }\n\nfunc (a *A) M() {}\nfunc (a *A) ")
    assert ("struct", "p.A") in [(s.kind, s.qualified) for s in facts.symbols]
