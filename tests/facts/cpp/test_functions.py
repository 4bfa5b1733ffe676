"""Functions, methods and what only looks like one."""

import pytest
from tests.facts.cpp.reading import named, read, shape


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


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("struct A { A() : a{1}, b(2), c{{3}, 4} {} void f() {} };", ["A", "A.A", "A.f"]),
        ("struct A { A(int a) : f([](int x) { return x; }), B<int>{a}... {} void g(); };", ["A", "A.A", "A.g"]),
        ("A::A() try : a(1) { } catch (...) { }\nvoid f() {}", ["A.A", "f"]),
        ("template <class T>\nstruct X<T, void_t<decltype(T::f())>> : std::true_type {};\nstruct Y {};", ["X", "Y"]),
        (
            "auto f() -> std::vector<int> { return {}; }\nbool operator==(A a, B b) { return true; }",
            ["f", "operator=="],
        ),
        ("int table[] = { 1, 2, 3 };\nauto l = [](int x) { return x; };\nint a{3};\nint f();", ["f"]),
        ("extern void f(Once* o, void (*init)());\nFoo x(1, y);\nvoid g(Foo a, Bar& b);", ["f", "g"]),
        ("static R rand(static_cast<unsigned int>(seed()));\nint after();", ["after"]),
        ("enum { A = 1 };\nenum : unsigned long { B = 2 };\nenum Named : unsigned long { C };", ["Named"]),
    ],
)
def test_bodies_and_values_hide_nothing(source, expected):
    assert [name for _, name in shape(source)] == expected


def test_types_in_the_bodies_of_functions_are_found_and_nothing_else_there():
    source = """
int A::run(int n) {
  if (n < 0) { return (unsigned) n ? f(n) : g<2>(n); }
  struct Local : Base {
    Local(int n) : n_{n} { struct Deeper {}; }
    int n_;
  } local;
  auto f = [] { enum class Mode { ON }; return 1; };
  static const struct option options[] = { { "a", 1 }, { 0, 0 } };
  return local.n_;
}
void after();
"""
    assert shape(source) == [
        ("method", "A.run"),
        ("struct", "A.run.Local"),
        ("constructor", "A.run.Local.Local"),
        ("struct", "A.run.Local.Local.Deeper"),
        ("enum", "A.run.Mode"),
        ("function", "after"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("void f() {\n}\n}\n\nclass A { void m(); };\n", ["f", "A", "A.m"]),
        ("void f() {\n  if (a) {\n}\n\nvoid g() {\n}\n\nclass A { void m(); };\n", ["f", "g", "A", "A.m"]),
    ],
)
def test_a_brace_too_many_or_too_few_spoils_one_definition_at_most(source, expected):
    assert [name for _, name in shape(source)] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "struct D { explicit D(int v) : value(v >= 0 ? v : uint64_t{0} - v), n(1) {}\n  void m(); };",
            ["D", "D.D", "D.m"],
        ),
        (
            "template <class U, std::enable_if_t<ok<T, U&&, true>::value && (N > 3), int> = 0>\nT f(U&& u) && {}",
            ["f"],
        ),
        ("template <class T>\nstruct X<T, enable_if_t<(K == a || K == b)>> : Y<(1 > 0)> { void m(); };", ["X", "X.m"]),
    ],
)
def test_computed_template_parameters_and_values_hide_nothing(source, expected):
    assert [name for _, name in shape(source)] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "inline A::operator bool() const { return x; }\nA<T>::operator ns::B() {}",
            ["A.operator bool", "A.operator ns::B"],
        ),
        ("namespace a { void a::B::f() {}\nint ::a::B::g() { return 1; } }", ["a.B.f", "a.B.g"]),
        ("extern template class A<4>;\nextern template int f<2>(int);\nvoid g();", ["g"]),
        ("struct A { bool f(M<true> a = {}, M<i == j> b = {}) { return 1; } };", ["A", "A.f"]),
        (
            "struct A { std::atomic<B*> b GUARDED_BY(m){nullptr};\n  Queue q GUARDED_BY(m);\n  void f(); };",
            ["A", "A.f"],
        ),
        ("template <class T>\nauto f(T&& r) DECLTYPE_RETURN(static_cast<T&&>(r).begin());", ["f"]),
    ],
)
def test_what_the_grammar_reads_as_something_else_is_found(source, expected):
    assert [name for _, name in shape(source)] == expected
