"""Names that are hard on programs: spaces, quotes, line ends, other scripts, and bytes that are no text."""

import json
import os
from typing import Any

import pytest

NAMES = [
    *(
        "with space.py",
        "  leading.py",
        "trailing .py",
        "tab\there.py",
        "line\nend.py",
        "return\rhere.py",
        "quote'\".py",
    ),
    *("percent%20.py", "hash#mark.py", "back\\slash.py", "star*.py", "[brackets].py", "{braces}.py", "ünïcödé.py"),
    *("日本語.py", "🐍.py", "e\u0301.py", "\u202ertl.py", "-dash.py", "~tilde.py", "$HOME.py", "semi;colon.py"),
    *("a&b|c.py", "x" * 240 + ".py", "con.py", ".hidden.py", "..twodots.py", "UPPER.PY"),
]


def test_any_name_that_is_text_is_indexed_taught_and_found(project: Any) -> None:
    project.write({f"odd dir\n{number}/{name}": f"class Type{number}: ...\n" for number, name in enumerate(NAMES)})
    report = project.index()
    assert (report.problems, report.left_out) == ({}, {})
    project.make_samples()
    with project.store() as store:
        for number, name in enumerate(NAMES):
            (symbol,) = store.symbols_named(f"Type{number}")
            assert symbol.file == f"odd dir\n{number}/{name}"
            assert store.samples(source=symbol.file), name
    assert project.index().parsed == ()


@pytest.mark.parametrize("only", [True, False])
def test_a_change_of_such_a_file_is_followed(project: Any, only: bool) -> None:
    project.write(dict.fromkeys(NAMES, "class Before: ...\n"))
    project.index()
    project.write({name: f"class After{number}: ...\n" for number, name in enumerate(NAMES)})
    assert len(project.index(*NAMES if only else ()).parsed) == len(NAMES)
    assert project.names() == sorted(f"After{number}" for number in range(len(NAMES)))


def test_names_that_are_no_text_are_counted_and_hurt_nobody(project: Any, codeanvil: Any) -> None:
    project.write({"good.py": "class Good: ...\n"})
    for name in (b"caf\xe9.py", b"\xff\xfe.py", b"dir\xe9"):
        path = os.path.join(os.fsencode(project.root), name)  # noqa: PTH118 (bytes)
        if name.startswith(b"dir"):
            os.mkdir(path)  # noqa: PTH102
            path = os.path.join(path, b"inside.py")  # noqa: PTH118
        with open(path, "w") as file:  # noqa: PTH123
            file.write("class Bad: ...\n")
    report = project.index()
    assert report.left_out == {"name is not UTF-8": 3}
    assert project.names() == ["Good"]
    assert project.index(os.fsdecode(b"caf\xe9.py")).parsed == ()
    facts = codeanvil("facts", project.root)
    assert [json.loads(line)["name"] for line in facts.out.splitlines()] == ["Good"], facts.err


def test_a_workspace_whose_own_name_is_no_text_is_prepared_and_asked(
    project: Any, open_project: Any, codeanvil: Any
) -> None:
    root = project.root.parent / os.fsdecode(b"proj\xe9ct \n")
    root.mkdir()
    odd = open_project(root)
    odd.write({"a.py": "class Inside: ...\n"})
    odd.index()
    odd.make_samples()
    assert odd.names() == ["Inside"]
    for words in (["prepare", root], ["prepare", root, "--json"], ["status", root]):
        result = codeanvil(*words)
        assert (result.code, result.err) == (0, ""), words
    assert codeanvil("ask", root, "Where is Inside defined?", "--no-model", "--json").json["found"]
