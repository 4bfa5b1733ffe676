"""Build facts of a `Pipfile`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from packaging.utils import canonicalize_name

from codeanvil.facts.builds.documents import UnreadableError, begin, runs, strings, table, text, unread
from codeanvil.facts.builds.python import tools
from codeanvil.facts.builds.toml_document import Toml
from codeanvil.facts.model import BuildFacts, Dependency, Target

_NO_GROUPS = frozenset({"source", "requires", "scripts", "pipenv", "pipfile"})


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Pipfile` at `path` says. Never raises."""
    facts = begin("pipenv", path, source)
    try:
        toml = Toml(source)
    except UnreadableError as error:
        return unread(facts, "TOML", error)
    requires = table(toml.root, "requires")
    dependencies = tuple(_dependencies(toml))
    scripts = tuple(_scripts(toml))
    known = {canonicalize_name(dependency.name) for dependency in dependencies}
    return replace(
        facts,
        minimum=text(requires.get("python_full_version")) or text(requires.get("python_version")),
        languages=("Python",),
        targets=scripts,
        dependencies=dependencies,
        commands=tools.commands(
            "pipenv", package=False, tester=tools.tester_of(known), script=scripts[0].name if scripts else ""
        ),
    )


def _dependencies(toml: Toml) -> Iterator[Dependency]:
    for section in toml.root:
        if section in _NO_GROUPS:
            continue
        group = {"packages": "", "dev-packages": "dev"}.get(section, section)
        for name, wanted in table(toml.root, section).items():
            details = wanted if isinstance(wanted, Mapping) else {"version": wanted}
            version = next((v for key in ("version", "git", "path", "file") if (v := text(details.get(key)))), "")
            extras = tuple(strings(details.get("extras")))
            yield Dependency(name, "" if version == "*" else version, toml.line(section, name), group, extras)


def _scripts(toml: Toml) -> Iterator[Target]:
    for name, value in table(toml.root, "scripts").items():
        body = text(value) or text(table(toml.root, "scripts", name).get("cmd"))
        if body:
            line = toml.line("scripts", name)
            yield Target(name, "custom", line, command=f"pipenv run {name}", doc=runs(body))
