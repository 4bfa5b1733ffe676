"""Answers about what the build is written in: its files, what builds the documentation, CI servers."""

import re

from codeanvil.answers.finding.builds import builds_for, builds_meant, cite_of, unknown
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.writing.cite import Citation, joined
from codeanvil.answers.writing.draft import Draft
from codeanvil.facts.builds.systems import system
from codeanvil.samples import prose, prose_build
from codeanvil.workspace.store import Store

MOST_LISTED = 60
MOST_PAPERS = 12

_DOCS = re.compile(r"(?<![a-z])(docs?|documentation|manual|man)(?![a-z])", re.IGNORECASE)
_DOC_TOOLS = frozenset(
    {
        "sphinx",
        "mkdocs",
        "mkdocs-material",
        "pdoc",
        "pdoc3",
        "typedoc",
        "jsdoc",
        "doxygen",
        "furo",
        "docusaurus",
        "vitepress",
    }
)


def build_files(linked: Linked, store: Store) -> Draft:
    """The build files that are meant, outermost first."""
    builds = builds_meant(linked.question, store)[:MOST_LISTED]
    if not builds:
        return Draft("The workspace has no build file that the index knows.")
    lines = "\n".join(f"- {cite_of(b).link}, {prose_build.system_name(b)}" for b in builds)
    text = f"The build files of {prose.code(linked.project)}:\n\n{lines}"
    return Draft(text, tuple(cite_of(b) for b in builds), ((builds[0].file,),))


def docs(linked: Linked, store: Store) -> Draft:
    """What builds the documentation: targets and tasks called after it, what they need, where it lies."""
    builds = builds_meant(linked.question, store)
    found = [(b, t) for b in builds for t in b.targets if _DOCS.search(t.name)][:MOST_LISTED]
    needs = [d for b in builds for d in b.dependencies if d.name.lower() in _DOC_TOOLS or _DOCS.search(d.group)]
    folders = [path for path, _ in store.stack().folders if _DOCS.search(path)]
    said, cites = [], []
    for build, target in found:
        cite = cite_of(build, target.line)
        command = f": `{target.command}`" if target.command else ""
        said.append(f"- {prose.code(target.name)}, {prose_build.TARGET_KINDS[target.kind]} ({cite.link}){command}")
        cites.append(cite)
    text = "\n".join([f"What builds the documentation of {prose.code(linked.project)}:", "", *said]) if said else ""
    needed = dict.fromkeys(map(prose_build.versioned, needs))
    text += f"\n\nIt is made with {prose.listed(needed)}." if needed else ""
    text += f"\n\nIt lies in {prose.listed(folders)}." if folders else ""
    papers = [path for path in store.documents() if path.count("/") < 2][:MOST_PAPERS]
    text += f"\n\nDocuments: {joined(Citation(path, 1).link for path in papers)}." if papers else ""
    cites += [Citation(path, 1) for path in papers]
    if not text:
        return unknown("how its documentation is built", builds_for(linked.question, store))
    return Draft(text.strip(), tuple(cites))


def servers(linked: Linked, store: Store) -> Draft:
    """Which CI servers check the project, by their files."""
    builds = [b for b in store.builds() if system(b.system).place == "serves"]
    if not builds:
        return Draft(f"No file that the index knows sets up continuous integration for {prose.code(linked.project)}.")
    lines = "\n".join(f"- {prose_build.system_name(b)}: {cite_of(b).link}" for b in builds[:MOST_LISTED])
    names = dict.fromkeys(prose_build.system_name(b) for b in builds)
    text = f"{prose.code(linked.project)} is checked by {prose.listed(names)}:\n\n{lines}"
    return Draft(text, tuple(cite_of(b) for b in builds[:MOST_LISTED]), tuple((name,) for name in names))
