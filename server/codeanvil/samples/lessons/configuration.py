"""Lessons about configuration: by what a project is configured, what a setting does, which setting does something."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.own import own
from codeanvil.facts.model import Setting
from codeanvil.samples import prose, prose_configuration
from codeanvil.samples.evidence import configuration_facts, setting_facts
from codeanvil.samples.lessons.expect import groups
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.model import ProjectView
from codeanvil.samples.prose_configuration import KINDS, Places

MOST_EXPECTED = 3
_LEAST_TARGET = 3
"""Letters of a variable whose setting is asked for: shorter names say nothing."""

_LEAST_DESCRIBED = 3
"""Words of a description by which a setting is asked for."""


def configuration_lessons(view: ProjectView) -> Iterator[Lesson]:
    """Everything there is to ask about the settings of a project."""
    options = [option.name for build in own(view.builds) for option in build.options]
    if not (view.settings or options):
        return
    named = prose_configuration.settings_by_name(view.settings)
    yield from _lists(view, options)
    files = prose_configuration.config_files(view.settings)
    for path in files:
        yield _file(path, [setting for setting in view.settings if setting.file == path])
    bare = {places[0].name.lower() for places in named}.intersection(name.lower() for name in options)
    for places in named:
        yield from _one(places, placed=places[0].kind in {"key", "field"} or places[0].name.lower() in bare)
    yield from _targets(named)
    yield from _described(named)


def _lists(view: ProjectView, options: list[str]) -> Iterator[Lesson]:
    project, settings = view.name or "workspace", view.settings
    blocks = (configuration_facts(settings, options, project=project),)
    environment = prose_configuration.names_of(settings, "environment")
    arguments = prose_configuration.names_of(settings, "argument")
    told = (
        ("configuration", prose_configuration.configuration(settings, options, project),
         [*environment, *arguments, *prose_configuration.config_files(settings), *options][:1], 24),
        ("environment", prose_configuration.listing("environment", environment, project) if environment else "",
         environment, 16),
        ("arguments", prose_configuration.listing("arguments", arguments, project) if arguments else "", arguments, 16),
    )  # fmt: skip
    for asks, answer, expected, count in told:
        if answer:
            yield Lesson(
                kind="configuration",
                asks=asks,
                fact=f"configuration:{asks}",
                subject=project,
                source="",
                slots={"name": project, "kind": "project"},
                answer=answer,
                count=count,
                naming="project",
                evidence=blocks,
                missing=prose.missing(project),
                expect=groups(*expected[:MOST_EXPECTED], within=project),
            )


def _file(path: str, settings: list[Setting]) -> Lesson:
    names = [setting.name for setting in settings]
    return Lesson(
        kind="configuration",
        asks="configfile",
        fact=f"configuration:{path}",
        subject=path,
        source=path,
        slots={"name": path, "kind": "file", "path": path, "file": path.rpartition("/")[2]},
        answer=prose_configuration.listing("configfile", names, path),
        count=6,
        naming="file",
        placed=True,
        evidence=(configuration_facts(settings, path=path),),
        missing=prose.missing(path),
        expect=groups(*names[:MOST_EXPECTED], within=path),
    )


def _one(places: Places, *, placed: bool) -> Iterator[Lesson]:
    value = prose_configuration.default_of(places)
    expect: Expect = (tuple(dict.fromkeys(setting.file for setting in places[:4])),)
    yield _lesson("setting", places, prose_configuration.setting(places), 10, expect, placed=placed)
    if value:
        answer = prose_configuration.setting_default(places)
        within = f"{places[0].name} {places[0].file}"
        yield _lesson("settingdefault", places, answer, 4, groups(value, within=within), placed=placed)


def _targets(named: list[Places]) -> Iterator[Lesson]:
    """Which setting gives a variable its value."""
    setters: dict[str, dict[str, Places]] = {}
    for places in named:
        for target in prose_configuration.targets_of(places):
            if len(target) >= _LEAST_TARGET:
                setters.setdefault(target, {}).setdefault(places[0].name, places)
    for target, found in setters.items():
        names = list(found)
        answer = prose_configuration.set_by(target, names)
        made = _lesson("setby", next(iter(found.values())), answer, 4, groups(*names[:MOST_EXPECTED], within=target))
        blocks = tuple(setting_facts(places) for places in list(found.values())[:MOST_EXPECTED])
        yield replace(
            made, fact=f"setby:{target}", slots={**made.slots, "target": target}, evidence=blocks,
            missing=prose.missing(target),
        )  # fmt: skip


def _described(named: list[Places]) -> Iterator[Lesson]:
    """Which setting it is of which this is said."""
    said: dict[str, list[Places]] = {}
    for places in named:
        if doc := prose.folded(prose_configuration.doc_of(places)).rstrip("."):
            said.setdefault(doc, []).append(places)
    for doc, found in said.items():
        if len(found) == 1 and len(doc.split()) >= _LEAST_DESCRIBED and '"' not in doc:
            places = found[0]
            expect = groups(places[0].name, within=doc)
            made = _lesson("described", places, prose_configuration.setting(places), 3, expect)
            yield replace(made, slots={**made.slots, "topic": doc})


def _lesson(asks: str, places: Places, answer: str, count: int, expect: Expect, *, placed: bool = False) -> Lesson:
    first = places[0]
    return Lesson(
        kind="configuration",
        asks=asks,
        fact=f"setting:{first.kind}:{first.name}",
        subject=first.name,
        source=first.file,
        slots={"name": first.name, "kind": KINDS[first.kind], "path": first.file},
        answer=answer,
        count=count,
        naming="setting",
        placed=placed,
        evidence=(setting_facts(places),),
        missing=prose.missing(first.name),
        expect=expect,
    )
