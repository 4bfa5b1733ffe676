"""Build facts of a `requirements.txt` and its like: what pip is told to install."""

import re
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import MANAGED_GROUP, UnreadableError, begin, check_size, unread
from codeanvil.facts.builds.python.requirement import requirement
from codeanvil.facts.model import BuildFacts, Dependency
from codeanvil.facts.text import decode

_COMMENT = re.compile(r"(?:^|\s)#.*")
_HASHES = re.compile(r"\s--(?:hash|config-settings?|global-option|install-option)[= ].*")
_INCLUDE = re.compile(r"(?:-r|--requirement)[ =]?\s*(\S+)")
_EDITABLE = re.compile(r"(?:-e|--editable)[ =]\s*")
_EGG = re.compile(r"#(?:.*&)?egg=([\w.-]+)")
_ARCHIVE = re.compile(r"/([\w.]+?)-\d[^/]*\.(?:whl|zip|tar\.\w+|tgz)(?:#.*)?$")
_REPOSITORY = re.compile(r"([\w.-]+?)(?:\.git)?(?:@[^/]*)?(?:#.*)?$")
_GROUPS = (
    "dev", "develop", "development", "test", "tests", "testing", "doc", "docs", "lint", "build", "ci", "optional",
)  # fmt: skip
_WORD = re.compile(r"[a-z]+")


def read(path: str, source: bytes) -> BuildFacts:
    """What the requirements file at `path` says. `includes` are the files that it names with `-r`. Never raises.

    Dependencies have the group that the file's name says ("dev" for `requirements-dev.txt`); those of a file of
    constraints are versions for others.
    """
    facts = begin("pip", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "input for pip", error)
    name = path.rpartition("/")[2]
    constrains = name.startswith("constraint")
    found: list[Dependency] = []
    includes: list[str] = []
    for number, line in _lines(decode(source)):
        if match := _INCLUDE.match(line):
            includes.append(match[1])
        elif item := _dependency(line, number, MANAGED_GROUP if constrains else _group(name)):
            found.append(item)
    return replace(
        facts,
        languages=("Python",),
        dependencies=tuple(found),
        commands=() if constrains or not (found or includes) else (("install", f"pip install -r {name}"),),
        includes=tuple(dict.fromkeys(includes)),
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines without comments and hashes, those that end with a backslash put together, at the first one's number."""
    start, parts = 0, list[str]()
    for number, line in enumerate(re.split(r"\r\n?|\n", text), 1):
        start = start if parts else number
        bare = _COMMENT.sub("", line)
        parts.append(bare.rstrip().removesuffix("\\"))
        if bare.rstrip().endswith("\\"):
            continue
        whole = " ".join(parts)
        parts = []
        yield start, _HASHES.sub("", f" {whole}").strip()
    if parts:
        yield start, " ".join(parts).strip()


def _dependency(line: str, number: int, group: str) -> Dependency | None:
    line = _EDITABLE.sub("", line)
    if line.startswith("-") or not line:
        return None
    if "://" in line.partition("@")[0] or line.startswith(("git+", "hg+", "svn+", "bzr+")):
        named = _EGG.search(line) or _ARCHIVE.search(line) or _REPOSITORY.search(line.partition("?")[0])
        return Dependency(named[1], line.partition("#")[0], number, group) if named else None
    return requirement(line, number, group)


def _group(name: str) -> str:
    return next((word for word in _WORD.findall(name.rpartition(".")[0].lower()) if word in _GROUPS), "")
