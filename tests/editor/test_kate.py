"""Kate on a screen of its own, on the real server, with the README's configuration as it is written there.

The server is started by a script that keeps what the two say to each other, which is what is looked at.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.editor.support import Place, configuration, make_repository

pytestmark = [
    pytest.mark.editor,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        not all(shutil.which(program) for program in ("kate", "Xvfb", "xdotool")),
        reason="Kate, Xvfb or xdotool is not installed (220 MB with their libraries): scripts/setup kate",
    ),
]


def test_kate_starts_the_server_when_told_to_hovers_outlines_and_ends_it(place: Place) -> None:
    make_repository(place)
    (place.home / "config" / "kate" / "lspclient").mkdir(parents=True)
    (place.home / "config" / "kate" / "lspclient" / "settings.json").write_text(configuration("Kate", "json"), "utf-8")
    file = place.workspace / "include" / "imaging" / "image_processor.hpp"
    line = file.read_text("utf-8").splitlines().index("class ImageProcessor {")
    with screen() as display:
        environment = _environment(place) | {"DISPLAY": display}
        with kate(environment, line + 1, file):
            asked = _await(lambda: _windows(display, "LSP server start requested"))
            _press(display, asked[0], "Return")
            opened = _await(lambda: _said(place, "client", "textDocument/didOpen"))
            window = _windows(display, r"image_processor\.hpp")[0]
            hover = _await(lambda: _hovered(place, display, window))
            _press(display, window, "Return", "ctrl+s")
            outline = _await(lambda: _answers(place, "textDocument/documentSymbol"))
            saved = _await(lambda: _said(place, "client", "textDocument/didSave"))
            _press(display, window, "ctrl+q")
        server = int((place.home / "pid").read_text())
        _await(lambda: not psutil.pid_exists(server))
    root = _said(place, "client", "initialize")[0]["params"]["rootUri"]
    assert root == place.workspace.as_uri()
    assert opened[0]["params"]["textDocument"]["uri"] == file.as_uri()
    assert saved[0]["params"]["textDocument"]["uri"] == file.as_uri()
    assert "ImageProcessor" in json.dumps(outline)
    assert "Runs a chain of filters" in json.dumps(hover)
    assert not _said(place, "server", "textDocument/publishDiagnostics")
    assert [each.get("method") for each in _messages(place, "client")][-2:] == ["shutdown", "exit"]


@contextmanager
def kate(environment: dict[str, str], line: int, file: Path) -> Iterator[None]:
    """Kate with the cursor in a line of a file. It is waited for where the test has had it quit, and ended else."""
    command = ["kate", "-n", "-l", str(line), file]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield
            process.wait(timeout=30)
        finally:
            process.kill()


@contextmanager
def screen() -> Iterator[str]:
    """The name of an X display that is there for the time of the test. It repeats no key that is held."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-r", "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                yield f":{told.readline().strip()}"
        finally:
            server.terminate()


def _environment(place: Place) -> dict[str, str]:
    """An empty home, and a `codeanvil-lsp` that keeps both sides' words and the number of the real one's process."""
    environment = place.environment()
    real = shutil.which("codeanvil-lsp", path=environment["PATH"])
    assert real
    programs = place.home / "programs"
    programs.mkdir()
    script = programs / "codeanvil-lsp"
    home = shlex.quote(str(place.home))
    server = f'{{ echo $BASHPID > pid; exec {shlex.quote(real)} "$@"; }}'
    script.write_text(f"#!/bin/bash\ncd {home}\ntee client | {server} | tee server\n")
    script.chmod(0o755)
    (place.home / "run").mkdir(mode=0o700)
    folders = {f"XDG_{name}_HOME": str(place.home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    path = os.pathsep.join([str(programs), environment["PATH"]])
    own = {"HOME": str(place.home), "XDG_RUNTIME_DIR": str(place.home / "run"), "PATH": path, "LC_ALL": "C.UTF-8"}
    return {name: value for name, value in environment.items() if name != "QT_QPA_PLATFORM"} | folders | own


def _messages(place: Place, side: str) -> list[dict[str, Any]]:
    """What `client` or `server` has said so far, in order; a message that is not whole yet is left out."""
    found: list[dict[str, Any]] = []
    path = place.home / side
    rest = path.read_bytes() if path.exists() else b""
    while head := re.match(rb"(?:[\w-]+: [^\r\n]*\r\n)+\r\n", rest):
        length = int(re.search(rb"Content-Length: (\d+)", head[0])[1])
        body, rest = rest[head.end() : head.end() + length], rest[head.end() + length :]
        if len(body) == length:
            found.append(json.loads(body))
    return found


def _said(place: Place, side: str, method: str) -> list[dict[str, Any]]:
    return [message for message in _messages(place, side) if message.get("method") == method]


def _answers(place: Place, method: str) -> list[Any]:
    """The results that are something of all requests of `method`."""
    asked = {message["id"] for message in _said(place, "client", method)}
    answers = (each for each in _messages(place, "server") if each.get("id") in asked and "method" not in each)
    return [each["result"] for each in answers if each.get("result")]


def _hovered(place: Place, display: str, window: str) -> list[Any]:
    """The answers of hovers, after the mouse has rested on the names below one another in the upper half."""
    for y in range(260, 360, 10):
        _xdotool(display, "mousemove", "--window", window, "180", str(y))
        time.sleep(0.6)
        if found := _answers(place, "textDocument/hover"):
            return found
    return []


def _windows(display: str, name: str) -> list[str]:
    return _xdotool(display, "search", "--onlyvisible", "--name", name).split()


def _press(display: str, window: str, *keys: str) -> None:
    _xdotool(display, "windowfocus", "--sync", window, "key", *keys)


def _xdotool(display: str, *words: str) -> str:
    environment = os.environ | {"DISPLAY": display}
    return subprocess.run(["xdotool", *words], env=environment, capture_output=True, text=True, check=False).stdout


def _await(look: Callable[[], Any], seconds: float = 60) -> Any:
    """What `look` finds, once that is something. Fails the test when it never is."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, "Kate has not come so far"
        time.sleep(0.3)
    return found
