"""Code lenses, the code action, and `codeanvil.explain`, which both of them carry out."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcInternalError


async def lenses(client, path: Path) -> list[types.CodeLens]:
    where = types.TextDocumentIdentifier(path.as_uri())
    found = await client.lsp.text_document_code_lens_async(types.CodeLensParams(where))
    return [await client.lsp.code_lens_resolve_async(lens) for lens in found or ()]


async def actions(client, path: Path, line: int, column: int, **context) -> list[types.Command]:
    place = types.Position(line, column)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(path.as_uri()),
        types.Range(place, place),
        types.CodeActionContext(diagnostics=[], **context),
    )
    return await client.lsp.text_document_code_action_async(params) or []


def text_at(uri: str) -> str:
    return Path(uri.removeprefix("file://")).read_text("utf-8")


async def test_a_type_says_how_much_is_taught_about_it_and_who_uses_it(start, dicom_viewer: Path) -> None:
    client = await start(dicom_viewer)
    await client.command("prepare")
    (lens,) = await lenses(client, dicom_viewer / "include/dicom/dicom_reader.hpp")
    assert lens.range.start.line == 8
    assert lens.command is not None
    samples, used, explain = lens.command.title.split(" · ")
    assert samples.endswith(" samples") and int(samples.split()[0]) > 5
    assert used == "used in 3 other files"
    assert explain == "explain"


async def test_a_lens_follows_what_is_saved(start, project: Path) -> None:
    refreshed: asyncio.Event = asyncio.Event()
    capabilities = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
        )
    )
    client = await start(project, capabilities=capabilities)

    @client.lsp.feature(types.WORKSPACE_CODE_LENS_REFRESH)
    def refresh(*_: object) -> None:
        refreshed.set()

    path = project / "shop" / "orders.py"
    (before,) = await lenses(client, path)
    assert before.command and "used in 1 other file ·" in before.command.title
    (project / "shop" / "late.py").write_text("from shop.orders import Order\n\nlate = Order()\n")
    path.write_text("import os\n\n" + path.read_text())
    client.changed(project / "shop" / "late.py", types.FileChangeType.Created)
    client.save(path)
    async with asyncio.timeout(20):
        await refreshed.wait()
        while True:
            (after,) = await lenses(client, path)
            if after.range.start.line == 5 and after.command and "used in 2 other files" in after.command.title:
                break
            await asyncio.sleep(0.05)


async def test_lenses_can_be_switched_off(start, project: Path) -> None:
    client = await start(project, settings={"editor": {"code_lens": False}})
    assert await lenses(client, project / "shop" / "orders.py") == []


async def test_a_lens_that_somebody_made_up_is_given_back(start, project: Path) -> None:
    client = await start(project)
    place = types.Range(types.Position(0, 0), types.Position(0, 0))
    for data in (None, "text", {"uri": 3}, {"uri": (project / "x.py").as_uri()}):
        assert (await client.lsp.code_lens_resolve_async(types.CodeLens(place, data=data))).command is None


OPENS_FILES = types.ClientCapabilities(
    window=types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(support=True))
)


async def test_what_the_action_offers_is_carried_out_and_opened(start, project: Path) -> None:
    client = await start(project, capabilities=OPENS_FILES)
    (action,) = await actions(client, project / "shop" / "rush.py", 3, 18)
    assert action.title == "Ask CodeAnvil about Order"
    answer = await client.lsp.workspace_execute_command_async(
        types.ExecuteCommandParams(action.command, action.arguments)
    )
    (shown,) = [text_at(each.uri) for each in client.lsp.shown_documents]
    assert shown.startswith("# Order\n")
    assert answer["answer"].replace("](", "](../") in shown, "links lead from where the file lies"
    assert "What a customer wants" in shown


async def explained_in_a_message(client) -> None:
    answer = await client.command("explain", {"symbol": "Order"})
    assert "What a customer wants" in answer["answer"]
    assert [each.message for each in client.lsp.messages] == [answer["answer"]]


async def test_an_editor_that_opens_no_files_shows_a_message(start, project: Path) -> None:
    await explained_in_a_message(await start(project))


async def test_where_the_file_cannot_be_written_the_answer_is_a_message(start, project: Path) -> None:
    client = await start(project, capabilities=OPENS_FILES)
    (project / ".codeanvil" / "answer.md").mkdir()
    await explained_in_a_message(client)
    assert client.lsp.shown_documents == []
    assert any("its file cannot be opened" in each.message for each in client.lsp.log_messages)


def declines(_: types.ShowDocumentParams) -> types.ShowDocumentResult:
    return types.ShowDocumentResult(success=False)


def fails(_: types.ShowDocumentParams) -> types.ShowDocumentResult:
    raise JsonRpcInternalError("No window is open.")


@pytest.mark.parametrize("editor", [declines, fails])
async def test_an_editor_that_refuses_the_file_shows_a_message(start, project: Path, editor) -> None:
    client = await start(project, capabilities=OPENS_FILES)
    client.lsp.protocol.fm.features[types.WINDOW_SHOW_DOCUMENT] = editor
    await explained_in_a_message(client)


async def test_no_action_is_pressed_on_anybody(start, project: Path) -> None:
    client = await start(project)
    path = project / "shop" / "orders.py"
    assert await actions(client, path, 3, 7, trigger_kind=types.CodeActionTriggerKind.Automatic) == []
    assert await actions(client, path, 3, 7, only=[types.CodeActionKind.QuickFix]) == []
    assert await actions(client, path, 1, 0) == []
    assert await actions(client, path, 8, 9) == []  # `return` is no symbol
