"""Build facts of `gradle.properties` and of the wrapper's properties."""

import re
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, unread
from codeanvil.facts.model import BuildFacts, Option
from codeanvil.facts.text import decode, first_sentence

_PAIR = re.compile(r"\s*((?:[^\s:=\\]|\\.)+)\s*[:=\s]\s*(.*)")
_DISTRIBUTION = re.compile(r"gradle-(\d+(?:\.\d+)*)")
_NAME = re.compile(r"[A-Za-z_]\w*\Z")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `gradle.properties` at `path` says: what one can set anew with `-Pname=value`."""
    facts = begin("gradle", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "Java properties", error)
    pairs = list(_pairs(decode(source)))
    options = {name: Option(name, value, line, doc) for name, value, line, doc in pairs if _NAME.match(name)}
    return replace(
        facts, options=tuple(options.values()), values=tuple({name: value for name, value, _, _ in pairs}.items())
    )


def read_wrapper(path: str, source: bytes) -> BuildFacts:
    """What the `gradle-wrapper.properties` at `path` says: `minimum` is the Gradle that the wrapper brings."""
    facts = begin("gradle", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "Java properties", error)
    found = {name: value for name, value, _, _ in _pairs(decode(source))}
    match = _DISTRIBUTION.search(found.get("distributionUrl", ""))
    return replace(facts, minimum=match[1] if match else "")


def _pairs(text: str) -> Iterator[tuple[str, str, int, str]]:
    """Name, value, line, and what the comment above says."""
    comment: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        stripped = line.strip()
        if stripped[:1] in {"#", "!"}:
            comment.append("#" + stripped[1:])
        elif not stripped:
            comment.clear()
        elif match := _PAIR.match(line):
            yield match[1].replace("\\", ""), match[2].strip(), number, first_sentence("\n".join(comment))
            comment.clear()
