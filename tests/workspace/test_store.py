"""What the store answers about a small workspace of C++ and Python."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codeanvil.errors import StoreError
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.writing import StoreWriter

FILES = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.20)\nproject(Harbor)\nadd_library(harbor src/ship.cpp)\n",
    "src/ship.hpp": """
namespace harbor {
/// Carries cargo. Slowly.
class Ship {
public:
    Ship();
    virtual void sail(int knots);
    struct Hold { int tons; };
};
class Ferry : public Ship {
public:
    void sail(int knots) override;
};
class Crane;
}
""",
    "src/ship.cpp": """
#include "ship.hpp"
namespace harbor {
Ship::Ship() {}
void Ship::sail(int knots) { Ferry ferry; }
void Ferry::sail(int knots) {}
}
""",
    "tools/plan.py": '''
"""Plans the berths."""
import tools.berth


class Plan(tools.berth.Berth):
    """A plan of all berths."""

    def solve_quickly(self):
        return Berth()


def ship():
    ...
''',
    "README.md": "# Harbor\n\nMoves ships.\n\n## Installing\n\nRun `pip install harbor`.\n\n# Harbor\n\nAgain.\n",
    "docs/berths.rst": "Berths\n======\n\nWhere ships are kept.\n",
    "vendor/tool/README.md": "# Installing\n\nInstall the tool; installing it is easy.\n",
    "tools/berth.py": "class Berth:\n    def free(self):\n        ...\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, open_project: Callable[[Path], Any]) -> Iterator[Store]:
    project = open_project(tmp_path_factory.mktemp("harbor"))
    project.write(dict(FILES))
    project.index()
    project.make_samples()
    with project.store() as store:
        yield store


def places(symbols) -> list[str]:
    return [f"{symbol.file}:{symbol.line}" for symbol in symbols]


def test_names_are_found_simple_and_qualified(store: Store) -> None:
    assert places(store.symbols_named("Ship"))[0] == "src/ship.hpp:4"
    for name in ("harbor.Ship", "harbor::Ship", "Ship"):
        assert store.symbols_named(name)[0].is_type
    assert places(store.symbols_named("Ferry::sail")) == ["src/ship.cpp:6", "src/ship.hpp:12"]
    assert store.symbols_named("SHIP") == store.symbols_named("") == store.symbols_named("harbor.Plan") == []
    assert {s.name for s in store.symbols_named_nocase("SHIP")} == {"Ship", "ship"}


def test_definitions_come_before_declarations(store: Store) -> None:
    assert [s.decl for s in store.symbols_named("sail") if "Ship" in s.qualified] == [False, True]
    assert [s.decl for s in store.symbols_named("Crane")] == [True]


def test_members_of_a_cpp_class_include_what_is_defined_out_of_line(store: Store) -> None:
    ship = store.symbols_named("harbor.Ship")[0]
    assert [(s.name, s.file) for s in store.members_of(ship)] == [
        ("Ship", "src/ship.hpp"),
        ("sail", "src/ship.hpp"),
        ("Hold", "src/ship.hpp"),
        ("Ship", "src/ship.cpp"),
        ("sail", "src/ship.cpp"),
    ]


def test_derived_types_are_found_by_their_base(store: Store) -> None:
    assert [s.name for s in store.derived_from("Ship")] == ["Ferry"]
    assert [s.name for s in store.derived_from("Berth")] == ["Plan"]
    assert store.derived_from("Ferry") == []


def test_symbols_of_a_file_come_by_line(store: Store) -> None:
    lines = [symbol.line for symbol in store.symbols_in("src/ship.hpp")]
    assert lines
    assert lines == sorted(lines)
    assert store.symbols_in("no/such/file.py") == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("cargo carrying", "Ship"),
        ("solveQuickly", "solve_quickly"),
        ("quickly solve", "solve_quickly"),
        ("tools berth", "Berth"),
        ("what is a Plan?", "Plan"),
    ],
)
def test_search_finds_by_words_of_name_doc_and_path(store: Store, words: str, name: str) -> None:
    assert name in [symbol.name for symbol in store.search(words)][:2]


@pytest.mark.parametrize("words", ["", "   ", '"', "'", '" OR "', "*", "a AND", "NEAR(", "\0", "-", "ship:", "(", "^x"])
def test_search_takes_any_words(store: Store, words: str) -> None:
    assert isinstance(store.search(words), list)


def test_files_tell_language_lines_and_importance(store: Store) -> None:
    rows = {row.path: row for row in store.files()}
    assert {path: row.lang for path, row in rows.items()} == {
        "CMakeLists.txt": "cmake",
        "src/ship.cpp": "cpp",
        "src/ship.hpp": "cpp",
        "tools/berth.py": "python",
        "tools/plan.py": "python",
        **{"README.md": "markdown", "docs/berths.rst": "rst", "vendor/tool/README.md": "markdown"},
    }
    assert rows["tools/plan.py"].doc == "Plans the berths."
    assert rows["src/ship.hpp"].lines == FILES["src/ship.hpp"].count("\n")
    assert rows["src/ship.hpp"].importance > rows["tools/berth.py"].importance > rows["tools/plan.py"].importance == 0
    assert store.file("nowhere.py") is None
    assert store.file("src/ship.hpp") == rows["src/ship.hpp"]


def test_builds_stack_and_text_are_kept(store: Store) -> None:
    (build,) = store.builds()
    assert (build.name, build.system) == ("Harbor", "cmake")
    assert [share.lang for share in store.stack().languages] == ["cpp", "python"]
    assert store.text("CMakeLists.txt") == FILES["CMakeLists.txt"]
    assert store.text("nowhere.py") == ""


def test_samples_are_found_by_kind_and_source(store: Store) -> None:
    everything = store.samples()
    assert {sample.source for sample in everything} == {"", *FILES}
    assert {sample.kind for sample in store.samples(source="CMakeLists.txt")} >= {"build", "targets"}
    assert store.samples(source="tools/plan.py") == [s for s in everything if s.source == "tools/plan.py"]
    assert store.samples("bases") == [s for s in everything if s.kind == "bases"]
    assert store.report().samples["bases"] == len(store.samples("bases"))
    assert store.samples(source="nowhere.py") == []


def test_a_missing_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="codeanvil prepare"):
        Store(tmp_path / "index.db")


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_store_says_how_to_renew_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "index.db").write_bytes(content)
    with pytest.raises(StoreError, match="codeanvil prepare"):
        Store(tmp_path / "index.db")


def test_somebody_elses_database_is_not_taken_for_a_store(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "index.db") as db:
        db.execute("CREATE TABLE files(path TEXT)")
        db.execute("PRAGMA user_version = 1")
    db.close()
    with pytest.raises(StoreError, match="another version"):
        Store(tmp_path / "index.db")


def test_own_code_is_found_before_tests_and_both_before_what_others_wrote(project: Any) -> None:
    places = ["test_a.py", "api/a_pb2.py", "examples/a.py", "pkg/a.py", "vendor/x/a.py"]
    project.write(dict.fromkeys(places, "class Ledger: ...\n"))
    project.write({"z.py": "class Book:\n    a, b, c = Ledger, Ledger, Ledger\n" * 10})
    project.index()
    with project.store() as store:
        assert {file.path: file.role for file in store.files()} == {
            "api/a_pb2.py": "generated",
            "examples/a.py": "example",
            "pkg/a.py": "source",
            "test_a.py": "test",
            "vendor/x/a.py": "vendored",
            "z.py": "source",
        }
        found = [symbol.file for symbol in store.symbols_named("Ledger")]
        assert found == ["pkg/a.py", "examples/a.py", "test_a.py", "api/a_pb2.py", "vendor/x/a.py"]
        assert {symbol.file for symbol in store.search("ledger")[-2:]} == {"api/a_pb2.py", "vendor/x/a.py"}
        importance = {file.path: file.importance for file in store.files()}
        assert importance["pkg/a.py"] > importance["test_a.py"] > importance["vendor/x/a.py"]
        assert [(share.lang, share.files) for share in store.stack().languages] == [("python", 4)]


def test_a_citation_knows_the_content_it_was_read_from(project: Any) -> None:
    project.write({"a.py": "class A: ...\n", "CMakeLists.txt": "project(X)\n"})
    project.index()
    read = {path: hashlib.sha256((project.root / path).read_bytes()).hexdigest() for path in ("a.py", "CMakeLists.txt")}
    project.write({"a.py": "class B: ...\n"})
    with project.store() as store:
        assert store.shas(["a.py", "CMakeLists.txt", "gone.py"]) == read


def test_documents_are_kept_section_by_section(store: Store) -> None:
    assert store.documents() == ["README.md", "docs/berths.rst", "vendor/tool/README.md"]
    sections = store.sections_in("README.md")
    assert [(section.line, section.titles, section.text) for section in sections] == [
        (1, ("Harbor",), "Moves ships."),
        (5, ("Harbor", "Installing"), "Run `pip install harbor`."),
        (9, ("Harbor",), "Again."),
    ]
    assert store.sections_in("tools/plan.py") == store.sections_in("nowhere.md") == []
    assert [file.lang for file in store.files() if file.path.startswith(("README", "docs"))] == ["markdown", "rst"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("how do I install it", [("README.md", 5), ("vendor/tool/README.md", 1)]),
        ("in which berths ships are", [("docs/berths.rst", 1), ("README.md", 1)]),
        ("zebra", []),
        ("?!", []),
    ],
)
def test_sections_are_found_by_words(store: Store, words: str, found: list[tuple[str, int]]) -> None:
    assert [(section.file, section.line) for section in store.search_sections(words)] == found
    assert len(store.search_sections(words, limit=1)) == min(1, len(found))


def test_what_more_and_rarer_words_match_comes_first(project: Any) -> None:
    docs = {"aaa": "Moves a ship.", "mmm": "Moves cargo of a ship into the warehouse.", "zzz": "Moves a ship, a ship."}
    project.write({f"{name}.py": f'def {name}():\n    """{doc}"""\n' for name, doc in docs.items()})
    project.index()
    with project.store() as store:
        assert store.search("cargo warehouse ship")[0].name == "mmm"
        assert [symbol.name for symbol in store.search("ship")] == ["zzz", "aaa", "mmm"]


def test_what_a_hover_asks_needs_no_look_at_all_symbols_while_the_first_build_runs(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "index.db") as store:
        assert not store.complete()
        asked: list[str] = []
        store._db.set_trace_callback(asked.append)
        store.symbols_named("Ship")
        store.derived_from("Ship")
        store.symbols_in("src/ship.hpp")
        store._db.set_trace_callback(None)
        assert len(asked) >= 3
        steps = [row[3] for sql in asked for row in store._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert steps
        assert [step for step in steps if step.startswith("SCAN") and "added_bases" not in step] == []


def test_what_a_save_asks_of_all_files_reads_no_whole_rows(project: Any) -> None:
    project.write({"a.py": "class A: ...\n", "b.py": "class B(A): ...\n"})
    project.index()
    with project.store() as store:
        asked: list[str] = []
        store._db.set_trace_callback(asked.append)
        store.report()
        store.places("A", "b.py", 8)
        store._db.set_trace_callback(None)
        steps = [row[3] for sql in asked for row in store._db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("symbols_places" in step for step in steps)
    scans = [step for step in steps if step.startswith("SCAN files")]
    assert len(scans) >= 5
    assert [step for step in scans if "INDEX files_" not in step] == []
