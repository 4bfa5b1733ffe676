"""JavaScript and TypeScript definitions as the TypeScript compiler sees them."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.compare_facts.definition import Definition, Findings, MissingError

_SCRIPT = Path(__file__).with_suffix(".mjs")
_COMPILER = Path(__file__).parents[2] / "extension-vscode" / "node_modules" / "typescript" / "lib" / "typescript.js"


def found(root: Path, paths: Sequence[str], language: str) -> Findings:  # noqa: ARG001 - the suffix tells the dialect
    """What the files define; what counts is what `codeanvil.facts.readers.ecmascript.read` says.

    Raises RuntimeError where the script fails.
    """
    node = shutil.which("node")
    if node is None or not _COMPILER.is_file():
        raise MissingError("Node.js and the extension's packages are needed: run `npm ci` in extension-vscode.")
    done = subprocess.run(
        [node, str(_SCRIPT), str(_COMPILER), str(root)],
        input="\n".join(paths),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{_SCRIPT.name} failed: {done.stderr.strip()}")
    return Findings([_definition(json.loads(line)) for line in done.stdout.splitlines()])


def _definition(each: dict[str, Any]) -> Definition:
    return Definition(**each | {name: tuple(each[name]) for name in ("bases", "methods")})
