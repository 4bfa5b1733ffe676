"""The packaged extension in a real VS Code, driven in a real browser. Needs what `scripts/test` installs."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from tests.checkout import REPOSITORY
from tests.editor.support import HERE, Place, needs, npm

SECONDS = 3_600
"""Longest time for all chapters, on a machine that others keep busy."""

pytestmark = [pytest.mark.editor, pytest.mark.timeout(SECONDS + 100)]

SHOTS = HERE / "last-shots"

IN_DOCS = {"chat": "vscode", "runs": "vscode-runs", "runs-dark": "vscode-runs-dark"}
"""Pictures that the README shows, by their names in `docs/`. EDITOR_DOCS=1 has a green run replace them."""


def test_units_of_the_extension(extension_modules: Path) -> None:
    npm("run", "check")
    npm("test")


def test_the_package_is_small_and_holds_no_sources(vsix: Path) -> None:
    assert vsix.stat().st_size < 2_000_000
    with zipfile.ZipFile(vsix) as archive:
        names = set(archive.namelist())
    assert {
        "extension/dist/extension.js",
        "extension/dist/chat.js",
        "extension/dist/runs.js",
        "extension/LICENSE.txt",
    } <= names
    assert not [name for name in names if name.endswith((".ts", ".map")) or "node_modules" in name]


def test_real_vscode(place: Place, editor_modules: Path, vsix: Path, probe: Path) -> None:
    drive("vscode.test.mjs", place, place.environment(), editor_modules, vsix, probe)
    if os.environ.get("EDITOR_DOCS"):
        for name, shown in IN_DOCS.items():
            shutil.copyfile(SHOTS / f"{name}.png", REPOSITORY / "docs" / f"{shown}.png")


def drive(
    script: str, place: Place, environment: dict[str, str], editor_modules: Path, vsix: Path, probe: Path
) -> None:
    """Run `script` in Node with its tests of VS Code. Fails the test with what they say and what our log says."""
    done = subprocess.run(
        [needs("node", "nodejs"), "--test", "--test-reporter=spec", HERE / script],
        env=environment
        | {
            "EDITOR_MODULES": str(editor_modules),
            "EDITOR_VSIX": str(vsix),
            "EDITOR_PROBE": str(probe),
            "EDITOR_SHOTS": str(SHOTS),
            "EDITOR_CHROMIUM": needs("chromium", "chromium"),
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    print(done.stdout)
    if done.returncode:
        logs = sorted(place.home.glob("profile/logs/**/CodeAnvil.log"))
        log = logs[-1].read_text("utf-8", errors="replace")[-5_000:] if logs else "(none)"
        shutil.copytree(place.home / "profile" / "logs", SHOTS / "logs", dirs_exist_ok=True)
        pytest.fail(f"{done.stdout[-12_000:]}\n{done.stderr[-2_000:]}\nCodeAnvil's log:\n{log}\nPictures: {SHOTS}")
