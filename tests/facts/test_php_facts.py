import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts


def read(source: str) -> FileFacts:
    return extract("src/a.php", source.encode(), "php")


def outline(source: str) -> list[str]:
    return outlined(read("<?php\n" + source))


OUTLINES = {
    "types of all sorts, with what they extend, implement and use": (
        r"""
abstract class A extends \X\B implements C, D\E { use F, G\H { F::a insteadof H; a as protected b; } }
final readonly class I {}
interface J extends K, L\M {}
trait N { use O; }
enum P: string implements Q { case One = '1'; const X = 1; use R; public static function f(): self {} }
enum S {}
""",
        [
            "class A(B, C, E, F, H)", "class I", "interface J(K, M)", "trait N(O)", "enum P(Q, R)[f]", "method P.f",
            "enum S",
        ],
    ),
    "methods, constructors and what has no body": (
        """
abstract class A {
    public function __construct(private int $x = 1) {}
    abstract protected function a(): void;
    final public static function &b(int ...$y): ?array { return $y; }
    function __toString() { return ''; }
    public $field, $other = 1;
    const X = 1;
}
interface B { function a(); public static function b(): static; }
""",
        [
            "class A[__construct, a, b, __toString]", "constructor A.__construct", "method A.a;", "method A.b",
            "method A.__toString", "interface B[a, b]", "method B.a;", "method B.b;",
        ],
    ),
    "keywords in any case": (
        "CLASS A EXTENDS B IMPLEMENTS C { PUBLIC FUNCTION __CONSTRUCT() {} Function f() {} }",
        ["class A(B, C)[__CONSTRUCT, f]", "constructor A.__CONSTRUCT", "method A.f"],
    ),
    "a namespace goes on to the next": (
        "namespace A\\B;\nclass C {}\nnamespace D;\nfunction e() {}",
        ["class A.B.C", "function D.e"],
    ),
    "a namespace in braces ends with them": (
        "namespace A { class B {} }\nnamespace { class C {} function d() {} }",
        ["class A.B", "class C", "function d"],
    ),
    "functions wherever they are declared": (
        "if (!function_exists('a')) { function a() { function inner() {} } }\nclass B { function m() { function n() {} } }",
        ["function a", "function a.inner", "class B[m]", "method B.m", "function B.m.n"],
    ),
    "a class without a name is no scope and gives its methods to nobody": (
        """
$x = new class(1) extends A implements B { use T; function m() {} };
class C { function f() { return new class { use T; function inner() {} }; } }
""",
        ["method m", "class C[f]", "method C.f", "method C.f.inner"],
    ),
    "closures are values": ("$f = function () { function g() {} }; $h = fn ($x) => $x; call(static fn () => 1);", ["function g"]),
    "attributes are no names": (
        "#[Attr(1, new X)]\nclass A { #[B] #[C, D(x: 1)] function f(#[E] $p) {} }",
        ["class A[f]", "method A.f"],
    ),
    "text is not code": (
        "$x = <<<EOT\nclass No {}\nEOT;\n$y = <<<'EOT'\n  function no() {}\n  EOT;\n// class No {}\n# class No {}\n/* class No {} */\nclass Yes {}",
        ["class Yes"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_symbols(source, expected):
    assert outline(source) == expected
    assert read("<?php\n" + source).problem is None


def test_code_between_html_is_read():
    source = "<h1>class No {}</h1>\n<?php if ($x): ?>\n<?php function a() { ?><p>it's</p><?php } ?>\n<?= $y ?>\n<?php endif; class B {}\n"
    assert [(s.qualified, s.line) for s in read(source).symbols] == [("a", 3), ("B", 5)]
    assert read("<html>class No {}</html>").symbols == ()


DOCS = {
    "/** Carries cargo. Slowly. */\nclass A {}": "Carries cargo.",
    "/**\n * Adds\n * two.\n *\n * @param int $x\n */\nfunction f($x) {}": "Adds two.",
    "/**\n * @param int $x what\n * @return int\n */\nfunction f($x) {}": "",
    "/** {@inheritdoc} */\nfunction f() {}": "",
    "/** @inheritDoc */\nfunction f() {}": "",
    "/** Of it. */\n#[Attr]\nclass A {}": "Of it.",
    "#[Attr]\n/** Between. */\nclass A {}": "Between.",
    "// Short. More.\nfunction f() {}": "Short.",
    "/** Apart. */\n\nclass A {}": "",
    "$x = 1; // of x\nclass A {}": "",
}


@pytest.mark.parametrize(("source", "doc"), DOCS.items())
def test_the_doc_is_the_first_sentence_of_the_comment_without_its_tags(source, doc):
    assert read("<?php\n$first;\n" + source).symbols[0].doc == doc


def test_members_have_docs_of_their_own():
    found = read(
        "<?php\nclass A {\n  /** One. */\n  #[X]\n  public function a() {}\n  private function b() {}\n}"
    ).symbols
    assert [s.doc for s in found] == ["", "One.", ""]


SIGNATURES = {
    "#[A(1)]\nfinal class A extends B implements C\n{ }": "final class A extends B implements C",
    "abstract class A { }": "abstract class A",
    "function f(\n  int $x = 1, // one\n  ?B &$y = null\n): ?array { }": "function f( int $x = 1, ?B &$y = null ): ?array",
    "enum A: string { }": "enum A: string",
}


@pytest.mark.parametrize(("source", "signature"), SIGNATURES.items())
def test_a_signature_ends_before_the_body_and_has_no_attributes(source, signature):
    assert read(f"<?php\n{source}").symbols[0].signature == signature


def test_lines_are_those_of_the_names_and_ends_those_of_the_definitions():
    source = "<?php\n#[A]\nabstract class\n  B {\n  #[C]\n  public function\n    m() {\n  }\n}\n"
    assert [(s.name, s.line, s.end) for s in read(source).symbols] == [("B", 4, 9), ("m", 7, 8)]


def test_imports_are_used_names_and_literal_paths():
    source = r"""<?php
namespace A;
use B\C;
use D\E as F, \G;
use H\{I, J\K as L, function m};
use function N\o;
use const P\Q;
require 'one.php';
require_once __DIR__ . '/two.php';
include(dirname(__FILE__) . "/three.php");
include_once $path . '/no.php';
require "$no.php";
class X { use T; }
$f = function () use ($x) {};
"""
    assert read(source).imports == (
        r"B\C", r"D\E", r"\G", r"H\I", r"H\J\K", r"H\m", r"N\o", r"P\Q", "one.php", "two.php", "three.php",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "line"),
    [("#!/usr/bin/env php\n<?php\nrun();", 1), ("<?php\nfunction main() {}", 0), ("", 0)],
)
def test_a_script_begins_at_its_first_line(source, line):
    assert (read(source).has_main, read(source).main_line) == (line > 0, line)


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("<?php\n\n// Paints trees. More.\n\nnamespace A;", "Paints trees."),
        (
            "<?php declare(strict_types=1);\n/*\n * (c) X, see LICENSE for copyright.\n */\n\n/** Paints. */\n\nclass A {}",
            "Paints.",
        ),
        ("<?php\n/**\n * Of the file.\n * @package A\n */\nnamespace A;\nclass B {}", "Of the file."),
        ("<?php\n/** Of the class. */\nclass A {}", ""),
        ("<p>// no</p>", ""),
    ],
)
def test_the_file_is_documented_by_what_stands_apart_at_its_top_or_above_its_namespace(source, doc):
    assert read(source).doc == doc


def test_a_broken_file_is_a_problem_and_what_can_be_read_is_there():
    facts = read("<?php\nclass A { function m() {} }\n" + "function ) } ] = => ((( [ ;\n" * 30)
    assert "syntax error at line" in str(facts.problem)
    assert [s.qualified for s in facts.symbols][:2] == ["A", "A.m"]


@pytest.mark.parametrize(
    "piece", ["class A {", "f(", "[", "function () {", "namespace A;\n", "if (1) {", "f()->", "new class {", "?><?php "]
)
def test_nests_and_runs_of_any_length_are_read(piece):
    assert extract("a.php", b"<?php " + piece.encode() * 20_000, "php").lines >= 1
