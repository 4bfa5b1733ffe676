"""What Gradle's plugins tell about a project: its language, what it makes, how it is run."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

_PROGRAMS: Mapping[str, str] = MappingProxyType(
    {
        "application": "run", "org.springframework.boot": "bootRun", "io.quarkus": "quarkusDev",
        "io.micronaut.application": "run", "io.ktor.plugin": "run", "org.jetbrains.compose": "run",
        "com.android.application": "", "org.jetbrains.intellij.platform": "runIde", "org.jetbrains.intellij": "runIde",
    }
)  # fmt: skip
"""Plugins of programs, and the task that runs one."""

_LIBRARIES = frozenset(
    {
        "java",
        "java-library",
        "java-platform",
        "groovy",
        "scala",
        "war",
        "com.android.library",
        "java-gradle-plugin",
        "kotlin-dsl",
        "kotlin",
    }
)
_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "java": "Java", "java-library": "Java", "war": "Java", "groovy": "Groovy", "scala": "Scala",
        "kotlin-dsl": "Kotlin", "kotlin": "Kotlin", "kotlin-android": "Kotlin", "application": "Java", "antlr": "ANTLR",
    }
)  # fmt: skip


def kind_of(plugin: str) -> Literal["executable", "library"] | None:
    """What a project with the plugin makes; None where the plugin does not tell."""
    if plugin in _PROGRAMS:
        return "executable"
    if plugin in _LIBRARIES or (
        plugin.startswith("org.jetbrains.kotlin.") and not plugin.rpartition(".")[2].startswith("plugin")
    ):
        return "library"
    return None


def language_of(plugin: str) -> str:
    """The language that a plugin compiles; '' for others."""
    return _LANGUAGES.get(plugin) or ("Kotlin" if plugin.startswith("org.jetbrains.kotlin.") else "")


def runner_of(plugins: Iterable[str]) -> str:
    """The task that runs the program that these plugins make; '' without one."""
    return next((task for plugin in plugins if (task := _PROGRAMS.get(plugin, ""))), "")
