"""`ask` and `evaluate` from the index, and `serve` with and without a model."""

import json
import signal
from typing import Any

import httpx
import psutil
import pytest


def test_a_question_is_answered_from_the_index_with_its_line(codeanvil) -> None:
    answer = codeanvil("ask", "Where is the class Circle defined?", "--json").json
    assert set(answer) == {"answer", "citations", "found", "unverified", "model", "revision", "timings"}
    assert answer["found"] is True
    assert "shapes.py" in answer["answer"]
    assert {"path": "shapes.py", "line": 12, "symbol": "Circle"} in answer["citations"]
    assert set(answer["revision"]) == {"code", "adapter", "stale"}
    assert answer["model"] is None


def test_what_is_not_there_is_said_not_to_be_there(codeanvil) -> None:
    answer = codeanvil("ask", "Where is the class Hexagon defined?", "--json").json
    assert answer["found"] is False
    assert answer["citations"] == []


def test_the_answer_in_words_is_the_answer_alone(codeanvil) -> None:
    said = codeanvil("ask", "Where is the class Circle defined?", "--no-model")
    assert said.code == 0
    assert "shapes.py" in said.out
    assert said.err == ""


def test_an_edit_a_moment_ago_is_in_the_answer(codeanvil) -> None:
    codeanvil("prepare")
    (codeanvil.root / "more.py").write_text("class Square:\n    pass\n")
    answer = codeanvil("ask", "Where is the class Square defined?", "--json").json
    assert answer["citations"][0]["path"] == "more.py"


def test_many_questions_come_back_as_json_lines_with_their_ids(codeanvil) -> None:
    file = codeanvil.root.parent / "questions.jsonl"
    rows = [{"id": "a", "question": "Where is Circle?"}, {"id": 7, "question": "Where is Hexagon?"}]
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    answers = codeanvil("ask", "--questions", str(file), "--no-model", "--json").lines
    assert [(answer["id"], answer["found"]) for answer in answers] == [("a", True), (7, False)]
    assert codeanvil("ask", "--questions", str(file), "--no-model").lines[0]["id"] == "a"


def test_a_question_goes_on_from_earlier_ones(codeanvil) -> None:
    answer = codeanvil("ask", "--after", "What is Circle?", "and where is it?", "--no-model", "--json").json
    assert "shapes.py" in answer["answer"]
    file = codeanvil.root.parent / "questions.jsonl"
    file.write_text(json.dumps({"id": 1, "question": "where is it?", "history": ["What is Circle?"]}))
    assert "shapes.py" in codeanvil("ask", "--questions", str(file), "--no-model", "--json").lines[0]["answer"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        ("", "holds no questions"),
        ('{"id": 1}', 'question 1: there is no text under "question"'),
        ('{"question": "Where?"}\n{"question"', "question 2: not a JSON object"),
        ('{"question": "Where?"}\n[]', "question 2"),
        ('{"question": "Where?", "history": "x"}', '"history" must be a list'),
    ],
)
def test_a_file_of_questions_that_cannot_be_used_is_named(codeanvil, content, sentence) -> None:
    file = codeanvil.root.parent / "questions.jsonl"
    if content is not None:
        file.write_text(content)
    said = codeanvil("ask", "--questions", str(file)).failed(2)
    assert sentence in said
    assert "questions.jsonl" in said


def test_evaluate_measures_the_index_on_a_file_of_questions(codeanvil) -> None:
    codeanvil("prepare")
    file = codeanvil.root.parent / "questions.jsonl"
    rows = [
        {"id": 1, "question": "Where is Circle defined?", "category": "where", "expect": [["shapes.py"]]},
        {"id": 2, "question": "Where is Shape defined?", "category": "where", "expect": [["no-such-file.py"]]},
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    report = codeanvil("evaluate", "--questions", str(file), "--arms", "index", "--json").json
    assert report["arms"]["index"]["overall"]["n"] == 2
    assert report["arms"]["index"]["categories"]["where"]["accuracy"] == 0.5
    said = codeanvil("evaluate", "--questions", str(file)).out
    assert "50% (1/2)" in said


def test_evaluate_without_questions_or_with_a_wrong_arm_says_what_to_do(codeanvil) -> None:
    codeanvil("prepare")
    assert "train first" in codeanvil("evaluate").failed(2)
    assert "no arm 'best'" in codeanvil("evaluate", "--arms", "best").failed(2)


def served(process) -> dict[str, Any]:
    document = ""
    for line in process.stdout:
        document += line
        if line == "}\n":
            break
    return json.loads(document)


def asked(place: dict[str, Any], model: str, question: str) -> dict[str, Any]:
    body = {"model": model, "messages": [{"role": "user", "content": question}]}
    headers = {"Authorization": f"Bearer {place['token']}"}
    reply = httpx.post(f"{place['url']}/chat/completions", json=body, headers=headers, timeout=60, trust_env=False)
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_from_facts_where_no_model_is_in_use_until_interrupted(codeanvil, number) -> None:
    process = codeanvil.start("serve", "--json")
    place = served(process)
    assert place["url"].startswith("http://127.0.0.1:") and place["url"].endswith("/v1")
    assert (place["model"], place["plain"]) == ("codeanvil", None)
    answer = asked(place, "codeanvil", "What does Circle inherit from?")
    assert "`Shape`" in answer["choices"][0]["message"]["content"]
    assert answer["codeanvil"]["citations"]
    process.send_signal(number)
    _out, err = process.communicate(timeout=90)
    assert (process.returncode, err.splitlines()[-1]) == (0, "Ended.")


def test_serve_loads_the_model_in_use_and_ends_its_host(codeanvil) -> None:
    run = codeanvil("train", "--json").json["id"]
    process = codeanvil.start("serve", "--json")
    place = served(process)
    assert place["plain"] == run
    host = json.loads((codeanvil.root / ".codeanvil" / "host.json").read_text())
    assert psutil.pid_exists(host["pid"])
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=90)
    assert (process.returncode, err.splitlines()[-1]) == (0, "Ended.")
    assert not psutil.pid_exists(host["pid"])
