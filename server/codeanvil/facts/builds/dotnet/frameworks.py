"""The names that .NET has for what code runs on, and the languages of project files."""

import re
from collections.abc import Sequence

_MODERN = re.compile(r"net(?:coreapp)?(\d+\.\d+)", re.IGNORECASE)
_STANDARD = re.compile(r"netstandard(\d+\.\d+)", re.IGNORECASE)
_OLD = re.compile(r"net(\d)(\d)(\d)?", re.IGNORECASE)
_OLD_VERSION = re.compile(r"v(\d+(?:\.\d+)+)")

LANGUAGES = {"csproj": "C#", "fsproj": "F#", "vbproj": "Visual Basic"}
"""Language of a project file by its extension."""


def oldest(frameworks: Sequence[str]) -> str:
    """The oldest .NET that the code runs on: "8.0" of net8.0, "Framework 4.8" of net48, "Standard 2.0"; '' for none."""
    modern = [match[1] for each in frameworks if (match := _MODERN.match(each))]
    if modern:
        return min(modern, key=lambda version: tuple(map(int, version.split("."))))
    for each in frameworks:
        if match := _STANDARD.match(each):
            return f"Standard {match[1]}"
    for each in frameworks:
        if match := _OLD.match(each):
            return "Framework " + ".".join(filter(None, match.groups()))
        if match := _OLD_VERSION.match(each):
            return f"Framework {match[1]}"
    return ""


def standard(language: str, version: str, frameworks: Sequence[str]) -> str:
    """What the code is compiled as: "C# 12" where the project says so, else the frameworks' names."""
    if re.fullmatch(r"\d+(?:\.\d+)?", version):
        return f"{language} {version.removesuffix('.0')}"
    return ", ".join(frameworks)
