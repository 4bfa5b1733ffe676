"""What is left out when there is too much: more wordings of a fact before facts."""

from collections import Counter
from dataclasses import replace

import pytest

from codeanvil.samples.generate import file_samples, project_samples
from codeanvil.samples.invented import invented_project
from codeanvil.samples.lessons.all import BUILD_KINDS
from codeanvil.samples.model import Sample
from codeanvil.samples.select import select
from codeanvil.samples.views import views


@pytest.fixture(scope="module")
def many():
    return [s for seed in range(6) for view in views(invented_project(seed)) for s in file_samples(view)]


def code(path):
    return Sample(f"{path:>16}", "code", path, path, f"code:{path}", f"Show me {path}.", "", "x")


def test_everything_stays_where_it_fits(many):
    assert select(many, len(many)) == many


def test_the_maximum_holds_and_the_order_stays(many):
    kept = select(many, 700)
    assert len(kept) == 700
    ids = {s.id for s in kept}
    assert kept == [s for s in many if s.id in ids]


def test_important_facts_keep_many_wordings_and_minor_ones_few_or_none(many):
    path = many[0].source
    kept = Counter((s.kind, s.fact, s.source == path) for s in select(many, 400, importance={path: 30_000.0}))
    own = [count for (kind, _, mine), count in kept.items() if mine and kind in {"where", "methods", "bases"}]
    others = [count for (_, _, mine), count in kept.items() if not mine]
    assert max(own) >= 8
    assert min(own) > max(others)


def test_of_each_type_there_is_something_before_any_is_told_at_length(many):
    types = {s.subject for s in many if s.kind == "methods"}
    kept = select(many, 12 * len(types), importance={many[0].source: 90_000.0})
    asked = {(s.subject, s.kind) for s in kept}
    for kind in ("methods", "purpose", "about"):
        assert {name for name in types if (name, kind) in asked} == types


def test_the_beginnings_of_files_are_shown_up_to_a_tenth(many):
    shown = [code(f"src/{n}.py") for n in range(90)]
    kept = [s for s in select([*many, *shown], 300, code_files=40) if s in shown]
    assert len(kept) == 30
    assert len([s for s in select([*many, *shown], 300, code_files=7) if s in shown]) == 7


def test_what_users_ask_most_stays_longest(many):
    kept = Counter(s.kind for s in select(many, 60))
    assert kept["where"] > 3 * kept["member"]


def test_files_of_more_importance_go_first(many):
    path = many[-1].source
    kept = select(many, 20, importance={path: 5.0})
    assert all(s.source == path or s.kind == "where" for s in kept)
    assert any(s.source == path for s in kept)


def test_the_build_keeps_its_floor(many, project):
    build = project_samples(project)
    kept = select([*many, *build], 400, build_minimum=250)
    assert len(kept) == 400
    assert sum(s.kind in BUILD_KINDS for s in kept) >= 250


def test_code_is_shown_of_files_with_keywords_first_then_of_important_ones():
    files = ["src/a.py", "src/b.py", "src/image_reader.py", "src/c.py"]
    kept = select([code(f) for f in files], 100, code_files=2, keywords=["image"], importance={"src/b.py": 3.0})
    assert [s.source for s in kept] == ["src/b.py", "src/image_reader.py"]
    assert select([code(f) for f in files], 100, code_files=0) == []


def test_no_answer_is_given_too_often_whichever_facts_it_tells(project):
    same = [Sample(str(n), "where", f"s{n}", "a.py", f"where:{n}", f"Where is {n}?", "", "Here.") for n in range(9)]
    read = [replace(sample, id=f"{sample.id}!", input="Facts:\nx") for sample in same]
    build = [s for s in project_samples(project) if s.kind == "build"]
    kept = select([*same, *read, *build], 1_000, exposures=3)
    assert [s for s in kept if s in same] == same[:3]
    assert [s for s in kept if s in read] == read
    assert [s for s in kept if s in build] == build


def test_what_is_asked_less_keeps_a_share(many):
    kept = Counter(s.kind for s in select(many, 600, importance={many[0].source: 90_000.0}))
    assert kept["absent"] + kept["exists"] >= 40
    assert kept["member"] + kept["inherits"] >= 20
    assert kept["signature"] + kept["owner"] >= 50
    assert kept["relation"] >= 15
