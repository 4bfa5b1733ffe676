"""Conditional compilation that cuts through declarations."""

from tests.facts.cpp.reading import shape


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


def test_what_only_documentation_programs_see_is_left_out():
    source = """
#ifdef Q_QDOC
class List : public Base<T>
#else
template <> struct Special<T>
#endif
{
#ifndef DOXYGEN
  void m();
#endif
};
"""
    assert [name for _, name in shape(source)] == ["Special", "Special.m"]
