"""What types have from each other: bases in prose, inherited and overridden methods, who implements an interface."""

from collections.abc import Sequence

from codeanvil.answers.finding.hops import Dossier, above
from codeanvil.answers.writing.cite import joined, of, with_link
from codeanvil.answers.writing.draft import Draft
from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.workspace.store import Store

MOST_LISTED = 60
"""Names listed in one answer."""


def bases_of(dossier: Dossier) -> str:
    """The bases in prose, with links to those that the workspace defines."""
    known = {s.name: s for s in reversed(dossier.bases)}
    return joined(with_link(known[b]) if b in known else prose.code(b) for b in dict.fromkeys(dossier.symbol.bases))


def inherited_members(dossier: Dossier, store: Store) -> Draft | None:
    """What a type has from those above it, and what of that it defines anew; None where there is nothing of both."""
    symbol = dossier.symbol
    it, known = f"{prose.code(prose.display(symbol))} ({of(symbol).link})", set(dossier.methods)
    said, cites = [], [of(symbol)]
    for parent in above(symbol, store):
        names = [name for name in prose.method_names(parent) if name != parent.name and not name.startswith("~")]
        anew = [name for name in names if name in known and name in dossier.methods]
        kept = [name for name in names if name not in known]
        parts = [
            f"inherits {prose.listed(kept, MOST_LISTED)}" if kept else "",
            f"overrides {prose.listed(anew)}" if anew else "",
        ]
        if told := " and ".join(filter(None, parts)):
            said.append(f"From {with_link(parent)} it {told}.")
            cites.append(of(parent))
        known |= set(names)
    if not said:
        return None
    return Draft(" ".join([f"{it} derives from {bases_of(dossier)}.", *said]), tuple(cites), ())


def implemented_by(it: str, dossier: Dossier, meeting: Sequence[Symbol]) -> Draft:
    """The types that have all methods of an interface, and those that embed it."""
    shown = meeting[:MOST_LISTED]
    more = f" and {len(meeting) - len(shown)} more" if len(meeting) > len(shown) else ""
    has = "it has" if len(meeting) == 1 else "they have"
    text = f"{it} is implemented by {joined(with_link(s) for s in shown)}{more}: {has} all its methods."
    if others := [s for s in dossier.derived if s not in meeting]:
        text += f" It is embedded in {joined(with_link(s) for s in others[:MOST_LISTED])}."
    cites = (of(dossier.symbol), *(of(s) for s in [*shown, *others]))
    return Draft(text, cites, tuple((s.name,) for s in shown))
