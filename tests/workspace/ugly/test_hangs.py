"""A file on which a grammar hangs or dies costs bounded time and nothing of the rest, with the processes of a user."""

import time
from pathlib import Path
from typing import Any

import pytest
from tests.checkout import import_path

SECONDS = 45
"""A file that hangs is read twice, with others and then alone, for some four seconds of processor time each."""

# What every process imports at its start. The expression holds the lock of the interpreter, as a scanner does.
BAD_GRAMMAR = """
import os, re, sys
if "codeanvil.workspace.index.workers" in sys.orig_argv:
    import tree_sitter
    real = tree_sitter.Parser
    class Parser:
        def __init__(self, language):
            self.parser = real(language)
        def parse(self, source, **options):
            head = source(0, None) if callable(source) else bytes(source)
            if b"HANG" in head:
                re.match("(?:a|a)+b", "a" * 64)
            if b"DIE" in head:
                os.abort()
            return self.parser.parse(source, **options)
    tree_sitter.Parser = Parser
"""


@pytest.fixture
def bad_grammar(tmp_path: Path) -> dict[str, str]:
    """The environment in which grammars hang on one word and die of another."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "sitecustomize.py").write_text(BAD_GRAMMAR)
    return {"PYTHONPATH": import_path(tmp_path / "bad")}


def test_a_file_that_hangs_a_grammar_costs_seconds_and_the_rest_is_indexed(
    project: Any, codeanvil: Any, bad_grammar: dict[str, str]
) -> None:
    project.write({f"m{number}.py": f"class Part{number}: ...\n" for number in range(60)})
    project.write({"hangs.kt": "class Hangs // HANG\n", "dies.rb": "class Dies # DIE\nend\n"})
    started = time.monotonic()
    report = codeanvil("prepare", project.root, "--json", **bad_grammar).json["index"]
    assert time.monotonic() - started < SECONDS
    assert set(report["problems"]) == {"hangs.kt", "dies.rb"}
    assert report["problems"]["hangs.kt"].startswith("hangs.kt took longer than 4 s to read")
    assert report["problems"]["dies.rb"].startswith("dies.rb made the process that read it crash")
    assert {f"Part{number}" for number in range(60)} <= set(project.names())
    started = time.monotonic()
    again = codeanvil("prepare", project.root, "--json", **bad_grammar)
    assert set(again.json["index"]["problems"]) == {"hangs.kt", "dies.rb"}
    assert time.monotonic() - started < SECONDS / 3, "it was tried again though it had not changed"
    project.write({"hangs.kt": "class Mended\n"})
    assert set(codeanvil("prepare", project.root, "--json", **bad_grammar).json["index"]["problems"]) == {"dies.rb"}
    assert "Mended" in project.names()
