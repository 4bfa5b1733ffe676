"""Samples in tokens, kept from run to run: a sample is tokenised once, however many runs teach it.

    <data folder>/tokens/<fingerprint>.db     a table {key, prompt, ids, day}

The fingerprint is that of the tokenizer with the template in force, the key that of a sample's text, so that nothing
kept can be stale. A cache that cannot be read or written is none: the samples are tokenised again.
"""

import array
import contextlib
import hashlib
import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from codeanvil.contract import messages
from codeanvil_trainer.tokens.template import chat_template, encode_sample

KEPT_DAYS = 60
"""Days without use after which a sample is forgotten."""

_SECONDS_A_DAY = 86_400
_AT_ONCE = 500
"""Keys asked for in one statement."""

Tokens = tuple[list[int], list[int]]
"""A prompt and its answer."""


def fingerprint(tokenizer: Any) -> str:
    """Hex digest of all that decides how a text becomes tokens: vocabulary and rules, template, end of sequence."""
    rules = tokenizer.backend_tokenizer.to_str()
    return hashlib.sha256(json.dumps([rules, chat_template(tokenizer), tokenizer.eos_token_id]).encode()).hexdigest()


def encoded(rows: Sequence[Mapping[str, Any]], tokenizer: Any, folder: Path | None) -> Iterator[Tokens]:
    """Prompt and answer of each Alpaca row, in order; what `folder` has is taken from there, the rest is put there.

    None keeps nothing.
    """
    if folder is None or not hasattr(tokenizer, "backend_tokenizer"):
        yield from (_encode(row, tokenizer) for row in rows)
        return
    keys = [_key(row) for row in rows]
    with _opened(folder / f"{fingerprint(tokenizer)[:32]}.db") as database:
        kept = _kept(database, keys)
        new: dict[bytes, Tokens] = {}
        for key, row in zip(keys, rows, strict=True):
            if key not in kept and key not in new:
                new[key] = _encode(row, tokenizer)
        _keep(database, new, keys)
    yield from (kept.get(key) or new[key] for key in keys)


def _encode(row: Mapping[str, Any], tokenizer: Any) -> Tokens:
    return encode_sample(tokenizer, messages(row["instruction"], row.get("input", "")), row["output"])


def _key(row: Mapping[str, Any]) -> bytes:
    text = json.dumps([row["instruction"], row.get("input", ""), row["output"]])
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection | None]:
    """The cache at `path`; None where it cannot be opened. One that is damaged is begun anew."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = _connect(path)
    except (OSError, sqlite3.Error):
        database = None
    try:
        yield database
    finally:
        if database is not None:
            database.close()


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _with_table(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise  # locked, read-only, no space: not the file's fault
        path.unlink(missing_ok=True)
        return _with_table(path)


def _with_table(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10)
    try:
        database.execute(
            "CREATE TABLE IF NOT EXISTS tokens"
            " (key BLOB PRIMARY KEY, prompt INTEGER, ids BLOB, day INTEGER) WITHOUT ROWID"
        )
    except sqlite3.Error:
        database.close()
        raise
    return database


def _kept(database: sqlite3.Connection | None, keys: Sequence[bytes]) -> dict[bytes, Tokens]:
    found: dict[bytes, Tokens] = {}
    if database is None:
        return found
    with contextlib.suppress(sqlite3.Error):
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, prompt, ids FROM tokens WHERE key IN ({marks})"  # noqa: S608 (marks are ours)
            for key, prompt, packed in database.execute(query, part):
                ids = _unpacked(packed)
                found[key] = ids[:prompt], ids[prompt:]
    return found


def _keep(database: sqlite3.Connection | None, new: Mapping[bytes, Tokens], used: Iterable[bytes]) -> None:
    """Put `new` there, mark `used` as used today, and forget what nobody has used for long."""
    if database is None:
        return
    today = int(time.time()) // _SECONDS_A_DAY
    with contextlib.suppress(sqlite3.Error), database:
        database.executemany(
            "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?)",
            ((key, len(prompt), _packed([*prompt, *answer]), today) for key, (prompt, answer) in new.items()),
        )
        database.executemany(
            "UPDATE tokens SET day = ? WHERE key = ? AND day < ?", ((today, key, today) for key in used)
        )
        database.execute("DELETE FROM tokens WHERE day < ?", (today - KEPT_DAYS,))


def _packed(ids: Sequence[int]) -> bytes:
    """Four bytes each, little end first."""
    packed = array.array("I", ids)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpacked(packed: bytes) -> list[int]:
    ids = array.array("I")
    ids.frombytes(packed)
    if sys.byteorder == "big":
        ids.byteswap()
    return ids.tolist()
