import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts


def read(source: str) -> FileFacts:
    return extract("src/A.kt", source.encode(), "kotlin")


def outline(source: str) -> list[str]:
    return outlined(read(source))


OUTLINES = {
    "bases are simple names": (
        "class A<T : X>(val x: Int) : B<T>(x), q.r.C, D by x, E<F> by G() where T : Y\n",
        ["class A(B, C, D, E)"],
    ),
    "each kind of type": (
        "class A\ndata class B(val x: Int)\nsealed class C\nsealed interface D\n@JvmInline value class E(val s: String)\n"
        "fun interface F {\n  fun go()\n}\nenum class G\nannotation class H\nobject I : A()\ndata object J\n",
        ["class A", "class B", "class C", "interface D", "class E", "interface F[go]", "method F.go;", "enum G",
         "annotation H", "class I(A)", "class J"],
    ),
    "annotations hide no type": (
        '@X(a = "b)") @Y\npublic enum class A { B, C }\n@Z annotation class D\n@Z("x")\n@W\nclass E\n\nclass F {\n}',
        ["enum A", "annotation D", "class E", "class F"],
    ),
    "the package is scope": (
        "package a.b.`in`\n\nclass A {\n  fun f() {}\n}\nfun g() = 1\n",
        ["class a.b.in.A[f]", "method a.b.in.A.f", "function a.b.in.g"],
    ),
    "members on one line": (
        "class A { fun f() = 1 }\ninterface B { fun g() }\nclass C { companion object { fun h() { } } }",
        ["class A[f]", "method A.f", "interface B[g]", "method B.g;", "class C", "class C.Companion[h]",
         "method C.Companion.h"],
    ),
    "companion objects are types of their own": (
        "class A {\n  fun f() {}\n  companion object : B<A> {\n    fun g() {}\n  }\n}\nclass C {\n  companion object D\n}",
        ["class A[f]", "method A.f", "class A.Companion(B)[g]", "method A.Companion.g", "class C", "class C.D"],
    ),
    "secondary constructors have the name of their class": (
        "class A(x: Int) : B(x) {\n  constructor(s: String) : this(1) {\n  }\n  private constructor()\n  init { }\n}",
        ["class A(B)[A]", "constructor A.A", "constructor A.A"],
    ),
    "extension functions are functions of their package, or methods where they stand in a class": (
        "package p\nfun String.shout() = this\nfun <T> List<T>.second(): T = this[1]\nclass A {\n  fun Int.f() = 1\n}\n",
        ["function p.shout", "function p.second", "class p.A[f]", "method p.A.f"],
    ),
    "functions without a body": (
        "expect fun f(): Int\nexternal fun g()\nabstract class A {\n  abstract fun h(): Int\n  open fun i() {}\n}",
        ["function f;", "function g;", "class A[h, i]", "method A.h;", "method A.i"],
    ),
    "names in backticks": ("class `my class` {\n  fun `a name`() {}\n}", ["class my class[a name]", "method my class.a name"]),
    "an enum's entries with bodies are scopes": (
        "enum class E(val c: Int) : I {\n  A(1) {\n    override fun f() {}\n  },\n  B(2);\n  abstract fun f()\n}",
        ["enum E(I)[f]", "method E.A.f", "method E.f;"],
    ),
    "local functions and types are scoped by their function": (
        "fun f() {\n  fun g() {\n    class L {\n      fun h() {}\n    }\n  }\n}\nclass A {\n  init {\n    fun i() {}\n  }\n}",
        ["function f", "function f.g", "class f.g.L[h]", "method f.g.L.h", "class A", "function A.i"],
    ),
    "what an object expression declares is scoped by the names around it": (
        "class A {\n  val r = object : R, B(1) {\n    override fun run() {}\n  }\n  val p: Int\n    get() {\n"
        "      fun h() = 1\n      return h()\n    }\n  fun f() = object : C {\n    fun g() {}\n  }\n}\n"
        "val x by lazy {\n  object : Q {\n    fun w() {}\n  }\n}",
        ["class A[f]", "method A.r.run", "function A.p.h", "method A.f", "method A.f.g", "method x.w"],
    ),
    "nested and inner types": (
        "class A {\n  class B {\n    fun f() {}\n  }\n  inner class C\n  object D {\n    fun g() {}\n  }\n  enum class E { X }\n}",
        ["class A", "class A.B[f]", "method A.B.f", "class A.C", "class A.D[g]", "method A.D.g", "enum A.E"],
    ),
    "a constructor with annotations on lines of their own": (
        "class A\n@Inject\ninternal constructor(@Named val x: Int) : B() {\n  fun f() {}\n}",
        ["class A(B)[f]", "method A.f"],
    ),
    "words that are keywords elsewhere": (
        "object A : B() {\n  init {\n    infix(true)\n    inline(1)\n  }\n  fun f(dynamic: X) = dynamic.type\n  fun g() {}\n}",
        ["class A(B)[f, g]", "method A.f", "method A.g"],
    ),
    "braces in strings are text": (
        'class A {\n  val s = """ class B { ${x} """\n  val t = "{ ${m["a"]} "\n  val c = \'{\'\n  fun f() {}\n}',
        ["class A[f]", "method A.f"],
    ),
    "definitions around a broken body are read": (
        "class A {\n  fun f() {\n    val = = )\n    x +\n  }\n  fun g() {}\n}\nclass B",
        ["class A[f, g]", "method A.f", "method A.g", "class B"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_outline(source, expected):
    assert outline(source) == expected


def test_places_and_signatures():
    facts = read(
        "@Serializable\npublic data class A<T>(\n    val x: Int, // first\n) : B<T>() {\n\n"
        '    @Deprecated("no")\n    override suspend fun f(a: Int = 1): Int =\n        a\n    constructor() : this(1)\n}\n'
    )
    found = [(s.name, s.line, s.end, s.signature) for s in facts.symbols]
    assert found == [
        ("A", 2, 10, "public data class A<T>( val x: Int, ) : B<T>()"),
        ("f", 7, 8, "override suspend fun f(a: Int = 1): Int"),
        ("A", 9, 9, "constructor()"),
    ]


DOCS = {
    "/** Loads a file. Slowly. */": "Loads a file.",
    "/**\n * Loads a [File], see [the guide][Guide] and `x[0]`.\n *\n * @param x the file\n */":
        "Loads a File, see the guide and `x[0]`.",
    "/** Loads a file. */\n@Deprecated(\"no\")\n": "Loads a file.",
    "/** Loads a file. */\n// ktlint-disable\n": "Loads a file.",
    "/**\n * ```\n * code. Here.\n * ```\n * Loads a file.\n */": "Loads a file.",
    "/** @suppress */": "",
    "// Loads a file.\n": "",
    "/* Loads a file. */": "",
}  # fmt: skip


@pytest.mark.parametrize("comment", DOCS)
def test_the_doc_is_the_first_sentence_of_the_kdoc(comment):
    facts = read(f"class A {{\n{comment} fun f() {{}}\n}}\n{comment} enum class B {{ C }}")
    assert [s.doc for s in facts.symbols] == ["", DOCS[comment], DOCS[comment]]


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


def test_imports_are_names_as_written_each_once():
    source = "package p\nimport a.b.C\nimport a.b.D as E\nimport a.b.*\nimport a.`in`.F\nimport a.b.C\n"
    assert read(source).imports == ("a.b.C", "a.b.D", "a.b.*", "a.in.F")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("package p\nfun main() {\n}", 2),
        ("fun f() {}\nsuspend fun main(args: Array<String>) = f()", 2),
        ("fun main(vararg args: String) {}", 1),
        ("object A {\n  @JvmStatic fun main(args: Array<String>) {}\n}", 2),
        ("#!/usr/bin/env kotlin\nprintln(1)", 1),
        ("class A {\n  fun main() {}\n}\nfun f() {\n  fun main() {}\n}\nfun main(x: Int) {}", 0),
    ],
)
def test_a_main_function_is_an_entry_point(source, line):
    facts = read(source)
    assert (facts.has_main, facts.main_line) == (line > 0, line)


@pytest.mark.parametrize(
    "end", ["@A", "@", "@A(", "@A(B", "@A(B)", '@A("x', "@A<B", "  @file:A(", "@A\n@B(\n", "\\", "/*"]
)
@pytest.mark.parametrize("start", ["val a = b()", "class A", "class A {\n  val a = 1", "fun f() = 1"])
def test_a_file_may_end_anywhere(start, end):
    facts = read(f"{start}\n{end}")
    assert [s.name for s in facts.symbols] in ([], ["A"], ["f"])
    assert all(s.end <= facts.lines for s in facts.symbols)


@pytest.mark.parametrize("piece", ["class A { ", "fun f() { ", "val x = object : A { ", "@A(", "x<", "f { ", '"${'])
def test_deep_nests_take_no_time_to_speak_of(piece):
    assert read(piece * 3_000).lines == 1
