"""Models that lie and that tell the truth, behind a real server: inventions are marked, truths are left alone."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.answers.lies import false_relation, lie, told_unmarked
from tests.answers.scripted_server import ScriptedServer
from tests.answers.told_workspaces import Told, told_workspaces
from tests.answers.truths import true_sentence

from codeanvil.answers.ask import ask
from codeanvil.answers.checking.check import check
from codeanvil.answers.models.host import ServerWriter
from codeanvil.answers.understanding.link import link
from codeanvil.settings import AnswerSettings, Settings

seeds = st.integers(0, 2**32 - 1)
"""What a sentence is put together by."""

many = settings(max_examples=500, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Told]]:
    with told_workspaces(tmp_path_factory.mktemp("told")) as found:
        yield found


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="module")
def writer(server: ScriptedServer) -> ServerWriter:
    return ServerWriter(Settings(answers=AnswerSettings(server_url=server.url)))


@many
@given(seed=seeds)
def test_no_invention_of_a_lying_model_reaches_the_user_unmarked(told, server, writer, seed) -> None:
    pick = random.Random(seed).choice
    where = pick(told)
    told_lie = lie(where, pick)
    question = f"What is {pick(where.types).name} for?"
    server.say = told_lie.text
    streamed: list[str] = []
    answer = ask(question, where.store, writer, root=where.root, on_delta=streamed.append)
    assert not answer.notice
    checked = check(told_lie.text, where.store, link(question, where.store))
    for name in told_lie.invented:
        assert not told_unmarked(answer.answer, name), told_lie
        assert not told_unmarked(checked.text, name), told_lie
        if told_lie.kind not in {"number", "command", "code"}:  # these are looked up when the answer is whole
            assert not told_unmarked("".join(streamed), name), told_lie


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(seed=seeds)
@example(seed=293945)  # a method whose name ends with a question mark
def test_false_relations_of_real_things_are_struck(told, seed) -> None:
    pick = random.Random(seed).choice
    where = pick(told)
    question, text = f"What is {pick(where.types).name} for?", false_relation(where, pick)
    if text:
        checked = check(text, where.store, link(question, where.store))
        assert checked.struck and "~~" in checked.text, text


@many
@given(seed=seeds)
def test_nothing_true_is_struck(told, server, writer, seed) -> None:
    pick = random.Random(seed).choice
    where = pick(told)
    server.say = true_sentence(where, pick)
    question = f"What is {pick(where.types).name} for?"
    streamed: list[str] = []
    answer = ask(question, where.store, writer, root=where.root, on_delta=streamed.append)
    assert (answer.notice, answer.unverified) == ("", ())
    assert "".join(streamed) == server.say
    checked = check(server.say, where.store, link(question, where.store))
    assert (checked.struck, checked.text) == ((), server.say.strip())


def test_the_measure_itself_can_fail(told) -> None:
    assert told_unmarked("It asks `HydroEngine`.", "HydroEngine")
    assert not told_unmarked("It asks ~~`HydroEngine`~~.", "HydroEngine")
    assert told_unmarked("```py\nHydroEngine()\n```\n", "HydroEngine")
    assert not told_unmarked("```py\nHydroEngine()\n```\n\nNot in this workspace: ~~`HydroEngine`~~.\n", "HydroEngine")
    assert [where.name for where in told] == ["harbour", "quay", "dicom-viewer", "extension", "standard-library"]
    assert {symbol.lang for where in told for symbol in where.types} >= {
        "python", "cpp", "typescript", "java", "go", "rust", "csharp", "ruby", "kotlin",
    }  # fmt: skip
