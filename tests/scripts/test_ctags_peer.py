"""Universal-ctags' own output as definitions; ctags itself is not needed."""

import json

import pytest
from scripts.compare_facts import ctags_peer
from scripts.compare_facts.definition import Definition, MissingError, Unread


@pytest.fixture
def tags(monkeypatch):
    """What ctags is to print for the next run."""
    printed = []

    def output(command, folder, text=""):
        if "--list-features" in command:
            return "json supports json format output"
        return "".join(json.dumps({"_type": "tag", "path": "a", "line": 1, **tag}) + "\n" for tag in printed)

    monkeypatch.setattr(ctags_peer.shutil, "which", lambda name: name)
    monkeypatch.setattr(ctags_peer, "_output", output)
    return printed


def test_members_are_joined_to_their_type_and_embedded_fields_are_bases(tags, tmp_path):
    tags += [
        {"name": "net", "kind": "package"},
        {"name": "Server", "kind": "struct", "scope": "net", "scopeKind": "package"},
        {"name": "Mutex", "kind": "anonMember", "scope": "net.Server", "scopeKind": "struct"},
        {"name": "Serve", "kind": "func", "scope": "net.Server", "scopeKind": "struct", "line": 9},
        {"name": "Listen", "kind": "func", "scope": "net", "scopeKind": "package"},
    ]
    assert ctags_peer.found(tmp_path, ["a"], "go").definitions == [
        Definition("type", "Server", "net", "a", 1, ("Mutex",), ("Serve",)),
        Definition("method", "Serve", "net.Server", "a", 9),
        Definition("function", "Listen", "net", "a", 1),
    ]


@pytest.mark.parametrize(
    ("inherits", "bases"),
    [
        ("B,C,d.D", ("B", "C", "D")),
        ("\\X\\D,E\\F", ("D", "F")),
        ("Map<K,List<V>>,e::F", ("Map", "F")),
        ("B,ICwhereT:", ("B", "IC")),
    ],
)
def test_bases_are_simple_names(tags, tmp_path, inherits, bases):
    (tmp_path / "a").touch()
    tags.append({"name": "A", "kind": "class", "inherits": inherits})
    assert ctags_peer.found(tmp_path, ["a"], "java").definitions[0].bases == bases


@pytest.mark.parametrize(
    ("language", "source", "scope"),
    [
        ("java", "/* package x; */\npackage a.b ;\nclass A { void f() {} }", "a.b.A"),
        ("csharp", "using X;\nnamespace N.M;\nclass A { void I.f() {} }", "N.M.A"),
        ("csharp", "namespace N.M { class A { void I.f() {} } }", "A"),
    ],
)
def test_members_are_within_the_package_or_namespace_of_the_file(tags, tmp_path, language, source, scope):
    (tmp_path / "a").write_text(source)
    tags.append({"name": "I.f" if language == "csharp" else "f", "kind": "method", "scope": "A", "scopeKind": "class"})
    assert ctags_peer.found(tmp_path, ["a"], language).definitions == [Definition("method", "f", scope, "a", 1)]


def test_names_that_ctags_invents_are_neither_definitions_nor_scopes(tags, tmp_path):
    tags += [
        {"name": "AnonymousClass0f07853d0100", "kind": "class", "scope": "A\\B", "scopeKind": "namespace"},
        {"name": "f", "kind": "function", "scope": "A\\B\\AnonymousClass0f07853d0100", "scopeKind": "class"},
    ]
    assert ctags_peer.found(tmp_path, ["a"], "php").definitions == [Definition("method", "f", "A.B", "a", 1)]


def test_in_rust_bases_are_unknown_and_uses_of_macros_are_unread(tags, tmp_path):
    (tmp_path / "a").write_text("cfg_rt! {\n    fn f() {}\n}\nmacro_rules! m {\n    () => {};\n}\n")
    tags.append({"name": "S", "kind": "struct"})
    found = ctags_peer.found(tmp_path, ["a"], "rust")
    assert found.definitions == [Definition("type", "S", "", "a", 1, None)]
    assert found.unread == [Unread("a", 1, 3, "in a use of a macro")]


def test_what_lacks_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(ctags_peer.shutil, "which", lambda name: None)
    with pytest.raises(MissingError, match="universal-ctags"):
        ctags_peer.found(tmp_path, ["a"], "go")
    with pytest.raises(MissingError, match="no parser for swift"):
        ctags_peer.found(tmp_path, ["a"], "swift")


RUBY = """module A
  class B
    def one
      x = if y then 1 end
    end

    def two = 2

    class << self
      def three; end
    end

    WORDS = %w(
      class clone
    )

    def four
    end
  end

  def five
  end
end
"""


def test_where_ctags_loses_count_of_ruby_ends_the_indentation_says_what_is_in_what(tags, tmp_path):
    (tmp_path / "a").write_text(RUBY)
    tags += [
        {"name": "A", "kind": "module", "line": 1, "end": 22, "pattern": "module A"},
        {"name": "B", "kind": "class", "line": 2, "end": 14, "pattern": "  class B", "scopeKind": "module"},
        {"name": "one", "kind": "method", "line": 3, "end": 4, "scopeKind": "class"},
        {"name": "two", "kind": "method", "line": 7, "end": 8, "scopeKind": "method"},
        {"name": "three", "kind": "singletonMethod", "line": 10, "end": 10, "scopeKind": "class"},
        {"name": "clone", "kind": "class", "line": 14, "end": 22, "pattern": "      class clone"},
        {"name": "four", "kind": "method", "line": 17, "end": 18, "scopeKind": "class"},
        {"name": "five", "kind": "method", "line": 21, "end": 22},
    ]
    found = ctags_peer.found(tmp_path, ["a"], "ruby")
    assert found.unread == []
    assert [(each.group, each.scope, each.name, each.methods) for each in found.definitions] == [
        ("type", "A", "B", ("one", "two", "three", "four")),
        ("method", "A.B", "one", ()),
        ("method", "A.B", "two", ()),
        ("method", "A.B", "three", ()),
        ("method", "A.B", "four", ()),
        ("method", "A", "five", ()),
    ]


def test_what_ctags_counts_right_in_ruby_is_taken_as_it_says(tags, tmp_path):
    (tmp_path / "a").write_text("class B\n  def one\n  end\nend\n")
    tags += [
        {"name": "B", "kind": "class", "line": 1, "end": 4, "pattern": "class B"},
        {"name": "one", "kind": "method", "line": 2, "end": 3, "scopeKind": "odd"},
    ]
    assert [each.group for each in ctags_peer.found(tmp_path, ["a"], "ruby").definitions] == ["type", "function"]
