"""Build facts of a `CMakePresets.json` or `CMakeUserPresets.json`.

After https://cmake.org/cmake/help/latest/manual/cmake-presets.7.html
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from codeanvil.facts.builds.documents import UnreadableError, begin, ordered, strings, table, text, unread
from codeanvil.facts.builds.json_document import Json
from codeanvil.facts.model import BuildFacts, Target
from codeanvil.facts.text import fold

MAX_PARENTS = 50
"""Presets that one inherits from, over all steps, that are looked at."""

_KINDS: Mapping[str, tuple[str, str]] = {
    "configurePresets": ("configure", "cmake --preset"),
    "buildPresets": ("build", "cmake --build --preset"),
    "testPresets": ("test", "ctest --preset"),
    "packagePresets": ("package", "cpack --preset"),
    "workflowPresets": ("workflow", "cmake --workflow --preset"),
}


_OWN = ("hidden", "description", "displayName")
"""What a preset does not inherit."""


@dataclass(frozen=True, slots=True)
class _Preset:
    """A preset with what it inherits; `parents` are those that it names itself."""

    name: str
    values: Mapping[str, Any]
    parents: tuple[str, ...]
    line: int

    @property
    def is_hidden(self) -> bool:
        return self.values.get("hidden") is True


def read(path: str, source: bytes) -> BuildFacts:
    """What the presets at `path` say: each that can be chosen is a target, and the first ones are the commands.

    Never raises: what is no JSON is told in `problem`.
    """
    facts = begin("cmake", path, source)
    try:
        document = Json(source)
    except UnreadableError as error:
        return unread(facts, "JSON", error)
    presets = {kind: _presets(document, kind) for kind in _KINDS}
    return replace(
        facts,
        minimum=_minimum(table(document.root, "cmakeMinimumRequired")),
        targets=tuple(_targets(presets)),
        commands=ordered(_commands(presets)),
        includes=tuple(strings(document.root.get("include"))),
    )


def _presets(document: Json, kind: str) -> dict[str, _Preset]:
    written = document.root.get(kind)
    own: dict[str, Mapping[str, Any]] = {}
    for each in written if isinstance(written, list) else ():
        if name := text(table(each).get("name")):
            own.setdefault(name, table(each))
    return {name: _inherited(name, own, document.line_of_text(name, kind, "name")) for name in own}


def _inherited(name: str, own: Mapping[str, Mapping[str, Any]], line: int) -> _Preset:
    """The preset with what its parents say and it does not; of several parents the first one counts."""
    values: dict[str, Any] = {}
    pending, seen = [name], {name}
    while pending and len(seen) <= MAX_PARENTS:
        each = own.get(pending.pop(0), {})
        values = {**{key: value for key, value in each.items() if key not in _OWN}, **values}
        parents = [parent for parent in _parents(each) if parent not in seen]
        seen.update(parents)
        pending = parents + pending
    values |= {key: own[name].get(key) for key in _OWN}
    return _Preset(name, values, tuple(_parents(own[name])), line)


def _parents(preset: Mapping[str, Any]) -> list[str]:
    inherits = preset.get("inherits")
    return [inherits] if isinstance(inherits, str) else strings(inherits)


def _targets(presets: Mapping[str, Mapping[str, _Preset]]) -> Iterator[Target]:
    taken: set[str] = set()
    for kind, (purpose, command) in _KINDS.items():
        for preset in presets[kind].values():
            if preset.is_hidden:
                continue
            name = f"{preset.name} ({purpose})" if preset.name in taken else preset.name
            taken.add(preset.name)
            doc = fold(text(preset.values.get("description")) or text(preset.values.get("displayName")))
            needs = [text(preset.values.get("configurePreset"))] if kind != "configurePresets" else []
            links = tuple(dict.fromkeys(filter(None, (*needs, *preset.parents))))
            yield Target(fold(name), "custom", preset.line, (), links, f"{command} {preset.name}", doc)


def _commands(presets: Mapping[str, Mapping[str, _Preset]]) -> dict[str, str]:
    """The commands of the first preset to configure with that can be chosen, and of those that go with it."""
    configured = next((each for each in presets["configurePresets"].values() if not each.is_hidden), None)
    if configured is None:
        return {}
    commands = {"configure": f"cmake --preset {configured.name}"}
    folder = text(configured.values.get("binaryDir"))
    for variable, value in (("${sourceDir}", "."), ("${presetName}", configured.name)):
        folder = folder.replace(variable, value)
    if folder and "$" not in folder:
        commands["build"] = f"cmake --build {posixpath.normpath(folder)}"
    for kind in ("buildPresets", "testPresets"):
        purpose, command = _KINDS[kind]
        for each in presets[kind].values():
            if not each.is_hidden and each.values.get("configurePreset") == configured.name:
                commands[purpose] = f"{command} {each.name}"
                break
    return commands


def _minimum(required: Mapping[str, Any]) -> str:
    numbers = [required.get(key) for key in ("major", "minor", "patch")]
    known = [str(number) for number in numbers if type(number) is int]
    return ".".join(known) if len(known) > 1 else ""
