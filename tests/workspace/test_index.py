"""Building the index: as little as need be, whatever the files do meanwhile."""

from pathlib import Path
from typing import Any

import pytest
from tests.workspace.sources import BASE, CIRCLE, OTHER
from tests.workspace.store_content import content

from codeanvil.errors import WorkspaceError
from codeanvil.settings import IndexSettings, Settings
from codeanvil.workspace import contents, files
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.sample_cache import AT_ONCE
from codeanvil.workspace.store.rows import PackedSamples
from codeanvil.workspace.store.schema import discard
from codeanvil.workspace.store.writing import StoreWriter


@pytest.fixture
def shapes(project: Any) -> Any:
    project.write({"base.py": BASE, "circle.py": CIRCLE, "other.py": OTHER})
    project.index()
    project.make_samples()
    return project


def test_a_first_build_reads_everything(project: Any) -> None:
    project.write({"base.py": BASE, "pyproject.toml": '[project]\nname = "shapes"\n'})
    report = project.index()
    assert report.parsed == ("base.py", "pyproject.toml")
    assert report.files == {"pyproject": 1, "python": 1}
    assert report.symbols == {"class": 1, "method": 1}
    assert report.unchanged == 0


def test_a_first_build_makes_no_samples_since_nobody_may_want_them(project: Any) -> None:
    project.write({"base.py": BASE})
    report = project.index()
    assert (report.regenerated, report.samples) == ((), {})
    project.make_samples()
    with project.store() as store:
        assert store.report().samples["methods"] > 0


def test_an_unchanged_workspace_parses_nothing_when_reopened(shapes: Any) -> None:
    (shapes.root / "base.py").touch()
    report = shapes.index()
    assert (report.parsed, report.removed, report.regenerated, report.unchanged) == ((), (), (), 3)


def test_editing_a_file_regenerates_its_samples_and_no_others(shapes: Any) -> None:
    shapes.write({"circle.py": CIRCLE.replace("return 3", "# rounded\n        return 3.14")})
    report = shapes.index("circle.py")
    assert report.parsed == ("circle.py",)
    assert report.regenerated == ("circle.py",)
    assert shapes.index().parsed == ()


def test_an_edit_keeps_the_samples_of_facts_that_it_leaves_as_they_are(project: Any) -> None:
    text = "".join(f"class Part{n}:\n    def run_{n}(self):\n        return {n}\n\n" for n in range(60))
    project.write({"parts.py": text})
    project.index()
    project.make_samples()
    with project.store() as store:
        before = store.sample_keys("parts.py")
        project.write({"parts.py": f"{text}def added(value):\n    return value\n"})
        assert project.index("parts.py").regenerated == ("parts.py",)
        after = store.sample_keys("parts.py")
        assert len({*before} & {*after}) > len(after) // 2
        assert any("`added`" in sample.output for sample in store.samples_of("parts.py"))


def test_samples_of_which_a_part_has_gone_meanwhile_are_not_kept(shapes: Any) -> None:
    with StoreWriter(index_path(shapes.root, shapes.settings)) as store:
        keys = tuple(store.sample_keys("base.py"))
        with store.transaction():
            assert store.put_samples("base.py", "view", PackedSamples(keys))
            store.drop_samples()
            assert not store.put_samples("base.py", "view", PackedSamples(keys))
            assert not store.put_samples("gone.py", "view", PackedSamples())
        assert store.sampled_view("base.py") == ""
    shapes.make_samples()
    assert shapes.index().regenerated == ()


def test_the_importance_of_names_that_many_define_follows_edits(project: Any) -> None:
    project.write({f"m{n}.py": f"class ManyBearIt: ...\nclass Own{n}Name: ...\n" for n in range(10)})
    project.write({"user.py": "ManyBearIt, Own3Name\n"})
    project.index()
    most = []
    for n in range(3):
        project.write({f"m{n}.py": f"class Own{n}Name: ...\n"})
        project.index(f"m{n}.py")
        kept = content(index_path(project.root, project.settings))
        discard(index_path(project.root, project.settings))
        project.index()
        fresh = content(index_path(project.root, project.settings))
        assert fresh["files"] == kept["files"]
        assert fresh["names"] == kept["names"]
        most.append(max(row[-1] for row in fresh["files"]))
    assert most == [100, 200, 200]  # once eight files bear it, and not nine, it tells of them


def test_a_saved_file_has_samples_at_once_even_if_it_had_none(project: Any) -> None:
    project.write({"base.py": BASE, "circle.py": CIRCLE})
    project.index()
    project.write({"circle.py": CIRCLE.replace("area", "edge")})
    assert project.index("circle.py").regenerated == ("circle.py",)
    with project.store() as store:
        assert any("edge" in sample.output for sample in store.samples(source="circle.py"))
        assert store.samples(source="base.py") == []


def test_after_a_change_of_very_many_files_samples_are_made_when_they_are_wanted(shapes: Any) -> None:
    many = {f"new{number}.py": f"class New{number}(Shape): ...\n" for number in range(AT_ONCE)}
    shapes.write({**many, "base.py": BASE.replace("area", "edge")})
    assert shapes.index().regenerated == ()
    with shapes.store() as store:
        assert store.samples() == []
    shapes.make_samples()
    with shapes.store() as store:
        assert any("edge" in sample.output for sample in store.samples(source="base.py"))
        assert {sample.source for sample in store.samples()} >= many.keys()


def test_moving_a_derived_type_down_its_file_leaves_its_bases_samples_alone(shapes: Any) -> None:
    shapes.write({"circle.py": "\n\n\n" + CIRCLE})
    assert shapes.index().regenerated == ("circle.py",)


def test_a_new_derived_type_renews_its_bases_samples(shapes: Any) -> None:
    shapes.write({"square.py": "from base import Shape\n\n\nclass Square(Shape):\n    pass\n"})
    assert set(shapes.index("square.py").regenerated) == {"", "square.py", "base.py"}
    with shapes.store() as store:
        assert any("Square" in sample.output for sample in store.samples("derived", "base.py"))
    shapes.write({"square.py": None})
    report = shapes.index("square.py")
    assert report.removed == ("square.py",)
    assert report.regenerated == ("", "base.py")
    with shapes.store() as store:
        assert not any("Square" in sample.output for sample in store.samples())


def test_a_name_said_to_be_absent_is_no_longer_once_it_is_there(shapes: Any) -> None:
    with shapes.store() as store:
        invented = next(s.subject for s in store.samples("absent", "base.py") if s.subject[0].isupper())
    shapes.write({"new.py": f"class {invented}:\n    pass\n"})
    assert set(shapes.index("new.py").regenerated) == {"", "new.py", "base.py"}
    with shapes.store() as store:
        assert invented not in {sample.subject for sample in store.samples("absent")}


def test_a_second_definition_of_a_name_renews_what_is_said_about_the_first(shapes: Any) -> None:
    shapes.write({"zoo.py": "class Other:\n    pass\n"})
    assert set(shapes.index().regenerated) == {"", "other.py", "zoo.py"}


@pytest.mark.parametrize(
    ("type_file", "type_", "other_file", "other", "more"),
    [
        ("n/a.go", "package n\ntype Server struct{}\n", "n/b.go", "package n\n", "func (s *Server) Reload() {}\n"),
        ("a.rs", "pub struct Server;\n", "b.rs", "use a::Server;\n", "impl Server { fn Reload(&self) {} }\n"),
        ("a.swift", "struct Server {}\n", "b.swift", "import A\n", "extension Server { func Reload() {} }\n"),
        ("a.cs", "partial class Server {}\n", "b.cs", "using A;\n", "partial class Server { void Reload() {} }\n"),
    ],
)  # fmt: skip
def test_a_method_in_another_file_renews_the_samples_of_its_type(
    project: Any, type_file: str, type_: str, other_file: str, other: str, more: str
) -> None:
    def told() -> list[str]:
        with project.store() as store:
            return [s.output for s in store.samples("methods", type_file) if "Reload" in s.output]

    project.write({type_file: type_, other_file: other, "unrelated.py": "class Other: ...\n"})
    project.index()
    project.make_samples()
    assert not told()
    project.write({other_file: other + more})
    assert type_file in project.index().regenerated
    assert told()
    project.write({other_file: other})
    assert "unrelated.py" not in project.index().regenerated
    assert not told()


def test_a_renamed_file_is_the_old_one_gone_and_a_new_one(shapes: Any) -> None:
    (shapes.root / "other.py").rename(shapes.root / "another.py")
    report = shapes.index("other.py", "another.py")
    assert (report.parsed, report.removed) == (("another.py",), ("other.py",))
    with shapes.store() as store:
        assert [symbol.file for symbol in store.symbols_named("Other")] == ["another.py"]


def test_only_the_named_paths_are_looked_at(shapes: Any) -> None:
    shapes.write({"base.py": BASE + "\nX = 1\n", "circle.py": CIRCLE + "\nX = 1\n"})
    assert shapes.index("circle.py").parsed == ("circle.py",)
    assert shapes.index().parsed == ("base.py",)


@pytest.mark.parametrize("path", ["sub", "sub/", "./sub", "sub/../sub/", "."])
def test_a_named_folder_stands_for_what_is_in_it_and_was_in_it(shapes: Any, path: str) -> None:
    shapes.write({"sub/a.py": "class A: ...\n", "sub/deep/b.py": "class B: ...\n"})
    assert shapes.index(path).parsed == ("sub/a.py", "sub/deep/b.py")
    for file in ("a.py", "deep/b.py"):
        (shapes.root / "sub" / file).unlink()
    (shapes.root / "sub/deep").rmdir()
    (shapes.root / "sub").rmdir()
    assert shapes.index(path).removed == ("sub/a.py", "sub/deep/b.py")


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.py", "..", "photo.png", "nowhere.py", ".codeanvil/index.db", ""])
def test_paths_that_are_not_of_the_index_change_nothing(shapes: Any, path: str) -> None:
    report = shapes.index(path)
    assert (report.parsed, report.removed) == ((), ())


def test_a_changed_ignore_file_takes_out_and_brings_back(shapes: Any) -> None:
    shapes.write({".gitignore": "other.py\n"})
    assert shapes.index(".gitignore").removed == ("other.py",)
    assert "Other" not in shapes.names()
    shapes.write({".gitignore": None})
    assert shapes.index(".gitignore").parsed == ("other.py",)


def test_an_empty_workspace_has_an_empty_index(project: Any) -> None:
    report = project.index()
    assert (report.files, report.symbols, report.parsed) == ({}, {}, ())
    assert project.names() == []


def test_a_file_is_no_workspace(project: Any) -> None:
    project.write({"a.py": BASE})
    with pytest.raises(WorkspaceError, match=f"open the folder that holds it instead: {project.root}"):
        build_index(project.root / "a.py", Settings())


def test_progress_is_told_from_nothing_to_all(project: Any) -> None:
    told: list[tuple[int, int]] = []
    project.write({f"m{number}.py": f"class C{number}: ...\n" for number in range(20)})
    build_index(project.root, project.settings, progress=lambda *step: told.append(step), workers=project.workers)
    assert told[0] == (0, 20)
    assert told[-1] == (20, 20)
    assert told == sorted(told)


def test_settings_of_samples_renew_them_and_parse_nothing(shapes: Any) -> None:
    shapes.settings = Settings.model_validate({"samples": {"code_characters": 300}})
    report = shapes.index()
    assert report.parsed == ()
    assert set(report.regenerated) == {"", "base.py", "circle.py", "other.py"}


def test_exclude_and_size_settings_take_effect_at_the_next_build(shapes: Any) -> None:
    shapes.write({"big.py": "x = 1\n" * 400})
    shapes.index()
    shapes.settings = Settings(index=IndexSettings(max_file_bytes=1_000, exclude=["oth*"]))
    report = shapes.index()
    assert report.removed == ("big.py", "other.py")
    assert report.left_out == {contents.TOO_LARGE: 1, files.IGNORED: 1}


def test_without_workers_at_hand_own_ones_are_started_and_ended(project: Any) -> None:
    import psutil

    project.write({"a.py": BASE})
    before = set(psutil.Process().children())
    assert build_index(project.root, Settings()).parsed == ("a.py",)
    assert set(psutil.Process().children()) <= before


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "older", "hole"])
def test_a_damaged_or_older_store_is_rebuilt_silently(shapes: Any, damage: str) -> None:
    path = index_path(shapes.root, shapes.settings)
    whole = path.read_bytes()
    if damage == "older":
        import sqlite3

        db = sqlite3.connect(path)
        db.execute("UPDATE meta SET value = 'older' WHERE key = 'made_by'")
        db.commit()
        db.close()
    else:
        discard(path)
        middle = len(whole) // 2
        path.write_bytes(
            {
                "garbage": b"garbage" * 999,
                "empty": b"",
                "cut": whole[:middle],
                "hole": whole[:4096] + b"\xff" * (len(whole) - 4096),
            }[damage]
        )
    assert shapes.index("other.py").parsed == ("base.py", "circle.py", "other.py")
    assert "Shape" in shapes.names()


def test_an_open_reader_follows_to_a_rebuilt_store(shapes: Any) -> None:
    with shapes.store() as reader:
        assert "Shape" in reader.symbol_names()
        index_path(shapes.root, shapes.settings).write_bytes(b"garbage")
        shapes.write({"new.py": "class New: ...\n"})
        shapes.index()
        assert "New" in reader.symbol_names()


def test_an_open_reader_sees_each_build(shapes: Any) -> None:
    with shapes.store() as reader:
        before = reader.revision()
        names = reader.symbol_names()
        shapes.write({"new.py": "class New: ...\n"})
        shapes.index()
        assert reader.revision() != before
        assert set(reader.symbol_names()) == {*names, "New"}
        assert reader.report().files == {"python": 4}


def test_a_data_folder_elsewhere_leaves_the_workspace_untouched(project: Any, tmp_path: Path) -> None:
    project.write({"a.py": BASE})
    project.settings = Settings(data_dir=str(tmp_path / "data"))
    project.index()
    assert [path.name for path in project.root.iterdir()] == ["a.py"]
    assert (tmp_path / "data/index.db").exists()


def test_the_workspace_itself_among_what_changed_has_all_looked_at(shapes: Any) -> None:
    shapes.write({"base.py": BASE + "\n\nclass More: ...\n", "new.py": "class New: ...\n", "other.py": None})
    report = shapes.index("")
    assert (report.parsed, report.removed) == (("base.py", "new.py"), ("other.py",))
