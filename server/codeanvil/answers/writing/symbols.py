"""Answers about one symbol, an intent each: where, methods, bases, derived types, signature, users, purpose."""

import re
from collections.abc import Callable
from dataclasses import replace

from codeanvil.answers.finding.contracts import implemented, implementers
from codeanvil.answers.finding.hops import Dossier, users
from codeanvil.answers.writing.cite import Citation, joined, of, with_link
from codeanvil.answers.writing.draft import Draft
from codeanvil.answers.writing.lineage import bases_of, implemented_by, inherited_members
from codeanvil.facts.model import Symbol
from codeanvil.facts.roles import role_of
from codeanvil.samples import prose
from codeanvil.samples.evidence import is_constructor
from codeanvil.workspace.store import Store

MOST_LISTED = 60
"""Names listed in one answer."""

MOST_PLACES = 12
"""Definitions of one function told apart in one answer."""

MOST_USERS = 12
"""Files that use a thing listed in one answer."""

MOST_LOOKED_AT = 40
"""Files looked at for a few that use a thing: of a common name, thousands may."""

MOST_LINES = 40
"""Lines of code shown in one answer."""

MOST_CALLERS = 6
"""Functions and types that use a thing named in one answer."""


def _kind(symbol: Symbol) -> str:
    kind = prose.kind_phrase(symbol.kind)
    return kind if symbol.kind not in {"function", "method"} or not symbol.decl else f"{kind} declared"


def _where(dossier: Dossier, _store: Store) -> Draft:
    symbol, places = dossier.symbol, dossier.places
    here = [s for s in places if s.decl == symbol.decl]
    done = "declared" if symbol.decl else "defined"
    text = f"{prose.code(prose.display(symbol))} is {prose.kind_phrase(symbol.kind)} {done} in "
    text += joined(of(s).link for s in here[:MOST_PLACES])
    if declared := [s for s in places if s.decl and s not in here]:
        text += f" and declared in {joined(of(s).link for s in declared[:3])}"
    if symbol.scope and symbol.kind not in {"method", "constructor"}:
        text += f", inside {prose.code(symbol.scope.replace('.', prose.separator(symbol)))}"
    cited = tuple(of(s) for s in [*here, *declared[:3]])
    return Draft(f"{text}.", cited, (tuple(dict.fromkeys(s.file for s in places)),))


def brief(dossier: Dossier, _store: Store) -> Draft:
    """One line of a list of things with the same name."""
    symbol = dossier.symbol
    doc = f": {prose.sentence(symbol.doc)}" if symbol.doc else "."
    return Draft(f"{with_link(symbol)}, {prose.kind_phrase(symbol.kind)}{doc}", (of(symbol),), ((symbol.file,),))


def _methods(dossier: Dossier, store: Store) -> Draft:
    symbol, names = dossier.symbol, dossier.methods
    if not symbol.is_type:
        return purpose(dossier, store)
    it = f"{prose.code(prose.display(symbol))} ({of(symbol).link})"
    nested = [s for s in dossier.members if s.is_type and not s.decl]
    cites = [of(symbol)]
    if not names and symbol.kind == "enum":
        return _code(dossier, store)
    if not names:
        text = f"{it} declares no methods of its own."
    else:
        count = "one method" if len(names) == 1 else f"{len(names)} methods"
        lines = []
        for name in names[:MOST_LISTED]:
            member = dossier.method(name)
            doc = f" — {prose.sentence(member.doc)}" if member and member.doc else ""
            lines.append(f"- {prose.code(name)}" + (f" ({of(member).link})" if member else "") + doc)
            cites += [of(member)] if member else []
        more = f"\n- and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
        text = f"{it} has {count}:\n\n" + "\n".join(lines) + more
    if nested:
        text += f"\n\nNested types: {prose.listed([s.name for s in nested], MOST_LISTED)}."
    if dossier.bases:
        text += f"\n\nIt also inherits from {joined(with_link(s) for s in dossier.bases)}."
    return Draft(text, tuple(cites), tuple((name,) for name in names[:MOST_LISTED] if not name.startswith("_")))


def _inheritance(dossier: Dossier, store: Store) -> Draft:
    symbol = dossier.symbol
    if not symbol.is_type:
        return _where(dossier, store)
    it = f"{prose.code(prose.display(symbol))} ({of(symbol).link})"
    bases = list(dict.fromkeys(symbol.bases))
    met = implemented(symbol, store)[:MOST_LISTED]
    meets = f"It implements {joined(with_link(s) for s in met)}: it has all their methods." if met else ""
    if not bases:
        return Draft(
            f"{it} has no base classes. {meets}".strip(),
            (of(symbol), *(of(s) for s in met)),
            () if met else (("no base", "no parent", "not derive", "not inherit", "nothing"),),
        )
    known = {s.name: s for s in reversed(dossier.bases)}
    text = f"{it} derives from {bases_of(dossier)}."
    above = [f"{prose.code(s.name)} in turn derives from {prose.listed(s.bases)}." for s in known.values() if s.bases]
    if outside := [base for base in bases if base not in known]:
        above.append(f"{prose.listed(outside)} {'is' if len(outside) == 1 else 'are'} defined outside this workspace.")
    cites = (of(symbol), *(of(s) for s in [*dossier.bases, *met]))
    return Draft(" ".join(filter(None, [text, *above, meets])), cites, tuple((b,) for b in bases))


def _derived(dossier: Dossier, store: Store) -> Draft:
    symbol = dossier.symbol
    if not symbol.is_type:
        return _where(dossier, store)
    it = f"{prose.code(prose.display(symbol))} ({of(symbol).link})"
    if meeting := implementers(symbol, store):
        return implemented_by(it, dossier, meeting)
    if not dossier.derived:
        return Draft(
            f"{it} has no derived classes in this workspace.",
            (of(symbol),),
            (("no derived", "no class", "no type", "nothing", "none", "None", "Nothing", "No "),),
        )
    text = f"{it} is the base of {joined(with_link(s) for s in dossier.derived[:MOST_LISTED])}."
    below = []
    for heir in dossier.derived[:MOST_LISTED]:
        names = prose.names_of(store.derived_from(heir.name))
        below += (
            [f"{prose.listed(names)} {'derives' if len(names) == 1 else 'derive'} from {prose.code(heir.name)}."]
            if names
            else []
        )
    more = f"\n\nFurther down: {' '.join(below[:8])}" if below else ""
    return Draft(
        text + more, (of(symbol), *(of(s) for s in dossier.derived)), tuple((s.name,) for s in dossier.derived)
    )


def _inherited(dossier: Dossier, store: Store) -> Draft:
    found = inherited_members(dossier, store) if dossier.symbol.is_type else None
    return found or _inheritance(dossier, store)


def _signature(dossier: Dossier, store: Store) -> Draft:
    symbol = dossier.symbol
    if symbol.is_type:
        makers = [m for m in dossier.members if is_constructor(m) and m.signature]
        if not makers:
            return purpose(dossier, store)
        text = f"{prose.constructor(symbol, makers)} ({joined(of(m).link for m in makers[:3])})"
        return Draft(text, tuple(of(m) for m in makers[:3]), ((symbol.name,),))
    signed = [s for s in dossier.places if s.signature][:6]
    if not signed:
        return purpose(dossier, store)
    if len(signed) == 1:
        doc = f" {prose.sentence(symbol.doc)}" if symbol.doc else ""
        return Draft(
            f"{prose.signature(signed[0])} ({of(signed[0]).link}){doc}",
            (of(signed[0]),),
            ((prose.signature_text(signed[0]),),),
        )
    lines = "\n".join(f"- {prose.code(prose.signature_text(s))} ({of(s).link})" for s in signed)
    alternatives = tuple(prose.signature_text(s) for s in signed)
    return Draft(
        f"{prose.code(prose.display(symbol))} is declared as:\n\n{lines}", tuple(of(s) for s in signed), (alternatives,)
    )


def _users(dossier: Dossier, store: Store) -> Draft:
    symbol, found = dossier.symbol, users(dossier.symbol, store)
    shown = found[:MOST_USERS]
    it = f"{prose.code(prose.display(symbol))} ({of(symbol).link})"
    if not found:
        return Draft(f"{it} is mentioned in no other file of this workspace.", (of(symbol),), ((symbol.name,),))
    cites = tuple(Citation(use.path, use.line) for use in shown)
    more = f", and in {len(found) - len(shown)} other files" if len(found) > len(shown) else ""
    around = [use.within for each in shown[:MOST_CALLERS] for use in store.uses_in(each.path, symbol.name)]
    callers = list(dict.fromkeys(name for name in around if name))[:MOST_CALLERS]
    by = f" There {prose.listed(callers)} mention{'s' if len(callers) == 1 else ''} it." if callers else ""
    return Draft(
        f"{it} is used in {joined(c.link for c in cites)}{more}.{by}",
        (of(symbol), *cites),
        tuple((c.path,) for c in cites),
    )


def _exists(dossier: Dossier, _store: Store) -> Draft:
    symbol = dossier.symbol
    doc = f" {prose.sentence(symbol.doc)}" if symbol.doc else ""
    text = f"Yes, {prose.code(prose.display(symbol))} is {_kind(symbol)} in {of(symbol).link}.{doc}"
    return Draft(text, (of(symbol),), ((symbol.name,), ("Yes", "yes", "exists", "is a", "there is", "There is")))


def purpose(dossier: Dossier, store: Store) -> Draft:
    """What a thing is for: its description first; then what its name, members, bases and users tell."""
    symbol = dossier.symbol
    said = [f"{prose.code(prose.display(symbol))} ({of(symbol).link}) is {prose.kind_phrase(symbol.kind)}"]
    documented = next((s for s in dossier.places if s.doc), None)
    if documented:
        said[0] += f": {prose.sentence(documented.doc)}"
    else:
        said[0] += " without a description of its own."
    said += _surroundings(dossier, store)
    cites = [of(symbol), *(of(s) for s in dossier.bases)]
    used = users(symbol, store, MOST_LOOKED_AT)[:4]
    if used:
        cited = [Citation(use.path, use.line) for use in used]
        said.append(f"It is used in {joined(c.link for c in cited)}.")
        cites += cited
    return Draft(" ".join(said), tuple(cites), ((symbol.name,), *_told(documented.doc if documented else "")))


def about(dossier: Dossier, store: Store) -> Draft:
    """The same facts where nothing in particular is asked: other words may tell any of them."""
    return replace(purpose(dossier, store), required=((dossier.symbol.name,),))


def _told(doc: str) -> tuple[tuple[str, ...], ...]:
    """What words about a thing with this description must hold: one word of each half of those that matter.

    Other wordings pass; an answer to another question, or a garbled description, does not.
    """
    words = [word for word in dict.fromkeys(re.findall(r"[A-Za-z]{5,}", doc)) if word[0].islower()]
    return (tuple(words[::2]), tuple(words[1::2])) if len(words) > 1 else ()


def _surroundings(dossier: Dossier, store: Store) -> list[str]:
    symbol, said = dossier.symbol, []
    if symbol.bases:
        said.append(f"It derives from {bases_of(dossier)}.")
    if symbol.is_type and (names := dossier.methods):
        told = [m for name in names if (m := dossier.method(name)) and m.doc][:3]
        said.append(f"Its {'method is' if len(names) == 1 else 'methods are'} {prose.listed(names)}.")
        if not symbol.doc and told:
            said.append(" ".join(f"{prose.code(m.name)}: {prose.sentence(m.doc)}" for m in told))
    if meeting := implementers(symbol, store):
        said.append(f"It is implemented by {prose.listed(prose.names_of(meeting))}.")
    elif dossier.derived:
        said.append(f"It is the base of {prose.listed(prose.names_of(dossier.derived))}.")
    if not symbol.is_type and symbol.signature:
        said.append(f"Its signature is {prose.code(prose.signature_text(symbol))}.")
    return said


def _owner(dossier: Dossier, store: Store) -> Draft:
    """Which type a member belongs to, and where it stands."""
    symbol, draft = dossier.symbol, _where(dossier, store)
    if symbol.is_type or not symbol.scope:
        return draft
    text = f"{prose.owner(symbol.name, [symbol.scope.rsplit('.', 1)[-1]])} {draft.text}"
    return Draft(text, draft.citations, ((symbol.scope.rsplit(".", 1)[-1],),))


def _tests(dossier: Dossier, store: Store) -> Draft:
    """The files of tests that mention a thing."""
    symbol = dossier.symbol
    it = f"{prose.code(prose.display(symbol))} ({of(symbol).link})"
    found = [use for use in users(symbol, store) if role_of(use.path, b"", None) == "test"]
    if not found:
        return Draft(f"No test of this workspace mentions {it}.", (of(symbol),))
    cites = tuple(Citation(use.path, use.line) for use in found[:MOST_USERS])
    more = f", and in {len(found) - len(cites)} other test files" if len(found) > len(cites) else ""
    text = f"{it} is tested in {joined(c.link for c in cites)}{more}."
    return Draft(text, (of(symbol), *cites), tuple((c.path,) for c in cites[:1]))


def _code(dossier: Dossier, store: Store) -> Draft:
    """Where a thing is defined, and its text."""
    symbol, draft = dossier.symbol, _where(dossier, store)
    lines = store.text(symbol.file).splitlines()[symbol.line - 1 : symbol.end]
    shown = "\n".join(lines[:MOST_LINES]) + ("\n…" if len(lines) > MOST_LINES else "")
    return replace(draft, text=f"{draft.text}\n\n{prose.code_block(shown, symbol.lang)}") if lines else draft


WRITERS: dict[str, Callable[[Dossier, Store], Draft]] = {
    "where": _where,
    "owner": _owner,
    "methods": _methods,
    "inheritance": _inheritance,
    "inherited": _inherited,
    "is_a": _inheritance,
    "has_member": purpose,
    "derived": _derived,
    "signature": _signature,
    "tests": _tests,
    "code": _code,
    "users": _users,
    "exists": _exists,
    "purpose": purpose,
    "about": about,
}
