"""Answers about files and folders, from the index."""

from codeanvil.answers.finding.occurrences import find_word
from codeanvil.answers.understanding.resolve import Named
from codeanvil.answers.writing.cite import Citation, joined, of, with_link
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.facts.model import BuildFacts, FileFacts, Symbol
from codeanvil.samples import prose, prose_build
from codeanvil.workspace.store import Store

MOST_FILES = 8
MOST_SYMBOLS = 40


def file_facts(path: str, store: Store) -> FileFacts | None:
    """What one indexed source file says; None for a build file or one that is not indexed."""
    return None if any(build.file == path for build in store.builds()) else store.facts(path)


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
    if intent == "users":
        return _used(path, store)
    facts = file_facts(path, store)
    if facts is None:
        build = next((b for b in store.builds() if b.file == path), None)
        return _build(build) if build else Draft(f"{Citation(path, 1).link} is in the workspace.", (Citation(path, 1),))
    if intent == "purpose":
        top = Citation(path, 1)
        return Draft(f"{top.link}: {prose.file_purpose(facts)}", (top,), ((path,),))
    return _contents(facts, intent)


def _used(path: str, store: Store) -> Draft:
    """Which files mention the file's name, else its module's."""
    top, name = Citation(path, 1), path.rsplit("/", 1)[-1]
    found = find_word(store, name) or find_word(store, name.rsplit(".", 1)[0])
    using = [Citation(p, line) for p, line in found if p != path]
    if not using:
        return Draft(f"{top.link} is mentioned in no other file of this workspace.", (top,), ((path,),))
    text = f"{top.link} is mentioned in {joined(c.link for c in using)}."
    return Draft(text, (top, *using), tuple((c.path,) for c in using))


def _build(build: BuildFacts) -> Draft:
    """What a build file sets up."""
    top = Citation(build.file, 1)
    said = [f"{top.link} is a build file of {prose_build.system_name(build)}."]
    if build.targets:
        said.append(f"It has the targets {prose.listed((t.name for t in build.targets), MOST_SYMBOLS)}.")
    if build.options:
        said.append(f"Its options are {prose.listed((o.name for o in build.options), MOST_SYMBOLS)}.")
    if build.dependencies:
        needs = dict.fromkeys(map(prose_build.versioned, build.dependencies))
        said.append(f"It needs {prose.listed(needs, MOST_SYMBOLS)}.")
    if build.subfolders:
        said.append(prose_build.subfolders(build))
    return Draft(" ".join(said), (top,), ((build.file,),))


def _contents(facts: FileFacts, intent: str) -> Draft:
    """What a source file is and defines; the names are required of other answers where they are asked for."""
    top = Citation(facts.path, 1)
    said = f"{top.link} is a {prose.language_name(facts.lang)} file of {facts.lines} lines."
    if facts.doc:
        said += f" {prose.sentence(facts.doc)}"
    shown = [s for s in facts.symbols if s.kind not in {"method", "constructor"} or s.scope == ""]
    shown = [s for s in shown if not (s.decl and s.is_type)] or shown
    types, functions = prose.file_parts(facts)
    names = [*types, *functions][:MOST_SYMBOLS]
    if not shown:
        methods = [s for s in facts.symbols if s.kind in {"method", "constructor"}]
        names = list(dict.fromkeys(s.scope.rsplit(".", 1)[-1] for s in methods))
        said += f" It defines methods of {prose.listed(names)}." if names else " It defines no types and no functions."
    else:
        lines = [f"- {_line(s)}" for s in shown[:MOST_SYMBOLS]]
        lines += [f"- and {len(shown) - MOST_SYMBOLS} more"] if len(shown) > MOST_SYMBOLS else []
        said += " It defines:\n\n" + "\n".join(lines)
    required = tuple((name,) for name in names) if intent == "methods" else ((facts.path,),)
    return Draft(said, (top, *(of(s) for s in shown[:MOST_SYMBOLS])), required)


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
