"""Macros among declarations, which no parser without a preprocessor can read."""

import pytest
from tests.facts.cpp.reading import named, read, shape


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


def test_function_like_macros_are_symbols_and_others_are_not():
    macros = "#define MAX(a, b) \\\n  ((a) > (b) ? (a) /* } */ : (b))\n#define LIMIT 3\n#define EMPTY   \n"
    source = f"/// The larger one.\n{macros}class A {{}};"
    found = read(source).symbols
    assert [(s.kind, s.name, s.line, s.end) for s in found] == [("macro", "MAX", 2, 3), ("class", "A", 6, 6)]
    assert (found[0].signature, found[0].doc) == ("#define MAX(a, b)", "The larger one.")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "class A {\n  CONSTEXPR_20 A(T* p) noexcept : p_(p) {}\n  CONSTEXPR_20 ~A() = default;\n};",
            ["A", "A.A", "A.~A"],
        ),
        ("class A { template <class... T>\n  CONSTEXPR INLINE A(T&&... t) {} };", ["A", "A.A"]),
        ("API FUNC A::~A() noexcept = default;\nAPI A<T>::A(int) {}", ["A.~A", "A.A"]),
        ("class A {\n  WARNING(suppress : 26495)\n  A(int n) noexcept : n_(n) {}\n};", ["A", "A.A"]),
        ("class A {\n  int f();\n  PRIVATE_UNLESS_TESTED:\n  using T = int;\n  void g();\n};", ["A", "A.f", "A.g"]),
        ("struct A { UINT a : 3; UINT : 5; int f(); };", ["A", "A.f"]),
        ("template <class T,\n          ENABLE_IF(is_x<T>::value)>\nINLINE std::string<T> f(const T& t) {}", ["f"]),
        ("#define NOMACRO // nothing\ninline null<> f NOMACRO(...) { return null<>(); }", ["f"]),
        ("PACK(typedef struct { int a; }) A;\nPACK(struct B { void f(); });\nstruct C {};", ["A", "B", "B.f", "C"]),
        ("enum Tag API f(const union V* v) { return v->tag; }\nstruct S* API g();", ["f", "g"]),
        (
            "class A {\n  PROPERTY(int, p)\npublic:\n  A(int p)\n  : B(), p_(p)\n  { }\n  virtual ~A() = 0;\n};",
            ["A", "A.A", "A.~A"],
        ),
        ('#define IS(x) (x == "/*" || x == "//")\nvoid f();\n/* end */', ["IS", "f"]),
    ],
)
def test_what_stands_beside_a_macro_is_found(source, expected):
    assert [name for _, name in shape(source)] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const char* nullable f(Rep* nonnull r) const;\nRep* nonnull ns::A::g(int n) {}", ["f", "ns.A.g"]),
        ("struct A { T h(U&& u LIFETIME_BOUND) && {}\n  void i(const DWORD FLAGS); };", ["A", "A.h", "A.i"]),
        ("struct A { static constexpr decltype(auto) __get(I& i) { return 1; } };", ["A", "A.__get"]),
        (
            "template <bool C>\nclass view<V>::__iterator\n    : public base<C> { void m(); };",
            ["view.__iterator", "view.__iterator.m"],
        ),
        (
            'enum E { A API_DEPRECATED("x") = 1, B };\nclass C { enum F { D ATTR }; void m(); };',
            ["E", "C", "C.F", "C.m"],
        ),
    ],
)
def test_annotations_in_any_letters_hide_nothing(source, expected):
    assert [name for _, name in shape(source)] == expected
