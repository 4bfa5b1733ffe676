"""Emacs' eglot, in batch mode, on the real server, with the README's configuration as it is written there."""

import subprocess

import pytest
from tests.editor.support import HERE, Place, configuration, make_repository, needs, values_told

pytestmark = [pytest.mark.editor, pytest.mark.timeout(300)]


def test_emacs_hovers_outlines_asks_and_stops_the_server(place: Place) -> None:
    make_repository(place)
    (place.home / "init.el").write_text(configuration("Emacs", "elisp"), "utf-8")
    environment = place.environment() | {"HOME": str(place.home)}
    command = [needs("emacs", "emacs-nox elpa-eglot"), "--batch", "-l", HERE / "emacs.el"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)
    values = values_told(place, done.stderr)
    assert values["server"] == '"codeanvil-lsp"'
    assert "ImageProcessor" in values["hover"]
    assert "Runs a chain of filters" in values["hover"]
    assert "ImageProcessor" in values["outline"]
    assert "include/dicom/dicom_reader.hpp" in values["answer"]
    assert values["stopped"] == "t"
