"""A workspace that the user does not trust: hover, and nothing of it is run, believed or written to."""

import subprocess
import time
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.protocol.test_hover import card


@pytest.fixture
def marked_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called git that leaves a mark when it is run; the place of the mark."""
    mark, folder = tmp_path / "git-was-run", tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\ntouch {mark}\nexit 1\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return mark


@pytest.fixture
def repository(project: Path) -> Path:
    """The project as a repository of git, with settings that would lead elsewhere."""
    subprocess.run(["/usr/bin/git", "init", "--quiet", project], check=True)
    return project


def content(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def test_hover_is_answered_and_nothing_is_written_run_or_believed(
    start, repository: Path, tmp_path: Path, marked_git: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    (repository / "codeanvil.toml").write_text('data_dir = "taken"\n[index]\nexclude = ["*.py"]\n')
    before = content(repository)
    client = await start(repository, trusted=False)
    orders = repository / "shop/orders.py"
    assert "What a customer wants." in await card(client, orders, "class Order", "Order")
    where = types.TextDocumentIdentifier(orders.as_uri())
    assert await client.lsp.text_document_code_lens_async(types.CodeLensParams(where)) is None
    for verb in ("status", "prepare", "train", "ask", "explain"):
        with pytest.raises(JsonRpcException, match="until you trust this workspace"):
            await client.command(verb, {"workspace": repository.as_uri()})
    with pytest.raises(JsonRpcException, match="until you trust this workspace"):
        await client.request("codeanvil/trainingPlan", {})
    orders.write_text(orders.read_text().replace("What a customer wants.", "What was paid."))
    after = len(client.told)
    client.save(orders)
    await client.indexed(after)
    assert "What was paid." in await card(client, orders, "class Order", "Order")
    assert content(repository) == before
    assert content(temporary), "the index is elsewhere"
    await client.close()
    assert not content(temporary), "the index was left behind"
    assert marked_git not in content(tmp_path), "git was run"


async def test_with_trust_the_same_is_run_and_written(start, repository: Path, marked_git: Path) -> None:
    """What the test above looks for is there to be found."""
    client = await start(repository)
    await client.command("prepare")
    assert repository / ".codeanvil" in content(repository)
    end = time.monotonic() + 60
    while marked_git not in content(marked_git.parent) and time.monotonic() < end:
        await client.command("status")
    assert marked_git in content(marked_git.parent)
