"""Build facts of a `setup.cfg`: setuptools' declarative configuration, and that of pbr."""

import re
from collections.abc import Iterator
from dataclasses import replace

from packaging.utils import canonicalize_name

from codeanvil.facts.builds.documents import BUILD_GROUP, UnreadableError, begin, unread
from codeanvil.facts.builds.ini_document import Ini
from codeanvil.facts.builds.python import tools
from codeanvil.facts.builds.python.requirement import oldest, requirements
from codeanvil.facts.model import BuildFacts, Dependency, Target

_SCRIPT = re.compile(r"([^=\[\]#;]+?)\s*=\s*([\w.]+(?::[\w.]+)?)")
_CONDITION = re.compile(r";\s*\(?\s*(?:python|sys|platform|os|extra|implementation)")
_EXTRAS = "options.extras_require"


def read(path: str, source: bytes) -> BuildFacts:
    """What the `setup.cfg` at `path` says. One that holds only settings of tools has neither name nor commands.

    A version that is taken from elsewhere (`attr:`, `file:`) is left out. Never raises.
    """
    facts = begin("setuptools", path, source)
    try:
        ini = Ini(source)
    except UnreadableError as error:
        return unread(facts, "INI", error)
    version = ini.get("metadata", "version")
    scripts = tuple(_scripts(ini))
    dependencies = tuple(_dependencies(ini))
    python = ini.get("options", "python_requires") or ini.get("metadata", "requires-python", "python-requires")
    return replace(
        facts,
        name=ini.get("metadata", "name"),
        version="" if version.startswith(("attr:", "file:")) else version,
        minimum=oldest(python),
        languages=("Python",),
        targets=scripts,
        dependencies=dependencies,
        commands=_commands(ini, dependencies, scripts),
    )


def _dependencies(ini: Ini) -> Iterator[Dependency]:
    for key, group in (("install_requires", ""), ("tests_require", "test"), ("setup_requires", BUILD_GROUP)):
        yield from _listed(ini, "options", key, group)
    for extra in ini.root.get(_EXTRAS, {}):
        yield from _listed(ini, _EXTRAS, extra, extra.partition(":")[0])


def _listed(ini: Ini, section: str, key: str, group: str) -> Iterator[Dependency]:
    values = [value.strip() for each in ini.listed(section, key) for value in _parts(each)]
    yield from requirements(values, group, lambda value: ini.line_of_text(value, section, key))


def _parts(line: str) -> list[str]:
    """Requirements on one line; a semicolon ends one, or begins the condition under which it holds."""
    plain = line.partition(" #")[0]
    return (
        [plain] if re.search(r";\s*\(?\s*(?:python|sys|platform|os|extra|implementation)", plain) else plain.split(";")
    )


def _scripts(ini: Ini) -> Iterator[Target]:
    for section in ("options.entry_points", "entry_points"):
        for key in ("console_scripts", "gui_scripts"):
            for value in ini.listed(section, key):
                if match := _SCRIPT.match(value):
                    yield Target(match[1], "script", ini.line_of_text(value, section, key), command=match[2])


def _commands(ini: Ini, dependencies: tuple[Dependency, ...], scripts: tuple[Target, ...]) -> tools.Commands:
    if not (ini.get("metadata", "name") or {"options", "files"} & set(ini.root)):
        return ()
    known: set[str] = {canonicalize_name(dependency.name) for dependency in dependencies}
    known |= {name for name in tools.TESTERS if {name, f"tool:{name}"} & set(ini.root)}
    script = scripts[0].name if scripts else ""
    return tools.commands(tools.PIP, package=True, tester=tools.tester_of(known), script=script)
