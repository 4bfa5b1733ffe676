"""Edits reach index and samples, and only those of what was edited."""

import asyncio
from pathlib import Path

from lsprotocol import types

from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

READY = "codeanvil/indexProgress"


async def samples(root: Path) -> dict[str, set[str]]:
    """Ids of the samples in the index, by source, once those of every source have been made in the background."""
    by_source: dict[str, set[str]] = {}
    with Store(index_path(root, Settings())) as store:
        async with asyncio.timeout(60):
            while any(source.samples is None for source in store.sources()):  # noqa: ASYNC110 (another process does it)
                await asyncio.sleep(0.02)
        for sample in store.samples():
            by_source.setdefault(sample.source, set()).add(sample.id)
    return by_source


def mark(client) -> int:
    return len(client.told)


async def regenerated(client, after: int) -> set[str]:
    """Sources whose samples the first update after the mark made anew; '' (the project) left out."""
    report = await client.until(READY, lambda told: told["state"] == "ready", after)
    return set(report["regenerated"]) - {""}


def rename_total(project: Path) -> Path:
    path = project / "shop" / "orders.py"
    path.write_text(path.read_text().replace("def total", "def grand_total"))
    return path


async def test_editing_a_file_regenerates_its_samples_and_no_others(start, project: Path) -> None:
    client = await start(project)
    before = await samples(project)
    assert before["shop/orders.py"], "the file has no samples to begin with"
    after = mark(client)
    client.save(rename_total(project))
    assert await regenerated(client, after) == {"shop/orders.py"}
    now = await samples(project)
    assert now["shop/orders.py"] != before["shop/orders.py"]
    assert {source for source in now if source and now[source] != before[source]} == {"shop/orders.py"}
    with Store(index_path(project, Settings())) as store:
        texts = " ".join(sample.output for sample in store.samples(source="shop/orders.py"))
    assert "grand_total" in texts


async def test_a_save_without_a_change_regenerates_nothing(start, project: Path) -> None:
    client = await start(project)
    after = mark(client)
    client.save(project / "shop" / "orders.py")
    assert await regenerated(client, after) == set()


async def test_one_save_told_twice_is_one_update(start, project: Path) -> None:
    client = await start(project)
    after = mark(client)
    path = rename_total(project)
    client.save(path)
    client.changed(path)
    assert await regenerated(client, after) == {"shop/orders.py"}
    await asyncio.sleep(1)
    assert sum(1 for method, told in client.told[after:] if method == READY) == 1


async def test_unsaved_text_is_not_indexed(start, project: Path) -> None:
    client = await start(project)
    after = mark(client)
    path = project / "shop" / "orders.py"
    item = types.TextDocumentItem(path.as_uri(), types.LanguageKind.Python, 1, "class Unsaved: ...\n")
    client.lsp.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert await regenerated(client, after) == set()


async def test_new_and_deleted_files_and_folders_are_followed(start, project: Path) -> None:
    client = await start(project)
    after = mark(client)
    fresh = project / "stock" / "shelf.py"
    fresh.parent.mkdir()
    fresh.write_text('class Shelf:\n    """Where goods lie."""\n')
    client.changed(fresh, types.FileChangeType.Created)
    assert await regenerated(client, after) == {"stock/shelf.py"}
    assert "stock/shelf.py" in await samples(project)

    after = mark(client)
    fresh.unlink()
    fresh.parent.rmdir()
    # Editors tell of a deleted folder, not of what was in it.
    client.changed(fresh.parent, types.FileChangeType.Deleted)
    await regenerated(client, after)
    assert "stock/shelf.py" not in await samples(project)


async def test_what_is_ignored_or_outside_changes_nothing(start, project: Path) -> None:
    (project / ".gitignore").write_text("generated/\n")
    client = await start(project)
    before = await samples(project)
    (project / "generated").mkdir()
    (project / "generated" / "made.py").write_text("class Made: ...\n")
    (project.parent / "outside.py").write_text("class Outside: ...\n")
    after = mark(client)
    client.changed(project / ".codeanvil" / "index.db")
    client.changed(project.parent / "outside.py")
    client.changed(project / "generated" / "made.py", types.FileChangeType.Created)
    await regenerated(client, after)
    assert await samples(project) == before


async def test_the_disk_is_watched_for_clients_that_tell_of_nothing(start, project: Path) -> None:
    client = await start(project, capabilities=types.ClientCapabilities())
    assert client.registered == []
    after = mark(client)
    rename_total(project)
    assert "shop/orders.py" in await regenerated(client, after)


async def test_settings_in_the_workspace_are_read_again_when_they_change(start, project: Path) -> None:
    client = await start(project)
    after = mark(client)
    (project / "codeanvil.toml").write_text('[index]\nexclude = ["rush.py"]\n')
    client.changed(project / "codeanvil.toml", types.FileChangeType.Created)
    await client.until(READY, lambda told: told["state"] == "ready" and told["total"] == 2, after)
    assert "shop/rush.py" not in await samples(project)


async def test_settings_of_the_editor_are_asked_for_by_folder(start, project: Path) -> None:
    capabilities = types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(configuration=True))
    client = await start(project, capabilities=capabilities, wait=False)
    await client.indexed()
    assert "shop/rush.py" in await samples(project)
    client.lsp.set_configuration({"codeanvil": {"index": {"exclude": ["rush.py"]}}}, scope_uri=project.as_uri())
    after = mark(client)
    client.lsp.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    await client.until(READY, lambda told: told["state"] == "ready", after)
    assert "shop/rush.py" not in await samples(project)
