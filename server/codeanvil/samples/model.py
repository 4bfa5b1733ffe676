"""A training sample, and what a sample is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codeanvil.facts.model import BuildFacts, FileFacts, History, Section, Setting, Stack, Symbol


@dataclass(frozen=True, slots=True)
class Sample:
    """One Alpaca row and where it comes from.

    `id` is stable across runs and machines: a hash of kind, fact, wording and text. `kind` is what is asked
    (`where`, `methods`, `build`, ...), `subject` what it is asked about (a qualified name, a path, a project),
    `source` the file whose change replaces the sample ('' for facts of the whole project). `fact` names the
    one fact the answer tells: rows of one fact are never split between training and validation.
    """

    id: str
    kind: str
    subject: str
    source: str
    fact: str
    instruction: str
    input: str
    output: str

    def row(self) -> dict[str, str]:
        """The line of `training_data.jsonl`."""
        return {
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "source": self.source,
            "instruction": self.instruction,
            "input": self.input,
            "output": self.output,
        }


@dataclass(frozen=True, slots=True)
class Question:
    """A held-out question of a fact: a wording no training row uses, and what a right answer holds.

    `expect` is groups of alternatives, of which every group must occur in the answer; `forbid` must not occur.
    `evidence` is what `ask` would put beside the question, `answer` the words a training row would teach.
    """

    id: str
    question: str
    category: str
    expect: tuple[tuple[str, ...], ...]
    forbid: tuple[str, ...] = ()
    fact: str = ""
    evidence: str = ""
    answer: str = ""

    def row(self) -> dict[str, Any]:
        """The line of `questions.jsonl`, in the form `codeanvil evaluate --questions` reads."""
        return {
            "id": self.id,
            "question": self.question,
            "category": self.category,
            "expect": [list(group) for group in self.expect],
            "forbid": list(self.forbid),
            "fact": self.fact,
            "evidence": self.evidence,
            "answer": self.answer,
        }


@dataclass(frozen=True, slots=True)
class Users:
    """How many other files use a name, and which; of many only some are named, and the number is to one figure.

    With `imported`, still others mention it, but these are those that import it.
    """

    count: int
    files: tuple[str, ...] = ()
    imported: bool = False


@dataclass(frozen=True, slots=True)
class FileView:
    """All that the samples of one file depend on. Equal views give equal samples.

    `derived` maps a type of this file (qualified) to the types that name it as a base, wherever they are: only
    kind, language, names, file and bases are set in these, so that editing a derived type's body changes nothing.
    `absent` holds invented names that no symbol of the workspace bears. `text` is the decoded source with
    secrets taken out, '' where the file must not be shown. `elsewhere` maps a simple name that this file defines
    to the (qualified name, file) of definitions in other files that bear it too: sorted, at most eight, without
    forward declarations. Its own file name maps likewise to ('', path) of other files of that name. `users` maps a
    name that this file alone defines to the files that use it, where that is known. `uses` maps a type (qualified), or
    '' for the whole file, to the types of other files that it mentions; it is None where that is not known.
    """

    facts: FileFacts
    text: str = ""
    derived: Mapping[str, tuple[Symbol, ...]] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    elsewhere: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    users: Mapping[str, Users] = field(default_factory=dict)
    uses: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """All that the samples of one document depend on: what it says, section by section."""

    path: str
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectView:
    """All that the samples about the whole project depend on. `build_texts` maps build file to its text."""

    name: str
    builds: tuple[BuildFacts, ...] = ()
    stack: Stack = field(default_factory=Stack)
    build_texts: Mapping[str, str] = field(default_factory=dict)
    types: tuple[tuple[str, int], ...] = ()
    """The most important types and how often each is referred to."""
    history: History = field(default_factory=History)
    """The last commits, and names that they removed and that nothing bears now."""
    settings: tuple[Setting, ...] = ()
    """What the project's own files read or give as settings, without lines."""
