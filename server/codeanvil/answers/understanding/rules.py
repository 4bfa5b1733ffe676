"""How questions are read, as data: `rules.toml` compiled once per process."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

GAP = "§"
"""Stands for a name of the workspace in the framed question that the patterns are tried on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One intent or topic and the patterns that betray it; a topic silences those it `hides`."""

    name: str
    patterns: tuple[re.Pattern[str], ...]
    hides: frozenset[str] = frozenset()

    def matches(self, framed: str) -> bool:
        """Whether the framed question asks for this."""
        return any(pattern.search(framed) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of `rules.toml`. Word sets are lower case but for `ordinary`, which keeps both spellings."""

    intents: tuple[Rule, ...]
    topics: tuple[Rule, ...]
    kinds: frozenset[str]
    not_names: frozenset[str]
    stop: frozenset[str]
    edges: frozenset[str]
    topic_words: frozenset[str]
    ordinary: frozenset[str]
    roles: frozenset[str]
    called_how: frozenset[str]
    relations: frozenset[str]
    suffixes: frozenset[str]
    telling: frozenset[str]
    short_forms: Mapping[str, str]

    def intent(self, framed: str) -> str:
        """What is asked about the names of the question; '' when nothing says so. Order decides."""
        return next((rule.name for rule in self.intents if rule.matches(framed)), "")

    def topics_of(self, framed: str) -> tuple[str, ...]:
        """What of the project is asked about, narrow topics before wide ones."""
        found = [rule for rule in self.topics if rule.matches(framed)]
        hidden = frozenset[str]().union(*(rule.hides for rule in found))
        return tuple(rule.name for rule in found if rule.name not in hidden)

    def is_ordinary(self, name: str) -> bool:
        """Whether the name is one everybody knows (a language, tool, format), in any spelling."""
        return name in self.ordinary or name.lower() in self.ordinary


_ASKS_TOOL = (
    r"^(?!.*\b(?:where|who|whose)\b)(?!.*§)(?=.*\b(?:what|which|any|use[sd]?|using|with|how|do|is there)\b).*(?:{})"
)
"""A question for a tool rather than for a thing of the workspace that is called so."""


def _tools_rule() -> Rule:
    """The topic of tools by what they are for, from `tools.toml`."""
    hidden = frozenset(
        {"stack", "dependencies", "build_system", "targets", "layout", "run", "build", "test", "options"}
    )
    kinds = [row["asked"] for row in tomllib.loads(_shipped("tools.toml"))["kind"]]
    patterns = tuple(re.compile(_ASKS_TOOL.format("|".join(asked)), re.IGNORECASE) for asked in kinds)
    return Rule("tools", patterns, hidden)


def _shipped(name: str) -> str:
    return files("codeanvil.answers.understanding").joinpath(name).read_text("utf-8")


@cache
def rules() -> Rules:
    """The rules that ship with the program."""
    data = tomllib.loads(_shipped("rules.toml"))
    words = data["words"]
    return Rules(
        intents=tuple(_rule(row) for row in data["intent"]),
        topics=(_tools_rule(), *(_rule(row) for row in data["topic"])),
        kinds=_lower(words["kinds"]),
        not_names=_lower(words["not_names"]),
        stop=_lower(words["stop"]),
        edges=_lower(words["edges"]),
        topic_words=_lower(words["topic_words"]),
        ordinary=frozenset(words["ordinary"]) | _lower(words["ordinary"]),
        roles=_lower(words["roles"]),
        called_how=_lower(words["called_how"]),
        relations=_lower(words["relations"]),
        suffixes=_lower(words["suffixes"]),
        telling=_lower(words["telling"]),
        short_forms=dict(data["short_forms"]),
    )


def _rule(row: dict[str, list[str]]) -> Rule:
    patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in row["patterns"])
    return Rule(str(row["name"]), patterns, frozenset(row.get("hides", ())))


def _lower(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)
