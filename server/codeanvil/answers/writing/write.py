"""Answers without a model: facts about the names of a question in good prose, with links to their lines."""

import re
from collections.abc import Sequence

from codeanvil.answers.finding.hops import Dossier, dossiers
from codeanvil.answers.finding.occurrences import find_setting
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.understanding.resolve import Named
from codeanvil.answers.writing import changes, configuration, entries, files, project, relations, search
from codeanvil.answers.writing.cite import Citation, joined, of, with_link
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.answers.writing.symbols import MOST_LISTED, WRITERS, about, brief
from codeanvil.samples import prose
from codeanvil.workspace.store import Store

_TOLD_KINDS = frozenset({"class", "struct", "function", "method", "enum", "interface", "macro", "type"})

MOST_THINGS = 12
"""Things of one name that are told apart in one answer."""


def write(linked_question: Linked, store: Store) -> Draft:
    """The facts that answer a question."""
    used = None if linked_question.names else search.uses(linked_question, store)
    match linked_question.focus:
        case "topics":
            draft = project.write(linked_question, store)
            return stack_up([used, draft]) if used else draft
        case "search":
            return used or search.search(linked_question, store)
        case "names":
            if linked_question.intent == "changed" and (changed := changes.of_names(linked_question, store)):
                return changed
            related = relations.write(linked_question, store)
            return related or stack_up([_named(name, linked_question.intent, store) for name in linked_question.names])


def _named(name: Named, intent: str, store: Store) -> Draft:
    """The facts about one name, by what bears it."""
    if name.owner and not any(s.scope.endswith(name.owner.name) for s in name.symbols):
        draft = relations.lacking(name, name.owner, store)
    elif name.is_missing:
        draft = changes.gone(name, store) or absent(name)
    elif name.symbols:
        draft = _things(dossiers(name.symbols, store), intent, store)
        if name.spelled and _flat(name.spelled) != _flat(name.name):
            draft = draft.with_text(f"Taking {prose.code(name.name)} as {prose.code(name.spelled)}.\n\n{draft.text}")
    elif name.settings:
        draft = configuration.named(name)
    elif name.entries:
        draft = entries.entries(name)
    elif name.files:
        draft = files.write(name, intent, store)
    else:
        draft = files.outside(name) if name.outside else _mentioned(name, store)
    return draft


def _flat(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def absent(name: Named) -> Draft:
    """That nothing bears a name, and what comes near."""
    what = f"{name.kind} " if name.kind in _TOLD_KINDS else ""
    text = f"There is no {what}{prose.code(name.name)} in this workspace: nothing in its index has that name."
    if name.nearest:
        verb = "is" if len(name.nearest) == 1 else "are"
        plural = "" if len(name.nearest) == 1 else "s"
        text += f" The nearest name{plural} {verb} {joined(with_link(s) for s in name.nearest)}."
    return Draft(text, tuple(of(s) for s in name.nearest), found=False)


def _mentioned(name: Named, store: Store) -> Draft:
    """A name that the workspace uses and does not define: of a library, a field, a variable, an alias."""
    cites = tuple(Citation(path, line) for path, line in name.uses)
    it = prose.code(name.name)
    heirs = [s for s in store.derived_from(name.name) if s.is_type]
    if heirs:
        shown = joined(with_link(s) for s in heirs[:MOST_LISTED])
        text = f"{it} is not defined in this workspace; the types that derive from it here are {shown}."
        return Draft(text, tuple(of(s) for s in heirs), tuple((s.name,) for s in heirs))
    if set_in := find_setting(store, name.name, 1):
        path, line = set_in[0]
        cite, others = Citation(path, line), [c for c in cites if c.path != path][:6]
        said = store.text(path).splitlines()[line - 1].strip()
        more = f" It is used in {joined(c.link for c in others)}." if others else ""
        return Draft(f"{it} is set in {cite.link}: {prose.code(said)}.{more}", (cite, *others), ((path,),))
    places = joined(cite.link for cite in cites[:6])
    text = f"{it} is used in {places}, but it is not a type or function that this workspace defines."
    return Draft(text, cites[:6], ((name.uses[0][0],),))


def _things(things: Sequence[Dossier], intent: str, store: Store) -> Draft:
    writer = WRITERS.get(intent, about)
    if len(things) == 1:
        return writer(things[0], store)
    shown = list(things[:MOST_THINGS])
    first = shown[0].symbol
    kinds = {d.symbol.kind for d in shown}
    plural = {"class": "classes"}.get(first.kind, f"{first.kind}s") if len(kinds) == 1 else "definitions"
    more = f" (the first {len(shown)} are shown)" if len(things) > len(shown) else ""
    opening = f"There are {len(things)} {plural} named {prose.code(first.name)}{more}:"
    if len(things) > 4 and intent not in {"methods", "inheritance"}:
        writer = brief
    drafts = [writer(dossier, store) for dossier in shown]
    lines = "\n".join(f"- {_indented(draft.text)}" for draft in drafts)
    return stack_up([Draft(opening), *drafts]).with_text(f"{opening}\n\n{lines}")


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")
