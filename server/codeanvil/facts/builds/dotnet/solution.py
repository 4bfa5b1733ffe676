"""Build facts of a solution of .NET: `*.sln`, and `*.slnx`, which says the same as XML."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, ordered, unread
from codeanvil.facts.builds.dotnet.frameworks import LANGUAGES
from codeanvil.facts.builds.xml_document import Node, parse
from codeanvil.facts.model import BuildFacts
from codeanvil.facts.text import decode

_PROJECT = re.compile(r'^Project\("\{[^}"\n]{1,80}\}"\)\s*=\s*"[^"\n]*"\s*,\s*"([^"\n]+\.\w+proj)"', re.MULTILINE)
_HEADER = "Microsoft Visual Studio Solution File"


def read(path: str, source: bytes) -> BuildFacts:
    """What the solution at `path` says: its projects are `includes`, their folders `subfolders`. Never raises."""
    facts = begin("dotnet", path, source)
    name, _, extension = path.rpartition("/")[2].rpartition(".")
    try:
        projects = list(_in_xml(parse(source)) if extension == "slnx" else _in_text(source))
    except UnreadableError as error:
        return unread(facts, "XML" if extension == "slnx" else "solution", error)
    projects = list(dict.fromkeys(posixpath.normpath(each.replace("\\", "/")) for each in projects))
    return replace(
        facts,
        name=name,
        subfolders=tuple(dict.fromkeys(folder for each in projects if (folder := posixpath.dirname(each)))),
        includes=tuple(projects),
        commands=commands(modern=all(_is_managed(each) for each in projects)),
    )


def _is_managed(project: str) -> bool:
    return project.rpartition(".")[2].lower() in LANGUAGES


def commands(
    file: str = "", *, modern: bool = True, tests: bool = False, runs: str = ""
) -> tuple[tuple[str, str], ...]:
    """The commands for a solution; `file` names it where the folder holds several files that can be built.

    One that is not `modern` holds projects in C++, or none that `dotnet` can build.
    """
    what = f" {file}" if file else ""
    if not modern:
        return ordered({"build": f"msbuild{what}"})
    return ordered(
        {
            "build": f"dotnet build{what}",
            "test": f"dotnet test{what}" if tests else "",
            "run": f"dotnet run --project {runs}" if runs else "",
        }
    )


def _in_text(source: bytes) -> Iterable[str]:
    check_size(source)
    text = decode(source)
    if _HEADER not in text[:1_000]:
        raise UnreadableError(f"its first lines do not say `{_HEADER}`")
    return _PROJECT.findall(text)


def _in_xml(root: Node) -> Iterable[str]:
    if root.tag != "Solution":
        raise UnreadableError("its outermost element is not Solution")
    found: list[str] = []
    pending = [root]
    while pending:
        node = pending.pop()
        pending += reversed(node.children)
        if node.tag == "Project" and node.attributes.get("Path"):
            found.append(node.attributes["Path"])
    return found
