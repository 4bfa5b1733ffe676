"""Answers about the project: build, run, test, dependencies, stack, layout."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from codeanvil.answers.finding.builds import (
    MOST_BUILDS,
    builds_able,
    builds_for,
    builds_meant,
    cite_of,
    outermost,
    told_by,
    unknown,
)
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.writing import changes, configuration
from codeanvil.answers.writing.cite import Citation, joined, of, with_link
from codeanvil.answers.writing.docs import build_files, docs, servers
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.answers.writing.papers import introduction, papers, under_titles
from codeanvil.answers.writing.size import size
from codeanvil.answers.writing.tools import tools
from codeanvil.facts.builds.systems import rank
from codeanvil.facts.model import BuildFacts, Symbol
from codeanvil.samples import prose, prose_build
from codeanvil.workspace.store import Store

MOST_LISTED = 60


def write(linked: Linked, store: Store) -> Draft:
    """The facts for every topic of the question."""
    return stack_up([_TOPICS[topic](linked, store) for topic in linked.topics])


_DOCUMENTED = {
    "build": "(build|compil|from source)",
    "install": "(install|setup|set up|getting started|quick ?start)",
    "run": "(usage|running|how to use|getting started|quick ?start|^run)",
    "test": "(^tests?$|testing|running (the )?tests?)",
}
"""Titles of documents under which they say how."""


def _commands(verb: str) -> Callable[[Linked, Store], Draft]:
    def tell(linked: Linked, store: Store) -> Draft:
        builds = builds_for(linked.question, store)
        able = builds_able(linked.question, store, lambda build: prose_build.commands(build, verb))
        drafts = [
            Draft(
                f"{prose_build.how_to(b, verb, linked.project)}\n\n{told_by(b)}",
                (cite_of(b),),
                tuple((step,) for step in prose_build.commands(b, verb)),
            )
            for b in able
        ]
        more = _test_places(linked, store) if verb == "test" else []
        if verb == "run" and (not able or store.stack().entry_points):
            more.append(_entry(linked, store))
        if not able or verb in {"install", "run"}:
            more += under_titles(_DOCUMENTED[verb], store, 2)
        more = [replace(draft, required=()) for draft in more] if able else more
        where = verb == "test" and re.search(r"\b(where|folder|director(y|ies)|locat\w+)\b", linked.question)
        drafts = [*more, *drafts] if where else [*drafts, *more]
        return stack_up(drafts) if drafts else unknown(f"how to {verb} {prose.code(linked.project)}", builds)

    return tell


def _test_places(linked: Linked, store: Store) -> list[Draft]:
    stack = store.stack()
    drafts = []
    if stack.test_frameworks:
        drafts.append(
            Draft(prose_build.test_frameworks(stack, linked.project), (), tuple((n,) for n in stack.test_frameworks))
        )
    folders = [path for path, _ in stack.folders if "test" in path.lower()]
    if folders:
        drafts.append(Draft(f"Tests lie in {prose.listed(folders)}."))
    return drafts


def _test_framework(linked: Linked, store: Store) -> Draft:
    stack = store.stack()
    names = tuple((n,) for n in stack.test_frameworks)
    return stack_up(
        [Draft(prose_build.test_frameworks(stack, linked.project), (), names), *_test_places(linked, store)[1:]]
    )


def _minimum(linked: Linked, store: Store) -> Draft:
    builds = builds_able(linked.question, store, lambda build: build.minimum)
    said = [(b, prose_build.minimum(b, linked.project), b.minimum) for b in builds]
    return _told(said) or unknown("which version it needs", builds_for(linked.question, store))


def _standard(linked: Linked, store: Store) -> Draft:
    builds = builds_able(linked.question, store, lambda build: build.standard) or [
        b for b in store.builds() if b.standard
    ]
    said = [(b, prose_build.standard(b, linked.project), b.standard) for b in builds]
    return _told(said) or unknown("which language standard it uses", builds_for(linked.question, store))


def _told(said: Sequence[tuple[BuildFacts, str, str]]) -> Draft | None:
    """A sentence of each build and the value in it, with where it is said; None where none says anything."""
    if not said:
        return None
    text = "\n\n".join(f"{sentence} {told_by(build)}" for build, sentence, _ in said)
    return Draft(text, tuple(cite_of(build) for build, _, _ in said), tuple((value,) for _, _, value in said))


def _options(linked: Linked, store: Store) -> Draft:
    chosen = builds_for(linked.question, store)
    builds = [b for b in builds_meant(linked.question, store) if b.options]
    if not builds and "configuration" in linked.topics:
        return Draft("")
    if not builds:
        return Draft(
            f"{prose.code(linked.project)} has no build options of its own.", tuple(cite_of(b) for b in chosen)
        )
    lines, cites = [], []
    for build in builds:
        for option in build.options[:MOST_LISTED]:
            cite = cite_of(build, option.line)
            doc = f": {prose.folded(option.doc)}" if option.doc else ""
            lines.append(
                f"- {prose.code(option.name)} (default {prose.code(option.default or 'unset')}, {cite.link}){doc}"
            )
            cites.append(cite)
    names = tuple((o.name,) for b in builds for o in b.options[:MOST_LISTED])
    return Draft(f"{prose.code(linked.project)} has these build options:\n\n" + "\n".join(lines), tuple(cites), names)


def _targets(linked: Linked, store: Store) -> Draft:
    found = [(b, t) for b in builds_meant(linked.question, store) for t in b.targets][:MOST_LISTED]
    if not found:
        return unknown("which targets it has", builds_for(linked.question, store))
    lines = [
        f"- {prose.code(t.name)}, {prose_build.TARGET_KINDS[t.kind]} ({cite_of(b, t.line).link})" for b, t in found
    ]
    text = f"{prose.code(linked.project)} has these targets:\n\n" + "\n".join(lines)
    return Draft(text, tuple(cite_of(b, t.line) for b, t in found), tuple((t.name,) for _, t in found))


def _dependencies(linked: Linked, store: Store) -> Draft:
    meant = builds_meant(linked.question, store)
    kept = set(prose_build.taken(d for b in meant for d in b.dependencies))
    found = [(b, d) for b in meant for d in b.dependencies if d in kept][:MOST_LISTED]
    chosen = builds_for(linked.question, store)
    if not found:
        text = f"The build files of {prose.code(linked.project)} name no dependencies."
        return Draft(f"{text} {told_by(*chosen)}" if chosen else text, tuple(cite_of(b) for b in chosen))
    seen: dict[str, str] = {}
    for build, dependency in found:
        group = prose_build.purpose(dependency)
        seen.setdefault(
            prose_build.versioned(dependency) + group,
            f"- {prose.code(prose_build.versioned(dependency))}{group} ({cite_of(build, dependency.line).link})",
        )
    text = f"{prose.code(linked.project)} depends on:\n\n" + "\n".join(seen.values())
    return Draft(text, tuple(cite_of(b, d.line) for b, d in found), tuple(dict.fromkeys((d.name,) for _, d in found)))


def _build_system(linked: Linked, store: Store) -> Draft:
    builds = _systems(linked.question, store)
    if not builds:
        return Draft("The workspace has no build file that the index knows.")
    said = [f"{prose_build.system(b, linked.project)} {told_by(b)}" for b in builds]
    needs = [d for b in builds for d in b.dependencies if d.group in {"build", "build-system"}]
    if needs:
        said.append(f"The build itself needs {prose.listed(dict.fromkeys(map(prose_build.versioned, needs)))}.")
    return Draft(
        "\n\n".join(said), tuple(cite_of(b) for b in builds), tuple((prose_build.system_name(b),) for b in builds)
    )


def _systems(question: str, store: Store) -> list[BuildFacts]:
    """One build file for each system that builds the project; for others only where none does."""
    meant = outermost(builds_meant(question, store))
    building = [b for b in meant if b.commands and rank(b.system) == 0] or [b for b in meant if b.commands] or meant
    return list({b.system: b for b in reversed(building)}.values())[::-1][:MOST_BUILDS]


def _languages(linked: Linked, store: Store) -> Draft:
    stack = store.stack()
    names = tuple((prose.language_name(share.lang),) for share in stack.languages if share.share >= 0.01)
    return (
        Draft(prose_build.languages(stack, linked.project), (), names)
        if names
        else Draft("The index holds no source files.")
    )


def _stack(linked: Linked, store: Store) -> Draft:
    stack, project = store.stack(), linked.project
    drafts = [_languages(linked, store), _build_system(linked, store)]
    if stack.libraries:
        drafts.append(Draft(prose_build.libraries(stack, project, MOST_LISTED, versions=True)))
    if stack.test_frameworks:
        drafts.append(Draft(prose_build.test_frameworks(stack, project)))
    return stack_up(drafts)


def _layout(linked: Linked, store: Store) -> Draft:
    stack, project = store.stack(), linked.project
    if not stack.folders:
        return Draft(f"All files of {prose.code(project)} lie in one folder.")
    lines = "\n".join(
        f"- {prose.code(path)}: {prose.folded(what)}" if what else f"- {prose.code(path)}"
        for path, what in stack.folders
    )
    return Draft(
        f"{prose.code(project)} has these folders:\n\n{lines}", (), tuple((path,) for path, _ in stack.folders[:12])
    )


def _entry(linked: Linked, store: Store) -> Draft:
    stack = store.stack()
    if not stack.entry_points:
        return Draft(prose_build.entry_points(stack, linked.project))
    cites = [Citation(path, max(1, line)) for path, line, _ in stack.entry_points]
    lines = "\n".join(
        f"- {c.link}: {how}" if how else f"- {c.link}" for c, (_, _, how) in zip(cites, stack.entry_points, strict=True)
    )
    return Draft(
        f"{prose.code(linked.project)} starts in:\n\n{lines}", tuple(cites), tuple((c.path,) for c in cites[:6])
    )


def _version(linked: Linked, store: Store) -> Draft:
    builds = builds_able(linked.question, store, lambda build: build.version)
    said = [(b, prose_build.version(b, linked.project), b.version) for b in builds]
    return _told(said) or unknown("which version the project is at", builds_for(linked.question, store))


def main_types(store: Store, most: int = 12) -> list[Symbol]:
    """Types of the most important files."""
    rows = sorted((row for row in store.files() if row.lang), key=lambda row: -row.importance)[:40]
    types = [s for row in rows for s in _outer_types(store.symbols_in(row.path))]
    return types[:most]


def _outer_types(symbols: Sequence[Symbol]) -> list[Symbol]:
    """The types among the symbols of a file that lie in no other type or function."""
    around = {s.qualified for s in symbols if s.kind != "module"}
    return [s for s in symbols if s.is_type and not s.decl and s.scope not in around]


def _types(linked: Linked, store: Store) -> Draft:
    types = main_types(store, 30)
    if not types:
        return Draft(f"{prose.code(linked.project)} defines no classes or other types.")
    lines = "\n".join(f"- {with_link(s)}{': ' + prose.sentence(s.doc) if s.doc else ''}" for s in types)
    return Draft(
        f"The main types of {prose.code(linked.project)}:\n\n{lines}",
        tuple(of(s) for s in types),
        tuple((s.name,) for s in types[:5]),
    )


def _overview(linked: Linked, store: Store) -> Draft:
    drafts = [_languages(linked, store), _build_system(linked, store)]
    if types := main_types(store, 8):
        drafts.append(Draft(f"Its main types are {joined(with_link(s) for s in types)}.", tuple(of(s) for s in types)))
    if store.stack().entry_points:
        drafts.append(_entry(linked, store))
    about = introduction(store)
    return stack_up([*([about] if about else []), *drafts, _layout(linked, store)])


_TOPICS: dict[str, Callable[[Linked, Store], Draft]] = {
    "changes": changes.write,
    "configuration": configuration.write,
    "minimum": _minimum,
    "standard": _standard,
    "test_framework": _test_framework,
    "test": _commands("test"),
    "entry": _entry,
    "options": _options,
    "targets": _targets,
    "dependencies": _dependencies,
    "build_system": _build_system,
    "build_files": build_files,
    "docs": docs,
    "papers": papers,
    "ci": servers,
    "size": size,
    "tools": tools,
    "install": _commands("install"),
    "run": _commands("run"),
    "build": _commands("build"),
    "languages": _languages,
    "stack": _stack,
    "layout": _layout,
    "version": _version,
    "types": _types,
    "overview": _overview,
}
