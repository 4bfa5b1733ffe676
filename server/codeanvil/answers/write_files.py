"""Answers about files and folders, from the index."""

from codeanvil.answers.cite import Citation, joined, of, with_link
from codeanvil.answers.draft import Draft, stack_up
from codeanvil.answers.occurrences import find_word
from codeanvil.answers.resolve import Named
from codeanvil.facts.model import FileFacts, Symbol
from codeanvil.samples import prose
from codeanvil.workspace.store import Store

MOST_FILES = 8
MOST_SYMBOLS = 40


def file_facts(path: str, store: Store) -> FileFacts | None:
    """What one indexed file says; None for a build file or one that is not indexed."""
    row = store.file(path)
    if row is None or not row.lang:
        return None
    return FileFacts(
        row.path, row.lang, row.sha, row.lines, tuple(store.symbols_in(path)), doc=row.doc, problem=row.problem
    )


def write(name: Named, intent: str, store: Store) -> Draft:
    """What the files or the folder of this name hold."""
    if name.files[0].endswith("/"):
        return _folder(name.files[0], store)
    drafts = [_file(path, intent, store) for path in name.files[:MOST_FILES]]
    more = len(name.files) - MOST_FILES
    return stack_up([*drafts, Draft(f"{more} more files have that name.")] if more > 0 else drafts)


def outside(name: Named) -> Draft:
    """That a file is there but not indexed."""
    cites = tuple(Citation(path, 1) for path in name.outside)
    links = joined(cite.link for cite in cites)
    text = f"{links} is in the workspace, but is not a source or build file that the index reads."
    return Draft(text, cites, ((name.outside[0],),))


def _file(path: str, intent: str, store: Store) -> Draft:
    facts = file_facts(path, store)
    top = Citation(path, 1)
    if facts is None:
        build = next((b for b in store.builds() if b.file == path), None)
        system = f" of {build.system}" if build else ""
        return Draft(
            f"{top.link} is a build file{system}." if build else f"{top.link} is in the workspace.", (top,), ((path,),)
        )
    if intent == "users":
        stem = path.rsplit("/", 1)[-1]
        using = [
            Citation(p, line)
            for p, line in find_word(store, stem) or find_word(store, stem.rsplit(".", 1)[0])
            if p != path
        ]
        if using:
            text = f"{top.link} is mentioned in {joined(c.link for c in using)}."
            return Draft(text, (top, *using), tuple((c.path,) for c in using))
        return Draft(f"{top.link} is mentioned in no other file of this workspace.", (top,), ((path,),))
    said = f"{top.link} is a {prose.language_name(facts.lang)} file of {facts.lines} lines."
    if facts.doc:
        said += f" {prose.sentence(facts.doc)}"
    shown = [s for s in facts.symbols if s.kind not in {"method", "constructor"} or s.scope == ""]
    shown = [s for s in shown if not (s.decl and s.is_type)] or shown
    if not shown:
        methods = [s for s in facts.symbols if s.kind in {"method", "constructor"}]
        owners = list(dict.fromkeys(s.scope.rsplit(".", 1)[-1] for s in methods))
        said += (
            f" It defines methods of {prose.listed(owners)}." if owners else " It defines no types and no functions."
        )
        return Draft(said, (top,), ((path,), *((o,) for o in owners)))
    lines = [f"- {_line(s)}" for s in shown[:MOST_SYMBOLS]]
    if len(shown) > MOST_SYMBOLS:
        lines.append(f"- and {len(shown) - MOST_SYMBOLS} more")
    types, functions = prose.file_parts(facts)
    names = [*types, *functions][:MOST_SYMBOLS]
    return Draft(
        said + " It defines:\n\n" + "\n".join(lines),
        (top, *(of(s) for s in shown[:MOST_SYMBOLS])),
        tuple((n,) for n in names),
    )


def _line(symbol: Symbol) -> str:
    doc = f": {prose.sentence(symbol.doc)}" if symbol.doc else ""
    return f"{prose.kind_phrase(symbol.kind).split(' ', 1)[1]} {with_link(symbol)}{doc}"


def _folder(folder: str, store: Store) -> Draft:
    paths = [row.path for row in store.files() if f"/{folder}" in f"/{row.path.lower()}"]
    cites = [Citation(path, 1) for path in paths[:MOST_SYMBOLS]]
    what = next(
        (what for path, what in store.stack().folders if path.lower().strip("/").endswith(folder.strip("/"))), ""
    )
    told = f" It holds {prose.folded(what).rstrip('.')}." if what else ""
    count = "one file" if len(paths) == 1 else f"{len(paths)} files"
    text = f"{prose.code(folder)} has {count} in the index.{told}\n\n" + "\n".join(f"- {c.link}" for c in cites)
    more = f"\n- and {len(paths) - len(cites)} more" if len(paths) > len(cites) else ""
    return Draft(text + more, tuple(cites), tuple((p,) for p in paths[:6]))
