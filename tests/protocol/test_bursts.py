"""Thousands of files change at once, as in a checkout of another branch."""

import asyncio
import time
from pathlib import Path

from lsprotocol import types

from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

READY = "codeanvil/indexProgress"
FILES = 1_000


async def test_a_checkout_is_few_updates_and_the_server_answers_meanwhile(start, project: Path) -> None:
    client = await start(project)
    after = len(client.told)
    changes = []
    for number in range(FILES):
        path = project / f"branch/part{number % 20}/m{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"class Part{number}: ...\n")
        changes.append(types.FileEvent(path.as_uri(), types.FileChangeType.Created))
    (project / "shop" / "rush.py").rename(project / "shop" / "hurry.py")
    changes += [
        types.FileEvent((project / "shop" / "rush.py").as_uri(), types.FileChangeType.Deleted),
        types.FileEvent((project / "shop" / "hurry.py").as_uri(), types.FileChangeType.Created),
    ]
    client.lsp.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))
    slowest = 0.0
    while not [told for method, told in client.told[after:] if method == READY and told["state"] == "ready"]:
        began = time.monotonic()
        await client.hover(project / "shop" / "orders.py", 3, 8)
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.sleep(0.05)
    with Store(index_path(project, Settings())) as store:
        assert len(store.files()) == FILES + 3
        assert store.file("shop/rush.py") is None
        assert [symbol.file for symbol in store.symbols_named("RushOrder")] == ["shop/hurry.py"]
    assert sum(1 for method, told in client.told[after:] if method == READY and told["state"] == "ready") <= 2
    assert slowest < 5, "a hover waited for the burst"


async def test_every_folder_that_holds_a_file_hears_of_its_change(start, project: Path) -> None:
    client = await start(project, project / "shop", wait=False)
    for root in (project, project / "shop"):
        await client.until(READY, lambda told, root=root: (told["workspace"], told["state"]) == (str(root), "ready"))
    after = len(client.told)
    (project / "shop" / "new.py").write_text("class New: ...\n")
    client.changed(project / "shop" / "new.py", types.FileChangeType.Created)
    for root in (project, project / "shop"):
        await client.until(
            READY, lambda told, root=root: (told["workspace"], told["state"]) == (str(root), "ready"), after
        )
        with Store(index_path(root, Settings())) as store:
            assert "New" in store.symbol_names()
