import pytest

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts, Symbol


def read(source: str) -> FileFacts:
    return extract("src/a.rs", source.encode(), "rust")


def named(source: str, name: str) -> Symbol:
    return next(s for s in read(source).symbols if s.name == name)


@pytest.mark.parametrize(
    ("source", "kind", "bases", "methods"),
    [
        ("pub struct A;", "struct", (), ()),
        ("struct A<'a, T: X = u8>(&'a T) where T: Y;", "struct", (), ()),
        ("pub(crate) enum A { One(B), Two { c: C } }", "enum", (), ()),
        ("union A { a: u8, b: f32 }", "union", (), ()),
        ("pub unsafe trait A { const N: u8; type B; fn one(&self); fn two() {} }", "trait", (), ("one", "two")),
        ("trait A: B + c::D<u8> + 'static + ?Sized + for<'a> E<'a> + Fn(u8) where Self: F {}", "trait", ("B", "D", "E", "Fn"), ()),
        ("#[derive(Debug, Clone)] struct A;", "struct", (), ()),
        ("struct A; impl A { pub const fn new() -> Self { A } async unsafe fn two(&self) {} }", "struct", (), ("new", "two")),
        ("impl<'a, T> fmt::Display for A<'a, T> where T: X { fn fmt(&self) {} } struct A;", "struct", ("Display",), ("fmt",)),
        ("enum A {} unsafe impl Send for A {} impl !Sync for A {} impl From<B> for A {} impl From<C> for A {}", "enum", ("Send", "From"), ()),
        ("struct A; impl<'a> Read for &'a mut A { fn read(&mut self) {} }", "struct", ("Read",), ("read",)),
        ("trait A: B {} impl dyn A + Send { fn is(&self) {} }", "trait", ("B",), ("is",)),
        ("trait A { fn one(&self); } impl<A> B for A { fn no(&self) {} }", "trait", (), ("one",)),
    ],
)  # fmt: skip
def test_types_have_the_supertraits_or_traits_and_methods_of_their_impls(source, kind, bases, methods):
    found = named(source, "A")
    assert (found.kind, found.qualified, found.bases, found.methods) == (kind, "A", bases, methods)


@pytest.mark.parametrize(
    ("source", "qualified"),
    [
        ("impl A { fn m() {} }", "A.m"),
        ("impl path::to::A<u8> { fn m() {} }", "A.m"),
        ("impl T for Box<A> { fn m() {} }", "Box.m"),
        ("impl T for u8 { fn m() {} }", "u8.m"),
        ("impl<A> T for A { fn m() {} }", "T.m"),
        ("impl<A: X> path::T<A> for A { fn m() {} }", "T.m"),
        ("impl T for [A] { fn m() {} }", "T.m"),
        ("impl T for (A, B) { fn m() {} }", "T.m"),
        ("impl<F> T for fn(F) { fn m() {} }", "T.m"),
        ("mod n { mod o { impl A { fn m() {} } } }", "n.o.A.m"),
        ("mod n { mod o { impl super::A { fn m() {} } } }", "n.A.m"),
        ("mod n { mod o { impl T for super::super::A { fn m() {} } } }", "A.m"),
        ("mod n { mod o { impl crate::A { fn m() {} } } }", "A.m"),
        ("fn f() { struct A; impl A { fn m() {} } }", "f.A.m"),
    ],
)
def test_what_an_impl_holds_belongs_to_its_type_or_else_to_its_trait(source, qualified):
    method = named(source, "m")
    assert (method.kind, method.qualified) == ("method", qualified)


def test_modules_are_scopes_and_functions_nest():
    source = """
mod elsewhere;
/// Inside.
pub mod a {
    pub mod b { pub enum E { One } }
    #[cfg(test)]
    mod tests { use super::*; #[test] fn works() { fn helper() {} } }
}
extern "C" { fn c_call(x: i32) -> i32; static S: u8; type Opaque; }
macro_rules! shout { ($x:ident) => { struct $x; }; }
type Alias = a::b::E;
const F: fn() = || {};
fn r#match() {}
"""
    assert [(s.kind, s.qualified, s.decl) for s in read(source).symbols] == [
        ("module", "a", False),
        ("module", "a.b", False),
        ("enum", "a.b.E", False),
        ("module", "a.tests", False),
        ("function", "a.tests.works", False),
        ("function", "a.tests.works.helper", False),
        ("function", "c_call", True),
        ("macro", "shout", False),
        ("function", "r#match", False),
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("cfg_rt! { /// Runs.\n pub fn run() {} mod m; }", ["run"]),
        ("mod m { cfg_io! { cfg_net! { struct A; } } }", ["m", "m.A"]),
        ("impl A { cfg_io! { fn read(&self) {} } }", ["A.read"]),
        ("cfg_if::cfg_if! { if #[cfg(unix)] { fn one() {} } else { fn two() {} } }", ["one", "two"]),
        ("vec![1]; html! { <p>{ fn_call() }</p> } maplit! { 1 => 2 }", []),
        ("fn f() { quote! { fn made() {} } }", ["f"]),
    ],
)
def test_definitions_in_uses_of_macros_are_found(source, found):
    assert [s.qualified for s in read(source).symbols] == found


def test_a_doc_comment_in_a_use_of_a_macro_says_its_words_once():
    assert named("cfg_rt! {\n    /// Runs it\n    pub fn run() {}\n}", "run").doc == "Runs it"


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("/// Runs. More.\nfn f() {}", "Runs."),
        ("/** Runs.\n * More. */\nfn f() {}", "Runs."),
        ('#[doc = "Runs."]\nfn f() {}', "Runs."),
        ('#[doc = r#" Runs "it"."#]\nfn f() {}', 'Runs "it".'),
        ("/// Runs\n#[inline]\n/// on. More.\npub fn f() {}", "Runs on."),
        ("/// Runs.\n#[cfg(any(\n    unix,\n))]\n// why\n\npub(crate) async fn f() {}", "Runs."),
        ("// Why.\nfn f() {}", ""),
        ("//// Ruler.\nfn f() {}", ""),
        ("#[doc(hidden)]\nfn f() {}", ""),
        ("/// Of another.\nconst A: u8 = 1;\nfn f() {}", ""),
        ("//! Of the file.\nfn f() {}", ""),
        ("trait T {\n    /// Runs.\n    fn f(&self);\n}", "Runs."),
        ("/// Runs.\nmacro_rules! f { () => {} }", "Runs."),
    ],
)
def test_only_doc_comments_and_attributes_document(source, doc):
    assert named(source, "f").doc == doc


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ('#[inline]\npub(crate) const unsafe extern "C" fn f<T>(\n    x: T, // why\n) -> impl Fn()\nwhere\n    T: X,\n{ }', 'pub(crate) const unsafe extern "C" fn f<T>( x: T, ) -> impl Fn() where T: X,'),
        ("trait T { fn f(&self) -> u8; }", "fn f(&self) -> u8"),
        ("pub struct f<T> where T: X { a: T }", "pub struct f<T> where T: X"),
        ("pub struct f<T>(pub T) where T: X;", "pub struct f<T>(pub T) where T: X"),
        ("macro_rules! f { ($x:expr) => { $x } }", "macro_rules! f"),
        ("mod f { fn g() {} }", "mod f"),
    ],
)  # fmt: skip
def test_a_signature_is_the_declaration_without_attributes_and_body(source, signature):
    assert named(source, "f").signature == signature


def test_imports_are_paths_with_groups_expanded():
    source = """
use std::{fmt, io::{self, Read as R, prelude::*}};
pub(crate) use crate::a::{b, /* why */ c as d,};
use ::e::f;
use super::*;
extern crate g as h;
mod i;
use std::fmt;
"""
    assert read(source).imports == (
        "std::fmt", "std::io", "std::io::Read", "std::io::prelude", "crate::a::b", "crate::a::c", "e::f", "super", "g",
        "self::i",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("// Copyright A.\n\n//! Draws lines. More.\n#![allow(x)]\n\nuse a;", "Draws lines."),
        ("/*! Draws lines. */\nmod a { //! Of a.\n}", "Draws lines."),
        ('#![doc = "Draws lines."]', "Draws lines."),
        ("mod a { //! Of a.\n}", ""),
        ("/// Of f.\nfn f() {}", ""),
    ],
)
def test_inner_doc_comments_at_the_top_document_the_file(source, doc):
    assert read(source).doc == doc


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("use a;\n\n#[tokio::main]\nasync fn main() -> Result<()> {}", 4),
        ("mod a { fn main() {} }", 0),
        ("struct A; impl A { fn main() {} }", 0),
    ],
)
def test_main_of_the_file_is_an_entry_point(source, line):
    assert (read(source).has_main, read(source).main_line) == (line > 0, line)


def test_lines_are_those_of_the_name_and_of_the_closing_bracket():
    found = named("/// D.\n#[derive(Debug)]\npub struct A {\n    b: u8,\n}\n", "A")
    assert (found.line, found.end) == (3, 5)


def test_broken_code_leaves_the_rest_readable():
    assert named("fn f( {\n}\n\npub struct A;\n\nimpl A { fn m(&self) {} }\nimpl A {", "A").methods == ("m",)


@pytest.mark.parametrize(
    "type_", ["dyn A" + " + A" * 5_000, "&" * 5_000 + "A", "a::" * 5_000 + "A", "super::" * 5_000 + "A"]
)
def test_endless_types_are_read_without_recursion(type_):
    assert named(f"struct First;\nimpl T for {type_} {{ fn f() {{}} }}", "First").kind == "struct"


@pytest.mark.parametrize("piece", ["m! {", "use a::{", "impl A for &", "mod a {", "#[a]\n", "///\n"])
def test_long_runs_and_deep_nests_take_no_time_to_speak_of(piece):
    assert read(piece * 10_000).lines >= 1


@pytest.mark.parametrize(
    ("source", "added"),
    [
        ("impl A for B {}", (("B", "A"),)),
        ("impl<T> c::A<T> for super::d::B<T> {}\nimpl A for B {}", (("B", "A"),)),
        ("mod m { impl A for B {} impl A for super::C {} }", (("m.B", "A"), ("C", "A"))),
        ("struct B; impl A for B {}", ()),
        ("impl B {}\nimpl !A for B {}\nimpl<T> A for T {}\nimpl A for (B, C) {}", ()),
    ],
)
def test_traits_of_types_that_are_elsewhere_are_told(source, added):
    assert read(source).added_bases == added


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("pub trait A<'a, T> = B<T> + c::D where T: E;\nstruct Z;", [("trait", "A", ("B", "D")), ("struct", "Z", ())]),
        ("/// Thin.\npub trait A = B<C = ()>;\ntype Other = u8;", [("trait", "A", ("B",))]),
        ("type A = B;\npub(crate) type C<T> = D<T>;", []),
        ('#[stable]\npub macro m($x:expr) {\n  struct Inner;\n  "}" }\npub struct A;', [("struct", "A", ())]),
        ("macro a {\n  ($x:ty) => {{ $x }},\n}\nimpl B {}\nenum B {}", [("enum", "B", ())]),
        (
            "fn f() {\n  let a = #[inline(always)]\n  |x: u8| { x };\n}\nstruct B;",
            [("function", "f", ()), ("struct", "B", ())],
        ),
        ("fn f() {\n  macro inner($($n:ident,)*) {\n    $(g($n);)*\n  }\n  inner!(x)\n}", [("function", "f", ())]),
    ],
)
def test_what_the_grammar_does_not_know_yet_is_read_or_passed_over(source, found):
    facts = read(source)
    assert [(s.kind, s.name, s.bases) for s in facts.symbols] == found
    assert facts.problem is None


def test_an_alias_of_a_trait_is_documented_and_signed():
    alias = named("/// Thin.\npub trait A = B<C = ()>;\n", "A")
    assert (alias.doc, alias.signature) == ("Thin.", "pub trait A = B<C = ()>")
