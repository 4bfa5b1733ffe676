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


def test_every_fact_keeps_a_wording_before_any_keeps_two(many):
    facts = {(s.kind, s.fact) for s in many}
    kept = Counter((s.kind, s.fact) for s in select(many, len(facts) + 50))
    assert set(kept) == facts
    assert max(kept.values()) == 2


def test_what_users_ask_most_stays_longest(many):
    kept = Counter(s.kind for s in select(many, 60))
    assert kept["where"]
    assert not kept["member"]


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
