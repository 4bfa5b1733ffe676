import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts


def read(source: str, lang: str = "typescript") -> FileFacts:
    return extract("src/a.ts", source.encode(), lang)


def outline(source: str, lang: str = "typescript") -> list[str]:
    return outlined(read(source, lang))


OUTLINES = {
    "bases are simple names, what is extended before what is implemented": (
        "class A<T> extends ns.B<T, C<D>> implements E<F>, g.H { }",
        ["class A(B, E, H)"],
    ),
    "a mixin's bases are the function and the classes it is called with": (
        "class A extends mixin(B, ns.C(D), options, 1)<T> {} class E extends (F as any) {} class G extends null {}",
        ["class A(mixin, B, C, D)", "class E(F)", "class G"],
    ),
    "a class has methods of all sorts": (
        """
class A {
  constructor(private x: string) {}
  m() {} async n(): Promise<void> {} *g() {} static s() {} private static async *t<T>(): any {}
  get x() { return 1 } set x(v) {} #hidden() {} [Symbol.iterator]() {} 'odd-name'() {} ['quoted']() {} 12() {}
  field = 1; declared: () => void; static { function inner() {} }
}""",
        [
            "class A[constructor, m, n, g, s, t, x, #hidden, [Symbol.iterator], odd-name, quoted, 12]",
            "constructor A.constructor", "method A.m", "method A.n", "method A.g", "method A.s", "method A.t",
            "method A.x", "method A.x", "method A.#hidden", "method A.[Symbol.iterator]", "method A.odd-name",
            "method A.quoted", "method A.12", "function A.inner",
        ],
    ),
    "fields that hold a function are methods, what a call returns is not": (
        """
class A {
  private readonly a = async <T>(e: T): Promise<void> => { const inner = () => 1 };
  static b = function () {}; c = (() => 1) as Handler; d = debounce(() => {}); e = { f() {} }; G = class extends H {};
}""",
        [
            "class A[a, b, c]", "method A.a", "function A.a.inner", "method A.b", "method A.c", "function A.e.f",
            "class A.G(H)",
        ],
    ),
    "what has no body is declared: overloads, abstract methods, signatures": (
        """
abstract class A { m(a: string): void; m(a: any) {} abstract n(): void; abstract get x(): number; o?(): void; }
interface I { m(): void; get q(): string; prop: () => void; new (x: number): I; (y: string): void; [Symbol.iterator](): x }
function f(a: string): void
function f(a: any) {}
declare function g(): void;
""",
        [
            "class A[m, n, x, o]", "method A.m;", "method A.m", "method A.n;", "method A.x;", "method A.o;",
            "interface I[m, q, [Symbol.iterator]]", "method I.m;", "method I.q;", "method I.[Symbol.iterator];",
            "function f;", "function f", "function g;",
        ],
    ),
    "what is declared has a body nevertheless": (
        "declare class A extends B { constructor(); m(): void; x: number } declare enum E { X } export declare abstract class C {}",
        ["class A(B)[constructor, m]", "constructor A.constructor;", "method A.m;", "enum E", "class C"],
    ),
    "enums of all sorts": (
        "enum A {} const enum B { X = 1 } declare const enum C { Y } export enum D {}",
        ["enum A", "enum B", "enum C", "enum D"],
    ),
    "an interface extends several": (
        "export interface I<T = {}> extends J<T>, k.L.M<N> { a: { m(): void } } export default interface D {}",
        ["interface I(J, M)", "interface D"],
    ),
    "an alias counts where it could be an interface": (
        """
type A = { m(): void; x: { inner(): void } };
type B<T> = C<T> & { n(): void } & (ns.D | E) & (ns.F);
type G = string | { a: 1 };
type H = A & B;
type I = { [K in keyof A]: A[K] };
type J = () => void;
""",
        ["interface A[m]", "method A.m;", "interface B(C, F)[n]", "method B.n;"],
    ),
    "namespaces are modules and scopes, a file's name is neither": (
        """
namespace A.B { export class C {} export function f() {} namespace D {} }
declare module Old { function g(): void; }
declare module "fs/promises" { class E { m(): void } }
declare module "*.svg";
declare global { interface Window { a(): void } }
""",
        [
            "module A", "module A.B", "class A.B.C", "function A.B.f", "module A.B.D", "module Old", "function Old.g;",
            "class E[m]", "method E.m;", "interface Window[a]", "method Window.a;",
        ],
    ),
    "merged declarations keep what each declares": (
        "class A { m() {} } interface A extends B { n(): void } namespace A { export const f = () => 1 }",
        ["class A[m]", "method A.m", "interface A(B)[n]", "method A.n;", "module A", "function A.f"],
    ),
    "what is exported by default has that for a name, or its own": (
        "export default class extends A { m() {} }",
        ["class default(A)[m]", "method default.m"],
    ),
    "a default class with a name": ("export default abstract class A<T> extends B {}", ["class A(B)"]),
    "a default function": ("export default async function () { function inner() {} }", ["function default", "function default.inner"]),
    "a default arrow": ("export default (a: number): number => a;", ["function default"]),
    "a default object's functions": ("export default { data() {}, methods: { go() {} } } as X", ["function data", "function methods.go"]),
    "what a constant holds is called by it": (
        """
export const f = async <T,>(x: T): Promise<T> => { const g = function () {}; function h() {} };
const A = class B extends C { m() {} }, k = (function named() {}) satisfies X, n = memo(() => {});
let o = { a() {}, b: function () {}, c: { d: async () => 1, 'e-f': () => 2 }, get g() { return 1 }, x: 1, ...rest } as const;
""",
        [
            "function f", "function f.g", "function f.h", "class A(C)[m]", "method A.m", "function k", "function o.a",
            "function o.b", "function o.c.d", "function o.c.e-f", "function o.g",
        ],
    ),
    "casts and type parameters before an arrow are told apart by nobody": (
        "const f = <A, E>(x: G<A, E>): H<void, E> =>\n  D.await(x.d as D.D<void, E>)\nconst g = <any>function () {}, h = <any>{ i() {} };",
        ["function f", "function g", "function h.i"],
    ),
    "a function or class with a name counts wherever it stands, an object without a name says nothing": (
        """
const Button = forwardRef(function Inner(props) { return { helper() {}, other: () => 1 } });
function mixin(Base) { return class Mixed extends Base { m() {} } }
const Other = (Base) => class extends Base { n() {} };
call({ x() {} }, () => { function deep() {} });
""",
        [
            "function Inner", "function mixin", "class mixin.Mixed(Base)[m]", "method mixin.Mixed.m", "function Other",
            "method Other.n", "function deep",
        ],
    ),
    "variance, call signatures without semicolons and escapes in literal types are beyond the grammar, not beyond us": (
        r"""
export interface Pool<in out A, out E = never, in R = never> extends Q<A> {
  readonly size: number
  <T>(x: T): T
  (y: string): Array<A>

  /** Takes one. */
  take(): A
}
type Missing<U extends string> = `no \`Self\` in ${U}`
export const pipe: {
  <A>(a: A): A
  <A, B>(a: A, ab: (a: A) => B): B
} = (a: unknown, ...rest: Array<Function>) => a
class After {}
""",
        ["interface Pool(Q)[take]", "method Pool.take;", "function pipe", "class After"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_symbols(source, expected):
    assert outline(source) == expected
    assert read(source).problem is None


def test_tsx_is_read_with_generics_and_elements():
    source = """
import React from "react";
export const List = <T,>({ items }: Props<T>): JSX.Element => <ul>{items.map((i) => <li key={i}>it's</li>)}</ul>;
export default function App<T extends object>(props: { x: T }) { const go = () => <App<string> x="a" />; return <List<T> /> }
class Old extends React.Component<Props, State> { render() { return <></>; } }
"""
    assert outline(source, "tsx") == [
        "function List", "function App", "function App.go", "class Old(Component)[render]", "method Old.render",
    ]  # fmt: skip


def test_lines_are_those_of_the_names_and_ends_those_of_the_definitions():
    source = "@Component({\n  x: 1,\n})\nexport class\n  A {\n  @Input()\n  m() {\n  }\n}\n\nexport const f =\n  () => {\n  };"
    found = {s.name: (s.line, s.end) for s in read(source).symbols}
    assert found == {"A": (5, 9), "m": (7, 8), "f": (11, 13)}


SIGNATURES = {
    "export default abstract class A<T> extends B<T> implements C { }": "abstract class A<T> extends B<T> implements C",
    "@Dec({ a: 1 })\n@Other() export class A {}": "class A",
    "@Dec() class A {}": "class A",
    "export const f = async <T>(\n  x: T, // one\n  y = (a) => a,\n): Promise<T> => { }": "const f = async <T>( x: T, y = (a) => a, ): Promise<T>",
    "const a = 1, f = (x: number) => x": "f = (x: number)",
    "export declare function f(x: string): void;": "function f(x: string): void",
    "type A<T = { x: 1 }> = { m(): T }": "type A<T = { x: 1 }>",
    "interface A extends B<C> { }": "interface A extends B<C>",
    "const enum E { A }": "const enum E",
    "export default class extends A {}": "class extends A",
}


@pytest.mark.parametrize(("source", "signature"), SIGNATURES.items())
def test_a_signature_is_the_declaration_without_export_decorators_and_body(source, signature):
    assert read(source).symbols[0].signature == signature


DOCS = {
    "/** Says hi. And more. */ export const f = () => {};": "Says hi.",
    "/**\n * Reads {@link Foo | files} with\n * {@link Bar}.\n *\n * @param x - what\n */\n@Dec()\nexport class A {}": "Reads files with Bar.",
    "/** @deprecated since 2 */ class A {}": "",
    "/**\n * @internal\n * @description Loads it. Slowly.\n */\nfunction f() {}": "Loads it.",
    "/** {@inheritDoc Base.m} */ function f() {}": "",
    "import 'x';\n// Counts all.\n// eslint-disable-next-line no-x\nfunction f() {}": "Counts all.",
    "/** Counts. */\n// @ts-ignore\nfunction f() {}": "Counts.",
    "/** Counts. */\n/* istanbul ignore next */\nfunction f() {}": "Counts.",
    "@Dec()\n/** Between. */\nclass A {}": "Between.",
    "let x = 1;\n/**\n * Apart but JSDoc.\n */\n\nfunction f() {}": "Apart but JSDoc.",
    "let x = 1; // of x\nfunction f() {}": "",
    "/*\n * Copyright (c) 2020 X. All rights reserved.\n */\nclass A {}": "",
}


@pytest.mark.parametrize(("source", "doc"), DOCS.items())
def test_the_doc_is_the_first_sentence_of_the_jsdoc(source, doc):
    assert read(source).symbols[0].doc == doc


def test_members_have_docs_of_their_own():
    source = """
class A {
  /** The first. */
  @Input() m() {}
  @HostListener('x')
  /** The second. */
  n() {}
  /** The third. */
  private o = () => 1;
  p() {}
}"""
    assert [s.doc for s in read(source).symbols] == ["", "The first.", "The second.", "The third.", ""]


def test_imports_are_literal_names_of_every_sort():
    source = """
import a from 'a'; import { type B } from "./b"; import type { C } from '../c'; import 'side-effect';
import fs = require('fs'); export * from './d'; export { e } from 'e';
const f = await import('f'), g = require(`g`), h = import(`./${name}`), i = require(name);
import a2 from 'a';
"""
    assert read(source).imports == (
        "a", "./b", "../c", "side-effect", "fs", "./d", "e", "f", "g",
    )  # fmt: skip


def test_a_broken_file_is_a_problem_and_what_can_be_read_is_there():
    facts = read("class A { m() {} }" + "export ] ) } = => { ( [ ; ".join(["\n"] * 30))
    assert "syntax error at line 2" in str(facts.problem)
    assert [s.qualified for s in facts.symbols][:2] == ["A", "A.m"]
