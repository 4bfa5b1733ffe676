"""Servers for tests, and workspaces to run them on."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from tests.checkout import WORKSPACES
from tests.protocol.harness import Client, connected

Starter = Callable[..., Any]


@pytest_asyncio.fixture
async def start() -> AsyncIterator[Starter]:
    """Starts servers; those still there are ended with the test."""
    clients: list[Client] = []

    async def started(*roots: Path, wait: bool = True, **options: Any) -> Client:
        client = await connected(clients, *roots, **options)
        if wait and roots:
            await client.indexed()
        return client

    yield started
    for client in clients:
        await client.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small Python project, resolved as the server names it."""
    root = tmp_path.resolve() / "shop"
    (root / "shop").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1.0"\n')
    (root / "shop" / "orders.py").write_text(
        '"""Orders."""\n\n\nclass Order:\n    """What a customer wants."""\n\n'
        '    def total(self) -> float:\n        """The price of all lines."""\n        return 0.0\n'
    )
    (root / "shop" / "rush.py").write_text(
        'from shop.orders import Order\n\n\nclass RushOrder(Order):\n    """An order that goes out today."""\n'
    )
    return root


@pytest.fixture
def dicom_viewer(tmp_path: Path) -> Path:
    """A copy of the C++ demonstration workspace."""
    return Path(shutil.copytree(WORKSPACES / "dicom-viewer", tmp_path.resolve() / "dicom-viewer"))
