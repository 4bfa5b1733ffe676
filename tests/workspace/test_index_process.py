"""The index process as the server uses it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import psutil
import pytest

from codeanvil.errors import StoreError, WorkspaceError
from codeanvil.settings import Settings
from codeanvil.workspace.index.client import IndexProcess
from codeanvil.workspace.index.workers import child_environment
from codeanvil.workspace.location import index_path


@pytest.fixture
async def index(project: Any) -> AsyncIterator[IndexProcess]:
    project.write({f"m{n}.py": f"class Part{n}: ...\n" for n in range(10)})
    process = IndexProcess(project.root, project.settings)
    yield process
    await process.close()


def children() -> list[psutil.Process]:
    found = psutil.Process().children()
    return [child for child in found if "codeanvil.workspace.index.process" in child.cmdline()]


async def test_updates_are_reported_with_progress(project: Any, index: IndexProcess) -> None:
    told: list[tuple[int, int]] = []
    report = await index.update(None, lambda done, total: told.append((done, total)))
    assert len(report.parsed) == 10
    assert told[0] == (0, 10)
    assert told[-1] == (10, 10)
    project.write({"m3.py": "class Changed: ...\n"})
    report = await index.update({"m3.py"})
    assert (report.parsed, report.regenerated) == (("m3.py",), ("m3.py",))
    with project.store() as store:
        assert store.revision() == report.revision


async def test_it_works_below_normal_priority(index: IndexProcess) -> None:
    await index.start()
    await index.update()
    (child,) = children()
    assert child.nice() > psutil.Process().nice() or child.nice() == 19


async def test_updates_asked_for_together_are_done_one_by_one(index: IndexProcess) -> None:
    reports = await asyncio.gather(*(index.update() for _ in range(3)))
    assert sorted(len(report.parsed) for report in reports) == [0, 0, 10]


async def test_a_process_that_dies_is_started_again(index: IndexProcess) -> None:
    await index.update()
    children()[0].kill()
    assert (await index.update()).unchanged == 10


async def test_a_process_that_dies_in_the_middle_goes_on_where_it_was(project: Any, index: IndexProcess) -> None:
    project.write({f"n{n:03}.py": f"class New{n}: ...\n" * 30 for n in range(150)})
    killed = False

    def kill(done: int, total: int) -> None:
        nonlocal killed
        if done > 60 and not killed:
            killed = True
            children()[0].kill()

    report = await index.update(None, kill)
    assert killed
    assert report.unchanged > 0
    assert report.files == {"python": 160}


async def test_errors_come_as_they_would_here(project: Any) -> None:
    index = IndexProcess(project.root, Settings(data_dir="/proc/nothing"))
    with pytest.raises(WorkspaceError, match="data_dir"):
        await index.update()
    await index.close()


async def test_a_process_that_cannot_live_is_told(project: Any) -> None:
    index = IndexProcess(project.root / "\0", project.settings)
    with pytest.raises((StoreError, WorkspaceError)):
        await index.update()
    await index.close()


async def test_a_cancelled_update_does_not_answer_the_next_one(project: Any, index: IndexProcess) -> None:
    await index.update()
    project.write({"m1.py": "class One: ...\n"})
    waiting = asyncio.create_task(index.update(["m1.py"]))
    await asyncio.sleep(0)  # the request goes out; no answer can have come yet
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    project.write({"m2.py": "class Two: ...\n"})
    assert (await index.update(["m2.py"])).parsed == ("m2.py",)


async def test_closing_ends_the_process_and_its_workers(index: IndexProcess) -> None:
    await index.update()
    (child,) = children()
    below = child.children(recursive=True)
    assert below
    await index.close()
    _, alive = psutil.wait_procs([child, *below], timeout=5)
    assert not alive


async def test_closing_in_the_middle_of_an_update_keeps_what_was_written(project: Any, index: IndexProcess) -> None:
    project.write({f"n{n:03}.py": f"class New{n}: ...\n" * 30 for n in range(150)})
    reached = asyncio.Event()
    update = asyncio.create_task(index.update(None, lambda done, total: reached.set() if done > 100 else None))
    await reached.wait()
    await index.close()
    with pytest.raises(StoreError):
        await update
    assert not children()
    with project.store() as store:
        assert len(store.files()) >= 50


def test_it_ends_when_its_parent_is_killed(project: Any) -> None:
    project.write({f"n{n:03}.py": f"class New{n}: ...\n" * 30 for n in range(100)})
    program = (
        "import asyncio, os, sys; from pathlib import Path; from codeanvil.settings import Settings\n"
        "from codeanvil.workspace.index.client import IndexProcess\n"
        "index = IndexProcess(Path(sys.argv[1]), Settings())\n"
        "asyncio.run(index.update(None, lambda done, total: print(done, flush=True)))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(project.root)], env=child_environment(), stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        below = psutil.Process(parent.pid).children(recursive=True)
        assert below
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in below):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert index_path(project.root, project.settings).exists()
