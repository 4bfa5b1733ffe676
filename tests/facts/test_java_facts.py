import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts


def read(source: str) -> FileFacts:
    return extract("src/A.java", source.encode(), "java")


def outline(source: str) -> list[str]:
    return outlined(read(source))


OUTLINES = {
    "bases are simple names, what is extended before what is implemented": (
        "class A<T extends X> extends p.q.B<T>.C<Y> implements D, /* and */ e.@N F<G, H> {}",
        ["class A(C, D, F)"],
    ),
    "an interface extends several": ("interface I extends J, k.L<M> {}", ["interface I(J, L)"]),
    "what is permitted is no base": (
        "public sealed interface S extends T permits A, B {} non-sealed class A implements S {}",
        ["interface S(T)", "class A(S)"],
    ),
    "the package is scope": (
        "package org.x . y; class A { void f() {} }",
        ["class org.x.y.A[f]", "method org.x.y.A.f"],
    ),
    "overloads are one name in the type and several symbols": (
        "class A { A() {} A(int i) {} void f() {} void f(int i) {} native int g(); }",
        [
            "class A[A, f, g]", "constructor A.A", "constructor A.A", "method A.f", "method A.f", "method A.g;",
        ],
    ),
    "methods of an interface have bodies only where they are default, static or private": (
        "interface I { int X = 1; void a(); default void b() {} static void c() {} private void d() {} }",
        ["interface I[a, b, c, d]", "method I.a;", "method I.b", "method I.c", "method I.d"],
    ),
    "nested types have their own members": (
        "class A { class B { void f() {} static class C {} } enum D { X } interface E {} record F() {} void g() {} }",
        ["class A[g]", "class A.B[f]", "method A.B.f", "class A.B.C", "enum A.D", "interface A.E", "record A.F",
         "method A.g"],
    ),
    "a record has compact and other constructors": (
        "record P<T>(int x, T y) implements Q { P { } P(int x) { this(x, null); } static void m() {} }",
        ["record P(Q)[P, m]", "constructor P.P", "constructor P.P", "method P.m"],
    ),
    "an enum's constants with bodies are scopes": (
        "enum E implements F { A { void f() {} }, B(1) { void f() { } }, C; E() {} abstract void f(); }",
        ["enum E(F)[E, f]", "method E.A.f", "method E.B.f", "constructor E.E", "method E.f;"],
    ),
    "an annotation's elements are methods": (
        "@interface A { int value() default 1; String[] names(); class In {} }",
        ["annotation A[value, names]", "method A.value;", "method A.names;", "class A.In"],
    ),
    "a local type is scoped by its method": (
        "class A { void f() { class L extends M { void g() {} } record R(int x) {} } }",
        ["class A[f]", "method A.f", "class A.f.L(M)[g]", "method A.f.L.g", "record A.f.R"],
    ),
    "what an anonymous class declares is scoped by the names around it": (
        """class A {
          Runnable r = new Runnable() { public void run() {} class In { void h() {} } }, s = () -> {};
          Object f() { return new q.B<C>(1) { void g() { new D() { void i() {} }; } }; }
          { new E() { void j() {} }; }
        }""",
        ["class A[f]", "method A.r.run", "class A.r.In[h]", "method A.r.In.h", "method A.f", "method A.f.g",
         "method A.f.g.i", "method A.j"],
    ),
    "two local types of one name have each their own methods": (
        "class A { void f() { { class L { void a() {} } } { class L { void b() {} } } } }",
        ["class A[f]", "method A.f", "class A.f.L[a]", "method A.f.L.a", "class A.f.L[b]", "method A.f.L.b"],
    ),
    "braces in text blocks and characters are text": (
        'class A { String s = """\n  class B { "\\""" {\n  """; char c = \'{\'; void f() {} }',
        ["class A[f]", "method A.f"],
    ),
    "a class without a header has functions": (
        "String name = \"x\"; void main() { hello(); } static void hello() { }",
        ["function main", "function hello"],
    ),
    "generic methods, arrays and annotations among the modifiers": (
        "class A { @X(y = {1}) public <T extends B & C> @N T[] f(T... t)[] throws E { return null; } }",
        ["class A[f]", "method A.f"],
    ),
    "what comes after a broken method is read": (
        "class A { void f( { int x = ; } void g() {} } class B {}",
        ["class A[f, g]", "method A.f", "method A.g", "class B"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_outline(source, expected):
    assert outline(source) == expected


def test_places_and_signatures():
    facts = read(
        'package p;\n\n@Entity\n@Table(name = "a")\npublic final class A<T>\n    extends B<T> {\n'
        "  @Override // why\n  public int f(int a, // first\n        String b) throws E {\n    return 1;\n  }\n}\n"
    )
    found = [(s.name, s.line, s.end, s.signature) for s in facts.symbols]
    assert found == [
        ("A", 5, 12, "public final class A<T> extends B<T>"),
        ("f", 8, 11, "public int f(int a, String b) throws E"),
    ]


DOCS = {
    "/** Loads a file. Slowly. */": "Loads a file.",
    "/**\n * Loads\n * a file\n *\n * @param x the file\n */": "Loads a file",
    "/** Loads a file. */\n@Deprecated\n": "Loads a file.",
    "/** Loads a file. */\n// NOSONAR\n/* nor this */\n": "Loads a file.",
    "/** Old. */\n/** Loads a file. */\n\n": "Loads a file.",
    "/** Uses {@link java.util.List#add(Object, int)}, {@linkplain A the A} and {@code a<Td> {c}}. */":
        "Uses java.util.List.add, the A and a<Td> {c}.",
    "/** <p>A <b>bold</b> &lt;T&gt;.<p>More. */": "A bold <T>.",
    "/** {@return the size of it} */": "Returns the size of it.",
    "/** {@inheritDoc} */": "",
    "/** @return nothing said above */": "",
    "/// Loads a [file][java.io.File] with `care`.\n/// Slowly.\n": "Loads a file with `care`.",
    "/* Loads a file. */": "",
    "// Loads a file.\n": "",
    "/**/": "",
    "int x; /** Of x. */ int y;": "",
    "int x; /** Of x. */\n": "",
    "int x; /** Of f. */": "Of f.",
}  # fmt: skip


@pytest.mark.parametrize("comment", DOCS)
def test_the_doc_is_the_first_sentence_of_the_javadoc(comment):
    facts = read(f"class A {{\n{comment} void f() {{}} }}")
    assert [s.doc for s in facts.symbols] == ["", DOCS[comment]]


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("/* Copyright 2020 X. */\n/** Tools for trees. More. */\npackage p;", "Tools for trees."),
        ("/** Reads maps. */\n\npackage p;\n/** A. */ class A {}", "Reads maps."),
        ("// Copyright 2020 X\n\npackage p;\nclass A {}", ""),
        ("// Reads maps.\n\nimport a.B;\nclass A {}", "Reads maps."),
    ],
)
def test_the_comment_of_the_package_documents_the_file(source, doc):
    assert read(source).doc == doc


def test_imports_are_names_as_written_each_once():
    source = "import a.b.C;\nimport static a.b.D.max;\nimport a . /* c */ e.*;\nimport module java.base;\nimport a.b.C;"
    assert read(source).imports == ("a.b.C", "a.b.D.max", "a.e.*", "java.base")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("class A {\n  public static void main(String[] args) {}\n}", 2),
        ("class A {\n  static public void main(final String... args) throws X {}\n}", 2),
        ("class A { void f() {} }\nclass B {\n\n public static void main(String a[]) {} }", 4),
        ("void f() {}\nvoid main() {}", 2),
        ("class A { void main() {} static void main(int x) {} static void mains(String[] a) {} }", 0),
    ],
)
def test_a_main_method_is_an_entry_point(source, line):
    facts = read(source)
    assert (facts.has_main, facts.main_line) == (line > 0, line)


@pytest.mark.parametrize(
    "piece", ["class A { ", "void f() { new X() { ", "enum E { A { ", "/** ", "@A(", "x<", "int a = "]
)
def test_deep_nests_take_no_time_to_speak_of(piece):
    assert read(piece * 3_000).lines == 1
