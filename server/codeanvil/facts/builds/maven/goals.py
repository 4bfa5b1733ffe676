"""What a user types to build, test and run a Maven project, and what its plugins tell about it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.model import BuildFacts, Dependency

_LANGUAGES = (
    ("kotlin-maven-plugin", "Kotlin"),
    ("scala-maven-plugin", "Scala"),
    ("gmavenplus-plugin", "Groovy"),
)

STARTERS: Mapping[str, str] = MappingProxyType(
    {
        "spring-boot-maven-plugin": "spring-boot:run",
        "quarkus-maven-plugin": "quarkus:dev",
        "micronaut-maven-plugin": "mn:run",
        "javafx-maven-plugin": "javafx:run",
        "jetty-maven-plugin": "jetty:run",
        "jetty-ee10-maven-plugin": "jetty:run",
        "tomcat7-maven-plugin": "tomcat7:run",
        "liberty-maven-plugin": "liberty:run",
        "wildfly-maven-plugin": "wildfly:run",
        "exec-maven-plugin": "exec:java",
    }
)
"""Plugins that start a program, and their goal."""


def languages_of(plugins: Iterable[str]) -> tuple[str, ...]:
    """Java, and what the plugins compile beside it."""
    names = {plugin.rpartition(":")[2] for plugin in plugins}
    return ("Java", *(language for plugin, language in _LANGUAGES if plugin in names))


def with_program(facts: BuildFacts, plugins: Iterable[Dependency], main_class: str) -> BuildFacts:
    """What the project is packaged as told to be a program, where a plugin starts it or its main class is named."""
    names = [plugin.name.rpartition(":")[2] for plugin in plugins]
    goal = next((STARTERS[name] for name in names if name in STARTERS), "")
    if goal == "exec:java" and not main_class:
        goal = ""
    if not facts.targets or not (goal or main_class):
        return facts
    target, *others = facts.targets
    started = replace(
        target,
        kind="executable",
        command=f"mvn {goal}" if goal else "",
        doc=f"Starts `{main_class}`." if main_class else "",
    )
    return replace(facts, targets=(started, *others))


def commands(facts: BuildFacts, runs: str = "") -> tuple[tuple[str, str], ...]:
    """The commands of a project; `runs` starts a program of one of its modules."""
    own = next((target.command for target in facts.targets if target.command), "")
    return ordered({"build": "mvn package", "test": "mvn test", "run": own or runs, "install": "mvn install"})
