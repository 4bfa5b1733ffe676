"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# Machines are noisy: how long one example takes says nothing about the code.
settings.register_profile("codeanvil", deadline=None)
settings.load_profile("codeanvil")


@pytest.fixture(autouse=True)
def own_user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What CodeAnvil keeps for all workspaces of a user (queue of runs, trials of speed) is another for each test."""
    folder = tmp_path_factory.mktemp("user")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "runtime"))
    return folder
