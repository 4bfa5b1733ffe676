"""What CodeAnvil and an independent parser, a peer, are compared by, and what a peer is.

A peer is a module of this folder, entered in `languages.toml`, with one function:

    def found(root: Path, paths: Sequence[str], language: str) -> Findings

`root` is the folder of one source, `paths` are files below it with '/' in them, `language` is a key of
`codeanvil.facts.languages.LANGUAGES`. The peer says what these files define themselves, each as a `Definition`; it
opens no other source of facts than its parser, and nothing of CodeAnvil. It raises `MissingError`, with a sentence that
says what to install, where its parser is not there.

Two definitions are the same when group, file, scope, name and line are. Of types that both have, `bases` and `methods`
are compared as well, unless the peer has None there: then it cannot know them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol


class MissingError(Exception):
    """What a comparison needs is not on this machine; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A type, function or method, with or without a body; but no type that is only announced (`class Foo;`).

    `scope` holds the enclosing names joined with '.', as in `Symbol`; `file` is one of the paths that were asked for;
    `line`, from 1, is that of the name. `bases` are simple names without type arguments, in order; `methods` are the
    names declared directly in a type, constructors included, and None where the peer cannot know.
    """

    group: Literal["type", "function", "method"]
    name: str
    scope: str
    file: str
    line: int
    bases: tuple[str, ...] | None = ()
    methods: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """Lines `first` to `last` of a file that the peer did not look at, as a dead branch: nobody is wrong there.

    `why` is a short phrase, the same for all of a sort.
    """

    file: str
    first: int
    last: int
    why: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a peer says about some files. `notes` counts what it has left out on purpose, by a phrase that says why."""

    definitions: Sequence[Definition]
    unread: Sequence[Unread] = field(default=())
    notes: Mapping[str, int] = field(default_factory=dict)


class Peer(Protocol):
    """A module that reads files of one or more languages."""

    def found(self, root: Path, paths: Sequence[str], language: str) -> Findings:
        """What the files `paths` below `root` define."""
        ...
