"""What has changed since it was indexed, or since the model was trained, is told as it is now, and marked."""

import json

import pytest

from codeanvil.answers.ask import ask
from codeanvil.answers.checking.freshness import freshness
from codeanvil.answers.models.host import ModelHost
from codeanvil.contract import RunConfig
from codeanvil.runs.run import find
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

QUESTION = "What is Ferry for?"
WORDS = "`Ferry` is a `Vessel` that carries passengers on a timetable, see core/vessel.py."


def learned(store: Store) -> dict[str, str]:
    return store.shas(store.paths())


def test_what_the_model_was_trained_on_as_it_is_now_is_not_marked(own_harbour, told) -> None:
    root, store = own_harbour
    writer = told(WORDS)
    writer.learned = learned(store)
    answer = ask(QUESTION, store, writer, root=root)
    assert answer.model == "told" and answer.stale == ()
    assert "Changed since" not in answer.answer


@pytest.mark.parametrize("change", ["changed", "new"])
def test_a_file_that_changed_or_came_since_the_training_is_marked_and_told_as_it_is_now(
    own_harbour, told, change
) -> None:
    root, store = own_harbour
    writer = told("`Ferry` carries passengers and cars across the bay, see core/vessel.py.")
    writer.learned = learned(store)
    if change == "new":
        del writer.learned["core/vessel.py"]
    path = root / "core" / "vessel.py"
    path.write_text(path.read_text().replace("passengers on a timetable", "passengers and cars across the bay"))
    build_index(root, Settings())
    with Store(index_path(root, Settings())) as now:
        answer = ask(QUESTION, now, writer, root=root)
    assert answer.model == "told", "the words stand the check against the facts of now"
    assert answer.stale == ("core/vessel.py",)
    assert "Changed since the model was trained, and told as the index has it now: `core/vessel.py`." in answer.answer
    assert "cars across the bay" in writer.asked[0][1], "the evidence is of now"


def test_old_words_of_a_model_give_way_to_the_facts_of_now(own_harbour, told) -> None:
    root, store = own_harbour
    writer = told("`Ferry` derives from `Vessel`.")
    writer.learned = learned(store)
    path = root / "core" / "vessel.py"
    path.write_text(path.read_text().replace("class Ferry(Vessel)", "class Ferry(Tug)"))
    build_index(root, Settings())
    with Store(index_path(root, Settings())) as now:
        answer = ask("What does Ferry inherit from?", now, writer, root=root)
    assert answer.model is None and "`Tug`" in answer.answer
    assert answer.stale == (), "the facts are of now, and no model's"


def test_facts_without_a_model_are_never_behind_a_training(own_harbour) -> None:
    root, store = own_harbour
    assert ask(QUESTION, store, root=root).stale == ()
    state = freshness(["core/vessel.py"], store, root, {"core/vessel.py": "another"})
    assert (state.unlearned, state.changed, state.gone) == (("core/vessel.py",), (), ())


def test_a_file_deleted_a_second_ago_is_neither_cited_nor_linked(own_harbour, told) -> None:
    root, store = own_harbour
    writer = told(WORDS)
    writer.learned = learned(store)
    (root / "core" / "vessel.py").unlink()
    for answer in (ask(QUESTION, store, writer, root=root), ask("Where is Ferry defined?", store, root=root)):
        assert answer.stale == ("core/vessel.py",)
        assert not any(citation.path == "core/vessel.py" for citation in answer.citations)
        assert "](core/vessel.py" not in answer.answer


def test_the_run_in_use_knows_what_it_was_trained_on(tmp_path) -> None:
    folder = tmp_path / ".codeanvil" / "runs" / "20260101-000000-aaaa"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"files": {"a.py": "0" * 64}}))
    (folder / "config.json").write_text(RunConfig().model_dump_json())
    host = ModelHost(tmp_path, Settings())
    assert dict(host.learned) == {}
    host._run = find(tmp_path, Settings(), "20260101")
    assert host.learned == {"a.py": "0" * 64}
    (folder / "manifest.json").write_text(json.dumps({"files": "damaged"}))
    host._run = find(tmp_path, Settings(), "20260101")
    assert host.learned == {}
