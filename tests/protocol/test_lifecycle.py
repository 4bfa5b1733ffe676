"""From the start of the process to its end."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.checkout import REPOSITORY
from tests.protocol.harness import COMMAND, FULL, message, messages, server_environment

from codeanvil.lsp.folders import MOST_FILES


def run(data: bytes, *options: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A server with these bytes as its standard input, at its end."""
    return subprocess.run(
        [*COMMAND, *options],
        check=False,
        input=data,
        capture_output=True,
        timeout=60,
        env=server_environment() | environment,
    )


def talk(*parts: bytes, **environment: str) -> tuple[list[dict[str, Any]], int]:
    """What the server answers to these bytes and the end of input, and its exit code."""
    done = run(b"".join(parts), **environment)
    return messages(done.stdout), done.returncode


def initialize(root: Path | None = None, **more: Any) -> bytes:
    uri = root.as_uri() if root else None
    return message("initialize", {"processId": None, "rootUri": uri, "capabilities": {}, **more}, 1)


SHUTDOWN, EXIT = message("shutdown", number=99), message("exit")


def test_exit_after_shutdown_is_success_and_before_it_failure() -> None:
    assert talk(initialize(), message("initialized", {}), SHUTDOWN, EXIT)[1] == 0
    assert talk(initialize(), EXIT)[1] == 1
    assert talk(initialize())[1] == 1
    assert talk()[1] == 1


def test_requests_out_of_season_are_answered_with_the_errors_of_the_specification() -> None:
    hover = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
    answers, _ = talk(
        message("textDocument/hover", hover, 5),
        initialize(),
        message("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 6),
        SHUTDOWN,
        message("textDocument/hover", hover, 7),
        message("no/such/method", {}, 8),
        EXIT,
    )
    codes = {answer["id"]: answer["error"]["code"] for answer in answers if "error" in answer}
    assert codes == {5: -32002, 6: -32600, 7: -32600, 8: -32600}
    assert next(answer for answer in answers if answer.get("id") == 99)["result"] is None


async def test_standard_output_holds_messages_and_nothing_else(project: Path, tmp_path: Path) -> None:
    # A module that every process imports and that prints when it ends, as careless libraries do.
    (tmp_path / "sitecustomize.py").write_text("import atexit, os\natexit.register(os.write, 1, b'NOISE')\n")
    noisy = os.pathsep.join([str(tmp_path), server_environment()["PYTHONPATH"]])
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), asyncio.subprocess.PIPE)
    server = await asyncio.create_subprocess_exec(*COMMAND, **pipes, env=server_environment() | {"PYTHONPATH": noisy})
    assert server.stdin and server.stdout and server.stderr
    errors = asyncio.ensure_future(server.stderr.read())
    server.stdin.write(initialize(project) + message("initialized", {}))
    server.stdin.write(message("workspace/executeCommand", {"command": "codeanvil.prepare", "arguments": []}, 2))
    said = await server.stdout.readuntil(b'"id": 2')
    server.stdin.write(SHUTDOWN + EXIT)
    said += await server.stdout.read()
    assert await server.wait() == 0
    server.stdin.close()

    assert {1, 2, 99} <= {each.get("id") for each in messages(said)}
    assert (await errors).count(b"NOISE") >= 2, "the server and its job have printed nothing: this test shows nothing"


async def test_file_events_are_asked_for_where_the_client_has_them(start, project: Path) -> None:
    assert {each.method for each in (await start(project)).registered} == {"workspace/didChangeWatchedFiles"}
    assert (await start(project, capabilities=types.ClientCapabilities())).registered == []


def test_initialize_names_server_encoding_and_commands() -> None:
    answers, _ = talk(initialize(capabilities={"general": {"positionEncodings": ["utf-8", "utf-16"]}}), SHUTDOWN, EXIT)
    result = answers[0]["result"]
    assert result["serverInfo"]["name"] == "codeanvil-lsp"
    assert result["capabilities"]["positionEncoding"] == "utf-8"
    assert result["capabilities"]["hoverProvider"]
    readme = (REPOSITORY / "README.md").read_text("utf-8").partition("Commands over `workspace/executeCommand`")[2]
    verbs = set(re.findall(r"`(?:codeanvil\.)?([a-z]+)`", readme.partition("each with one object")[0]))
    assert {f"codeanvil.{verb}" for verb in verbs} == set(result["capabilities"]["executeCommandProvider"]["commands"])
    offered = {name for name, value in result["capabilities"].items() if name.endswith("Provider") and value}
    assert offered == {
        "hoverProvider", "documentSymbolProvider", "workspaceSymbolProvider", "codeLensProvider", "codeActionProvider",
        "executeCommandProvider",
    }  # fmt: skip


async def test_unusable_settings_are_told_and_defaults_used(start, project: Path) -> None:
    client = await start(project, settings={"index": {"max_file_bytes": -1}, "color": "red"})
    assert any("There is no setting 'color'" in each.message or "max_file_bytes" in each.message
               for each in client.lsp.messages)  # fmt: skip
    assert (await client.command("status"))["index"]["state"] == "ready"


async def test_settings_of_the_client_move_the_data_folder(start, project: Path, tmp_path: Path) -> None:
    await start(project, settings={"data_dir": str(tmp_path / "elsewhere")})
    assert (tmp_path / "elsewhere" / "index.db").exists()
    assert not (project / ".codeanvil").exists()


async def test_a_folder_without_files_and_no_folder_are_no_problem(start, tmp_path: Path) -> None:
    client = await start(tmp_path)
    assert (await client.command("status"))["index"]["total"] == 0
    alone = await start()
    with pytest.raises(JsonRpcException, match="No folder is open"):
        await alone.command("status")


async def test_of_a_home_folder_nothing_is_read_before_the_user_says_so(
    start, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(project))
    client = await start(project, wait=False)
    question = await client.question()
    assert "is not one project's folder" in question.message
    assert [action.title for action in question.actions] == ["Read all of it", "Leave it alone"]
    with pytest.raises(JsonRpcException, match="No folder is open"):
        await client.command("status")
    assert not (project / ".codeanvil").exists()
    client.reply.set_result("Read all of it")
    assert (await client.indexed())["state"] == "ready"
    assert (await client.command("status"))["index"]["total"] == 3
    await client.close()
    again = await start(project)
    assert again.asked == []


@pytest.mark.parametrize("reply", ["Leave it alone", None])
async def test_a_home_folder_is_left_alone_when_the_user_says_so(
    start, project: Path, monkeypatch: pytest.MonkeyPatch, reply: str | None
) -> None:
    monkeypatch.setenv("HOME", str(project))
    client = await start(project, wait=False)
    await client.question()
    client.reply.set_result(reply)
    with pytest.raises(JsonRpcException, match="No folder is open"):
        await client.command("prepare")
    assert not (project / ".codeanvil").exists()


async def test_no_progress_bar_without_the_capability(start, project: Path) -> None:
    client = await start(project, capabilities=types.ClientCapabilities())
    assert client.lsp.progress_reports == {}
    shown = await start(project, capabilities=FULL)
    assert (await shown.bar("CodeAnvil: indexing"))[0].percentage == 0


async def test_each_folder_has_its_own_index(start, project: Path, dicom_viewer: Path) -> None:
    client = await start(project, dicom_viewer, wait=False)
    for root in (project, dicom_viewer):
        await client.until(
            "codeanvil/indexProgress",
            lambda told, root=root: (told["workspace"], told["state"]) == (str(root), "ready"),
        )
    first = await client.command("status")
    second = await client.command("status", {"workspace": dicom_viewer.as_uri()})
    assert (first["workspace"], second["workspace"]) == (str(project), str(dicom_viewer))
    event = types.WorkspaceFoldersChangeEvent([], [types.WorkspaceFolder(dicom_viewer.as_uri(), "x")])
    client.lsp.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    with pytest.raises(JsonRpcException, match="is not open"):
        await client.command("status", {"workspace": str(dicom_viewer)})


async def test_nothing_is_left_behind(start, project: Path) -> None:
    client = await start(project)
    children = psutil.Process(client.lsp._server.pid).children(recursive=True)
    assert children, "the index has no process of its own"
    assert await client.close() == 0
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


async def test_the_server_ends_with_its_editor(project: Path) -> None:
    editor = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    server = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=server_environment()
    )
    assert server.stdin and server.stdout
    params = {"processId": editor.pid, "rootUri": project.as_uri(), "capabilities": {}}
    server.stdin.write(message("initialize", params, 1) + message("initialized", {}))
    await server.stdout.readuntil(b"codeanvil/indexProgress")
    editor.kill()
    await editor.wait()
    async with asyncio.timeout(20):
        await server.stdout.read()
        assert await server.wait() == 1
    server.stdin.close()


async def test_termination_is_an_orderly_end(start, project: Path) -> None:
    client = await start(project)
    process = psutil.Process(client.lsp._server.pid)
    children = process.children(recursive=True)
    client.lsp._stop_event.set()
    process.send_signal(signal.SIGTERM)
    _, alive = psutil.wait_procs([process, *children], timeout=15)
    assert alive == []


def test_version_and_usage() -> None:
    shown = run(b"", "--version")
    assert (shown.returncode, shown.stdout.split()[0]) == (0, b"codeanvil-lsp")
    wrong = run(b"", "--tcp", "here")
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert b"is not HOST:PORT" in wrong.stderr


async def test_a_file_opened_without_a_folder_is_a_workspace_of_its_own(
    start, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    client = await start()
    orders, rush = project / "shop/orders.py", project / "shop/rush.py"
    client.open(orders)
    assert (await client.indexed())["workspace"] == str(orders)
    card = await client.hover(orders, 3, 8)
    assert card is not None and "What a customer wants." in card.contents.value
    assert (await client.command("status"))["index"]["total"] == 1
    asked = await client.command("ask", {"question": "Where is RushOrder defined?"})
    assert asked["found"] is False, "a file beside it was read"

    client.open(rush)
    ready = {"workspace": str(rush), "state": "ready"}
    await client.until("codeanvil/indexProgress", lambda told: ready.items() <= told.items())
    assert (await client.command("status"))["workspace"] == str(rush)
    assert (await client.command("status", {"workspace": orders.as_uri()}))["workspace"] == str(orders)

    rush.write_text("class Hurry:\n    ...\n")
    after = len(client.told)
    client.save(rush)
    await client.until("codeanvil/indexProgress", lambda told: ready.items() <= told.items(), after)
    assert (await client.command("ask", {"question": "Where is Hurry defined?"}))["found"] is True

    for path in (rush, orders):
        client.shut(path)
    with pytest.raises(JsonRpcException, match="No folder is open"):
        await client.command("status")
    assert not (project / ".codeanvil").exists()
    assert not (project / "shop/.codeanvil").exists()


async def test_a_file_given_as_the_root_is_a_workspace(
    start, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    client = await start(project / "shop/orders.py", capabilities=types.ClientCapabilities())
    assert (await client.command("status"))["index"]["total"] == 1
    after = len(client.told)
    (project / "shop/orders.py").write_text("class Changed:\n    ...\n")  # by another program: the disk is watched
    await client.indexed(after)
    assert (await client.command("ask", {"question": "Where is Changed defined?"}))["found"] is True


async def test_beside_an_open_folder_other_files_are_left_alone(start, project: Path, tmp_path: Path) -> None:
    (tmp_path / "loose.py").write_text("class Loose: ...\n")
    client = await start(project)
    client.open(tmp_path / "loose.py")
    with pytest.raises(JsonRpcException, match="is not open"):
        await client.command("status", {"workspace": str(tmp_path / "loose.py")})


async def test_of_many_files_without_a_folder_those_opened_last_are_workspaces(
    start, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    client = await start()
    paths = [project / f"loose{number}.py" for number in range(MOST_FILES + 1)]
    for number, path in enumerate(paths):
        path.write_text(f"class Loose{number}: ...\n")
        client.open(path)
        ready = {"workspace": str(path), "state": "ready"}
        await client.until("codeanvil/indexProgress", lambda told, ready=ready: ready.items() <= told.items())
    with pytest.raises(JsonRpcException, match="is not open"):
        await client.command("status", {"workspace": str(paths[0])})
    assert (await client.command("status", {"workspace": str(paths[1])}))["workspace"] == str(paths[1])
