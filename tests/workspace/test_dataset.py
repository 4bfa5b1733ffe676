"""The data set: Alpaca lines out of the store, and the report about them."""

import json
import statistics
from typing import Any

import pytest

from codeanvil.errors import StoreError
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import write_dataset


def lines(project: Any) -> list[dict[str, str]]:
    text = (project.root / ".codeanvil/training_data.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_every_sample_is_a_line_and_is_counted(project: Any) -> None:
    project.write(
        {"a.py": 'class Éclair:\n    """A cake."""\n    def bake(self): ...\n', "CMakeLists.txt": "project(X)\n"}
    )
    project.index()
    report = write_dataset(project.root, project.settings)
    rows = lines(project)
    assert report.samples == len(rows) > 20
    assert set(rows[0]) == {"id", "kind", "subject", "source", "instruction", "input", "output"}
    assert len({row["id"] for row in rows}) == len(rows)
    assert sum(report.kinds.values()) == len(rows)
    assert {row["source"] for row in rows} == {"", "a.py", "CMakeLists.txt"}
    tokens = [-(-len(row["instruction"] + row["input"] + row["output"]) // 4) for row in rows]
    assert (report.tokens_total, report.tokens_max) == (sum(tokens), max(tokens))
    assert report.tokens_median == statistics.median(tokens)
    assert "Éclair" in (project.root / ".codeanvil/training_data.jsonl").read_text("utf-8")


def test_at_most_as_many_samples_as_the_settings_say(project: Any) -> None:
    project.write({f"m{n}.py": f"class Part{n}:\n    def work(self): ...\n" for n in range(10)})
    project.index()
    report = write_dataset(project.root, Settings.model_validate({"samples": {"max": 100}}))
    assert report.samples == 100 == len(lines(project))
    assert report.left_out > 0


def test_an_edit_replaces_the_lines_of_that_file_and_no_others(project: Any) -> None:
    project.write({"a.py": "class A:\n    def work(self): ...\n", "b.py": "class B:\n    def rest(self): ...\n"})
    project.index()
    write_dataset(project.root, project.settings)
    before = {row["id"]: row["source"] for row in lines(project)}
    project.write({"a.py": "class A:\n    def work_harder(self): ...\n"})
    project.index("a.py")
    write_dataset(project.root, project.settings)
    after = {row["id"]: row["source"] for row in lines(project)}
    assert {source for id_, source in (before.items() ^ after.items())} == {"a.py"}


def test_an_empty_workspace_has_a_data_set_all_the_same(project: Any) -> None:
    project.index()
    report = write_dataset(project.root, project.settings)
    assert report.samples == len(lines(project))


def test_without_an_index_there_is_no_data_set(project: Any) -> None:
    with pytest.raises(StoreError, match="codeanvil prepare"):
        write_dataset(project.root, project.settings)
