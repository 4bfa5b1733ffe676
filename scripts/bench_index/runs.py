"""What is timed: the index process as the language server uses it, and the peers."""

import asyncio
import contextlib
import resource
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from codeanvil.lsp.indexing import GATHER_SECONDS
from codeanvil.settings import IndexSettings, Settings
from codeanvil.workspace.dataset import choose_sources
from codeanvil.workspace.index.client import IndexProcess
from codeanvil.workspace.index.process import NICENESS
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.index.workers import child_environment
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

PROCESSES = 2
SETTINGS = Settings(index=IndexSettings(processes=PROCESSES))
LOOK_SECONDS = 0.01
"""How often the memory and the store are looked at."""


@dataclass
class Run:
    """One time of the index process from its start to its report. Seconds by the clock, and of all its processes'
    work; megabytes."""

    seconds: float
    work: float
    report: IndexReport
    memory: float
    workers_memory: float


def ctags(root: Path) -> tuple[float, float]:
    """Seconds that universal-ctags takes for the same files, by the clock and of work."""
    tags = root.parent / "tags"
    command = ["ctags", "--quiet", "-R", "--languages=Python,C,C++", "--exclude=.codeanvil", "-f", str(tags), str(root)]
    return _timed(command)


def bare(root: Path) -> tuple[float, float]:
    """The same for tree-sitter with nothing around it."""
    return _timed([sys.executable, str(Path(__file__).with_name("bare.py")), str(root), str(PROCESSES)])


def cold(root: Path) -> Run:
    """Index the workspace from nothing, as a language server that has just been started."""
    shutil.rmtree(SETTINGS.data_folder(root), ignore_errors=True)
    return asyncio.run(_run(root))


def reopened(root: Path) -> Run:
    """The same where nothing has changed since."""
    return asyncio.run(_run(root))


def saves(root: Path, count: int) -> list[float]:
    """Seconds from each of `count` saves of different files until the new sample can be read from the store."""
    return asyncio.run(_saves(root, count))


async def _run(root: Path) -> Run:
    index = IndexProcess(root, SETTINGS)
    started = time.monotonic()
    update = asyncio.ensure_future(index.update())
    memory = _Memory()
    memory.start()
    try:
        report = await update
        return Run(time.monotonic() - started, _work(), report, memory.process / 1e6, memory.workers / 1e6)
    finally:
        memory.ended.set()
        await index.close()


async def _saves(root: Path, count: int) -> list[float]:
    index = IndexProcess(root, SETTINGS)
    waited = []
    try:
        await index.update()
        with Store(index_path(root, SETTINGS)) as store:
            while choose_sources(store.sources(), SETTINGS.samples).lacking:  # noqa: ASYNC110 (the background works)
                await asyncio.sleep(0.2)
            files = [file.path for file in store.files() if file.lang == "python" and not file.problem]
            for number, path in enumerate(files[:: max(1, len(files) // count)][:count]):
                waited.append(await _saved(index, store, root / path, path, number))
    finally:
        await index.close()
    return waited


async def _saved(index: IndexProcess, store: Store, file: Path, path: str, number: int) -> float:
    """Seconds until a function added to a file is taught."""
    before = store.sampled_view(path)
    with file.open("a", encoding="utf-8") as writing:
        writing.write(f'\n\ndef added_{number}(value):\n    """Says {number}."""\n    return value\n')
    started = time.monotonic()
    await asyncio.sleep(GATHER_SECONDS)  # the language server waits so long for more
    update = asyncio.ensure_future(index.update([path]))
    while store.sampled_view(path) in {before, ""}:
        await asyncio.sleep(LOOK_SECONDS / 5)
        if update.done():
            await update  # raises what went wrong
    seconds = time.monotonic() - started
    assert any(f"added_{number}" in sample.output for sample in store.samples_of(path)), path
    await update
    return seconds


class _Memory(threading.Thread):
    """The most memory that the index process, and its workers together, were seen to use, in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.process = self.workers = 0

    def run(self) -> None:
        """Look until `ended` is set."""
        while not self.ended.wait(0.1):
            for process in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    self.process = max(self.process, process.memory_info().rss)
                    self.workers = max(self.workers, sum(each.memory_info().rss for each in process.children()))


def _work() -> float:
    """Seconds of work of this process's children, and theirs, that are there now."""
    spent = 0.0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


def _timed(command: list[str]) -> tuple[float, float]:
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["nice", "-n", str(NICENESS), *command], check=True, env=child_environment(), stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - started, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
