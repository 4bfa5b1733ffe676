"""Build facts of a version catalogue, `libs.versions.toml`.

After https://docs.gradle.org/current/userguide/version_catalogs.html
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from codeanvil.facts.builds.documents import BUILD_GROUP, UnreadableError, begin, strings, table, text, unread
from codeanvil.facts.builds.toml_document import Toml
from codeanvil.facts.model import BuildFacts, Dependency


def read(path: str, source: bytes) -> BuildFacts:
    """What the catalogue at `path` says: libraries and plugins with their versions.

    `values` holds what scripts call them (`libs.okhttp`). Never raises: what is no TOML is told in `problem`.
    """
    facts = begin("gradle", path, source)
    try:
        document = Toml(source)
    except UnreadableError as error:
        return unread(facts, "TOML", error)
    catalogue = path.rpartition("/")[2].removesuffix(".versions.toml")
    versions = {name: _version(value, {}) for name, value in table(document.root, "versions").items()}
    values = {f"{catalogue}.versions.{_dotted(name)}": version for name, version in versions.items() if version}
    dependencies: list[Dependency] = []
    libraries: dict[str, str] = {}
    for name, value in table(document.root, "libraries").items():
        if module := _module(value):
            version = _version(value, versions)
            libraries[name] = f"{module}:{version}" if version else module
            values[f"{catalogue}.{_dotted(name)}"] = libraries[name]
            dependencies.append(Dependency(module, version, document.line("libraries", name)))
    for name, value in table(document.root, "bundles").items():
        members = [libraries[member] for member in strings(value) if member in libraries]
        values[f"{catalogue}.bundles.{_dotted(name)}"] = " ".join(members)
    for name, value in table(document.root, "plugins").items():
        plugin, version = _plugin(value, versions)
        if plugin:
            values[f"{catalogue}.plugins.{_dotted(name)}"] = f"{plugin}@{version}"
            dependencies.append(Dependency(plugin, version, document.line("plugins", name), BUILD_GROUP))
    return replace(facts, dependencies=tuple(dependencies), values=tuple(values.items()))


def _dotted(name: str) -> str:
    """`androidx-core_ktx` as androidx.core.ktx: how scripts write it."""
    return re.sub(r"[-_]", ".", name)


def _module(value: object) -> str:
    if isinstance(value, str):
        return ":".join(value.split(":")[:2]) if value.count(":") else ""
    owner, name = text(table(value).get("group")), text(table(value).get("name"))
    return text(table(value).get("module")) or (f"{owner}:{name}" if owner and name else "")


def _plugin(value: object, versions: Mapping[str, str]) -> tuple[str, str]:
    if isinstance(value, str):
        name, _, version = value.partition(":")
        return name, version
    return text(table(value).get("id")), _version(value, versions)


def _version(value: Any, versions: Mapping[str, str]) -> str:
    """The version that a library, a plugin or an entry of `[versions]` gives."""
    if isinstance(value, str):
        return value.split(":")[2] if value.count(":") > 1 else "" if ":" in value else value
    asked = table(value).get("version", value)
    if isinstance(asked, str):
        return asked
    reference = text(table(asked).get("ref"))
    if reference:
        return versions.get(reference, "")
    return next(filter(None, (text(table(asked).get(key)) for key in ("require", "strictly", "prefer"))), "")
