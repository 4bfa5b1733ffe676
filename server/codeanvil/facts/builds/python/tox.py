"""Build facts of a `tox.ini`: the environments that tests and checks run in."""

import re
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, runs, unread
from codeanvil.facts.builds.ini_document import Ini
from codeanvil.facts.builds.python.requirement import requirement
from codeanvil.facts.model import BuildFacts, Dependency, Target, TargetKind

MAX_ENVIRONMENTS = 200
"""Names that the braces of an `envlist` may come to."""

_BASE = "testenv"
_FACTOR = re.compile(r"!?[\w.{},!-]+:\s+")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_SUBSTITUTION = re.compile(r"\{[^{}]*\}")
_TESTS = re.compile(r"\b(?:pytest|unittest|nose2?|nosetests|trial|stestr|py\.test|manage\.py test|run_?tests?)\b")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `tox.ini` at `path` says. One that holds only settings of other tools has no commands. Never raises."""
    facts = begin("tox", path, source)
    try:
        ini = Ini(source)
    except UnreadableError as error:
        return unread(facts, "INI", error)
    has_environments = any(section == "tox" or section.startswith(_BASE) for section in ini.root)
    return replace(
        facts,
        languages=("Python",),
        targets=tuple(_environments(ini)),
        dependencies=tuple(_dependencies(ini)),
        commands=(("test", "tox"),) if has_environments else (),
    )


def _environments(ini: Ini) -> Iterator[Target]:
    """Those that `envlist` names, then those that have a section of their own."""
    names: dict[str, int] = {}
    for written in ini.listed("tox", "envlist", "env_list"):
        for name in _expanded(written.partition("#")[0]):
            names.setdefault(name, ini.line("tox", "envlist") or ini.line("tox", "env_list"))
    for section in ini.root:
        if section.startswith(f"{_BASE}:"):
            for name in _expanded(section.removeprefix(f"{_BASE}:")):
                names[name] = ini.line(section)
    for name, line in names.items():
        yield _environment(ini, name, line)


def _environment(ini: Ini, name: str, line: int) -> Target:
    own = f"{_BASE}:{name}" if f"{_BASE}:{name}" in ini.root else _BASE
    steps = ini.listed(own, "commands") or ini.listed(_BASE, "commands")
    body = " && ".join(_plain(step) for step in steps)
    kind: TargetKind = "test" if _TESTS.search(body) or own == _BASE else "custom"
    return Target(name, kind, line, command=f"tox -e {name}", doc=ini.get(own, "description") or runs(body))


def _plain(step: str) -> str:
    """A command without the conditions and the substitutions that only tox can fill in."""
    return " ".join(_SUBSTITUTION.sub("", _FACTOR.sub("", step)).removeprefix("- ").removesuffix("\\").split())


def _expanded(written: str) -> list[str]:
    """`py3{10,11}-{unit,lint}` as the names that it stands for."""
    pending, names = [part for part in re.split(r",(?![^{]*\})|\s+", written) if part], list[str]()
    while pending and len(names) + len(pending) <= MAX_ENVIRONMENTS:
        name = pending.pop(0)
        if match := _BRACES.search(name):
            choices = [choice.strip() for choice in match[1].split(",")]
            pending = [name[: match.start()] + choice + name[match.end() :] for choice in choices] + pending
        elif clean := name.strip("-"):
            names.append(clean)
    return list(dict.fromkeys(name for name in names if "{" not in name and "}" not in name))


def _dependencies(ini: Ini) -> Iterator[Dependency]:
    seen: set[str] = set()
    for section in ini.root:
        if section == _BASE or section.startswith(f"{_BASE}:"):
            for written in ini.listed(section, "deps"):
                plain = _FACTOR.sub("", written).partition(" #")[0].strip()
                found = requirement(plain, ini.line_of_text(written, section, "deps"), "test")
                if found and found.name not in seen:
                    seen.add(found.name)
                    yield found
