"""`prepare`, `facts` and `status` of a workspace."""

import json

import pytest

KEYS = [
    "kind", "lang", "name", "scope", "qualified", "file", "line", "end", "bases", "methods", "decl", "doc", "signature",
]  # fmt: skip


def test_facts_are_one_json_object_a_line_in_the_documented_shape(codeanvil) -> None:
    result = codeanvil("facts", "--json")
    assert result.code == 0, result.err
    assert all(list(fact) == KEYS for fact in result.lines)
    circle = next(fact for fact in result.lines if fact["name"] == "Circle")
    assert circle == {
        "kind": "class", "lang": "python", "name": "Circle", "scope": "", "qualified": "Circle", "file": "shapes.py",
        "line": 12, "end": 17, "bases": ["Shape"], "methods": ["radius"], "decl": False, "doc": "A round shape.",
        "signature": circle["signature"],
    }  # fmt: skip
    assert circle["signature"].startswith("class Circle(Shape)")
    radius = next(fact for fact in result.lines if fact["name"] == "radius")
    assert (radius["kind"], radius["scope"], radius["qualified"]) == ("method", "Circle", "Circle.radius")
    assert codeanvil("facts").out == result.out


def test_facts_of_a_type_have_its_methods_from_all_files(codeanvil) -> None:
    (codeanvil.root / "pool.go").write_text("package pool\ntype Pool struct{}\nfunc (p *Pool) Get() {}\n")
    (codeanvil.root / "put.go").write_text("package pool\nfunc (p *Pool) Put() {}\n")
    pool = next(fact for fact in codeanvil("facts", "--json").lines if fact["name"] == "Pool")
    assert (pool["qualified"], pool["methods"]) == ("pool.Pool", ["Get", "Put"])


def test_facts_follow_an_edit(codeanvil) -> None:
    codeanvil("facts")
    (codeanvil.root / "more.py").write_text("class Square:\n    pass\n")
    (codeanvil.root / "shapes.py").unlink()
    names = {fact["name"] for fact in codeanvil("facts", "--json").lines}
    assert "Square" in names
    assert "Circle" not in names


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_reader_that_has_enough_is_no_error_to_speak_of(codeanvil, words) -> None:
    (codeanvil.root / "many.py").write_text("\n".join(f"class Type{n}:\n    pass" for n in range(500)))
    process = codeanvil.start("facts", *words)
    assert process.stdout.readline().startswith("{")
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr.read() == ""
    process.stderr.close()


def test_prepare_writes_the_data_set_and_reports_both(codeanvil) -> None:
    result = codeanvil("prepare", "--json")
    assert result.code == 0, result.err
    report = result.json
    assert report["workspace"] == str(codeanvil.root)
    assert report["index"]["files"]["python"] == 1
    assert report["index"]["symbols"]["class"] == 2
    path = codeanvil.root / ".codeanvil" / "training_data.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert report["dataset"]["samples"] == len(rows) > 0
    assert set(rows[0]) == {"id", "kind", "subject", "source", "instruction", "input", "output"}


def test_prepare_tells_people_what_it_found_and_what_it_left_out(codeanvil) -> None:
    (codeanvil.root / "broken.py").write_text("class Broken(:\n")
    (codeanvil.root / ".env").write_text("TOKEN=abc\n")
    said = codeanvil("prepare")
    assert said.code == 0, said.err
    for word in ("Files", "Symbols", " class", "Samples", "Data set", "training_data.jsonl"):
        assert word in said.out
    assert said.err == ""


def test_status_before_anything_says_what_to_do_first(codeanvil) -> None:
    found = codeanvil("status", "--json").json
    assert found == {
        "workspace": str(codeanvil.root),
        "index": {
            "files": {}, "symbols": {}, "samples": {}, "left_out": {}, "problems": {}, "secrets": {},
            "set_aside": [], "revision": None,
        },
        "run": None,
        "active": None,
    }  # fmt: skip
    said = codeanvil("status").out
    assert "codeanvil prepare" in said
    assert "codeanvil train" in said


def test_status_after_prepare_has_the_index(codeanvil) -> None:
    codeanvil("prepare")
    index = codeanvil("status", "--json").json["index"]
    assert set(index) == {"files", "symbols", "samples", "left_out", "problems", "set_aside", "secrets", "revision"}
    assert index["symbols"]["class"] == 2
    assert len(index["revision"]) == 64


def test_an_index_that_cannot_be_read_does_not_hide_the_rest(codeanvil) -> None:
    codeanvil("train")
    (codeanvil.root / ".codeanvil" / "index.db").write_bytes(b"no database" * 999)
    found = codeanvil("status", "--json").json
    assert found["index"]["revision"] is None
    assert "renew it with `codeanvil prepare`" in found["index"]["problems"]["index.db"]
    assert found["run"]["state"] == "finished"
    assert "renew it with `codeanvil prepare`" in codeanvil("status").out


def test_an_empty_workspace_is_told_as_such(codeanvil) -> None:
    (codeanvil.root / "shapes.py").unlink()
    said = codeanvil("prepare")
    assert said.code == 0, said.err
    assert "none that CodeAnvil reads" in said.out
    assert codeanvil("facts", "--json").out == ""
    assert "nothing to learn from" in codeanvil("train").failed(1)


@pytest.mark.parametrize("verb", ["facts", "train", "status"])
def test_a_workspace_that_is_not_there_is_one_sentence(codeanvil, verb) -> None:
    assert "There is no folder" in codeanvil(verb, str(codeanvil.root / "nowhere"), workspace=False).failed(1)


def test_what_is_neither_folder_nor_file_is_no_workspace(codeanvil) -> None:
    assert "neither a folder nor a file" in codeanvil("facts", "/dev/null", workspace=False).failed(1)


def test_settings_that_cannot_be_read_are_one_sentence(codeanvil) -> None:
    (codeanvil.root / "codeanvil.toml").write_text("[index]\nmax_bytes = 3\n")
    assert "no setting 'index.max_bytes'" in codeanvil("prepare").failed(1)
    (codeanvil.root / "codeanvil.toml").write_text("[index\n")
    assert "codeanvil.toml cannot be read" in codeanvil("prepare").failed(1)


def test_the_current_folder_is_the_default(codeanvil) -> None:
    result = codeanvil("status", "--json", workspace=False)
    assert result.json["workspace"] == str(codeanvil.root.parent)


def test_a_fault_of_our_own_is_a_sentence_and_a_log(codeanvil) -> None:
    codeanvil("prepare")
    broken = codeanvil.root.parent / "broken"
    broken.mkdir()
    (broken / "httpx.py").write_text("raise RuntimeError('no such wire')\n")
    path = f"{broken}:{codeanvil.environment['PYTHONPATH']}"
    said = codeanvil("ask", "Where is Circle?", PYTHONPATH=path).failed(1)
    log = codeanvil.root / ".codeanvil" / "codeanvil.log"
    assert said == f"ask broke off by a fault of CodeAnvil's own (RuntimeError): the details are in {log}."
    assert "no such wire" in log.read_text()
