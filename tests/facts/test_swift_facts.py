import pytest

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts, Symbol


def read(source: str) -> FileFacts:
    return extract("Sources/a.swift", source.encode(), "swift")


def named(source: str, name: str) -> Symbol:
    return next(s for s in read(source).symbols if s.name == name)


@pytest.mark.parametrize(
    ("source", "kind", "bases", "methods"),
    [
        ("class A {}", "class", (), ()),
        ("@objc(B) public final class A<T: X>: NSObject, M.P<T>, Q where T: Y {}", "class", ("NSObject", "P", "Q"), ()),
        ("struct A: P & Q, @unchecked Sendable, ~Copyable {}", "struct", ("P", "Q", "Sendable"), ()),
        ("indirect enum A: String, Codable {\n case one, two(Int)\n func f() {}\n}", "enum", ("String", "Codable"), ("f",)),
        ("actor A: P { nonisolated func f() {} }", "class", ("P",), ("f",)),
        ("protocol A: AnyObject, P {\n associatedtype T\n var v: Int { get }\n func f(x: T) throws\n init()\n}", "interface", ("AnyObject", "P"), ("f", "init")),
        ("class A {\n init() {}\n convenience init?(x: Int) {}\n deinit {}\n subscript(i: Int) -> Int { 1 }\n static func == (l: A, r: A) -> Bool { true }\n class func f() {}\n}", "class", (), ("init", "deinit", "subscript", "==", "f")),
        ("struct A {\n var one: Int { 1 }\n let two = { 2 }\n lazy var three: Int = { 3 }()\n}", "struct", (), ()),
        ("struct A: P {}\nextension A: Q, R where T: S {\n func f() {}\n init() {}\n}", "struct", ("P", "Q", "R"), ("f", "init")),
        ("extension A { func f() {} }\nextension A: P {}\nenum A {}", "enum", ("P",), ("f",)),
    ],
)  # fmt: skip
def test_types_have_what_they_and_their_extensions_declare(source, kind, bases, methods):
    found = named(source, "A")
    assert (found.kind, found.qualified, found.bases, found.methods) == (kind, "A", bases, methods)


def test_members_extensions_and_what_nests_are_scoped():
    source = """
class A {
    struct B { enum C { case one } }
    init() { func local() {} }
    deinit {}
    var body: some View {
        func helper() {}
        return Text("a")
    }
    let made = { () -> Int in
        class Local { func m() {} }
        return 1
    }
    func f() {
        struct Inner {}
    }
}
extension A.B: P { func g() {} }
extension Array where Element: P {
    mutating func h() {}
    struct I {}
}
func top() {}
func `default`() {}
typealias Z = A
macro stringify<T>(_ v: T) -> String = #externalMacro(module: "M", type: "S")
"""
    assert [(s.kind, s.qualified) for s in read(source).symbols] == [
        ("class", "A"),
        ("struct", "A.B"),
        ("enum", "A.B.C"),
        ("constructor", "A.init"),
        ("function", "A.init.local"),
        ("method", "A.deinit"),
        ("function", "A.body.helper"),
        ("class", "A.made.Local"),
        ("method", "A.made.Local.m"),
        ("method", "A.f"),
        ("struct", "A.f.Inner"),
        ("method", "A.B.g"),
        ("method", "Array.h"),
        ("struct", "Array.I"),
        ("function", "top"),
        ("function", "default"),
        ("macro", "stringify"),
    ]


def test_without_a_body_it_is_a_declaration():
    found = read(
        "protocol P {\n func a()\n init(x: Int)\n subscript(i: Int) -> Int { get }\n}\nextension P { func b() {} }"
    )
    assert {s.name: s.decl for s in found.symbols} == {
        "P": False,
        "a": True,
        "init": True,
        "subscript": True,
        "b": False,
    }


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("/// Draws. More.\nfunc f() {}", "Draws."),
        ("/**\n Draws.\n\n - Parameter x: y\n */\nfunc f() {}", "Draws."),
        ("/// Draws it\n/// - Parameters:\n///   - x: y\n/// - Returns: z\nfunc f() {}", "Draws it"),
        ("/// - Parameter x: y\nfunc f() {}", ""),
        ("/// Draws.\n@available(iOS 13, *)\n@objc\npublic func f() {}", "Draws."),
        ("/// Draws.\n// MARK: - Why\nfunc f() {}", "Draws."),
        ("// MARK: - Drawing\n/// Draws.\nfunc f() {}", "Draws."),
        ("// Draws.\nfunc f() {}", ""),
        ("/// Of another.\nlet a = 1\nfunc f() {}", ""),
        ("class A {\n  /// Draws.\n  func f() {}\n}", "Draws."),
    ],
)
def test_only_doc_comments_document(source, doc):
    assert named(source, "f").doc == doc


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("@discardableResult @MainActor\npublic func f<T>(\n  _ x: T, // why\n  y: Int = 1\n) async throws -> [T] where T: P { [] }", "public func f<T>( _ x: T, y: Int = 1 ) async throws -> [T] where T: P"),
        ("@main\nfinal class f<T>: P, Q where T: R { var x = 1 }", "final class f<T>: P, Q where T: R"),
        ("protocol P { func f() -> Int }", "func f() -> Int"),
        ("@objc func f() {}", "func f()"),
        ("indirect enum f: Int { case a = 1 }", "indirect enum f: Int"),
    ],
)  # fmt: skip
def test_a_signature_is_the_declaration_without_attributes_and_body(source, signature):
    assert named(source, "f").signature == signature


def test_imports_are_modules_and_what_is_taken_from_them():
    source = "import Foundation\n@testable import App\nimport struct Core.Point\n@_exported import UIKit.UIView\nimport Foundation"
    assert read(source).imports == ("Foundation", "App", "Core.Point", "UIKit.UIView")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import SwiftUI\n\n@main\nstruct DemoApp: App {}", 4),
        ("@UIApplicationMain\nclass AppDelegate: UIResponder {}", 2),
        ("import Foundation\n\nlet x = 1\nprint(x)\nrun()", 4),
        ("for x in [1, 2] { print(x) }", 1),
        ("#!/usr/bin/env swift\nimport Foundation", 1),
        ("@mainly struct A { static func main() {} }", 0),
        ("// swift-tools-version: 5.9\nimport PackageDescription\nlet p = Package(name: \"A\")\nfor t in p.targets { t.x = 1 }", 0),
        ("func f() { print(1) }\nlet a = f()", 0),
    ],
)  # fmt: skip
def test_attributes_and_statements_outside_of_definitions_are_entry_points(source, line):
    assert (read(source).has_main, read(source).main_line) == (line > 0, line)


def test_all_branches_of_conditional_code_are_read_wherever_they_stand():
    source = """
#if os(iOS)
import UIKit
class A: UIView {}
#else
class A: NSView {}
#endif
class B {
  func f(x: Kind) {
    switch x {
    #if os(iOS)
    case .one: break
    #elseif os(macOS)
    case .two: break
    #endif
    default: break
    }
  }
  #if DEBUG
  func g() {}
  #endif
}
"""
    facts = read(source)
    assert [(s.qualified, s.line) for s in facts.symbols] == [
        ("A", 4), ("A", 6), ("B", 8), ("B.f", 9), ("B.g", 20),
    ]  # fmt: skip
    assert facts.imports == ("UIKit",)
    assert facts.symbols[2].methods == ("f", "g")


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("// Draws lines. More.\n\nimport A", "Draws lines."),
        ("//\n//  Lines.swift\n//  App\n//\n//  Created by A on 1/1/20.\n//\n\nimport A", ""),
        ("// Copyright A. All rights reserved.\n\n// Draws lines.\n\nimport A", "Draws lines."),
        ("// MARK: - Lines\n\n/// A.\nclass A {}", ""),
    ],
)
def test_what_stands_apart_at_the_top_documents_the_file(source, doc):
    assert read(source).doc == doc


def test_lines_are_those_of_the_name_and_of_the_closing_bracket():
    found = named("/// D.\n@objc\npublic class A {\n  var b = 1\n}\n", "A")
    assert (found.line, found.end) == (3, 5)


def test_broken_code_leaves_the_rest_readable():
    found = [s.qualified for s in read("func f( {\n\nstruct A: P { func m() {} }\n").symbols]
    assert "A" in [name.rpartition(".")[2] for name in found]


@pytest.mark.parametrize("piece", ["class A {", "extension A.B: C {", "@a ", "#if A\n", "{ x in ", "a.b(", "///\n"])
def test_long_runs_and_deep_nests_take_no_time_to_speak_of(piece):
    assert read(piece * 5_000).lines >= 1


@pytest.mark.parametrize(
    ("source", "added"),
    [
        ("extension A: P, Q {}\nextension A: P {}", (("A", "P"), ("A", "Q"))),
        ("extension A.B: P {}", (("A.B", "P"),)),
        ("struct A {}\nextension A: P {}", ()),
        ("extension A { func f() {} }", ()),
    ],
)
def test_protocols_that_extensions_add_to_types_elsewhere_are_told(source, added):
    assert read(source).added_bases == added
