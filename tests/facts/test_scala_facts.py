import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts


def read(source: str) -> FileFacts:
    return extract("src/A.scala", source.encode(), "scala")


def outline(source: str) -> list[str]:
    return outlined(read(source))


OUTLINES = {
    "bases are simple names": (
        "class A[T <: X](x: Int) extends p.q.B[T](x) with C#D with E.F[G] { self: H => }\ntrait I extends (J => K) with L",
        ["class A(B, D, F)", "trait I(L)"],
    ),
    "each kind of type": (
        "class A\ncase class B(x: Int)\nsealed trait C\nobject D\ncase object E\nimplicit class F(s: String)\npackage object g",
        ["class A", "class B", "trait C", "class D", "class E", "class F", "class g"],
    ),
    "packages are scope, one after the other": (
        "package a.b\npackage c\nclass A { def f = 1 }",
        ["class a.b.c.A[f]", "method a.b.c.A.f"],
    ),
    "packages in braces and by indentation": (
        "package a { class A; def f = 1; package b { class B } }\nclass C",
        ["class a.A", "function a.f", "class a.b.B", "class C"],
    ),
    "a package by indentation": ("package a:\n  class A:\n    def f = 1\nclass B", ["class a.A[f]", "method a.A.f", "class B"]),
    "a class and its companion have each their own methods": (
        "class A { def f = 1 }\nobject A extends B { def apply() = new A }",
        ["class A[f]", "method A.f", "class A(B)[apply]", "method A.apply"],
    ),
    "constructors, operators and abstract methods": (
        "abstract class A { def this(s: String) = this(1); def +(o: A): A = o; def unary_! = 1; def x_=(i: Int) = 2;"
        " def f: Int; def `g h` = 3 }",
        ["class A[A, +, unary_!, x_=, f, g h]", "constructor A.A", "method A.+", "method A.unary_!", "method A.x_=",
         "method A.f;", "method A.g h"],
    ),
    "nested and local": (
        "object A { trait B { def f: Int }; class C; def g = { def h = 1; class L { def i = 2 }; h } }",
        ["class A[g]", "trait A.B[f]", "method A.B.f;", "class A.C", "method A.g", "function A.g.h", "class A.g.L[i]",
         "method A.g.L.i"],
    ),
    "what an anonymous class declares is scoped by the names around it": (
        "class A { val r = new R with S { def run() {} }; def f = new T { def g = 1 }; foo { def h = 1 } }",
        ["class A[f]", "method A.r.run", "method A.f", "method A.f.g", "function A.h"],
    ),
    "members of structural types are no definitions": (
        "class A { type T = { def x: Int }; def f(y: { def close(): Unit }) = 1 }",
        ["class A[f]", "method A.f"],
    ),
    "an enum": (
        "enum Color(val rgb: Int) extends E derives F:\n  case Red extends Color(1)\n  case Green, Blue\n  def m = rgb\n",
        ["enum Color(E)[m]", "method Color.m"],
    ),
    "indentation instead of braces": (
        "trait A extends B, C[Int]:\n  def f: Int\n  end f\n  def g(x: Int) =\n    val z = 1\n    def loc = 2\n    z\n"
        "end A\n\nclass D\n\ndef top(using c: C): Int = 1\n",
        ["trait A(B, C)[f, g]", "method A.f;", "method A.g", "function A.g.loc", "class D", "function top"],
    ),
    "givens with a name and a body are types": (
        "given ord: Ord[Int] with\n  def compare(x: Int) = 1\ngiven a.Show[String] with\n  def show(x: String) = x\n"
        "given int: Ord[Int] = new Ord { def q = 1 }\n",
        ["class ord(Ord)[compare]", "method ord.compare", "method show", "method int.q"],
    ),
    "extensions": (
        "package p\nextension (s: String)\n  def shout: String = s\n  def w(x: Int) = 1\nextension [T](x: T) def id = x\n"
        "class A:\n  extension (i: Int) def times = i\n  def f = 1\n",
        ["function p.shout", "function p.w", "function p.id", "class p.A[times, f]", "method p.A.times", "method p.A.f"],
    ),
    "names that are keywords in Scala 3": (
        "class A { val enum = b.c(); enum.foo(); def f(enum: E) = super[B].g(enum) }\nclass D { def h = 1 }",
        ["class A[f]", "method A.f", "class D[h]", "method D.h"],
    ),
    "braces in strings are text": (
        'class A { val s = """ class B { ${x} """; val t = s"{ ${m("a")} "; val c = \'{\'; def f = 1 }',
        ["class A[f]", "method A.f"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_outline(source, expected):
    assert outline(source) == expected


def test_places_and_signatures():
    facts = read(
        '@deprecated("no", "1")\nfinal case class A[T](x: Int = 1)(implicit y: Y)\n    extends B[T](x)\n    with C {\n\n'
        "  @tailrec\n  override def f(a: Int, // first\n      b: Int = 2): Int =\n    a\n  def g(x: Int) { }\n}\n"
    )
    found = [(s.name, s.line, s.end, s.signature) for s in facts.symbols]
    assert found == [
        ("A", 2, 11, "final case class A[T](x: Int = 1)(implicit y: Y) extends B[T](x) with C"),
        ("f", 7, 9, "override def f(a: Int, b: Int = 2): Int"),
        ("g", 10, 10, "def g(x: Int)"),
    ]


DOCS = {
    "/** Loads a file. Slowly. */": "Loads a file.",
    "/** Loads a [[java.io.File]], see [[Guide the guide]] and '''this'''.\n  *\n  * @param x the file\n  */":
        "Loads a java.io.File, see the guide and this.",
    "/** Loads a file. */\n@deprecated(\"no\", \"1\")\n": "Loads a file.",
    "/**\n * {{{\n * code. Here.\n * }}}\n * Loads a file.\n */": "Loads a file.",
    "/** = Files =\n * Loads a file. */": "Loads a file.",
    "/** @return nothing said above */": "",
    "// Loads a file.\n": "",
    "/* Loads a file. */": "",
}  # fmt: skip


@pytest.mark.parametrize("comment", DOCS)
def test_the_doc_is_the_first_sentence_of_the_scaladoc(comment):
    facts = read(f"class A {{\n{comment} def f = 1\n}}")
    assert [s.doc for s in facts.symbols] == ["", DOCS[comment]]


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("/* Copyright 2020 X. */\n/** Tools for trees. More. */\npackage p", "Tools for trees."),
        ("// Reads maps.\n\nimport a.B\nclass A", "Reads maps."),
        ("/* Copyright 2020 X. */\n\npackage p\n/** A. */\nclass A", ""),
    ],
)
def test_the_comment_at_the_top_documents_the_file(source, doc):
    assert read(source).doc == doc


def test_imports_are_names_as_written_groups_expanded():
    source = "import a.b.{C, D => E, _}, f.g\nimport h.i.*\nimport j.{k as l, given}\nimport m as n\nimport f.g\n"
    assert read(source).imports == ("a.b.C", "a.b.D", "a.b._", "f.g", "h.i.*", "j.k", "j.given", "m")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("package p\nobject A {\n  def main(args: Array[String]): Unit = ()\n}", 3),
        ("object A extends B with App { }", 1),
        ("class X\n@main def run(args: String*) = println(1)", 2),
        ("#!/usr/bin/env scala\nprintln(1)", 1),
        ("class A { def main(args: Array[String]) = 1 }\nobject B { def main(x: Int) = 1 }", 0),
    ],
)
def test_a_main_is_an_entry_point(source, line):
    facts = read(source)
    assert (facts.has_main, facts.main_line) == (line > 0, line)


@pytest.mark.parametrize("piece", ["class A { ", "def f = { ", "new A { ", "f(", "x[", "class A:\n ", "'{"])
def test_deep_nests_take_no_time_to_speak_of(piece):
    assert read(piece * 2_000).lines >= 1
