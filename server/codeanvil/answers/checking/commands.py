"""Shell commands in an answer: only such as the workspace's builds, documents and files know."""

import re
from collections.abc import Iterator

from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.checking.vocabulary import is_flag

_PROGRAMS = (
    r"cmake|ctest|cpack|make|ninja|meson|bazel|buck|scons|autoreconf|gcc|g\+\+|clang\+\+|clang|pip3?|pipx|uv|poetry|pdm|hatch|tox|nox|python3?|pytest"
    r"|npm|npx|pnpm|yarn|bun|node|deno|tsc|cargo|rustc|rustup|go|mvn|mvnw|gradle|gradlew|sbt|java|javac|kotlinc|dotnet|msbuild|nuget|composer|php|phpunit"
    r"|bundle|gem|rake|ruby|rails|rspec|swift|xcodebuild|pod|git|apt|apt-get|brew|conan|vcpkg|conda|docker|docker-compose|kubectl|terraform|sudo|rm|mv|chmod"
    r"|curl|wget|bash|sh|source|systemctl|ssh"
)
COMMAND = re.compile(rf"^(?:\$ )?(?:(?:{_PROGRAMS})(?=\s|$)|\./\S)")
"""The beginning of a command line."""

_SAID = re.compile(
    rf"\b(?:[Rr]un|[Rr]unning|[Ee]xecut(?:e|ing)|[Tt]ype|[Ee]nter|[Cc]all|[Ii]nvoke|[Uu]se|with|via|by)\s+"
    rf"(?P<command>(?:(?:{_PROGRAMS}) (?:-{{0,2}}[A-Za-z@][\w@=/.:+-]*|\.)|\./[\w./-]*\w)(?: [\w@=/.:+-]*[\w/])*?)"
    r"(?=\.?$|[,;:!?)]|\.\s|\s(?:to|first|and|in|from|before|after|then|for|which|once|again|on|at|or|if|as|with)\b)"
)
_HARMLESS = re.compile(r"\.{1,2}|\.\.\./?|\./\.\.\.|&&|\|\||[|;>]|\d+|\$[({]?\w+(?:\(\))?[)}]?|build|[<>].*")


def said_commands(sentence: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Command lines in prose without backticks: "run make install-all to"."""
    for match in _SAID.finditer(sentence):
        yield match.span("command"), match.group("command")


def is_true_command(command: str, lookup: Lookup) -> bool:
    """Whether a command is one of the workspace's, word by word.

    Either it stands somewhere in the workspace as it is, or its program is one that the builds use and everything
    else in it is a path, a name or a flag that the workspace or everybody knows.
    """
    line = command.strip().removeprefix("$ ").strip()
    if lookup.is_quoted(line) or lookup.is_command(line):
        return True
    words = line.split()
    program = words[0].rsplit("/", 1)[-1]
    if words[0].startswith("./") and len(words) == 1:
        return lookup.is_made(words[0])
    if program not in lookup.programs:
        return False
    return all(is_true_word(word.strip("\"'"), lookup) for word in words[1:])


def is_true_word(word: str, lookup: Lookup) -> bool:
    """Whether a word of a command, after its program, is one that the workspace or everybody knows."""
    if _HARMLESS.fullmatch(word) or word in lookup.command_words:
        return True
    if word.startswith("-"):
        name, _, value = word.lstrip("-").partition("=")
        if len(name) <= 1 or is_flag(name):
            return not value or is_true_word(value, lookup)
        if word.startswith("-D"):
            return lookup.knows(name[1:].partition(":")[0])
        return lookup.knows(name)
    return lookup.knows(word) or lookup.knows_path(word)
