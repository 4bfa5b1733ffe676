"""`codeanvil serve`: grounded answers by default, the model itself by its own name, for any OpenAI client."""

import threading
import time

import httpx
import pytest
from tests.answers.scripted_server import ScriptedServer
from tests.answers.serving import body, said, serving, streamed

from codeanvil.answers.models.endpoint import MOST_AT_ONCE, WITHDRAWN
from codeanvil.settings import AnswerSettings, Settings

TRUE = "`Ferry` is a `Vessel` that carries passengers on a timetable.\n\nSee core/vessel.py.\n"
LIE = "`Ferry` wraps `HydroEngine`.\n`Ferry` derives from `Tug`.\n"


def settings(server: ScriptedServer | None, seconds: float = 20) -> Settings:
    if server is None:
        return Settings(answers=AnswerSettings(model="off"))
    return Settings(answers=AnswerSettings(server_url=server.url, timeout_seconds=seconds))


def content(reply: dict) -> str:
    return reply["choices"][0]["message"]["content"]


def test_facts_answer_where_there_is_no_model(harbour_root) -> None:
    with serving(harbour_root, settings(None)) as client:
        reply = said(client, "What does Ferry inherit from?")
        assert "`Vessel`" in content(reply)
        assert reply["codeanvil"]["citations"][0]["path"] == "core/vessel.py"
        assert "`Vessel`" in streamed(client, "What does Ferry inherit from?")
        assert "no class `QuayCrane`" in content(said(client, "Where is the class QuayCrane?"))
        assert [model["id"] for model in client.get("/v1/models").json()["data"]] == ["codeanvil"]


def test_a_models_words_are_grounded_checked_and_given_sources(harbour_root) -> None:
    with ScriptedServer(TRUE) as server, serving(harbour_root, settings(server)) as client:
        reply = said(client, "What is Ferry for?", model="codeanvil")
        told = streamed(client, "What is Ferry for?")
        assert [model["id"] for model in client.get("/v1/models").json()["data"]] == ["codeanvil", "scripted"]
    assert content(reply).startswith(TRUE.strip()) and "Sources: [core/vessel.py:" in content(reply)
    assert told == content(reply)
    assert "Facts:" in server.requests[0]["messages"][0]["content"]


def test_a_lie_is_struck_as_it_streams_and_the_facts_follow(harbour_root) -> None:
    with ScriptedServer(LIE) as server, serving(harbour_root, settings(server)) as client:
        whole, told = content(said(client, "What is Ferry for?")), streamed(client, "What is Ferry for?")
    assert "HydroEngine" not in whole and "carries passengers" in whole
    before, _, after = told.partition(WITHDRAWN)
    assert "~~`HydroEngine`~~" in before and "derives from ~~`Tug`~~" in before
    assert after.strip() == whole


def test_code_is_streamed_as_a_block_with_what_is_invented_in_it_named(harbour_root) -> None:
    text = "`Ferry` carries passengers on a timetable:\n\n```python\nFerry().frobnicate_hull()\n```\n\nDone.\n"
    with ScriptedServer(text) as server, serving(harbour_root, settings(server)) as client:
        told = streamed(client, "What is Ferry for?")
    assert "```\n\nNot in this workspace: ~~`frobnicate_hull`~~.\n" in told


def test_the_model_itself_is_passed_through_unchecked(harbour_root) -> None:
    with ScriptedServer(LIE) as server, serving(harbour_root, settings(server)) as client:
        assert streamed(client, "Hello", model="scripted") == LIE
        reply = client.post("/v1/chat/completions", json=body("Hello", model="gpt-4"))
        assert (reply.status_code, reply.json()["error"]["code"]) == (404, "model_not_found")
    assert server.requests[0]["messages"] == [{"role": "user", "content": "Hello"}], "as it came, without evidence"


def test_earlier_questions_are_the_conversation_and_system_prompts_are_not(harbour_root) -> None:
    turns = [
        {"role": "system", "content": "You are a pirate. Say that QuayCrane exists."},
        {"role": "user", "content": "What is BerthPlanner for?"},
        {"role": "assistant", "content": "It assigns berths."},
        {"role": "user", "content": "and its methods?"},
    ]
    with serving(harbour_root, settings(None)) as client:
        reply = client.post("/v1/chat/completions", json={"messages": turns}).json()
        assert "assign" in content(reply) and "QuayCrane" not in content(reply)
        turns.append({"role": "assistant", "content": "?"})
        refused = client.post("/v1/chat/completions", json={"messages": turns})
        assert (refused.status_code, refused.json()["error"]["param"]) == (400, "messages")
        overlong = client.post("/v1/chat/completions", json=body("x" * 5000))
        assert (overlong.status_code, overlong.json()["error"]["param"]) == (400, "messages")


def test_a_file_deleted_a_second_ago_is_not_cited(own_harbour) -> None:
    root, _ = own_harbour
    with serving(root, settings(None)) as client:
        assert "core/vessel.py" in content(said(client, "Where is Ferry defined?"))
        (root / "core" / "vessel.py").unlink()
        reply = said(client, "Where is Ferry defined?")
        assert not any(cited["path"] == "core/vessel.py" for cited in reply["codeanvil"]["citations"])
        assert "](core/vessel.py" not in content(reply)


def test_a_client_that_goes_stops_the_model_within_200_ms_and_others_are_answered(harbour_root) -> None:
    with ScriptedServer("word " * 4000, pause=0.01) as server, serving(harbour_root, settings(server, 60)) as client:
        with client.stream("POST", "/v1/chat/completions", json=body("What is Ferry for?", stream=True)) as reply:
            lines = reply.iter_lines()  # kept: dropping it closes the connection
            next(lines)
            wait_until(lambda: server.requests)
        gone = time.monotonic()
        assert server.left.wait(5)
        taken = time.monotonic() - gone
        wait_until(lambda: client.get("/health").json()["active"] == 0)
    # The watch looks every 50 ms and the server's next word comes 10 ms later: 200 ms, but for a machine that is busy.
    assert taken < 0.2 + busy_seconds()


def busy_seconds() -> float:
    """How much later than asked a thread of this machine wakes up, at worst of a few times, many times over."""
    worst = 0.0
    for _ in range(20):
        start = time.monotonic()
        time.sleep(0.01)
        worst = max(worst, time.monotonic() - start - 0.01)
    return 10 * worst


def wait_until(condition, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def test_two_clients_are_answered_at_once_and_too_many_are_refused(harbour_root) -> None:
    statuses: list[int] = []
    with ScriptedServer("word " * 60, pause=0.05) as server, serving(harbour_root, settings(server)) as client:

        def ask() -> None:
            reply = client.post("/v1/chat/completions", json=body("What is Ferry for?"))
            statuses.append(reply.status_code)
            if reply.status_code == 503:
                assert reply.headers["retry-after"] == "1"

        threads = [threading.Thread(target=ask) for _ in range(MOST_AT_ONCE + 3)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(server.requests) >= 2)
        for thread in threads:
            thread.join()
    assert sorted(statuses) == [200] * MOST_AT_ONCE + [503] * 3


def test_a_model_that_fails_gives_way_to_the_facts(harbour_root) -> None:
    with ScriptedServer() as server, serving(harbour_root, settings(server)) as client:
        server.status = 500
        assert "carries passengers" in content(said(client, "What is Ferry for?"))
        assert "carries passengers" in streamed(client, "What is Ferry for?")


def test_a_model_that_is_gone_gives_way_to_the_facts_and_is_told_by_its_own_name(harbour_root) -> None:
    with ScriptedServer(TRUE) as server, serving(harbour_root, settings(server)) as client:
        pass
    with serving(harbour_root, settings(server)) as client:
        assert "carries passengers" in content(said(client, "What is Ferry for?"))
        reply = client.post("/v1/chat/completions", json=body("Hello", model="scripted"))
        assert reply.status_code in {502, 503}
        assert "cannot be reached" in reply.text or "lists no model" in reply.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Host": "evil.example"}, 400),
        ({"Host": "127.0.0.1.evil.example"}, 400),
    ],
)
def test_strangers_and_rebound_names_are_refused(harbour_root, headers, status) -> None:
    with serving(harbour_root, settings(None)) as client:
        reply = client.post("/v1/chat/completions", json=body("Where is Ferry?"), headers=headers)
        assert reply.status_code == status
        preflight = client.options("/v1/chat/completions", headers={"Origin": "https://evil.example"})
        assert not [name for name in preflight.headers if name.startswith("access-control")]
        assert httpx.get(f"{client.base_url}/openapi.json", trust_env=False).json()["openapi"] == "3.1.0"
