"""Ten thousand files, more than a hundred thousand symbols, the processes that a user has."""

from pathlib import Path
from statistics import median

import pytest
from tests.scale import generated
from tests.scale.conftest import BURST, QUESTION, Seen

from codeanvil.settings import Settings
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

SYMBOLS = generated.FILES * (generated.METHODS + 2)

MOST_BYTES = 400_000_000
"""What the index process may hold in memory, and each of its workers."""

SLOWEST = 5.0
"""Seconds: far above what a hover or an answer takes, far below the time of an index."""


def store_of(root: Path) -> Store:
    return Store(index_path(root, Settings()))


def test_every_file_and_every_symbol_is_indexed(root: Path, cold: Seen) -> None:
    assert [state["state"] for state in cold.states] == ["ready", "ready"]
    assert [state["total"] for state in cold.states] == [generated.FILES] * 2
    with store_of(root) as store:
        report = store.report()
        assert report.files == dict.fromkeys(sorted(generated.LANGUAGES), generated.FILES // len(generated.LANGUAGES))
        assert (report.problems, report.left_out) == ({}, {})
        assert sum(report.symbols.values()) == SYMBOLS
        for number in (0, 4_321, generated.FILES - 1):
            (found,) = [symbol for symbol in store.symbols_named(generated.type_name(number)) if symbol.is_type]
            assert found.file == generated.path_of(number)


def test_hovers_and_questions_are_answered_while_the_first_index_is_made(cold: Seen) -> None:
    assert len(cold.hovers) >= 5, "the index was made before anything could be asked: this test shows nothing"
    assert max(cold.hovers) < SLOWEST
    assert median(cold.hovers) < 0.2
    assert max(cold.answers) < 2 * SLOWEST
    assert cold.cards, "no hover found what was indexed already"
    assert cold.found, "no question found what was indexed already"


def test_two_servers_on_one_workspace_give_the_same_answer(cold: Seen) -> None:
    first, second = cold.rows
    assert first["citations"][0]["path"] == generated.path_of(0), QUESTION
    assert first["answer"] == second["answer"]
    assert first["revision"] == second["revision"]


@pytest.mark.parametrize("when", ["cold", "burst"])
def test_memory_stays_below_its_bound(when: str, request: pytest.FixtureRequest) -> None:
    seen: Seen = request.getfixturevalue(when)
    assert 0 < seen.index_bytes < MOST_BYTES
    assert 0 < seen.worker_bytes < MOST_BYTES


def test_reopening_parses_nothing_and_takes_a_small_part_of_the_time(cold: Seen, reopened: IndexReport) -> None:
    assert (reopened.parsed, reopened.removed) == ((), ())
    assert reopened.unchanged == generated.FILES
    assert reopened.seconds < cold.seconds / 4


def test_after_a_burst_of_five_thousand_files_the_index_is_that_of_what_is_there(root: Path, burst: Seen) -> None:
    there = {str(path.relative_to(root)) for path in root.rglob("*.*") if ".codeanvil" not in path.parts}
    assert burst.states[0]["total"] == len(there)
    with store_of(root) as store:
        assert {file.path for file in store.files()} == there
        names = set(store.symbol_names())
        assert generated.type_name(generated.FILES) in names
        assert generated.type_name(5_000) not in names
        (changed,) = [symbol for symbol in store.symbols_named(generated.type_name(1_000)) if symbol.is_type]
        assert len(changed.methods) == 2


def test_hovers_are_answered_while_a_burst_is_followed(burst: Seen) -> None:
    assert burst.hovers, f"{BURST} files were followed before anything could be asked"
    assert max(burst.hovers) < SLOWEST
    assert burst.cards == len(burst.hovers)
