"""Which build files a question means, and how an answer names them."""

import re
from collections.abc import Callable, Sequence

from codeanvil.answers.writing.cite import Citation, joined
from codeanvil.answers.writing.draft import Draft
from codeanvil.facts.builds.own import own
from codeanvil.facts.builds.systems import rank, system
from codeanvil.facts.model import BuildFacts
from codeanvil.facts.roles import role_of
from codeanvil.workspace.store import Store

MOST_BUILDS = 4


def builds_for(question: str, store: Store) -> list[BuildFacts]:
    """The outermost build files that a question about the build means, at most `MOST_BUILDS`."""
    return outermost(builds_meant(question, store))[:MOST_BUILDS]


def builds_meant(question: str, store: Store) -> list[BuildFacts]:
    """All build files of the systems that a question names; if none, of those that are no CI server.

    What builds comes before what installs and what puts into containers; outer folders before inner ones. Only the
    project's own count.
    """
    builds = sorted(own(store.builds()), key=lambda build: (rank(build.system), _depth(build), build.file))
    lower = question.lower()
    named = [build for build in builds if any(_occurs(word, lower) for word in system(build.system).words)]
    return named or [build for build in builds if system(build.system).place != "serves"] or builds


def _occurs(word: str, question: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", question) is not None


def outermost(builds: Sequence[BuildFacts]) -> list[BuildFacts]:
    """Of each system those of the outermost folder that has any."""
    depth = {build.system: _depth(build) for build in sorted(builds, key=_depth, reverse=True)}
    return [build for build in builds if _depth(build) == depth[build.system]]


def builds_able(question: str, store: Store, can: Callable[[BuildFacts], object]) -> list[BuildFacts]:
    """The build files that are meant and can tell something: outermost ones if any can, else those further in."""
    found = [build for build in builds_meant(question, store) if can(build)]
    main = [build for build in found if role_of(build.file, b"", None) == "source"]
    return outermost(main or found)[:MOST_BUILDS]


def _depth(build: BuildFacts) -> int:
    return build.folder.count("/") + bool(build.folder)


def cite_of(build: BuildFacts, line: int = 1) -> Citation:
    """A line of a build file as a source."""
    return Citation(build.file, max(1, line))


def told_by(*builds: BuildFacts) -> str:
    """The build files that something was taken from, in brackets."""
    return f"(From {joined(cite_of(b).link for b in builds)}.)"


def unknown(what: str, builds: Sequence[BuildFacts]) -> Draft:
    """That build files do not say something."""
    if not builds:
        return Draft(f"The workspace has no build file that says {what}.")
    verb = "does" if len(builds) == 1 else "do"
    return Draft(f"{joined(cite_of(b).link for b in builds)} {verb} not say {what}.", tuple(cite_of(b) for b in builds))
