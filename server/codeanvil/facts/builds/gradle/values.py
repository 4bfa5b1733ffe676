"""Names that Gradle's scripts give values to, and putting those in place."""

import re
from collections.abc import Mapping

from codeanvil.facts.builds.gradle.syntax import Call, Items, Statement, Text, Value

_REFERENCE = re.compile(r"\$\{([^{}\n]{1,200})\}|\$([A-Za-z_][\w.]*)")
_SCOPE = re.compile(r"(?:(?:project|rootProject|gradle|ext|extra|settings|this)\.)+")
_PROPERTY = re.compile(
    r"""(?:find|gradle|provider)?[pP]roperty\(\s*["']([\w.-]+)["']\s*\)|\[\s*["']([\w.-]+)["']\s*\]"""
)
_ENDING = re.compile(r"(?:\.(?:get|getOrElse|toString|toInteger|toInt|asProvider)\(?\)?)+\Z")

MAX_VALUE = 200
"""Characters of a value that is put in place."""


def plain(name: str) -> str:
    """`rootProject.ext.libs.x.get()` as libs.x: what a name is called wherever it is used."""
    name = _ENDING.sub("", name.strip())
    if match := _PROPERTY.search(name):
        return str(match[1] or match[2])
    return _SCOPE.sub("", name, count=1) if _SCOPE.match(name) else name


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with known values in place of `${name}`; unknown ones stay, as `${name}`."""
    for _ in range(3):
        if "$" not in text:
            break
        before = text
        text = _REFERENCE.sub(lambda match: _value(match, values), text)[: 2 * MAX_VALUE]
        if text == before:
            break
    return text


def _value(match: re.Match[str], values: Mapping[str, str]) -> str:
    name = plain(match[1] or match[2])
    return values.get(name, f"${{{name}}}")[:MAX_VALUE]


def string(value: Value, values: Mapping[str, str]) -> str:
    """What a string comes to, or a name that is known; '' for anything else."""
    if isinstance(value, Text):
        return value.value if value.raw else filled(value.value, values)
    if isinstance(value, Call):
        return values.get(plain(value.path), "")
    return ""


def assigned(statement: Statement, values: Mapping[str, str]) -> dict[str, str]:
    """The names that a statement gives values to, of strings and of maps of strings."""
    target = statement.target
    if statement.assigns:
        name = target.path
        if target.name == "[]" and target.owner is not None:
            name = string(target.arguments[0], {}) if target.arguments else ""
            owner = plain(target.owner.path)
            name = name if owner in {"ext", "extra"} else f"{owner}.{name}"
        return _flattened(plain(name), statement.value, values)
    by = target.infix.get("by")
    if statement.declares and isinstance(by, Call) and by.name == "extra" and by.arguments:
        return _flattened(target.name, by.arguments[0], values)
    if target.path in {"ext.set", "extra.set"} and len(target.arguments) == 2:
        return _flattened(string(target.arguments[0], {}), target.arguments[1], values)
    return {}


def _flattened(name: str, value: Value, values: Mapping[str, str]) -> dict[str, str]:
    if not name:
        return {}
    if isinstance(value, Items):
        return {
            key: text
            for inner, each in value.named.items()
            for key, text in _flattened(f"{name}.{inner}", each, values).items()
        }
    text = string(value, values)
    return {name: text[:MAX_VALUE]} if text else {}
