"""`prepare --show` and `prepare --source`: reading the samples that were made."""

import json

KEYS = {"id", "kind", "subject", "source", "instruction", "input", "output"}


def data_set(codeanvil) -> list[dict[str, str]]:
    path = codeanvil.root / ".codeanvil" / "training_data.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_samples_of_a_kind_are_those_of_the_data_set(codeanvil) -> None:
    result = codeanvil("prepare", "--show", "where", "--json")
    assert result.code == 0, result.err
    assert result.lines == [row for row in data_set(codeanvil) if row["kind"] == "where"]
    assert set(result.lines[0]) == KEYS
    assert {row["subject"] for row in result.lines} >= {"Shape", "Circle"}


def test_people_read_question_evidence_answer_and_source(codeanvil) -> None:
    said = codeanvil("prepare", "--show", "bases")
    assert said.code == 0, said.err
    rows = [row for row in data_set(codeanvil) if row["kind"] == "bases"]
    assert f"bases, 1 of {len(rows):,}\n" in said.out
    assert said.out.count("Source:   shapes.py\n") == len(rows)
    assert all(f"Question: {row['instruction']}\n" in said.out for row in rows)
    assert all(f"Answer:   {row['output']}\n" in said.out for row in rows)
    with_evidence = [row for row in rows if row["input"]]
    assert said.out.count("  Evidence:\n    Facts:\n") == len(with_evidence) > 0


def test_the_samples_of_a_file_follow_its_edits(codeanvil) -> None:
    (codeanvil.root / "more.py").write_text("class Square:\n    pass\n")
    before = codeanvil("prepare", "--source", "more.py", "--json").lines
    assert {row["source"] for row in before} == {"more.py"}
    assert "Square" in {row["subject"] for row in before}
    (codeanvil.root / "more.py").write_text("class Oval:\n    pass\n")
    after = codeanvil("prepare", "--source", str(codeanvil.root / "more.py"), "--json").lines
    assert "Oval" in {row["subject"] for row in after}
    assert "Square" not in {row["subject"] for row in after}


def test_a_path_may_start_in_the_current_folder(codeanvil) -> None:
    named = codeanvil("prepare", "--source", "shapes/shapes.py", "--json")
    assert named.lines == codeanvil("prepare", "--source", "shapes.py", "--json").lines


def test_kind_and_file_go_together(codeanvil) -> None:
    (codeanvil.root / "more.py").write_text("class Square:\n    pass\n")
    rows = codeanvil("prepare", "--source", "more.py", "--show", "where", "--json").lines
    assert {(row["source"], row["kind"]) for row in rows} == {("more.py", "where")}


def test_an_unknown_kind_is_told_with_the_kinds_there_are(codeanvil) -> None:
    said = codeanvil("prepare", "--show", "wheer").failed(2)
    assert said.startswith("There is no sample of the kind 'wheer'; there are: about (")
    for kind in {row["kind"] for row in data_set(codeanvil)}:
        assert f"{kind} (" in said


def test_a_file_that_is_not_indexed_is_told(codeanvil) -> None:
    assert "There is no nowhere.py in the index" in codeanvil("prepare", "--source", "nowhere.py").failed(1)
    assert "in the index of" in codeanvil("prepare", "--source", "/etc/hostname").failed(1)


def test_a_file_for_which_the_data_set_has_no_room_is_told(codeanvil) -> None:
    for i in range(60):
        (codeanvil.root / f"more{i}.py").write_text(f"class Square{i}:\n    pass\n")
    settings = codeanvil.root / "codeanvil.toml"
    settings.write_text(settings.read_text() + "[samples]\nmax = 100\n")
    assert codeanvil("prepare").code == 0
    gone = sorted({f"more{i}.py" for i in range(60)} - {row["source"] for row in data_set(codeanvil)})
    assert gone
    assert "raise `samples.max`" in codeanvil("prepare", "--source", gone[0]).failed(1)
