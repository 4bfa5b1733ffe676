"""Invented projects are plausible, various and the same for the same seed."""

from dataclasses import replace

from codeanvil.samples.invented import decoys, invented_project, invented_view
from codeanvil.samples.names import absent_candidates, words
from codeanvil.samples.views import views


def test_the_same_seed_gives_the_same_project():
    assert invented_project(7) == invented_project(7)
    assert invented_project(7) != invented_project(8)
    assert invented_view(7) == invented_view(7)


def test_projects_are_well_formed_and_various():
    names, languages = set(), set()
    for seed in range(100):
        for file in invented_project(seed):
            languages.add(file.lang)
            for symbol in file.symbols:
                assert symbol.file == file.path
                assert 1 <= symbol.line <= symbol.end
                assert symbol.qualified == (f"{symbol.scope}.{symbol.name}" if symbol.scope else symbol.name)
                assert "<" not in symbol.doc
                names.add(symbol.name)
    assert languages == {"python", "cpp"}
    assert len(names) > 1500


def test_lines_of_a_file_go_up():
    for seed in range(30):
        for file in invented_project(seed):
            lines = [s.line for s in file.symbols]
            assert lines == sorted(lines)


def test_types_derive_from_each_other():
    found = [view.derived for seed in range(20) for view in views(invented_project(seed))]
    assert any(found)


def test_decoys_are_single_blocks():
    assert len(set(decoys())) == len(decoys()) >= 40
    assert not [block for block in decoys() if "\n\n" in block]


def test_names_fall_into_their_words():
    assert words("DicomReader2D") == ["Dicom", "Reader", "2", "D"]
    assert words("HTTPServer_impl") == ["HTTP", "Server", "impl"]
    assert words("load_all") == ["load", "all"]


def test_absent_names_are_near_the_real_ones_and_in_their_style():
    for seed in range(20):
        for file in invented_project(seed):
            for name in absent_candidates(file):
                assert name.replace("_", "").isalnum()
                assert name not in {s.name for s in file.symbols}


def test_views_know_what_other_files_define():
    first = next(file for seed in range(9) for file in invented_project(seed) if any(s.is_type for s in file.symbols))
    moved = tuple(
        replace(symbol, file="x/" + first.path, scope="x", qualified=f"x.{symbol.name}") for symbol in first.symbols
    )
    twin = replace(first, path="x/" + first.path, symbols=moved)
    seen = {view.facts.path: view for view in views([first, twin])}
    name = next(s.name for s in first.symbols if s.is_type)
    assert seen[first.path].elsewhere[name] == ((f"x.{name}", twin.path),)
    assert seen[first.path].elsewhere[first.path.rsplit("/", 1)[-1]] == (("", twin.path),)
