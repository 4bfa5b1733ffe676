"""Yes or no: does this derive from that, has this a member of that name. A no names what is true instead."""

import re

from codeanvil.answers.finding.contracts import implemented
from codeanvil.answers.finding.hops import dossiers, inherited, lineage, outside_bases
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.understanding.resolve import Named
from codeanvil.answers.writing.cite import Citation, joined, of, with_link
from codeanvil.answers.writing.draft import Draft
from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.workspace.store import Store

_YES = ("Yes", "yes")
_NO = ("No", "no ", "not ", "n't")


def write(linked_question: Linked, store: Store) -> Draft | None:
    """The answer to a question about a relation of two names; None for any other question."""
    names = linked_question.names
    if len(names) < 2:
        return None
    if linked_question.intent == "is_a":
        first, second = (names[1], names[0]) if _asks_upwards(linked_question) else (names[0], names[1])
        return _is_a(first, second, store)
    if linked_question.intent == "has_member":
        owner = next((s for name in names for s in name.symbols if s.is_type), None)
        member = next((name for name in names if owner and not any(s.is_type for s in name.symbols)), None)
        if owner and member:
            return _has_member(owner, member, store)
    return None


def _asks_upwards(linked_question: Linked) -> bool:
    """Whether the first name is asked to be the base: "is A a base of B"."""
    first, second = linked_question.names[0].name, linked_question.names[1].name
    between = linked_question.question.partition(first)[2].partition(second)[0]
    return bool(re.search(r"\b(base|parent|super|ancestor|above|generali)", between, re.IGNORECASE))


def _is_a(first: Named, second: Named, store: Store) -> Draft | None:
    subjects = [s for s in first.symbols if s.is_type]
    if not subjects:
        return None
    other = second.spelled or second.name
    ways = [(each, way) for each in subjects if (way := lineage(each, other, store))]
    subject, way = ways[0] if ways else (subjects[0], None)
    it = with_link(subject)
    if way:
        through = f", by way of {prose.listed(way[1:-1])}" if len(way) > 2 else ""
        cites = (of(subject), *(of(s) for s in second.symbols[:1]))
        return Draft(f"Yes, {it} derives from {prose.code(other)}{through}.", cites, (_YES,))
    if contract := next((i for i in implemented(subject, store) if i in second.symbols), None):
        text = f"Yes, {it} implements {with_link(contract)}: it has all its methods."
        return Draft(text, (of(subject), of(contract)), (_YES,))
    bases = list(dict.fromkeys(subject.bases))
    instead = f"it derives from {prose.listed(bases)}" if bases else "it has no base classes"
    text = f"No, {it} does not derive from {prose.code(other)}: {instead}."
    if any(lineage(s, subject.name, store) for s in second.symbols):
        text += f" It is the other way round: {prose.code(other)} derives from {prose.code(subject.name)}."
    if second.is_missing:
        text += f" There is no {prose.code(second.name)} in this workspace."
    elif outside := [base for base in outside_bases(subject, store) if base not in bases]:
        text += (
            f" Further up, {prose.listed(outside)} lie outside this workspace."
            if len(outside) > 1
            else (f" Further up, {prose.code(outside[0])} lies outside this workspace.")
        )
    return Draft(text, (of(subject),), (_NO,), found=not second.is_missing)


def _has_member(owner: Symbol, member: Named, store: Store) -> Draft:
    name = member.spelled or member.name.removesuffix("()")
    own = [s for s in store.members_of(owner) if s.name == name]
    if own or name in owner.methods:
        dossier = dossiers(own[:1], store)[0] if own else None
        where = f", in {joined(of(s).link for s in dossier.places[:3])}" if dossier else ""
        doc = f" {prose.sentence(dossier.symbol.doc)}" if dossier and dossier.symbol.doc else ""
        cites = tuple(of(s) for s in dossier.places[:3]) if dossier else (of(owner),)
        return Draft(
            f"Yes, {with_link(owner)} has {_what(own)} {prose.code(name)}{where}.{doc}", cites, (_YES, (name,))
        )
    if above := inherited(owner, name, store):
        text = f"Yes, {with_link(owner)} inherits {prose.code(name)}: it is declared as {with_link(above)}."
        return Draft(text, (of(owner), of(above)), (_YES, (name,)))
    return lacking(member, owner, store)


def _what(own: list[Symbol]) -> str:
    kind = own[0].kind if own else "method"
    return f"the {'method' if kind == 'function' else kind}"


def lacking(member: Named, owner: Symbol, store: Store) -> Draft:
    """That a type has no member of this name; where the name occurs instead; what may still provide it."""
    name = member.name.removesuffix("()")
    simple = re.split(r"::|[.#]|->", name)[-1]
    if above := inherited(owner, simple, store):
        text = f"{with_link(owner)} inherits {prose.code(simple)}: it is declared as {with_link(above)}."
        return Draft(text, (of(owner), of(above)), ((simple,),))
    if member.uses:
        path, line = member.uses[0]
        cite = Citation(path, line, owner.qualified)
        text = (
            f"{prose.code(simple)} is not a method of {with_link(owner)}, but stands in its definition at {cite.link}."
        )
        return Draft(text, (of(owner), cite), ((simple,),))
    text = f"No, there is no method {prose.code(simple)} in {with_link(owner)}."
    cites = [of(owner)]
    if elsewhere := [s for s in member.symbols if s.kind == "method" and not s.decl] or list(member.symbols):
        text += f" A method of that name belongs to {joined(with_link(s) for s in elsewhere[:4])}."
        cites += [of(s) for s in elsewhere[:4]]
    elif member.nearest:
        text += f" The nearest to it: {joined(with_link(s) for s in member.nearest)}."
        cites += [of(s) for s in member.nearest]
    elif owner.methods:
        text += f" Its methods are {prose.listed(prose.method_names(owner))}."
    if outside := outside_bases(owner, store):
        verb = "lies" if len(outside) == 1 else "lie"
        text += (
            f" What it inherits from {prose.listed(outside)}, which {verb} outside this workspace, is not known here."
        )
    return Draft(text, tuple(cites), (_NO,), found=False)
