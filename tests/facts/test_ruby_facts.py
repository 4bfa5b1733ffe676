import pytest
from tests.facts.outlines import outlined

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts


def read(source: str) -> FileFacts:
    return extract("lib/a.rb", source.encode(), "ruby")


def outline(source: str) -> list[str]:
    return outlined(read(source))


OUTLINES = {
    "classes and modules, nested and by their full name": (
        """
module A
  class B < C::D; end
  module E; class F; end; end
  class G::H < I; end
  class ::Top; def m; end; end
end
class A::B::J; end
""",
        [
            "module A", "class A.B(D)", "module A.E", "class A.E.F", "class A.G.H(I)", "class Top[m]", "method Top.m",
            "class A.B.J",
        ],
    ),
    "methods of every name": (
        """
class A
  def initialize(x, y = {}, *z, k: 1, &b); super; end
  def a?; end
  def b!() = 1
  def c=(x); end
  def [](i); end
  def <=>(o); end
  def +@; end
  def `(s); end
  def class; end
  private def hidden; end
  memoize def kept; end
end
""",
        [
            "class A[initialize, a?, b!, c=, [], <=>, +@, `, class, hidden, kept]", "constructor A.initialize",
            "method A.a?", "method A.b!", "method A.c=", "method A.[]", "method A.<=>", "method A.+@", "method A.`",
            "method A.class", "method A.hidden", "method A.kept",
        ],
    ),
    "methods of the type itself": (
        """
class A
  def self.a; end
  def A.b; end
  class << self
    def c; end
    attr_reader :d
    class E; end
  end
  private_class_method def self.f; end
  class << A; def g; end; end
end
def A.late; end
class << A::B; def h; end; end
""",
        [
            "class A[a, b, c, d, f, g, late]", "method A.a", "method A.b", "method A.c", "method A.d", "class A.E",
            "method A.f", "method A.g", "method A.late", "method A.B.h",
        ],
    ),
    "an object's own methods are functions": (
        "class A; def m; x = Object.new; def x.n; end; class << x; def o; end; end; end; end\ndef obj.p; end",
        ["class A[m]", "method A.m", "function A.m.n", "function A.m.o", "function p"],
    ),
    "attributes, aliases and literal definitions are methods": (
        """
class A
  attr_reader :a, "b"
  attr_writer :c
  attr_accessor :d,
                :e
  attr :f
  alias g a
  alias :h :a
  alias $new $old
  alias_method :i, "j"
  define_method(:k) { |x| }
  define_method "l" do end
  define_method(name) { }
  attr_reader(*NAMES)
  define_method("on_#{x}") { }
end
""",
        [
            "class A[a, b, c=, d, d=, e, e=, f, g, h, i, k, l]", "method A.a", "method A.b", "method A.c=", "method A.d",
            "method A.d=", "method A.e", "method A.e=", "method A.f", "method A.g", "method A.h", "method A.i",
            "method A.k", "method A.l",
        ],
    ),
    "what is made by a call has the constant's name": (
        """
Point = Struct.new(:x, :y) do
  def dist; end
end
module M
  Error = Class.new(StandardError)
  Plain = Class.new
  Row = Data.define(:a) do def b; end end
  Mix = Module.new do def c; end end
  M::Deep = Class.new(Plain::Inner) { def d; end }
  Other = thing.new(1)
end
""",
        [
            "class Point(Struct)[dist]", "method Point.dist", "module M", "class M.Error(StandardError)", "class M.Plain",
            "class M.Row(Data)[b]", "method M.Row.b", "module M.Mix[c]", "method M.Mix.c", "class M.M.Deep(Inner)[d]",
            "method M.M.Deep.d",
        ],
    ),
    "what is made without a name gives its methods to nobody": (
        "class A\n  T = [Class.new(B) do def x; end end]\n  def m; Struct.new(:a) { def y; end }; end\nend",
        ["class A[m]", "function A.x", "method A.m", "function A.m.y"],
    ),
    "bases are what ancestors tell": (
        """
class A < Struct.new(:x)
  include Comparable, X::Y
  prepend Z
  extend Forwardable
  include(W) if x?
  class << self; include V; end
  def m; include(U); end
end
module B; include C; end
class D < ActiveRecord::Migration[7.0]; end
class E < DelegateClass(Array); end
class F < Sequel::Model(:items); end
class G < Class.new(H); end
class I < self.class; end
class J < (X ? K : L); prepend :root; include self; end
""",
        [
            "class A(Struct, Comparable, Y, Z, W)[m]", "method A.m", "module B(C)", "class D(Migration)",
            "class E(DelegateClass, Array)", "class F(Model)", "class G(H)", "class I", "class J",
        ],
    ),
    "a type that is opened again is the same type": (
        "class A < B; def a; end; end\nclass A; def b; end; end\nmodule M; end\nmodule M; def c; end; end",
        ["class A(B)[a, b]", "method A.a", "class A[a, b]", "method A.b", "module M[c]", "module M[c]", "method M.c"],
    ),
    "blocks in a type are its own, functions at the top are functions": (
        """
module A
  extend ActiveSupport::Concern
  included do
    def a; end
  end
  class_methods { def b; end }
  if RUBY_VERSION > "3"
    def c; end
  else
    def c(x); end
  end
end
def top; def inner; end; end
describe A do
  def helper; end
  class Local; end
end
""",
        [
            "module A[a, b, c]", "method A.a", "method A.b", "method A.c", "method A.c", "function top",
            "function top.inner", "function helper", "class Local",
        ],
    ),
    "text is not code": (
        """
x = <<~A + <<-'B'
  class No; end
A
  def no; end
  B
=begin
class No; end
=end
y = %q(class No; end); z = %w[def no end]; s = "#{class_of(def_it)}"; r = /class No/; c = ?d
class Yes; end
__END__
class No; end
""",
        ["class Yes"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OUTLINES.values(), ids=OUTLINES)
def test_symbols(source, expected):
    assert outline(source) == expected
    assert read(source).problem is None


DOCS = {
    "# Carries cargo. Slowly.\nclass A; end": "Carries cargo.",
    "##\n# Carries +cargo+\n# far.\n#\n# More.\nclass A; end": "Carries +cargo+ far.",
    "x = 1 # of x\nclass A; end": "",
    "# Apart.\n\nclass A; end": "",
    "=begin\nBlock. More.\n=end\nclass A; end": "Block.",
    "x\n=begin rdoc\n  Inner\n  block.\n=end\n\nclass A; end": "Inner block.",
    "# @param x [Integer] the x\n# @return [A]\ndef f(x); end": "",
    "# Adds.\n#\n# @param x [Integer]\ndef f(x); end": "Adds.",
    "# @api private\n# @see B\n#   for more\n#\n# Adds.\ndef f(x); end": "Adds.",
    "# @abstract Subclass and override it.\nclass A; end": "Subclass and override it.",
    "# :nodoc:\nclass A; end": "",
    "# = Active Record\n#\n# Maps rows.\nclass A; end": "Maps rows.",
    "# call-seq:\n#   f(x) -> y\n#\n# Does it.\ndef f(x); end": "Does it.",
    "# rubocop:disable Metrics/MethodLength\n# Does it.\ndef f(x); end": "Does it.",
    "class A\n  # Reads.\n  attr_reader :a\nend": "Reads.",
    "class A\n  # Hidden.\n  private def a; end\nend": "Hidden.",
    "class A\n  # Typed.\n  sig { params(x: Integer).void }\n  def a(x); end\nend": "Typed.",
    "class A\n  # Typed.\n  sig do\n    void\n  end\n  def a; end\nend": "Typed.",
    "# A point.\nPoint = Struct.new(:x)": "A point.",
}


@pytest.mark.parametrize(("source", "doc"), DOCS.items())
def test_the_doc_is_the_first_sentence_of_the_comment(source, doc):
    found = read(source).symbols
    assert found[-1].doc == doc


SIGNATURES = {
    "class A < B::C # so\n  def x; end\nend": "class A < B::C",
    "module A::B\nend": "module A::B",
    "def f(a,\n      b: 1, # one\n      **c)\n  a\nend": "def f(a, b: 1, **c)",
    "def f a, b\nend": "def f a, b",
    "def self.f = 1": "def self.f",
    "P = Struct.new(:a, :b) do\nend": "P = Struct.new(:a, :b)",
}


@pytest.mark.parametrize(("source", "signature"), SIGNATURES.items())
def test_a_signature_ends_before_the_body(source, signature):
    assert read(source).symbols[0].signature == signature


def test_lines_are_those_of_the_names_and_ends_those_of_the_definitions():
    source = "class\n  A\n  attr_accessor :a,\n                :b\n\n  def self\n    .m\n  end\nend\n"
    assert [(s.name, s.line, s.end) for s in read(source).symbols] == [
        ("A", 2, 9), ("a", 3, 4), ("a=", 3, 4), ("b", 4, 4), ("b=", 4, 4), ("m", 7, 8),
    ]  # fmt: skip


def test_imports_are_literal_paths_and_relative_ones_begin_with_a_dot():
    source = """
require "json"
require 'net/http'
require_relative "lib/x"; require_relative '../y'
load "z.rb"
autoload :Foo, "foo/bar"
require File.join(a, b)
require "#{name}/c"
obj.require "no"
class A; require "inner"; end
require "json"
"""
    assert read(source).imports == ("json", "net/http", "./lib/x", "../y", "z.rb", "foo/bar", "inner")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("#!/usr/bin/env ruby\nputs 1", 1),
        ("#!/usr/bin/env ruby\nif __FILE__ == $0\n  main\nend", 2),
        ("def main; end\n\nmain if $PROGRAM_NAME == __FILE__", 3),
        ("\nif $0 == __FILE__ then main end", 2),
        ("def f; if __FILE__ == $0; end; end", 0),
        ("if x == $0; end", 0),
    ],
)
def test_entry_points(source, line):
    assert (read(source).has_main, read(source).main_line) == (line > 0, line)


@pytest.mark.parametrize(
    ("source", "doc"),
    [
        ("# frozen_string_literal: true\n\n# Tools for trees. More.\n\nrequire 'x'", "Tools for trees."),
        (
            "#!/usr/bin/env ruby\n# -*- coding: utf-8 -*-\n# typed: strict\n#\n# Starts it all.\n\nputs 1",
            "Starts it all.",
        ),
        ("# Copyright (c) 2020 X\n# All rights reserved.\n\n# Paints.\n\nclass A; end", "Paints."),
        ("# frozen_string_literal: true\n\n# Of the class.\nclass A; end", ""),
        ("=begin\nOld style. Yes.\n=end\n\nclass A; end", "Old style."),
        ("", ""),
    ],
)
def test_the_file_is_documented_by_what_stands_apart_at_its_top(source, doc):
    assert read(source).doc == doc


def test_a_broken_file_is_a_problem_and_what_can_be_read_is_there():
    facts = read("class A\n  def m; end\nend\n" + "def ) } ] = => ((( [ ;\n" * 30)
    assert "syntax error at line" in str(facts.problem)
    assert [s.qualified for s in facts.symbols][:2] == ["A", "A.m"]


@pytest.mark.parametrize(
    "piece", ["class A\n", "A::", "def f(", "x do\n", "[", "A.b(", '"#{', "class << self\n", "A = Class.new("]
)
def test_nests_of_any_depth_are_read(piece):
    assert extract("a.rb", piece.encode() * 20_000, "ruby").lines >= 1
