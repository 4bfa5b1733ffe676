import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts
from codeanvil.facts.readers.csharp import without_directives


def read(source: str) -> FileFacts:
    return extract("src/A.cs", source.encode(), "csharp")


def outline(source: str) -> list[str]:
    return outlined(read(source))


OUTLINES = {
    "bases are simple names": (
        "class A<T> : B<T>, N.M.I<int>, global::Z /* last */, alias::Y<X> where T : class, new() {}",
        ["class A(B, I, Z, Y)"],
    ),
    "the underlying type of an enum is no base": ("enum E : byte { X = 1, Y }", ["enum E"]),
    "each kind of type": (
        "class A {} struct B : I {} interface C : D {} enum E {} record F; record struct G(int X) : I; record class H {}",
        ["class A", "struct B(I)", "interface C(D)", "enum E", "record F", "record G(I)", "record H"],
    ),
    "a primary constructor is part of the type": (
        "class A(int x, B b) : C(x), D { int Twice() => 2 * x; }",
        ["class A(C, D)[Twice]", "method A.Twice"],
    ),
    "namespaces are scope": (
        "namespace N.M { class A {} namespace O { class B {} } } class C {}",
        ["class N.M.A", "class N.M.O.B", "class C"],
    ),
    "a namespace of the whole file": (
        "using X;\nnamespace N.M;\nclass A { void F() {} }\nenum E {}",
        ["class N.M.A[F]", "method N.M.A.F", "enum N.M.E"],
    ),
    "constructors, finalisers and operators": (
        "class A { static A() {} public A(int i) : this() {} ~A() {} public static A operator +(A a, A b) => a;"
        " public static bool operator true(A a) => true; public static A operator checked ++(A a) => a;"
        " public static explicit operator System.Collections.Generic.List<int>(A a) => null;"
        " public static implicit operator int(A a) => 1; }",
        ["class A[A, ~A, operator +, operator true, operator ++, operator System.Collections.Generic.List,"
         " operator int]",
         "constructor A.A", "constructor A.A", "method A.~A", "method A.operator +", "method A.operator true",
         "method A.operator ++", "method A.operator System.Collections.Generic.List", "method A.operator int"],
    ),
    "properties, indexers, events and fields are no methods": (
        "class A { int P { get; set; } = 3; int Q => 1; int this[int i] { get { return 1; } } event H E;"
        " event H F { add {} remove {} } int x, y; const int Z = 1; void M() {} }",
        ["class A[M]", "method A.M"],
    ),
    "methods without a body": (
        "interface I { void F(); int G() => 1; static abstract I operator +(I a); }"
        " abstract class A { abstract void F(); extern static void G(); partial void H(); }",
        ["interface I[F, G, operator +]", "method I.F;", "method I.G", "method I.operator +;",
         "class A[F, G, H]", "method A.F;", "method A.G;", "method A.H;"],
    ),
    "an explicit implementation is called by its member's name": (
        "class A : I<int> { void I<int>.Do<U>() where U : new() {} int N.J.P => 1; }",
        ["class A(I)[Do]", "method A.Do"],
    ),
    "a delegate is a function without a body": (
        "namespace N; public delegate void D<in T>(T s); class A { delegate int E(); }",
        ["function N.D;", "class N.A", "function N.A.E;"],
    ),
    "local functions are scoped by what is around them": (
        "class A { void F() { int G(int y) => y; void H() { void I() {} } } int P { get { int J() => 1; return J(); } } }",
        ["class A[F]", "method A.F", "function A.F.G", "function A.F.H", "function A.F.H.I", "function A.P.J"],
    ),
    "nested types have their own members": (
        "class A { class B<T> : C { void F() {} struct D {} } enum E { X } void G() {} }",
        ["class A[G]", "class A.B(C)[F]", "method A.B.F", "struct A.B.D", "enum A.E", "method A.G"],
    ),
    "the parts of a partial type have what all of them have": (
        "partial class A : B { void F() {} } partial class A<T> { void X() {} } partial class A : I { void G() {} }",
        ["class A(B, I)[F, G]", "method A.F", "class A[X]", "method A.X", "class A(I, B)[F, G]", "method A.G"],
    ),
    "types of one name that are not partial are kept apart": (
        "class A { void F() {} } class A<T> : A { void G() {} }",
        ["class A[F]", "method A.F", "class A(A)[G]", "method A.G"],
    ),
    "extension members are methods of their type": (
        "static class A { extension(string s) { public int Twice() => 2; } static void F() {} }",
        ["class A[Twice, F]", "method A.Twice", "method A.F"],
    ),
    "top-level statements have functions": (
        'using System;\nConsole.WriteLine("x");\nint F(int x) { return 1; }\nclass A {}',
        ["function F", "class A"],
    ),
    "braces in strings are text": (
        'class A { string s = @"a "" { class X {", t = $"{d["a"]} {{", u = """\n " { class Y {\n """; char c = \'{\';'
        " void F() {} }",
        ["class A[F]", "method A.F"],
    ),
    "attributes and unsafe code": (
        "[A(1)] unsafe struct S { [B] [return: C] public fixed int a[3]; [D] static int* F([E] int* p) => p; }",
        ["struct S[F]", "method S.F"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_outline(source, expected):
    assert outline(source) == expected


CONDITIONALS = {
    "branches of whole declarations are all read": (
        "class A {\n#if X\n  void F() {}\n#elif Y\n  void G() {}\n#else\n  void H() {}\n#endif\n  void I() {}\n}",
        ["class A[F, G, H, I]", "method A.F", "method A.G", "method A.H", "method A.I"],
    ),
    "of branches that open a block one is read": (
        "class A {\n#if X\n  void F(int i) {\n#else\n  void F() {\n#endif\n  }\n  void G() {}\n}",
        ["class A[F, G]", "method A.F", "method A.G"],
    ),
    "of heads of a type one is read": (
        "#if X\npublic\n#else\ninternal\n#endif\nclass A\n#if X\n  : B\n#endif\n{ void F() {} }",
        ["class A(B)[F]", "method A.F"],
    ),
    "what is never true is not read": (
        "class A {\n#if false\n  void F() { don't\n#else\n  void G() {}\n#endif\n}",
        ["class A[G]", "method A.G"],
    ),
    "a conditional among arguments": (
        "class A { void F() { G(1,\n#if X\n 2,\n#else\n 3,\n#endif\n 4); }\n void H() {} }",
        ["class A[F, H]", "method A.F", "method A.H"],
    ),
    "regions, pragmas and nullable contexts are nothing": (
        "#nullable enable\n#region Don't { \"\nclass A {\n  #pragma warning disable 1\n  void F() {}\n#endregion\n}",
        ["class A[F]", "method A.F"],
    ),
    "a directive in a string is text": (
        'class A { string s = @"\n#if X\n"; void F() {} }\n#if Y\nclass B {}\n#endif',
        ["class A[F]", "method A.F", "class B"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CONDITIONALS.values(), ids=CONDITIONALS)
def test_conditional_compilation(source, expected):
    assert outline(source) == expected
    settled = without_directives(source.encode())
    assert [len(line) for line in settled.split(b"\n")] == [len(line) for line in source.encode().split(b"\n")]


def test_places_and_signatures():
    facts = read(
        "namespace N\n{\n    [Serializable]\n    public sealed class A<T>\n        : B<T> where T : class\n    {\n"
        "        [Obsolete] // why\n        public A(int a, // first\n            string b) : base(a)\n        {\n"
        "        }\n        public int F() => 1;\n    }\n}\n"
    )
    found = [(s.name, s.line, s.end, s.signature) for s in facts.symbols]
    assert found == [
        ("A", 4, 13, "public sealed class A<T> : B<T> where T : class"),
        ("A", 8, 11, "public A(int a, string b)"),
        ("F", 12, 12, "public int F()"),
    ]


DOCS = {
    "/// <summary>\n/// Loads a file. Slowly.\n/// </summary>\n/// <param name=\"x\">The file.</param>\n": "Loads a file.",
    "/// <summary>Loads a file.</summary>\n[Obsolete]\n// why\n": "Loads a file.",
    "/** <summary>Loads\n * a file</summary> */\n": "Loads a file",
    "/// <summary>Uses <see cref=\"M:N.A.Run(System.Int32)\"/>, <paramref name=\"x\"/> and <c>y</c> &lt; "
    "<see langword=\"null\" />.</summary>\n": "Uses N.A.Run, x and y < null.",
    "/// <summary>See <see href=\"x\">the page</see> of <see cref=\"List{T}\"/>.</summary>\n": "See the page of List<T>.",
    "/// <summary><para>First.</para><para>Second.</para></summary>\n": "First.",
    "/// <inheritdoc/>\n": "",
    "/// <returns>The size.</returns>\n": "",
    "/// Loads a file.\n": "Loads a file.",
    "//// Loads a file.\n": "",
    "// Loads a file.\n": "",
    "/* Loads a file. */": "",
}  # fmt: skip


@pytest.mark.parametrize("comment", DOCS)
def test_the_doc_is_the_first_sentence_of_the_summary(comment):
    facts = read(f"class A {{\n{comment} void F() {{}} }}")
    assert [s.doc for s in facts.symbols] == ["", DOCS[comment]]


def test_the_comment_that_stands_apart_documents_the_file():
    assert read('// <copyright file="A.cs">X</copyright>\n\n// Tools for trees.\n\nusing A;').doc == "Tools for trees."


def test_imports_are_the_names_of_using():
    source = (
        "global using static A.B;\nusing C = D.E<int>;\nusing F.G;\nusing H = (int, int);\nusing F.G;\nextern alias q;\n"
        "class X { void M() { using (var a = b) { } using var c = d; } }"
    )
    assert read(source).imports == ("A.B", "D.E", "F.G")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("class A {\n  static void Main(string[] args) {}\n}", 2),
        ("class A {\n  public static async Task<int> Main() => 1;\n}", 2),
        ("using X;\n\nint F() => 1;\nF();\nclass A { static void Main() {} }", 4),
        ("class A { void Main() {} static void Main(int x) {} static void Domain() {} }", 0),
        ("int F() => 1;\nclass A {}", 0),
    ],
)
def test_a_main_method_or_a_statement_is_an_entry_point(source, line):
    facts = read(source)
    assert (facts.has_main, facts.main_line) == (line > 0, line)


@pytest.mark.parametrize("piece", ["class A { ", "namespace N { ", "void F() { ", "#if X\n", "F(", "[A", '$"{'])
def test_deep_nests_take_no_time_to_speak_of(piece):
    assert read(piece * 3_000).lines >= 1
