"""What samples depend on, read from the store: one view per file, one for the project."""

import hashlib
from collections import Counter
from dataclasses import replace

from codeanvil.facts.builds.systems import rank
from codeanvil.facts.model import FileFacts, Setting
from codeanvil.samples.generate import absent_candidates
from codeanvil.samples.model import DocumentView, FileView, ProjectView
from codeanvil.samples.views import MOST_ELSEWHERE
from codeanvil.settings import SampleSettings
from codeanvil.workspace.store.reading import Store
from codeanvil.workspace.store.relations import types_in
from codeanvil.workspace.store.rows import outline
from codeanvil.workspace.store.words import words_of

MOST_SETTINGS = 100
"""Settings of one kind that the project's view holds."""

MOST_TYPES = 40
"""Types that the project's view names."""


View = FileView | DocumentView | ProjectView


def file_view(store: Store, path: str) -> FileView | None:
    """The view of one file of the store; None where it is not in the store or no source."""
    facts = store.facts(path)
    if facts is None or not store.is_source(path):
        return None
    facts = replace(facts, symbols=tuple(store.whole(symbol) for symbol in facts.symbols))
    types = {symbol.qualified: symbol.name for symbol in facts.symbols if symbol.is_type and not symbol.decl}
    derived = {
        qualified: tuple(
            dict.fromkeys(
                outline(symbol)
                for symbol in store.derived_from(name)
                if not symbol.decl and (symbol.file, symbol.qualified) != (path, qualified)
            )
        )
        for qualified, name in types.items()
    }
    candidates = absent_candidates(facts)
    borne = store.any_named(candidates)
    names = dict.fromkeys(symbol.name for symbol in facts.symbols)
    elsewhere = {name: store.places(name, path, MOST_ELSEWHERE) for name in names}
    text = store.text(path)
    return FileView(
        facts=facts,
        text=text,
        derived={qualified: symbols for qualified, symbols in derived.items() if symbols},
        absent=tuple(sorted(name for name in candidates if name not in borne)),
        elsewhere={name: places for name, places in elsewhere.items() if places},
        users=store.users_by_name(facts, [name for name in _referred(facts) if not elsewhere[name]]),
        uses=uses_in(store, facts, text),
    )


def document_view(store: Store, path: str) -> DocumentView | None:
    """The view of one document of the store; None where there is none."""
    sections = tuple(store.sections_in(path))
    return DocumentView(path, sections) if sections else None


def _referred(facts: FileFacts) -> dict[str, None]:
    """Names of types and free functions of a file."""
    callables = {symbol.qualified for symbol in facts.symbols if symbol.kind in {"function", "method", "constructor"}}
    return dict.fromkeys(
        symbol.name
        for symbol in facts.symbols
        if not symbol.decl and (symbol.is_type or (symbol.kind == "function" and symbol.scope not in callables))
    )


def uses_in(store: Store, facts: FileFacts, text: str) -> dict[str, tuple[str, ...]]:
    """What `FileView.uses` says: of the file, and of each of its types."""
    used = store.types_used(facts, words_of(text))
    lines = text.split("\n")
    found = {"": tuple(sorted(used))}
    for symbol in facts.symbols:
        if symbol.is_type and not symbol.decl:
            found[symbol.qualified] = types_in(lines, symbol.line, symbol.end, used.difference(symbol.bases))
    return found


def project_view(store: Store, name: str) -> ProjectView:
    """The view of the whole project, with the stack as it was last put in the store.

    It holds figures only as precisely as a sentence would say them: an edit of one file leaves it equal.
    """
    builds = tuple(store.builds())
    exact = store.stack()
    rounded = replace(
        exact,
        languages=tuple(
            replace(share, lines=_rounded(share.lines, 1), share=round(share.share, 2)) for share in exact.languages
        ),
        entry_points=tuple((path, 0, how) for path, _, how in exact.entry_points),
    )
    types = sorted(
        ((qualified, _rounded(count, 1)) for qualified, count in store.most_referred(MOST_TYPES)),
        key=lambda item: (-item[1], item[0]),
    )
    top = sorted((build for build in builds if build.folder == "" and build.name), key=lambda b: rank(b.system))
    named = next((build.name for build in top), name)
    texts = {build.file: store.text(build.file) for build in builds}
    history = store.history()
    borne = store.any_named(tuple(removed.name for removed in history.removed))
    gone = tuple(removed for removed in history.removed if removed.name not in borne)
    told = tuple(replace(setting, line=0) for setting in _most_told(store.settings()))
    return ProjectView(named, builds, rounded, texts, tuple(types), replace(history, removed=gone), told)


def _most_told(settings: list[Setting]) -> list[Setting]:
    """Up to MOST_SETTINGS of each kind, those that most files read first; of these all places, in their order."""
    read: dict[tuple[str, str], int] = Counter((setting.kind, setting.name) for setting in settings)
    kept: set[tuple[str, str]] = set()
    for kind in {kind for kind, _ in read}:
        names = [key for key in read if key[0] == kind]
        kept.update(sorted(names, key=lambda key: (-read[key], key))[:MOST_SETTINGS])
    return [setting for setting in settings if (setting.kind, setting.name) in kept]


def digest(view: View, settings: SampleSettings) -> str:
    """Hex SHA-256 of all that the samples of a view depend on; the text of a source file is in its facts' hash."""
    values = replace(view, text="") if isinstance(view, FileView) else view
    return hashlib.sha256(f"{values!r}{settings!r}".encode(errors="surrogatepass")).hexdigest()


def _rounded(count: int, figures: int) -> int:
    """A count to so many significant figures."""
    return int(float(f"{count:.{figures - 1}e}"))
