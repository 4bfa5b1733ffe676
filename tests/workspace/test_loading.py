"""Workers load what a save needs before the first one, and no more when they start than reading needs."""

import subprocess
import sys
from typing import Any

import psutil

from codeanvil.workspace.index.client import IndexProcess
from codeanvil.workspace.index.workers import Failure, Workers, child_environment

LOADED = """
import sys
from codeanvil.facts.extract import extract
from codeanvil.facts.languages import _query
from codeanvil.samples.generate import file_samples
from codeanvil.samples.model import FileView
from codeanvil.samples.phrasing import kinds, wordings
from codeanvil.workspace.index.loading import load

load(["python", "rust", "cmake"])
assert _query.cache_info().currsize == 2
before, read = set(sys.modules), wordings.cache_info().misses
assert read == len(kinds())
samples = file_samples(FileView(extract("a.rs", b"/// Ship.\\nstruct Ship;\\nfn sail(ship: Ship) {}\\n", "rust")))
assert len(samples) > 50
assert set(sys.modules) == before, set(sys.modules) - before
assert wordings.cache_info().misses == read
"""

STARTED = """
import sys
import codeanvil.workspace.index.jobs
slow = {"pydantic", "psutil", "yaml", "codeanvil.samples.generate", "codeanvil.facts.builds.joins"}
assert not slow & set(sys.modules), slow & set(sys.modules)
"""


def run(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program], env=child_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_nothing_is_left_to_be_loaded_when_samples_are_wanted() -> None:
    run(LOADED)


def test_a_worker_starts_with_what_reading_needs() -> None:
    run(STARTED)


async def test_after_an_update_that_needs_no_worker_one_is_ready_for_the_first_save(project: Any) -> None:
    project.write({"a.py": "class A: ...\n"})
    first = IndexProcess(project.root, project.settings)
    assert (await first.update()).parsed == ("a.py",)
    await first.close()
    second = IndexProcess(project.root, project.settings)
    try:
        assert (await second.update()).parsed == ()
        assert (await second.update()).parsed == ()  # is answered when the first one's worker is ready
        (process,) = (child for child in psutil.Process().children() if _is_index(child))
        assert any("codeanvil.workspace.index.workers" in child.cmdline() for child in process.children())
    finally:
        await second.close()


def _is_index(process: psutil.Process) -> bool:
    return "codeanvil.workspace.index.process" in process.cmdline()


def test_what_cannot_be_prepared_disturbs_nobody() -> None:
    with Workers(1) as workers:
        workers.prepare(load_nothing, None)
        done = dict(workers.results(abs, [-1]))
    assert done == {-1: 1}
    assert not isinstance(done[-1], Failure)


def load_nothing(_: None) -> None:
    raise RuntimeError
