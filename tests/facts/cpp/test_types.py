"""Types of C++: kinds, bases, scopes, declarations."""

from tests.facts.cpp.reading import read, shape


def test_types_of_all_kinds_with_bases_and_scope():
    source = """
namespace a::b {
inline namespace v1 {
class Foo final : public virtual ns::Base<int, Pair<A, B>>, private detail::Q, protected T::template Re<X> {};
struct S : S0 {};
union U {};
enum E { ONE };
enum class Scoped : unsigned char { TWO };
}
namespace { struct Hidden { struct Inner; }; }
}
struct a::b::Hidden::Inner {};
"""
    found = read(source).symbols
    assert [(s.kind, s.qualified, s.bases) for s in found] == [
        ("class", "a.b.v1.Foo", ("Base", "Q", "Re")),
        ("struct", "a.b.v1.S", ("S0",)),
        ("union", "a.b.v1.U", ()),
        ("enum", "a.b.v1.E", ()),
        ("enum", "a.b.v1.Scoped", ()),
        ("struct", "a.b.Hidden", ()),
        ("struct", "a.b.Hidden.Inner", ()),
        ("struct", "a.b.Hidden.Inner", ()),
    ]
    assert [s.decl for s in found if s.name == "Inner"] == [True, False]


def test_without_a_body_it_is_a_declaration():
    source = """
class Fwd;
template <class T> struct TFwd;
enum class EFwd : int;
void proto(int);
struct S { void a(); void b() {} virtual void c() = 0; S() = default; class Nested; };
"""
    decls = {s.name: s.decl for s in read(source).symbols}
    assert decls == {
        "Fwd": True, "TFwd": True, "EFwd": True, "proto": True, "S": True, "a": True, "b": False, "c": True,
        "Nested": True,
    }  # fmt: skip


def test_a_type_that_is_only_mentioned_is_not_declared():
    assert shape("struct a *f(struct b *x); struct c v; class D* p; friend_of<class E> q; template class F<int>;") == [
        ("function", "f")
    ]


def test_a_type_in_capitals_is_no_macro():
    source = "class DB {\n public:\n  DB() = default;\n  DB(const DB&) = delete;\n  DB(int);\n  virtual ~DB();\n};\nDB* open();\nDB::DB(int) {}\n"
    assert [(kind, name) for kind, name in shape(source)] == [
        ("class", "DB"), ("constructor", "DB.DB"), ("constructor", "DB.DB"), ("constructor", "DB.DB"), ("method", "DB.~DB"),
        ("function", "open"), ("constructor", "DB.DB"),
    ]  # fmt: skip


def test_lines_are_those_of_the_names():
    source = "template <class T>\nclass\nFoo {\n  void\n  bar();\n};\ntemplate <class T>\nvoid\nFoo<T>::\nbar() {\n}\n"
    assert [(s.name, s.line, s.end) for s in read(source).symbols] == [("Foo", 3, 6), ("bar", 5, 5), ("bar", 10, 11)]


def test_columns_are_bytes_and_names_may_be_any_letters():
    found = read('const char* s = "äöü€"; class Größe { void länge(); }; /* ü */ void später() {}').symbols
    assert [s.name for s in found] == ["Größe", "länge", "später"]


def test_nesting_of_five_thousand_brackets_is_no_danger():
    for pair in ("()", "{}", "[]"):
        value, block = f"{pair[0] * 5000}1{pair[1] * 5000}", "{" * 5000 + "}" * 5000
        source = f"class A {{}};\nint x = {value};\nclass B {{}};\nvoid f() {{ {block} }}"
        assert {"A"} <= {name for _, name in shape(source)}
        assert read("int x = " + pair[0] * 5000).symbols == ()
    chain = "void f() { " + "if (a) { " * 2000 + "}" * 2000 + " }\nclass B {};"
    assert [name for _, name in shape(chain)] == ["f", "B"]
