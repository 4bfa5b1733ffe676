"""Evidence: the facts put beside a question for the model, in the same form as in training."""

import re
from collections.abc import Sequence

from codeanvil.answers.finding.builds import builds_for
from codeanvil.answers.finding.history import last_changes
from codeanvil.answers.finding.hops import Dossier, dossiers
from codeanvil.answers.finding.settings import settings_about
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.understanding.resolve import Named
from codeanvil.answers.writing.files import file_facts
from codeanvil.answers.writing.project import main_types
from codeanvil.answers.writing.search import telling_words
from codeanvil.facts.builds.own import own
from codeanvil.facts.model import Stack
from codeanvil.samples.evidence import (
    Item,
    changed_facts,
    configuration_facts,
    format_evidence,
    history_facts,
    setting_facts,
    symbol_facts,
)
from codeanvil.samples.evidence import file_facts as file_block
from codeanvil.samples.lessons.changes import MOST_TOLD
from codeanvil.samples.model import Users
from codeanvil.samples.prose_configuration import settings_by_name
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.views import uses_in

BUDGET = 3_000
"""Characters of evidence: about a third of the context that samples are trained in."""

MOST_THINGS = 4
MOST_HOPS = 3
MOST_HITS = 4

_ASKS_USES = re.compile(r"\bwhat\b.*\bdo(es)?\b.*\b(use|need|depend on|rely on|refer to)\b", re.IGNORECASE)
"""A question for what something uses, not for what uses it."""

_PROJECT_TOPICS = frozenset(
    {"languages", "stack", "layout", "entry", "overview", "test_framework", "types", "test", "run"}
)
_BUILD_TOPICS = frozenset(
    {
        "build",
        "run",
        "test",
        "install",
        "options",
        "targets",
        "dependencies",
        "build_system",
        "minimum",
        "standard",
        "version",
        "stack",
        "overview",
    }
)


def gather(linked: Linked, store: Store, budget: int = BUDGET) -> str:
    """The evidence for a question, most telling block first, at most `budget` characters; '' where there is none.

    Of the names of the question their own blocks come first, then those of what they derive from and of what
    derives from them; of topics the build files and the make-up of the project; else the nearest by full text.
    """
    items: list[Item] = []
    if linked.focus == "names":
        paths = [path for name in linked.names for path in (*name.files, *(symbol.file for symbol in name.symbols))]
        if linked.intent == "changed":
            items += [changed_facts(f"file {path}", commit) for path, commit in last_changes(paths, store)[:MOST_HITS]]
        asks_uses = _ASKS_USES.search(linked.question) is not None
        for name in linked.names:
            items += _of_name(name, linked.intent, store, asks_uses=asks_uses)
    elif linked.focus == "topics":
        items += _of_topics(linked, store)
    else:
        telling = telling_words(linked.question)
        hits = [s for s in store.search(" ".join(telling), 2 * MOST_HITS) if not s.decl] if telling else []
        items += [block(dossier) for dossier in dossiers(hits[:MOST_HITS], store)]
    return format_evidence(list(dict.fromkeys(items)), budget)


def block(dossier: Dossier, users: Users | None = None, uses: Sequence[str] | None = None) -> str:
    """The block of one symbol, with its `users` and what it `uses` where they are asked for."""
    return symbol_facts(dossier.symbol, members=dossier.members, derived=dossier.derived, users=users, uses=uses)


def _uses(path: str, qualified: str, store: Store) -> Sequence[str] | None:
    """The types of other files that a type, or with '' the whole file, uses, as in training; None of no source."""
    facts = store.facts(path)
    return uses_in(store, facts, store.text(path)).get(qualified) if facts and store.is_source(path) else None


def _users(dossier: Dossier, store: Store) -> Users | None:
    """Who uses a symbol, counted as in training; None where that cannot be said by its name."""
    facts = store.facts(dossier.symbol.file)
    return store.users_by_name(facts, [dossier.symbol.name]).get(dossier.symbol.name) if facts else None


def _of_name(name: Named, intent: str, store: Store, *, asks_uses: bool) -> list[Item]:
    things = dossiers(name.symbols, store)[:MOST_THINGS]
    items: list[Item] = [
        block(
            thing,
            _users(thing, store) if intent == "users" and not asks_uses else None,
            _uses(thing.symbol.file, thing.symbol.qualified, store) if asks_uses and thing.symbol.is_type else None,
        )
        for thing in things
    ]
    for thing in things[:2]:
        around = [*thing.bases[:MOST_HOPS], *thing.derived[:MOST_HOPS]]
        items += [block(dossier) for dossier in dossiers(around, store)]
    for facts in (facts for path in name.files[:2] if (facts := file_facts(path, store))):
        items.append(file_block(facts, uses=_uses(facts.path, "", store)) if asks_uses else facts)
    items += [build for build in store.builds() if build.file in name.files]
    items += [entry.build for entry in name.entries]
    items += [setting_facts(places) for places in settings_by_name(name.settings)]
    return items


def _of_topics(linked: Linked, store: Store) -> list[Item]:
    items: list[Item] = []
    if _BUILD_TOPICS & set(linked.topics):
        items += builds_for(linked.question, store)
    if "changes" in linked.topics and (commits := store.history().commits):
        items += [changed_facts("project", commits[0]), history_facts(commits[:MOST_TOLD])]
    if "configuration" in linked.topics:
        options = [option.name for build in own(store.builds()) for option in build.options]
        items += [setting_facts(places) for places in settings_about(telling_words(linked.question), store)[:MOST_HITS]]
        items.append(configuration_facts(store.settings(), options, project=linked.project))
    stack = store.stack()
    if _PROJECT_TOPICS & set(linked.topics) and stack != Stack():
        items.append(stack)
    if {"types", "overview"} & set(linked.topics):
        items += [block(dossier) for dossier in dossiers(main_types(store, 4), store)]
    return items
