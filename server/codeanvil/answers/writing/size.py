"""How large a project is: files, lines, types."""

from collections import Counter

from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.writing.draft import Draft
from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.model import TYPE_KINDS
from codeanvil.facts.roles import NOT_OWN
from codeanvil.samples import prose
from codeanvil.workspace.store import Store


def size(linked: Linked, store: Store) -> Draft:
    """Source files and their lines, by language, and types; what is vendored or generated apart."""
    own = [row for row in store.files() if row.lang in LANGUAGES and row.role not in NOT_OWN]
    lines: Counter[str] = Counter()
    for row in own:
        lines[prose.language_name(row.lang)] += row.lines
    types = sum(store.report().symbols.get(kind, 0) for kind in TYPE_KINDS)
    told = ", ".join(f"{name} {count:,}" for name, count in lines.most_common())
    total = f"{lines.total():,}"
    text = (
        f"{prose.code(linked.project)} has {len(own):,} source files with {total} lines ({told}) and {types:,} types."
    )
    return Draft(text, (), ((total, str(lines.total())),))
