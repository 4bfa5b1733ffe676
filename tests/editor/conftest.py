"""What the editor tests stand on: VS Code, the packaged extension, a workspace of their own, no process left over."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.editor.support import EXTENSION, HERE, WORKSPACE, Place, end_processes_of, needs, npm


@pytest.fixture
def place() -> Iterator[Place]:
    """A workspace under a short path, since VS Code puts sockets below it. What still runs in it is ended."""
    folder = Path(tempfile.mkdtemp(prefix="anvil-"))
    workspace = folder / "dicom-viewer"
    shutil.copytree(WORKSPACE, workspace)
    (folder / "home").mkdir()
    try:
        yield Place(workspace, folder / "home")
    finally:
        end_processes_of(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def editor_modules() -> Path:
    """The folder whose node_modules hold VS Code and what drives it; installed once for the lock."""
    needs("node", "nodejs")
    done = subprocess.run([HERE / "install.sh"], stdout=subprocess.PIPE, text=True, check=True)
    return Path(done.stdout.strip())


@pytest.fixture(scope="session", params=["of the distribution", "current"])
def neovim(request: pytest.FixtureRequest) -> Path:
    """The program nvim: the oldest that is supported, which Debian 12 has, and one of today, installed once."""
    if request.param == "of the distribution":
        return Path(needs("nvim", "neovim"))
    environment = os.environ | {"PYTHON": sys.executable}
    script = HERE / "install_neovim.sh"
    done = subprocess.run([script], stdout=subprocess.PIPE, text=True, check=True, env=environment)
    return Path(done.stdout.strip())


@pytest.fixture(scope="session")
def extension_modules() -> Path:
    """The extension's folder with its node_modules as the lock says."""
    installed, lock = EXTENSION / "node_modules" / ".package-lock.json", EXTENSION / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        installed.touch()
    return EXTENSION


@pytest.fixture(scope="session")
def probe(extension_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension through which a test reaches into the extension host, packaged."""
    package = tmp_path_factory.mktemp("probe") / "probe.vsix"
    vsce = extension_modules / "node_modules" / "@vscode" / "vsce" / "vsce"
    options = ["--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", str(package)]
    subprocess.run(
        [needs("node", "nodejs"), str(vsce), "package", *options],
        cwd=HERE / "probe",
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return package


@pytest.fixture(scope="session")
def vsix(extension_modules: Path) -> Path:
    """The extension, packaged from this checkout."""
    npm("run", "package")
    return extension_modules / "codeanvil.vsix"
