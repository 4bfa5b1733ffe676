import pytest

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts, Symbol


def read(source: str, lang: str = "cpp") -> FileFacts:
    return extract("src/a.cpp", source.encode(), lang)


def shape(source: str) -> list[tuple[str, str]]:
    return [(s.kind, s.qualified) for s in read(source).symbols]


def named(source: str, name: str) -> Symbol:
    return next(s for s in read(source).symbols if s.name == name)


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


def test_methods_are_what_is_declared_directly_in_the_type():
    source = """
template <typename T> class Box : Base<T> {
 public:
  Box();
  explicit Box(int n) noexcept(true) : n_{n} {}
  virtual ~Box() = default;
  Box(const Box&) = delete;
  Box& operator = (const Box&);
  bool operator ==(const Box&) const;
  void operator()(int);
  explicit operator bool() const;
  operator const char *() const { return 0; }
  static T* make(), other;
  virtual void draw() const = 0;
  auto size() const -> int;
  const std::vector<T>& items() const& { struct Local { void in(); }; return x; }
  int data, (*callback)(int), array[3];
  std::function<void(int)> handler;
  template <class U> void visit(U&& u) {}
  friend void swap(Box& a, Box& b) {}
  friend class Other;
  struct Inner { void hidden(); };
  void outer();
};
"""
    box = named(source, "Box")
    assert box.methods == (
        "Box", "~Box", "operator=", "operator==", "operator()", "operator bool", "operator const char *", "make",
        "draw",
        "size", "items", "visit", "outer",
    )  # fmt: skip
    kinds = {(s.kind, s.qualified) for s in read(source).symbols}
    assert ("constructor", "Box.Box") in kinds
    assert ("method", "Box.~Box") in kinds
    assert ("function", "swap") in kinds
    assert ("struct", "Box.Inner") in kinds
    assert ("method", "Box.Inner.hidden") in kinds
    assert ("struct", "Box.items.Local") in kinds
    assert not any(name.endswith(("callback", "handler", "other", "Other")) for _, name in kinds)


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


def test_definitions_outside_of_the_type_are_its_methods():
    source = """
namespace ns { class Foo; void free(); }
namespace app {
void Foo::bar() const {}
Foo::Foo(int n) : n(n) {}
Foo::~Foo() = default;
template <> template <class U> int Box<T>::Inner::get(U u) { return 0; }
Foo::operator bool() const { return true; }
int Foo::count = f(1);
const Foo& ns::Foo::self() { return *this; }
void ns::free() {}
}
"""
    assert shape(source)[2:] == [
        ("method", "app.Foo.bar"),
        ("constructor", "app.Foo.Foo"),
        ("method", "app.Foo.~Foo"),
        ("method", "app.Box.Inner.get"),
        ("method", "app.Foo.operator bool"),
        ("method", "app.ns.Foo.self"),
        ("function", "app.ns.free"),
    ]


def test_a_stray_semicolon_behind_a_body_hides_nothing():
    source = "A B::f() const {};\nvoid g() {\n};\nclass X { void f() {}; A& operator=(int) { return 1; }; ~X() {}; };\n"
    assert [(name, s.decl) for (_, name), s in zip(shape(source), read(source).symbols, strict=True)] == [
        ("B.f", False),
        ("g", False),
        ("X", False),
        ("X.f", False),
        ("X.operator=", False),
        ("X.~X", False),
    ]


def test_functions_and_what_only_looks_like_one():
    source = """
int (*pointer)(int);
void (*signal(int, void (*)(int)))(int);
Foo* make();
static inline auto lambda = [](int x) { return x; };
int after_lambda();
std::string operator""_s(const char* s, size_t n);
extern "C" int c_function(void);
extern "C" { void in_block() {} }
TEST(Suite, Case) { struct Local {}; }
Deduce(int) -> Deduce<int>;
int main(int argc, char** argv) { int local(int); return 0; }
"""
    assert shape(source) == [
        ("function", "signal"),
        ("function", "make"),
        ("function", "after_lambda"),
        ("function", 'operator""_s'),
        ("function", "c_function"),
        ("function", "in_block"),
        ("struct", "Local"),
        ("function", "main"),
    ]
    assert read(source).main_line == 12


@pytest.mark.parametrize(
    "head",
    [
        "class EXPORT_API Foo final : public Bar<T>",
        "class Q_CORE_EXPORT Foo : public Bar<T>",
        "class DEPRECATED(\"no\") Foo : public Bar<T>",
        "class alignas(16) Foo : public Bar<T>",
        "class [[nodiscard]] Foo : public Bar<T>",
        "class __attribute__((visibility(\"default\"))) Foo : public Bar<T>",
        "class __declspec(dllexport) Foo : public Bar<T>",
        "class dll_export Foo : public Bar<T>",
        "class Foo MY_FINAL : public Bar<T>",
        "template <class T>\nclass A_API B_API Foo\n    : public virtual Bar<T>",
        "class Foo\n#ifdef X\n  : public Bar<T>\n#else\n  : public Other\n#endif\n",
    ],
)  # fmt: skip
def test_macros_in_the_head_of_a_class_do_not_hide_it(head):
    found = named(head + " { Q_OBJECT\n public: void go(); };\nclass After {};", "Foo")
    assert (found.kind, found.bases, found.methods) == ("class", ("Bar",), ("go",))


def test_macros_among_members_do_not_hide_them():
    source = """
class Widget : public QWidget {
    Q_OBJECT
    Q_PROPERTY(int x READ x WRITE setX)
public:
    EXPORT_API Widget(int);
    Q_INVOKABLE void invoke();
    virtual void paint() const Q_DECL_OVERRIDE;
    int WINAPI call(int x) { return 1; }
    void locked() EXCLUSIVE_LOCKS_REQUIRED(mutex_);
    explicit CONSTEXPR_20 Widget(char);
    Q_DISABLE_COPY(Widget)
public slots:
    void onClick();
signals:
    void clicked();
private Q_SLOTS:
    void hidden();
};
"""
    assert named(source, "Widget").methods == (
        "Widget", "invoke", "paint", "call", "locked", "onClick", "clicked", "hidden",
    )  # fmt: skip


def test_a_type_in_capitals_is_no_macro():
    source = "class DB {\n public:\n  DB() = default;\n  DB(const DB&) = delete;\n  DB(int);\n  virtual ~DB();\n};\nDB* open();\nDB::DB(int) {}\n"
    assert [(kind, name) for kind, name in shape(source)] == [
        ("class", "DB"), ("constructor", "DB.DB"), ("constructor", "DB.DB"), ("constructor", "DB.DB"), ("method", "DB.~DB"),
        ("function", "open"), ("constructor", "DB.DB"),
    ]  # fmt: skip


def test_assertions_and_computed_types_hide_nothing():
    source = """
template <typename T> struct caster {
  static_assert(sizeof(T) == 1, MESSAGE "text");
  TYPE_CASTER(std::complex<T>, const_name("complex"));
  auto get() -> decltype(f(1), g<int>()) { return 1; }
};
struct After {};
"""
    assert [name for _, name in shape(source)] == ["caster", "caster.get", "After"]
    assert named(source, "get").signature == "auto get() -> decltype(f(1), g<int>())"


def test_macros_around_functions_do_not_hide_them():
    source = """
BEGIN_NAMESPACE
API_EXPORT void exported();
void WINAPI called(int a) {}
int thrown() __THROW __wur;
FORCE_INLINE static std::vector<int> listed(int a);
template <class T> HOST_DEVICE T device(T x) { return x; }
DWORD
typed(int x) { return FOO(x); }
BOOL APIENTRY DllMain(HANDLE h) { return 1; }
SIZE_T Foo::sized() { return 0; }
GLOBAL(void) wrapped(int cinfo) {}
namespace detail VISIBILITY(default) { int inside(); }
END_NAMESPACE
"""
    assert [name.rpartition(".")[2] for _, name in shape(source)] == [
        "exported", "called", "thrown", "listed", "device", "typed", "DllMain", "sized", "wrapped", "inside",
    ]  # fmt: skip


def test_conditionals_that_unbalance_braces_do_not_hide_what_follows():
    source = """
#ifdef __cplusplus
extern "C" {
#endif
void first() {
#if A
  if (a) {
#else
  if (b) {
#endif
  }
}
int f(int a
#ifdef WIDE
  , int b
#endif
) { return 1; }
#if 0
class Dead { don't
#else
class Alive {};
#endif
#ifdef WINDOWS
class Both { void w(); };
#else
class Both { void u(); };
#endif
#ifdef __cplusplus
}
#endif
class Last {};
"""
    assert [name for _, name in shape(source)] == ["first", "f", "Alive", "Both", "Both.w", "Both", "Both.u", "Last"]


def test_function_like_macros_are_symbols_and_others_are_not():
    macros = "#define MAX(a, b) \\\n  ((a) > (b) ? (a) /* } */ : (b))\n#define LIMIT 3\n#define EMPTY   \n"
    source = f"/// The larger one.\n{macros}class A {{}};"
    found = read(source).symbols
    assert [(s.kind, s.name, s.line, s.end) for s in found] == [("macro", "MAX", 2, 3), ("class", "A", 6, 6)]
    assert (found[0].signature, found[0].doc) == ("#define MAX(a, b)", "The larger one.")


@pytest.mark.parametrize(
    ("comment", "doc"),
    [
        ("/// Reads files.\n/// Slowly.\n", "Reads files."),
        ("/** Reads\n *  files. Slowly.\n */\n", "Reads files."),
        ("/*!\n * \\brief Reads files.\n *\n * More.\n */\n", "Reads files."),
        ("/**\n * @class Foo\n * @brief Reads files, e.g. DICOM.\n * @param x no\n */\n", "Reads files, e.g. DICOM."),
        ("//! Reads files\n", "Reads files"),
        ("// Reads files.\n", "Reads files."),
        ("/// Reads \\c Foo and <b>more</b>.\ntemplate <class T>\n", "Reads Foo and more."),
        ("/// Reads files.\nFOO_API\n", "Reads files."),
        ("// Something else.\n\n", ""),
        ("int x; // about x\n", ""),
        ("int x; /**< about x */\n", ""),
        ("// ------------\n", ""),
    ],
)
def test_the_doc_is_the_first_sentence_of_the_comment_above(comment, doc):
    assert named("int before;\n" + comment + "void f();", "f").doc == doc


def test_a_comment_behind_a_member_documents_it():
    source = "struct S {\n  void a(); ///< Does a.\n  void b();\n  void c(); /**< Does c. */\n};"
    assert {s.name: s.doc for s in read(source).symbols} == {"S": "", "a": "Does a.", "b": "", "c": "Does c."}


def test_signatures_are_as_written_on_one_line_up_to_the_body():
    source = """
template <typename T>
class EXPORT_API Foo final  // not this
    : public Bar<T> {
  explicit Foo(int a, /* nor this */ int b = 3) noexcept : a_(a) { run(); }
  virtual const char* name(const char* d = "a // b") const = 0;
};
"""
    assert [s.signature for s in read(source).symbols] == [
        "template <typename T> class EXPORT_API Foo final : public Bar<T>",
        "explicit Foo(int a, int b = 3) noexcept",
        'virtual const char* name(const char* d = "a // b") const = 0',
    ]


def test_lines_are_those_of_the_names():
    source = "template <class T>\nclass\nFoo {\n  void\n  bar();\n};\ntemplate <class T>\nvoid\nFoo<T>::\nbar() {\n}\n"
    assert [(s.name, s.line, s.end) for s in read(source).symbols] == [("Foo", 3, 6), ("bar", 5, 5), ("bar", 10, 11)]


def test_columns_are_bytes_and_names_may_be_any_letters():
    found = read('const char* s = "äöü€"; class Größe { void länge(); }; /* ü */ void später() {}').symbols
    assert [s.name for s in found] == ["Größe", "länge", "später"]


def test_includes_and_the_comment_about_the_file():
    licence = "// Copyright 2020 Someone.\n// All rights reserved.\n\n"
    source = licence + '/**\n * @file a.h\n * Reads images.\n */\n#include <vector>\n#include "b/c.h"\n'
    facts = read(source)
    assert facts.imports == ("vector", "b/c.h")
    assert facts.doc == "Reads images."


def test_a_licence_documents_neither_the_file_nor_the_first_class():
    facts = read("/* Copyright (c) 2020. */\nclass A {};")
    assert (facts.doc, facts.symbols[0].doc) == ("", "")


def test_nesting_of_five_thousand_brackets_is_no_danger():
    for pair in ("()", "{}", "[]"):
        value, block = f"{pair[0] * 5000}1{pair[1] * 5000}", "{" * 5000 + "}" * 5000
        source = f"class A {{}};\nint x = {value};\nclass B {{}};\nvoid f() {{ {block} }}"
        assert {"A"} <= {name for _, name in shape(source)}
        assert read("int x = " + pair[0] * 5000).symbols == ()
    chain = "void f() { " + "if (a) { " * 2000 + "}" * 2000 + " }\nclass B {};"
    assert [name for _, name in shape(chain)] == ["f", "B"]
