"""Answers about single entries of build files: a target, an option, a dependency, the project itself."""

from codeanvil.answers.understanding.resolve import Entry, Named
from codeanvil.answers.writing.cite import Citation
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.facts.model import Dependency, Option, Target
from codeanvil.samples import prose, prose_build


def entries(name: Named) -> Draft:
    """What build files say about a target, an option, a dependency, or the project itself."""
    return stack_up([_entry_text(entry) for entry in name.entries])


def _entry_text(entry: Entry) -> Draft:
    build, item = entry.build, entry.item
    if item is None:
        top = Citation(build.file, 1)
        name = prose.code(build.name)
        text = f"{name} is the project of {top.link}, built with {prose_build.system_name(build)}"
        return Draft(f"{text}, version {build.version}." if build.version else f"{text}.", (top,), ((build.name,),))
    cite = Citation(build.file, max(1, item.line))
    match item:
        case Target():
            text = prose_build.target(build, item)
        case Option():
            text = prose_build.option(build, item)
        case Dependency():
            text = prose_build.dependency(build, item)
    return Draft(f"{text} ({cite.link})", (cite,), ((item.name,),))
