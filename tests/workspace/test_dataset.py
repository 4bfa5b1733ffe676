"""The data set: Alpaca lines out of the store, and the report about them."""

import json
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from codeanvil.errors import SettingsError, StoreError
from codeanvil.samples.select import OF_TYPES, types_within
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import candidates, choose_sources, write_dataset
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.workers import Workers
from codeanvil.workspace.location import index_path


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


def many_files() -> dict[str, str]:
    """Forty types, the last of which is used most, beside tests and others' code that are used still more."""
    files = {f"shop/part{n:02}.py": f"class Part{n:02}:\n    def work(self): ...\n" for n in range(40)}
    for n in range(40):
        uses = ", ".join(f"Part{39 - m:02}()" for m in range(n + 1))
        files[f"shop/use{n:02}.py"] = f"def use{n}():\n    return {uses}\n"
    files["tests/test_part.py"] = "class TestPart:\n    def test_it(self): ...\n"
    files["vendor/other.py"] = "class Vendored:\n    def run(self): ...\n" + "Vendored()\n" * 500
    files["shop/user.py"] = "import vendor.other\nVendored()\n" * 500
    return files


def test_a_large_workspace_is_taught_by_its_most_important_files(project: Any) -> None:
    project.write(many_files())
    project.index()
    project.settings = Settings.model_validate({"samples": {"max": 100, "code_files": 0}})
    report = write_dataset(project.root, project.settings, project.workers)
    taught = {row["source"] for row in lines(project)}
    assert report.samples == 100
    assert "shop/part39.py" in taught
    assert not taught & {"shop/part00.py", "tests/test_part.py", "vendor/other.py"}
    with candidates(project.root, project.settings, project.workers) as (_, found):
        sources = {sample.source for sample in found.samples} - {""}
    assert taught - {""} <= sources
    assert report.files_left_out == len(many_files()) - len(sources) > 0


def test_every_type_has_its_five_samples_also_where_few_files_would_fill_the_data_set(project: Any) -> None:
    files = {}
    for n in range(60):
        functions = "".join(f"def step_{n}_{m}(ship, berth):\n    return ship\n\n\n" for m in range(25))
        files[f"fleet/ship{n:02}.py"] = f"class Ship{n:02}:\n    def sail(self): ...\n\n\n{functions}"
    project.write(files)
    project.index()
    project.settings = Settings.model_validate({"samples": {"max": 800, "code_files": 0, "general_share": 0}})
    report = write_dataset(project.root, project.settings, project.workers)
    asked = Counter(row["subject"] for row in lines(project) if row["kind"] in OF_TYPES)
    assert report.samples == 800
    assert {name: asked[name] for name in (f"Ship{n:02}" for n in range(60)) if asked[name] < 5} == {}
    with project.store() as store:
        choice = choose_sources(store.sources(), project.settings.samples)
    assert len(choice.full) < 30 < len(choice.full) + len(choice.typed) == 61
    project.settings = Settings.model_validate({"samples": {"max": 200, "code_files": 0, "general_share": 0}})
    write_dataset(project.root, project.settings, project.workers)
    asked = Counter(row["subject"] for row in lines(project) if row["kind"] in OF_TYPES and "Ship" in row["subject"])
    assert sum(count >= 5 for count in asked.values()) >= types_within(200) == 20


def test_files_with_a_keyword_are_shown_as_code_however_important_they_are(project: Any) -> None:
    project.write(many_files() | {"shop/a_dicom.py": "class Zzz:\n    def work(self):\n        return 1\n"})
    project.index()
    project.settings = Settings.model_validate({"samples": {"max": 100, "code_files": 1}})
    write_dataset(project.root, project.settings, project.workers)
    with candidates(project.root, project.settings, project.workers) as (_, found):
        assert {sample.source for sample in found.samples if sample.kind == "code"} >= {"shop/a_dicom.py"}
        assert {sample.kind for sample in found.samples if sample.source == "shop/a_dicom.py"} == {"code"}


@pytest.mark.parametrize("most", [100, 10_000])
def test_the_data_set_is_the_same_to_the_byte_whatever_was_done_before(project: Any, most: int) -> None:
    project.settings = Settings.model_validate({"samples": {"max": most}})
    files = many_files()
    project.write(dict.fromkeys([*files, "gone.py"], "class Early: ...\n"))
    project.index()
    project.make_samples()
    project.write(dict(reversed(files.items())) | {"gone.py": None})
    project.index("shop", "gone.py")
    project.index()
    edited = Path(write_dataset(project.root, project.settings, project.workers).path).read_bytes()
    index_path(project.root, project.settings).unlink()
    with Workers(1) as one:
        build_index(project.root, project.settings, workers=one)
        fresh = Path(write_dataset(project.root, project.settings, one).path).read_bytes()
    assert fresh == edited


def test_an_empty_workspace_has_a_data_set_all_the_same(project: Any) -> None:
    project.index()
    report = write_dataset(project.root, project.settings)
    assert report.samples == len(lines(project)) == 0


def test_without_an_index_there_is_no_data_set(project: Any) -> None:
    with pytest.raises(StoreError, match="codeanvil prepare"):
        write_dataset(project.root, project.settings)


def settings(**samples: Any) -> Settings:
    return Settings.model_validate({"samples": samples})


def test_general_instructions_are_a_share_and_the_most_is_never_passed(project: Any) -> None:
    project.write({f"m{n}.py": f"class Part{n}:\n    def work(self): ...\n" for n in range(10)})
    project.index()
    for most, share in ((100, 0.1), (10_000, 0.02), (100, 0.0)):
        report = write_dataset(project.root, settings(max=most, general_share=share), project.workers)
        assert report.samples <= most
        assert report.kinds.get("general", 0) == pytest.approx(report.samples * share, abs=1)


def test_kinds_wordings_and_evidence_can_be_left_out(project: Any) -> None:
    project.write({f"m{n}.py": f"class Part{n}:\n    def work(self): ...\n" for n in range(3)})
    project.index()
    plain = settings(leave_out=["absent", "stack"], wordings=2, evidence_every=0, general_share=0)
    report = write_dataset(project.root, plain, project.workers)
    assert not {"absent", "stack", "general"} & set(report.kinds)
    assert report.kinds["where"]
    rows = lines(project)
    assert not [row for row in rows if row["input"]]
    told = Counter(row["output"] for row in rows)
    assert max(told.values()) <= 2


def test_a_kind_that_there_is_not_cannot_be_left_out(project: Any) -> None:
    project.index()
    with pytest.raises(SettingsError, match="no kind of samples 'wher'"):
        write_dataset(project.root, settings(leave_out=["wher"]), project.workers)
