"""Facts of a project's configuration as sentences in Markdown; see `prose` for those of symbols and files."""

from collections.abc import Iterable, Mapping, Sequence

from codeanvil.facts.configuration.names import is_config_file
from codeanvil.facts.model import Setting, SettingKind
from codeanvil.samples.prose import MOST_NAMES, code, listed, say, sentence

KINDS: Mapping[SettingKind, str] = {
    "environment": "environment variable",
    "argument": "command-line option",
    "key": "configuration key",
    "field": "setting",
}
"""How a setting is called by where it is given."""

Places = Sequence[Setting]
"""The same setting wherever it is read, in the order of paths."""


def settings_by_name(settings: Iterable[Setting]) -> list[Places]:
    """Settings of one kind and name together, in the order in which they first come."""
    found: dict[tuple[str, str], list[Setting]] = {}
    for setting in settings:
        found.setdefault((setting.kind, setting.name), []).append(setting)
    return list(found.values())


def default_of(places: Places) -> str:
    """The default, where all places that tell one agree; else ''."""
    values = {setting.default for setting in places if setting.default}
    return values.pop() if len(values) == 1 else ""


def doc_of(places: Places) -> str:
    """What is said of a setting where it is said first; '' where nothing is."""
    return next((setting.doc for setting in places if setting.doc), "")


def targets_of(places: Places) -> list[str]:
    """The variables and fields that take the value."""
    return list(dict.fromkeys(setting.sets for setting in places if setting.sets))


def setting(places: Places) -> str:
    """One setting: what it is, where it is read, its default, what it sets, and what is said of it."""
    first, value = places[0], default_of(places)
    told = f", {'set to' if is_config_file(first.file) else 'by default'} {code(value)}" if value else ""
    paths = listed(dict.fromkeys(setting.file for setting in places), 4)
    said = [say(f"setting-{first.kind}", it=code(first.name), path=paths, value=told)]
    if targets := targets_of(places):
        said.append(say("setting-sets", targets, 4))
    if doc := doc_of(places):
        said.append(sentence(doc))
    return " ".join(said)


def setting_default(places: Places) -> str:
    """The value of a setting that nobody gives."""
    return say("setting-default", it=code(places[0].name), value=code(default_of(places)))


def set_by(target: str, names: Iterable[str]) -> str:
    """Which settings give a variable or field its value."""
    return say("setting-target", names, it=code(target))


def names_of(settings: Iterable[Setting], kind: SettingKind) -> list[str]:
    """The names of one kind, each once."""
    return list(dict.fromkeys(setting.name for setting in settings if setting.kind == kind))


def config_files(settings: Iterable[Setting]) -> list[str]:
    """The files of configuration among the places of settings."""
    return list(dict.fromkeys(setting.file for setting in settings if is_config_file(setting.file)))


def classes_of(settings: Iterable[Setting]) -> list[str]:
    """The classes of settings."""
    return list(dict.fromkeys(name.partition(".")[0] for name in names_of(settings, "field")))


def listing(asks: str, names: Iterable[str], it: str, most: int = MOST_NAMES) -> str:
    """The names of one kind that a project (`environment`, `arguments`) or a file (`configfile`) has."""
    return say(asks, names, most, it=code(it))


def configuration(settings: Sequence[Setting], options: Sequence[str], project: str, most: int = 6) -> str:
    """By what a project is configured, in one sentence; `options` are those of its build."""
    groups = (
        ("configuration-environment", names_of(settings, "environment")),
        ("configuration-arguments", names_of(settings, "argument")),
        ("configuration-files", config_files(settings)),
        ("configuration-classes", classes_of(settings)),
        ("configuration-options", options),
    )
    ways = listed((say(key, names, most) for key, names in groups if names), ticks=False)
    return say("configuration", project=code(project), ways=ways)
