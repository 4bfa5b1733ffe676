"""Which settings of a workspace a question means."""

import re
from collections.abc import Sequence

from codeanvil.facts.model import Setting
from codeanvil.samples.prose_configuration import Places, settings_by_name
from codeanvil.workspace.store import Store

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_ASKED = frozenset(
    {"command", "line", "environment", "env", "variable", "variables", "var", "vars", "setting", "settings", "option",
     "options", "flag", "flags", "argument", "arguments", "switch", "key", "keys", "configuration", "config",
     "configure", "configured", "configurable", "configures", "set", "sets", "setup", "default", "value", "read",
     "reads", "changes", "change", "controls", "control", "adjust", "take", "takes", "accept", "determines", "cli"}
)  # fmt: skip
"""Words that say that a setting is asked for, not which."""


def settings_named(name: str, store: Store) -> list[Setting]:
    """All places of the settings of just this name."""
    return [setting for setting in store.settings() if setting.name == name]


def settings_about(words: Sequence[str], store: Store) -> list[Places]:
    """The settings whose names, targets or descriptions hold most of the telling words, best first.

    None where no word tells which settings are meant.
    """
    asked = {_stem(word) for word in words} - {_stem(word) for word in _ASKED}
    scored = []
    for places in settings_by_name(store.settings()) if asked else ():
        called = {_stem(part) for s in places for part in _WORD.findall(f"{s.name} {s.sets}")}
        said = {_stem(part) for s in places for part in re.findall(r"\w+", s.doc)}
        hits, named = len(asked & (called | said)), len(asked & called)
        if 2 * hits >= len(asked) and hits:
            scored.append((-hits, -named, places[0].name, places))
    best = min((hits for hits, *_ in scored), default=0)
    return [places for hits, _, _, places in sorted(scored, key=lambda each: each[:3]) if hits == best]


def _stem(word: str) -> str:
    lower = word.lower()
    for ending in ("ing", "ed", "es", "s"):
        if lower.endswith(ending) and len(lower) - len(ending) > 2:
            return lower.removesuffix(ending)
    return lower
