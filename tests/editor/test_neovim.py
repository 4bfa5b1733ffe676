"""Neovim's own client, headless, on the real server, with the README's configuration as it is written there."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.checkout import REPOSITORY
from tests.editor.support import HERE, Place, configuration, make_repository, values_told

pytestmark = [pytest.mark.editor, pytest.mark.timeout(600)]


def test_neovim_hovers_asks_trains_and_stops_the_server(place: Place, neovim: Path) -> None:
    make_repository(place)
    nvim = place.home / "config" / "nvim"
    (nvim / "lua").mkdir(parents=True)
    shutil.copy(REPOSITORY / "docs" / "editors" / "codeanvil.lua", nvim / "lua")
    (nvim / "init.lua").write_text(configuration("Neovim", "lua"), "utf-8")
    folders = {name: str(place.home / name.split("_")[1].lower()) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    environment = place.environment() | folders | {"HOME": str(place.home)}
    command = [neovim, "--headless", "-S", HERE / "neovim.lua"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=580, check=False)
    values = values_told(place, done.stderr)
    assert values["indexing"] == '"indexing"'
    assert values["ready"] == "true"
    assert "ImageProcessor" in values["hover"]
    assert "Runs a chain of filters" in values["hover"]
    assert "ImageProcessor" in values["outline"]
    assert "include/dicom/dicom_reader.hpp" in values["answer"]
    assert values["followed"].strip('"').endswith("include/dicom/dicom_reader.hpp:9")
    assert "Train?" in values["confirmed"]
    assert values["training"].startswith('"training ')
    assert values["ended"] == "true"
    assert "has started" in values["said"]
    assert values["stopped"] == "true"
    assert values["old"] == "{}"
