"""Keeps what a peer found: its parser may take minutes, and neither it nor the sources change often."""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from scripts.compare_facts.definition import Definition, Findings, Peer, Unread
from scripts.compare_facts.sources import Source, cache_folder


def kept_findings(
    peer: ModuleType, source: Source, root: Path, paths: Sequence[str], language: str, *, fresh: bool = False
) -> Findings:
    """What the peer says about the files of a source: as last time, while peer, helpers and files are the same."""
    digest = hashlib.sha256(json.dumps([sys.version, asdict(source), language, list(paths)]).encode())
    family = cast("str", peer.__file__).rpartition("/")[2].partition("_")[0]
    for helper in sorted(Path(__file__).parent.glob(f"{family}*")):
        digest.update(helper.read_bytes())
    for path in paths:
        digest.update(hashlib.sha256((root / path).read_bytes()).digest())
    kept = cache_folder() / "found" / f"{language}-{digest.hexdigest()[:24]}.json"
    if kept.is_file() and not fresh:
        return _from_json(json.loads(kept.read_text("utf-8")))
    findings = cast("Peer", peer).found(root, paths, language)
    kept.parent.mkdir(parents=True, exist_ok=True)
    temporary = kept.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(findings)), "utf-8")
    temporary.replace(kept)
    return findings


def _from_json(document: dict[str, Any]) -> Findings:
    def definition(fields: dict[str, Any]) -> Definition:
        lists = {key: None if fields[key] is None else tuple(fields[key]) for key in ("bases", "methods")}
        return Definition(**fields | lists)

    return Findings(
        [definition(fields) for fields in document["definitions"]],
        [Unread(**fields) for fields in document["unread"]],
        document["notes"],
    )
