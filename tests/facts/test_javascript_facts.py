import time

import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.model import FileFacts


def read(source: str) -> FileFacts:
    return extract("lib/a.js", source.encode(), "javascript")


def outline(source: str) -> list[str]:
    return outlined(read(source))


OUTLINES = {
    "classes and their members": (
        "class A extends ns.B { constructor() {} get x() {} set x(v) {} #y = () => {}; static async *z() {} 'q' = function () {} }",
        [
            "class A(B)[constructor, x, #y, z, q]", "constructor A.constructor", "method A.x", "method A.x",
            "method A.#y", "method A.z", "method A.q",
        ],
    ),
    "what CommonJS exports has its name": (
        """
exports.a = function () {};
module.exports.b = async () => {};
exports.C = class extends D { m() {} };
exports.e = exports.f = function named() { function inner() {} };
exports.api = { g() {}, h: { i: () => 1 } };
module.exports = { j, k() {}, l: function () {} };
""",
        [
            "function a", "function b", "class C(D)[m]", "method C.m", "function e", "function f", "function e.inner",
            "function api.g", "function api.h.i", "function k", "function l",
        ],
    ),
    "the module's own export is called exports, or by its own name": (
        "module.exports = function (x) { function inner() {} };",
        ["function module.exports", "function module.exports.inner"],
    ),
    "a module's own export with a name": ("module.exports = class A extends B {};", ["class A(B)"]),
    "what is exported under several names is told once": (
        "var proto = exports = module.exports = function () {}; var app = module.exports = {}; app.use = function use() {};",
        ["function proto", "function app.use"],
    ),
    "a function with a prototype is a class": (
        """
function A() { this.own = function () {}; this.value = 1 }
A.prototype.m = function m() {};
A.prototype.n = A.prototype.o = () => {};
A.make = function () {};
var B = function () {};
B.prototype = { constructor: B, p() {}, q: function () {} };
function C() {}
Object.assign(C.prototype, { r() {} });
(function () { function D() {} D.prototype.s = helper; })();
String.prototype.trim = function () {};
""",
        [
            "class A[m, n, o]", "function A.own", "method A.m", "method A.n", "method A.o", "function A.make",
            "class B[p, q]", "method B.p", "method B.q", "class C[r]", "method C.r", "class D", "method String.trim",
        ],
    ),
    "a prototype that a call without arguments makes": (
        "function A() {}\nA.prototype.__proto__ = make();\nA.prototype.m = function () {};", ["class A[m]", "method A.m"],
    ),
    "its bases are told by what its prototype is made from": (
        """
function A() {} util.inherits(A, ns.Z);
function B() {} B.prototype = Object.create(A.prototype); B.prototype.constructor = B;
function C() {} C.prototype = new A();
function D() {} D.prototype.__proto__ = A.prototype;
function E() {} Object.setPrototypeOf(E.prototype, A.prototype);
function F() {} Object.setPrototypeOf(F, A);
function G() {} G.prototype = shared;
class H extends I {} inherits(H, I);
""",
        ["class A(Z)", "class B(A)", "class C(A)", "class D(A)", "class E(A)", "function F", "class G", "class H(I)"],
    ),
    "objects' functions are in their scope, at any depth": (
        "const a = { b: { c() {}, d: { 'e-f'() {} } }, [g]: () => 1, *h() {}, async i() {}, j: 1, k: class extends L {} };",
        [
            "function a.b.c", "function a.b.d.e-f", "function a.[g]", "function a.h", "function a.i", "class a.k(L)",
        ],
    ),
    "functions in arguments and results without a name say nothing, what is declared in them does": (
        "define(['x'], function () { return { go() {} } }); it('does', () => { const f = () => 1; function g() {} });",
        ["function f", "function g"],
    ),
    "a method's own values are no definitions": (
        "class A { constructor() { this.go = () => {}; } } A.prototype.m = function () { this.x = function () {} };",
        ["class A[constructor, m]", "constructor A.constructor", "method A.m"],
    ),
    "generators and async functions": (
        "function* a() {} async function b() {} export async function* c() {} const d = function* () {};",
        ["function a", "function b", "function c", "function d"],
    ),
    "Flow's annotations do no harm": (
        """
// @flow strict
import type { A } from './a';
import typeof B from './b';
export type Props = {| +a: string, b?: ?number |};
opaque type ID: string = string;
declare export function f(x: number): string;
class C<T: Object = {}> extends React.Component<Props, State> {
  state: State = {};
  +read: T;
  handle = (e: Event): void => {};
  render(): React.Node { return <div>{(this.x: any)}</div>; }
}
export const g = async <T>(x: ?T, ...rest: Array<T>): Promise<T> => x;
function after(): { [key: string]: number } { return {}; }
""",
        [
            "interface Props", "function f;", "class C(Component)[handle, render]", "method C.handle",
            "method C.render", "function g", "function after",
        ],
    ),
    "decorators and JSX are read": (
        "@a() @b export class C { @c() m() { return <D x={() => 1}>it's</D>; } @d field = 1 }",
        ["class C[m]", "method C.m"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_symbols(source, expected):
    assert outline(source) == expected
    assert read(source).problem is None


def test_imports_are_those_of_every_module_system():
    source = """
import a from 'a'; import 'b'; export * from './c';
const d = require('d'), e = require(name), f = import('f');
define(['g', './h'], function (g, h) {});
require(['i']);
other('j'); obj.require('k'); require('a');
"""
    assert read(source).imports == ("a", "b", "./c", "d", "f", "g", "./h", "i")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("#!/usr/bin/env node\nmain();", 1),
        ("#!/usr/bin/env node\n\nif (require.main === module) main();", 3),
        ("\nif (module == require.main) { main() }", 2),
        ("\nif (!module.parent) main();", 2),
        ("\n\nif (import.meta.main) main();", 3),
        ("if (import.meta.url === pathToFileURL(process.argv[1]).href) main();", 1),
        ("function main() {}\nif (a === module) main();", 0),
        ("function f() { if (require.main === module) g(); }", 0),
    ],
)
def test_entry_points(source, line):
    assert (read(source).has_main, read(source).main_line) == (line > 0, line)


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("/**\n * @fileoverview Tests of trees. More.\n * @author X\n */\n'use strict';\n", "Tests of trees."),
        (
            "#!/usr/bin/env node\n'use strict';\n/* eslint-env node */\n\n// Starts it all.\n\nimport 'x';",
            "Starts it all.",
        ),
        ("/* @flow */\n\n/*! Licence: MIT, (c) 2020 X */\n\n// Paints.\n\nvar a;", "Paints."),
        ("/** Of the function. */\nfunction f() {}", ""),
        ("var a;\n// Late.\n\nvar b;", ""),
        ("", ""),
    ],
)
def test_the_file_is_documented_by_what_stands_apart_at_its_top(source, doc):
    assert read(source).doc == doc


DOCS = {
    "/** A. */\nexports.f = function () {};": "A.",
    "/**\n * B.\n */\nFoo.prototype.m = function () {};": "B.",
    "const a = {\n  /** C. */\n  m() {} };": "C.",
    "const x = 1,\n  // D.\n  f = () => 1;": "D.",
    "/**\n * @class\n * @classdesc E.\n */\nfunction F() {} F.prototype.m = 1;": "E.",
}


@pytest.mark.parametrize(("source", "doc"), DOCS.items())
def test_docs_are_found_above_whatever_defines(source, doc):
    assert read(source).symbols[0].doc == doc


def test_minified_code_is_read_in_time_that_grows_with_its_length():
    """What is ten times as long may take thirty times as long, not a hundred."""
    piece = b"!function(e){var t={};function n(r){return t[r]}n.m=e,n.d=function(e,t){return{a:1,b:[2]}};class K extends Q{m(){}}}([]);"
    times = []
    for size in (100_000, 1_000_000):
        source = piece * (size // len(piece))
        start = time.perf_counter()
        facts = extract("dist/a.min.js", source, "javascript")
        times.append(time.perf_counter() - start)
        assert (facts.problem, facts.lines) == (None, 1)
        assert [s.name for s in facts.symbols[-4:]] == ["n", "d", "K", "m"]
    assert times[1] < 30 * times[0]


@pytest.mark.parametrize(
    "piece", ["a={b:", "(()=>", "[", "f(", "a.b.", "class A extends f(", "x=y.z=", "`${", "<a>", "!function(){"]
)
def test_nests_of_any_depth_are_read(piece):
    assert extract("a.js", piece.encode() * 20_000, "javascript").lines == 1


def test_a_grammar_that_never_comes_to_an_end_is_given_up():
    """That of TypeScript goes on for ever with this; of JavaScript only the second try does."""
    endless = "t ''*?require(}default im.prot[ximpts ou"
    assert LANGUAGES["tsx"].parse_for(endless.encode(), 100) is None
    assert [s.qualified for s in read("class A { m() {} }\n" + endless).symbols][:1] == ["A"]
    facts = extract("a.tsx", endless.encode(), "tsx")
    assert facts.problem == "a.tsx cannot be parsed as TypeScript JSX; mend it or exclude it in codeanvil.toml."
