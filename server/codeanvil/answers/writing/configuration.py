"""Answers about configuration: how a project is configured, what a setting does, which setting does something."""

import re
from collections.abc import Sequence

from codeanvil.answers.finding.settings import settings_about
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.understanding.names import words
from codeanvil.answers.understanding.resolve import Named
from codeanvil.answers.understanding.rules import rules
from codeanvil.answers.writing.cite import Citation, joined
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.facts.builds.own import own
from codeanvil.facts.configuration.names import is_config_file
from codeanvil.facts.model import Setting, SettingKind
from codeanvil.samples import prose, prose_configuration
from codeanvil.samples.prose_configuration import Places, settings_by_name
from codeanvil.workspace.store import Store

MOST_LISTED = 40
"""Settings of one kind that are listed."""

MOST_FOUND = 8
"""Settings told that fit the words of a question."""

MOST_PLACES = 4
"""Places linked of one setting."""

_HEADS: tuple[tuple[SettingKind, str, str], ...] = (
    ("environment", "Environment variables", r"\b(environment|env)\b"),
    ("argument", "Command-line options", r"\b(command[- ]?line|cli|arguments?|flags?)\b"),
    ("key", "Keys of configuration files", r"\b(files?|keys?)\b"),
    ("field", "Settings in classes", r"\b(fields?|class(es)?)\b"),
)
"""Kinds, how a list of them is called, and which words ask for them alone."""


def named(name: Named) -> Draft:
    """What one setting is, with links to the lines that read it."""
    return stack_up([_told(places) for places in settings_by_name(name.settings)])


def write(linked: Linked, store: Store) -> Draft:
    """The settings that the words of a question mean; all of the kinds it asks for where they mean none."""
    settings = store.settings()
    options = [option.name for build in own(store.builds()) for option in build.options]
    if not (settings or options):
        text = (
            f"The index knows no settings of {prose.code(linked.project)}: it reads no environment variables, takes no"
        )
        return Draft(f"{text} command-line options and no files of configuration.")
    telling = [word.text for word in words(linked.question) if word.text.lower() not in rules().stop]
    if found := settings_about([word for word in telling if word.lower() != linked.project.lower()], store):
        return stack_up([_told(places) for places in found[:MOST_FOUND]])
    asked = [kind for kind, _, pattern in _HEADS if re.search(pattern, linked.question, re.IGNORECASE)]
    lists = [_list(head, kind, settings) for kind, head, _ in _HEADS if not asked or kind in asked]
    drafts = [draft for draft in lists if draft]
    if asked and not drafts:
        kinds = [head.lower() for kind, head, _ in _HEADS if kind in asked]
        return Draft(f"The index knows no {joined(kinds)} of {prose.code(linked.project)}.")
    if not asked:
        drafts.insert(0, Draft(prose_configuration.configuration(settings, options, linked.project)))
    return stack_up(drafts)


def _list(head: str, kind: SettingKind, settings: Sequence[Setting]) -> Draft | None:
    """All settings of a kind, a line each."""
    found = settings_by_name(setting for setting in settings if setting.kind == kind)
    if not found:
        return None
    lines, cites = [], []
    for places in found[:MOST_LISTED]:
        telling = max(places, key=lambda setting: bool(setting.default) + bool(setting.doc))
        cite, value, doc = _cite(telling), prose_configuration.default_of(places), prose_configuration.doc_of(places)
        told = f", {'set to' if is_config_file(places[0].file) else 'default'} {prose.code(value)}" if value else ""
        lines.append(f"- {prose.code(places[0].name)} ({cite.link}){told}{': ' + prose.sentence(doc) if doc else ''}")
        cites.append(cite)
    more = f"\n- and {len(found) - MOST_LISTED} more" if len(found) > MOST_LISTED else ""
    names = tuple((places[0].name,) for places in found[:3])
    return Draft(f"{head}:\n\n" + "\n".join(lines) + more, tuple(cites), names)


def _told(places: Places) -> Draft:
    cites = [_cite(setting) for setting in places[:MOST_PLACES]]
    text = f"{prose_configuration.setting(places)} ({joined(cite.link for cite in cites)})"
    return Draft(text, tuple(cites), ((places[0].name,),))


def _cite(setting: Setting) -> Citation:
    return Citation(setting.file, setting.line)
