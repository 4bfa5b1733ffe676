"""The comparison with other parsers says what agrees, what does not and why, and fails where too much does not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from scripts.compare_facts import __main__ as command
from scripts.compare_facts import ast_peer, sources
from scripts.compare_facts.comparison import Comparison, Difference, Explanation
from scripts.compare_facts.definition import Definition, Findings, MissingError, Unread

SOURCE = "class A(B):\n    def m(self): pass\n\ndef f():\n    class Local: pass\n"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


def compared(ours, peer, explanations=(), unread=()):
    comparison = Comparison()
    lines = ["#define GLUE", "class A", "class B", "class C"]
    comparison.add(["a"], ours, Findings(peer, unread), explanations, lambda _: lines)
    return comparison


def a_type(name, line=2, bases=(), methods=(), scope=""):
    return Definition("type", name, scope, "a", line, bases, methods)


def test_recall_counts_what_we_miss_and_precision_what_we_invent():
    score = compared([a_type("A"), a_type("B", 3)], [a_type("A"), a_type("C", 4), a_type("D", 5)]).scores["types"]
    assert (score.same, score.missed, score.extra) == (1, 2, 1)
    assert (round(score.recall, 2), score.precision) == (33.33, 50.0)


@pytest.mark.parametrize("other", [a_type("A", 3), a_type("A", scope="n"), a_type("B")])
def test_the_same_definition_has_the_same_name_scope_and_line(other):
    result = compared([a_type("A")], [other])
    score = result.scores["types"]
    assert (score.same, score.missed, score.extra) == (0, 1, 1)


@pytest.mark.parametrize(
    ("other", "detail"),
    [
        (Definition("method", "f", "A", "a", 2), "function f instead of method A.f"),
        (Definition("function", "f", "n", "a", 2), "function f instead of function n.f"),
    ],
)
def test_one_place_with_another_scope_or_group_is_one_difference(other, detail):
    result = compared([Definition("function", "f", "", "a", 2)], [other, Definition("function", "f", "", "a", 3)])
    assert [(d.side, d.detail) for d in result.differences] == [("both", detail), ("peer", "")]
    score = result.scores["functions"]
    assert (score.same, score.missed, score.extra) == (0, 2, 1)


def test_bases_agree_in_their_order_and_methods_in_any():
    ours = [a_type("A", bases=("X", "Y"), methods=("m", "n")), a_type("B", 3, ("X", "Y")), a_type("C", 4)]
    peer = [a_type("A", bases=("X", "Y"), methods=("n", "m")), a_type("B", 3, ("Y", "X")), a_type("C", 4)]
    result = compared(ours, peer)
    assert (result.scores["bases"].same, result.scores["bases"].missed) == (1, 1)
    assert (result.scores["methods"].same, result.scores["methods"].missed) == (1, 0)
    assert [d.detail for d in result.differences] == ["X Y instead of Y X"]


def test_what_a_peer_cannot_know_is_not_compared():
    result = compared([a_type("A", bases=("X",), methods=("m",))], [a_type("A", bases=None, methods=None)])
    assert result.differences == []


def test_where_the_peer_did_not_look_nothing_of_ours_is_wrong():
    result = compared([a_type("A"), a_type("B", 3)], [a_type("A")], unread=[Unread("a", 3, 3, "dead branch")])
    assert result.scores["types"].precision == 100
    assert result.unread == {"dead branch": 1}


def test_an_explained_difference_counts_against_us_unless_it_is_put_aside():
    missed, invented = [a_type("A"), a_type("B", 3)], [a_type("C", 4)]
    made = Explanation("made by a macro", side="peer", name="[AB]", before="GLUE")
    counted_otherwise = Explanation("counted otherwise", measure="types", side="ours", line="class C", aside=True)
    result = compared(invented, missed, [made, counted_otherwise])
    assert [(d.definition.name, d.reason, d.aside) for d in result.differences] == [
        ("A", "made by a macro", False),
        ("B", "made by a macro", False),
        ("C", "counted otherwise", True),
    ]
    assert (result.scores["types"].recall, result.scores["types"].precision) == (0, 0)
    assert (result.fair["types"].recall, result.fair["types"].precision) == (0, 100)


INDENTED = """impl A
where
    B: C,
{
    // impl in a comment {

    fn f() {
        fn g() {}
    }
}

impl D {
    fn h() {}
}
""".splitlines()


@pytest.mark.parametrize(
    ("source", "fits"),
    [
        ("T F<T>(T x) where T : B", True),
        ("T F<T>(\n    T x)\n    where T : B\n{", True),
        ("T F<T>(T x)\n{\n    where T : B", False),
        ("T F<T>(T x);\nT G<T>(T x) where T : B", False),
    ],
)
def test_a_difference_may_be_explained_by_the_head_of_its_own_block(source, fits):
    difference = Difference("functions", "ours", Definition("function", "F", "", "a", 1))
    assert Explanation("constrained", head=r"\bwhere\b").fits(difference, source.splitlines()) is fits


@pytest.mark.parametrize(("line", "fits"), [(7, True), (8, True), (13, False), (1, False), (12, False)])
def test_a_difference_may_be_explained_by_the_head_of_a_block_around_it(line, fits):
    difference = Difference("functions", "ours", Definition("method", "x", "", "a", line))
    assert Explanation("where", around=r"^impl\b[^{]*\bwhere\b").fits(difference, INDENTED) is fits


@pytest.mark.parametrize(("methods", "reason"), [(("f",), "no operators"), (("f", "g"), "")])
def test_methods_that_differ_by_explained_functions_only_are_explained(methods, reason):
    ours = [a_type("A", methods=("f", "operator +")), Definition("method", "operator +", "A", "a", 3)]
    explanation = Explanation("no operators", measure="functions", name="operator .*", aside=True)
    result = compared(ours, [a_type("A", methods=methods)], [explanation])
    found = {d.measure: (d.reason, d.aside) for d in result.differences}
    assert found == {"functions": ("no operators", True), "methods": (reason, bool(reason))}


def test_the_command_compares_a_folder_and_is_content_where_both_agree(tmp_path, capsys):
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "old.py").write_text("print 'Python 2'\nclass Old: pass\n")
    assert command.main(["python", "--folder", str(tmp_path), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)["python"]
    assert (result["files"], result["definitions"], result["good_enough"]) == (2, 4, True)
    assert result["unread_by_peer"] == {"refused by Python itself: SyntaxError": 1}


def test_the_command_fails_below_the_bound_and_names_the_file(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.py").write_text(SOURCE)
    monkeypatch.setattr(ast_peer, "of_source", lambda source, path: [Definition("type", "Other", "", path, 1)])
    assert command.main(["python", "--folder", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "1 of 1 files differ" in printed.out
    assert "a.py: 5 unexplained" in printed.out
    assert "python is below its bound: types 0.00 of 100" in printed.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["cobol"], 2, "cobol has no peer; there are python"),
        (["python", "--folder", "EMPTY"], 1, "holds no python"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(arguments, code, said, tmp_path, capsys):
    arguments = [str(tmp_path) if argument == "EMPTY" else argument for argument in arguments]
    assert command.main(arguments) == code
    assert said in capsys.readouterr().err


def test_a_source_is_downloaded_once_and_only_its_files_are_read(tmp_path, monkeypatch):
    calls = []

    def download(command, source, folder):
        calls.append(command[1:])
        inner = folder / "package-1.0" / "src"
        (inner / "tests").mkdir(parents=True)
        (inner / "a.py").write_text(SOURCE)
        (inner / "tests" / "b.py").write_text(SOURCE)
        (inner / "c.txt").write_text(SOURCE)
        sources.shutil.make_archive(str(folder / "package"), "gztar", folder, "package-1.0")
        sources.shutil.rmtree(folder / "package-1.0")

    monkeypatch.setattr(sources, "_run", download)
    source = sources.Source("npm", "@scope/package", "1.0", "src", without=("tests",))
    monkeypatch.setattr(sources, "_tool", lambda name: name)
    for _ in range(2):
        root = sources.fetch(source)
        assert list(sources.files_of(root, source, "python")) == ["a.py"]
        only = replace(source, only=("tests",), without=())
        assert list(sources.files_of(root, only, "python")) == ["tests/b.py"]
    assert [arguments[-1] for arguments in calls] == ["@scope/package@1.0"]
    with pytest.raises(MissingError, match="has no folder lib"):
        sources.fetch(sources.Source("npm", "@scope/package", "1.0", "lib"))


def test_an_archive_in_a_package_is_the_source_instead(tmp_path, monkeypatch):
    def download(command, source, folder):
        inner = tmp_path / "inner"
        (inner / "java.base").mkdir(parents=True)
        (inner / "java.base" / "a.py").write_text(SOURCE)
        (inner / "b.py").write_text(SOURCE)
        (tmp_path / "package" / "lib").mkdir(parents=True)
        sources.shutil.make_archive(str(tmp_path / "package" / "lib" / "src"), "zip", inner)
        sources.shutil.make_archive(str(folder / "package"), "gztar", tmp_path, "package")
        sources.shutil.rmtree(inner)
        sources.shutil.rmtree(tmp_path / "package")

    monkeypatch.setattr(sources, "_run", download)
    monkeypatch.setattr(sources, "_tool", lambda name: name)
    source = sources.Source("npm", "jdk", "17", "java.base", archive="lib/src.zip")
    assert list(sources.files_of(sources.fetch(source), source, "python")) == ["a.py"]
    with pytest.raises(MissingError, match=r"has no archive lib/other\.zip"):
        sources.fetch(sources.Source("npm", "jdk", "18", archive="lib/other.zip"))


def test_what_a_peer_found_is_kept_until_a_file_changes(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.py").write_text(SOURCE)
    asked = []
    real = ast_peer.of_source
    monkeypatch.setattr(ast_peer, "of_source", lambda source, path: asked.append(path) or real(source, path))
    for _ in range(2):
        assert command.main(["python", "--folder", str(tmp_path), "--json"]) == 0
    assert asked == ["a.py"]
    assert command.main(["python", "--folder", str(tmp_path), "--json", "--fresh"]) == 0
    assert asked == ["a.py", "a.py"]
    (tmp_path / "a.py").write_text(SOURCE + "\n# changed\n")
    assert command.main(["python", "--folder", str(tmp_path), "--json"]) == 0
    assert asked == ["a.py", "a.py", "a.py"]


def test_a_tool_that_lacks_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingError, match="npm is not installed"):
        sources.fetch(sources.Source("npm", "p", "1"))


def test_every_listed_source_and_explanation_is_well_formed():
    for file in sorted((Path(sources.__file__).parent / "sources").glob("*.toml")):
        assert all(source.registry and source.package for source in sources.sources_of(file.stem))
    for file in sorted((Path(sources.__file__).parent / "explained").glob("*.toml")):
        assert all(explanation.reason for explanation in command.explanations_of(file.stem))
