"""The syntax of makefiles: assignments, rules with their recipes and comments, includes, and conditionals.

After https://www.gnu.org/software/make/manual/html_node/Makefile-Contents.html, with what Automake and BSD's make
write otherwise passed over rather than complained of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from codeanvil.facts.text import first_sentence, is_licence

_ASSIGNMENT = re.compile(
    r"(?P<words>(?:(?:export|override|private)\s+)*)(?P<name>[^\s:#=?+!]+)\s*"
    r"(?P<operator>::?:?=|\?=|\+=|!=|=)\s*(?P<value>.*)\Z",
    re.DOTALL,
)
_INCLUDE = re.compile(r"(?:-include|s?include|\.-?include)\s+(.+)", re.DOTALL)
_DEFINE = re.compile(r"(?:override\s+)?define\s")
_OPENING = re.compile(r"(?:ifeq|ifneq|ifdef|ifndef|if)\b")
_OTHER_DIRECTIVE = re.compile(
    r"(?:export|unexport|override|private|vpath|load|undefine)(?:\s|\Z)|[.!][a-zA-Z]+|\$|@\w+@|[-\w.]+\s*\("
)
_HELP = re.compile(r"(?<!\\)##(?!@)\s*(.*)\Z", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)#.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name operator value`, the value as written; `doc` is what the comment above it or after it says."""

    name: str
    operator: str
    value: str
    line: int
    doc: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`targets: prerequisites` as written, with the lines of its recipe."""

    targets: str
    prerequisites: str
    recipe: list[str]
    line: int
    doc: str
    recipe_lines: list[int] = field(default_factory=list)
    """The line of each command of the recipe."""


@dataclass(frozen=True, slots=True)
class Include:
    """Files that are read in place of the line, as written."""

    files: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A conditional is opened ("if"), goes on ("else") or is closed ("endif")."""

    word: str


Statement = Assignment | Rule | Include | Branch


@dataclass(frozen=True, slots=True)
class Makefile:
    """The statements of a file; `problem` is what hindered, for example "line 3: there is no separator"."""

    statements: tuple[Statement, ...]
    problem: str | None = None


def parse(text: str) -> Makefile:
    """The statements of a makefile, as far as it can be understood. Never raises."""
    parser = _Parser()
    for line, content in _logical_lines(text):
        parser.take(line, content)
    return parser.finish()


def split_comment(text: str) -> tuple[str, str]:
    """`text` before a comment, and the comment."""
    match = _COMMENT.search(text)
    return (text, "") if match is None else (text[: match.start()], match[0])


class _Parser:
    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.problem: str | None = None
        self.comments: list[str] = []
        self.defining = self.defined = 0
        self.opened: list[int] = []
        self.rule: Rule | None = None

    def take(self, line: int, text: str) -> None:
        if text.startswith("\t") and self.rule is not None and not self.defining:
            self.rule.recipe.append(text[1:])
            self.rule.recipe_lines.append(line)
            return
        stripped = text.strip()
        if self.defining:
            self.defining += stripped.startswith("define ") - (split_comment(stripped)[0].strip() == "endef")
            return
        if not stripped:
            self.comments.clear()
        elif stripped.startswith("#"):
            self.comments.append(stripped)
        else:
            self._statement(line, stripped)

    def finish(self) -> Makefile:
        if self.opened:
            self._complain(self.opened[-1], "the conditional is not closed")
        if self.defining:
            self._complain(self.defined, "define is not closed")
        return Makefile(tuple(self.statements), self.problem)

    def _statement(self, line: int, text: str) -> None:
        if self._conditional(line, text):
            return
        self.rule = None
        if _DEFINE.match(text):
            self.defining, self.defined = 1, line
            self.comments.clear()
        elif include := _INCLUDE.match(text):
            self.statements.append(Include(split_comment(include[1])[0].strip(" \t\"'<>")))
            self.comments.clear()
        elif assignment := _ASSIGNMENT.match(text):
            value, comment = split_comment(assignment["value"])
            doc = self._doc(comment, assignment["name"])
            self.statements.append(
                Assignment(assignment["name"], assignment["operator"], " ".join(value.split()), line, doc)
            )
        else:
            self._rule(line, text)

    def _conditional(self, line: int, text: str) -> bool:
        """Whether this is a line of a conditional; a rule goes on behind it."""
        word = text.split(None, 1)[0]
        if _OPENING.match(text) and ":" not in word:
            self.opened.append(line)
            self.statements.append(Branch("if"))
        elif word in {"else", "endif"}:
            if not self.opened:
                self._complain(line, f"{word} without a conditional before it")
            elif word == "endif":
                self.opened.pop()
            self.statements.append(Branch(word))
        else:
            return False
        self.comments.clear()
        return True

    def _rule(self, line: int, text: str) -> None:
        help_text = _HELP.search(text)
        code, comment = split_comment(text)
        at = colon(code)
        if at < 0:
            if not _OTHER_DIRECTIVE.match(code):
                self._complain(line, f"{code[:20].strip()!r} is neither a rule nor an assignment")
            self.comments.clear()
            return
        targets, rest = code[:at].rstrip("&"), code[at:].lstrip(":")
        before, semicolon, command = rest.partition(";")
        if _ASSIGNMENT.match(rest.strip()) and not semicolon:
            return  # a variable for one target only
        doc = help_text[1].strip() if help_text else ""
        phony = targets.strip() == ".PHONY"
        doc = doc or self._doc(comment, targets, keep=phony)
        if phony and help_text:
            self.comments.append(f"# {doc}")
        self.comments = self.comments if phony else []
        self.rule = Rule(targets.strip(), before.strip(), [], line, doc)
        self.statements.append(self.rule)
        if command.strip():
            self.rule.recipe.append(command.strip())
            self.rule.recipe_lines.append(line)

    def _doc(self, comment: str, names: str, *, keep: bool = False) -> str:
        """What the comments above a line say, else the one behind it, without the name that it is about.

        With `keep`, the comments go on to be those of the next line.
        """
        above = "\n".join(self.comments)
        if not keep:
            self.comments.clear()
        doc = "" if is_licence(above) else first_sentence(above)
        name, separator, rest = doc.partition(":")
        if separator and name.strip() in names.split():
            doc = rest.strip()
        return doc or first_sentence(comment)

    def _complain(self, line: int, what: str) -> None:
        """Keep the first thing that is wrong; what follows mostly follows from it."""
        self.problem = self.problem or f"line {line}: {what}"


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that a backslash continues in one, each with its number."""
    first, parts = 0, list[str]()
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        first = first or number
        backslashes = len(line) - len(line.rstrip("\\"))
        if backslashes % 2:
            parts.append(line[:-1].rstrip() if len(parts) == 0 else line[:-1].strip())
            continue
        parts.append(line if not parts else line.strip())
        yield first, " ".join(parts)
        first, parts = 0, []
    if parts:
        yield first, " ".join(parts)


def colon(text: str) -> int:
    """Where the first colon outside of variables stands; -1 without one."""
    depth = 0
    for i, character in enumerate(text):
        if character in "({" and (depth or text[i - 1 : i] == "$"):
            depth += 1
        elif character in ")}" and depth:
            depth -= 1
        elif character == ":" and not depth:
            return i
    return -1
