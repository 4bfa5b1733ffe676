"""The wordings of `wordings/*.toml`, expanded once per process, and questions drawn from them.

Each file is one kind of question: `[train]` holds registers (plain, polite, terse, ...) of sentences that
training rows use, `[heldout]` sentences of other make that only held-out questions use. `namings.toml` says
how a subject may be called (`<it>`), `answers.toml` how answers read.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from codeanvil.samples.draw import Draw
from codeanvil.samples.grammar import compiled, expand, fields, relaxed

FOLDER = Path(__file__).parent / "wordings"

_RELAXED_SHARE = 1 / 6
_TRIES = 6


@dataclass(frozen=True, slots=True)
class Wordings:
    """The questions of one kind. An entry is the sentences that one wording expands to, as `%` formats.

    `placed` is whether naming a subject by its file goes with the question.
    """

    kind: str
    category: str
    placed: bool
    train: tuple[tuple[str, ...], ...]
    heldout: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """Ways to call a subject: `plain` where its name is its own, `placed` where others bear the name too."""

    plain: tuple[str, ...]
    placed: tuple[str, ...]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _entries(registers: Mapping[str, list[str]]) -> tuple[tuple[str, ...], ...]:
    texts = chain.from_iterable(registers.values())
    return tuple(tuple(compiled(sentence) for sentence in expand(text)) for text in texts)


@cache
def wordings(kind: str) -> Wordings:
    """The wordings of a kind. Raises FileNotFoundError for a kind without a file."""
    table = _read(kind)
    return Wordings(
        kind, table["category"], table.get("placed", False), _entries(table["train"]), _entries(table["heldout"])
    )


@cache
def kinds() -> tuple[str, ...]:
    """All kinds of questions, sorted."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.toml") if p.stem not in {"answers", "namings"}))


@cache
def _namings() -> Mapping[str, Naming]:
    return {
        key: Naming(*(tuple(chain.from_iterable(_entries({"all": table[part]}))) for part in ("plain", "placed")))
        for key, table in _read("namings").items()
    }


def naming(key: str) -> Naming:
    """How a subject of this sort (type, function, member, file, project, ...) may be called."""
    return _namings()[key]


@cache
def answer_template(key: str) -> str:
    """The answer of this name as a `%` format. Raises KeyError for a name that `answers.toml` lacks."""
    template: str = _answers()[key]
    return template


@cache
def _answers() -> Mapping[str, str]:
    return {key: compiled(text) for key, text in _read("answers").items()}


@cache
def _usable(kind: str, part: str, *, placed: bool) -> tuple[tuple[str, ...], ...]:
    """Entries whose sentences say which one is meant: with `placed`, a bare name does not."""
    entries: tuple[tuple[str, ...], ...] = getattr(wordings(kind), part)
    if not placed:
        return entries
    fit = (tuple(t for t in entry if "it" in fields(t) and "name" not in fields(t)) for entry in entries)
    return tuple(entry for entry in fit if entry)


def questions(
    kind: str,
    part: str,
    count: int,
    slots: Mapping[str, str],
    *,
    sort: str,
    placed: bool,
    seed: str,
) -> Iterator[str]:
    """Up to `count` different questions of a kind, evenly over its wordings, the same for the same `seed`.

    `part` is `train` or `heldout`. `slots` fills the sentences; `<it>` is filled by a naming of `sort`, one
    that tells the place with `placed`. Fewer come where the wordings have no more.
    """
    entries = _usable(kind, part, placed=placed)
    if not entries:
        return
    draw = Draw(kind, part, seed)
    order = list(range(len(entries)))
    ways = naming(sort)
    calls = ways.placed if placed else ways.plain
    if not placed and wordings(kind).placed and "path" in slots:
        calls += ways.placed[:1]
    first_call = draw.below(len(calls))
    seen: set[str] = set()
    i = tries = 0
    values = dict(slots)
    while len(seen) < count and tries < _TRIES * count:
        if i < len(order):  # shuffled only as far as questions are wanted: mostly a few of many
            j = i + draw.below(len(order) - i)
            order[i], order[j] = order[j], order[i]
        sentence = draw.choice(entries[order[i % len(order)]])
        values["it"] = calls[(first_call + i) % len(calls)] % slots
        # An eighth of held-out questions in a hurry would only blur what is measured there.
        if part == "train" and draw.chance(_RELAXED_SHARE):
            sentence = relaxed(sentence)
        i += 1
        tries += 1
        text = sentence % values
        if text not in seen:
            seen.add(text)
            yield text


def capacity(kind: str, sort: str, *, placed: bool) -> int:
    """About how many different training questions of a kind there are."""
    ways = naming(sort)
    calls = len(ways.placed if placed else ways.plain)
    return sum(calls if "it" in fields(t) else 1 for entry in _usable(kind, "train", placed=placed) for t in entry)
