"""What an editor feels while much is going on, and what a day of it leaves behind."""

import asyncio
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from lsprotocol import types
from tests.protocol.harness import Client

GOAL_SECONDS = 0.05
WINDOW, WINDOWS = 40, 5
"""Round trips of which the 95th percentile is taken, and how often: others may use the machine for a moment."""

CYCLES, WARM = 1_000, 200


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A workspace that keeps the index busy for a while."""
    root = tmp_path.resolve() / "library"
    source = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(source, root, ignore=shutil.ignore_patterns("site-packages", "__pycache__", "*.so", "lib2to3"))
    return root


@pytest.fixture
def busy() -> Iterator[None]:
    """Processes that want every core, below normal priority, as a training run on a CPU does."""
    burn = "import os\nos.nice(10)\nwhile True: pass"
    burners = [subprocess.Popen([sys.executable, "-c", burn]) for _ in range(psutil.cpu_count() or 2)]
    yield
    for burner in burners:
        burner.kill()
        burner.wait()


def server_of(client: Client) -> psutil.Process:
    server = client.lsp._server
    assert server is not None
    return psutil.Process(server.pid)


def typed(path: Path, version: int, text: str) -> types.DidChangeTextDocumentParams:
    end = types.Position(0, 0)
    return types.DidChangeTextDocumentParams(
        types.VersionedTextDocumentIdentifier(version, path.as_uri()),
        [types.TextDocumentContentChangePartial(types.Range(end, end), text)],
    )


def opened(path: Path, text: str) -> types.DidOpenTextDocumentParams:
    return types.DidOpenTextDocumentParams(types.TextDocumentItem(path.as_uri(), types.LanguageKind.Python, 0, text))


async def round_trip(client: Client, path: Path, version: int) -> float:
    """Seconds from a letter typed, and a hover asked for with it, until the hover is there."""
    started = time.monotonic()
    client.lsp.text_document_did_change(typed(path, version, "#"))
    await client.hover(path, 20, 8)
    return time.monotonic() - started


@pytest.mark.usefixtures("busy")
async def test_hover_and_typing_are_quick_while_the_index_is_made_and_a_run_goes_on(start, library: Path) -> None:
    client = await start(library, wait=False)
    path = library / "argparse.py"
    client.lsp.text_document_did_open(opened(path, "\n" * 15 + "class ArgumentParser:\n    pass\n" * 20))
    worst = []
    for _ in range(WINDOWS):
        waited = []
        for version in range(WINDOW):
            waited.append(await round_trip(client, path, version + 1))
            await asyncio.sleep(0.005)
        worst.append(sorted(waited)[WINDOW * 95 // 100])
        if worst[-1] < GOAL_SECONDS:
            break
    told = client.all_told("codeanvil/indexProgress")
    assert told and all(each["state"] == "indexing" for each in told), "the index was ready too soon: nothing is shown"
    assert min(worst) < GOAL_SECONDS, worst


async def test_a_thousand_documents_opened_edited_and_closed_leave_nothing_behind(start, project: Path) -> None:
    client = await start(project)
    server = server_of(client)
    paths = [project / "shop" / "orders.py", project / "shop" / "rush.py", project / "shop" / "new.py"]

    async def cycles(count: int) -> None:
        for number in range(count):
            path = paths[number % len(paths)]
            client.lsp.text_document_did_open(opened(path, f'"""{number}"""\n' + "x = 1\n" * 500))
            client.lsp.text_document_did_change(typed(path, 1, "# typed\n"))
            client.lsp.text_document_did_close(
                types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
            )
            if number % 20 == 0:
                await client.hover(path, 3, 0)
        await client.command("prepare")

    async def state() -> tuple[int, int, int, int]:
        memory = server.memory_info().rss
        return memory, len(server.children(recursive=True)), server.num_fds(), server.num_threads()

    await cycles(WARM)
    before = await state()
    await cycles(CYCLES)
    after = await state()
    assert after[0] - before[0] < 8_000_000, "memory"
    assert after[1] <= before[1], "processes"
    assert after[2] <= before[2] + 2, "descriptors"
    assert after[3] <= before[3] + 8, "threads"
