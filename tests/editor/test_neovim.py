"""Neovim's own client, headless, on the real server."""

import subprocess

import pytest
from tests.editor.support import HERE, Place, needs

pytestmark = [pytest.mark.editor, pytest.mark.timeout(300)]


def test_neovim_hovers_asks_and_stops_the_server(place: Place) -> None:
    environment = place.environment() | {"XDG_STATE_HOME": str(place.home), "HOME": str(place.home)}
    command = [needs("nvim", "neovim"), "--headless", "-u", "NONE", "-S", HERE / "hover.lua"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=270, check=False)
    told = place.home / "told"
    assert told.exists(), done.stderr
    values = dict(line.split("\t", 1) for line in told.read_text("utf-8").splitlines())
    assert "problem" not in values, values
    assert values["ready"] == "true"
    assert "ImageProcessor" in values["hover"]
    assert "Runs a chain of filters" in values["hover"]
    assert "include/dicom/dicom_reader.hpp" in values["answer"]
    assert values["stopped"] == "true"
