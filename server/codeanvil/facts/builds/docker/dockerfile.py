"""Build facts of a `Dockerfile`.

After https://docs.docker.com/reference/dockerfile/
"""

import json
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, ordered, unread
from codeanvil.facts.builds.images import image
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target
from codeanvil.facts.text import decode, first_sentence, is_licence

MAX_LINES = 20_000
"""Lines that are read."""

MAX_VALUE = 300
"""Characters of a value; doubling ones would fill the memory."""

_ESCAPE = re.compile(r"#\s*escape\s*=\s*`\s*\Z", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#\s*(?:escape|syntax|check)\s*=", re.IGNORECASE)
_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)(?:\s+(.*))?\Z", re.DOTALL)
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_VARIABLE = re.compile(r"\$\{(\w+)(?::?[-+]([^{}]*))?\}|\$(\w+)")
_ARGUMENT = re.compile(r"([A-Za-z_]\w*)(?:=(.*))?\Z", re.DOTALL)
_PORT = re.compile(r"(\d+)(?:/(tcp|udp))?\Z")
_LABEL = re.compile(r"org\.opencontainers\.image\.(title|version)=(?:\"([^\"]*)\"|(\S+))")
_NAME = re.compile(r"[^a-z0-9._-]+")
_KNOWN = frozenset(
    {
        "FROM", "ARG", "ENV", "RUN", "COPY", "ADD", "WORKDIR", "EXPOSE", "ENTRYPOINT", "CMD", "LABEL", "USER", "VOLUME",
        "HEALTHCHECK", "SHELL", "STOPSIGNAL", "ONBUILD", "MAINTAINER", "INCLUDE",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Instruction:
    """`name argument`; `doc` is what the comment above says."""

    name: str
    argument: str
    line: int
    doc: str


@dataclass(slots=True)
class _Stage:
    """One `FROM` and what follows. `needs` are the stages that it starts from or copies from."""

    name: str
    line: int
    doc: str
    needs: dict[str, None] = field(default_factory=dict)
    runs: str = ""


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Dockerfile` at `path` says: named stages are targets, images they start from dependencies.

    Never raises: what cannot be read is told in `problem`.
    """
    facts = begin("docker", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "Dockerfile", error)
    reader = _Reader()
    problem = ""
    for instruction in _instructions(decode(source)):
        if instruction.name not in _KNOWN:
            problem = problem or f"line {instruction.line}: {instruction.name[:20]!r} is no instruction"
        else:
            reader.take(instruction)
    facts = reader.finish(facts)
    return unread(facts, "Dockerfile", problem) if problem else facts


class _Reader:
    """Gathers facts from the instructions of one file."""

    def __init__(self) -> None:
        self.stages: list[_Stage] = []
        self.options: dict[str, Option] = {}
        self.dependencies: dict[str, Dependency] = {}
        self.ports: dict[str, None] = {}
        self.labels: dict[str, str] = {}
        self._values: dict[str, str] = {}

    def take(self, instruction: _Instruction) -> None:
        match instruction.name:
            case "FROM":
                self._from(instruction)
            case "ARG":
                self._argument(instruction)
            case "EXPOSE":
                ports = (_PORT.match(self._filled(word)) for word in instruction.argument.split())
                self.ports |= {
                    match[1] + (f"/{match[2]}" if match[2] == "udp" else ""): None for match in ports if match
                }
            case "LABEL":
                for key, quoted, plain in _LABEL.findall(instruction.argument):
                    self.labels.setdefault(key, self._filled(quoted or plain))
            case "COPY" | "ADD" | "RUN":
                self._copy(instruction)
            case "ENTRYPOINT" | "CMD" if self.stages:
                stage = self.stages[-1]
                stage.runs = (
                    _shown(instruction.argument) if instruction.name == "ENTRYPOINT" or not stage.runs else stage.runs
                )

    def finish(self, facts: BuildFacts) -> BuildFacts:
        """`facts` with all that was noted."""
        file = posixpath.basename(facts.file)
        name = self.labels.get("title", "") if "$" not in self.labels.get("title", "") else ""
        tag = _NAME.sub("-", (name or posixpath.basename(facts.folder) or "app").lower()).strip("-._") or "app"
        chosen = "" if file == "Dockerfile" else f"-f {shlex.quote(file)} "
        build = f"docker build {chosen}-t {tag} ."
        version = self.labels.get("version", "")
        targets = [
            Target(
                stage.name,
                "custom",
                stage.line,
                (),
                tuple(stage.needs),
                f"docker build {chosen}--target {stage.name} .",
                stage.doc or (f"It runs {stage.runs}." if stage.runs else ""),
            )
            for stage in self.stages
            if stage.name
        ]
        ports = "".join(f"-p {port.split('/')[0]}:{port} " for port in self.ports)
        runs = bool(self.stages)
        return replace(
            facts,
            name=name,
            version=version if "$" not in version else "",
            targets=tuple(targets),
            options=tuple(self.options.values()),
            dependencies=tuple(self.dependencies.values()),
            commands=ordered({"build": build, "run": f"docker run --rm {ports}{tag}"} if runs else {}),
        )

    def _from(self, instruction: _Instruction) -> None:
        words = [word for word in instruction.argument.split() if not word.startswith("--")]
        if not words:
            return
        named = len(words) > 2 and words[1].upper() == "AS"
        stage = _Stage(words[2] if named else "", instruction.line, instruction.doc)
        self._need(stage, words[0], instruction.line)
        self.stages.append(stage)

    def _copy(self, instruction: _Instruction) -> None:
        """`COPY --from=stage`, and `RUN --mount=from=stage`."""
        if not self.stages:
            return
        for word in instruction.argument.split():
            if not word.startswith("--"):
                break
            for part in word.removeprefix("--mount=").removeprefix("--").split(","):
                if part.startswith("from="):
                    self._need(self.stages[-1], part.removeprefix("from="), instruction.line)

    def _need(self, stage: _Stage, written: str, line: int) -> None:
        """Note the stage or the image that `written` means."""
        known = {each.name for each in self.stages if each.name}
        if written in known:
            stage.needs[written] = None
        elif written.isdecimal():
            number = int(written[:4])
            if number < len(self.stages) and self.stages[number].name:
                stage.needs[self.stages[number].name] = None
        elif (found := image(self._filled(written), line)) and found.name != "scratch":
            self.dependencies.setdefault(found.name, found)

    def _argument(self, instruction: _Instruction) -> None:
        for word in _words(instruction.argument):
            if match := _ARGUMENT.match(word):
                default = (match[2] or "").strip("\"'")
                if default or match[1] not in self._values:
                    self._values[match[1]] = self._filled(default)
                known = self.options.get(match[1])
                if known is None or (default and not known.default):
                    doc = instruction.doc or (known.doc if known else "")
                    self.options[match[1]] = Option(match[1], default, known.line if known else instruction.line, doc)

    def _filled(self, text: str) -> str:
        """`text` with arguments in place of variables, or what it says to take without them."""
        filled = _VARIABLE.sub(lambda m: self._values.get(m[1] or m[3]) or m[2] or m[0], text[:MAX_VALUE])
        return filled[:MAX_VALUE]


def _instructions(text: str) -> Iterator[_Instruction]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MAX_LINES]
    escape = "`" if any(map(_ESCAPE.match, lines[:3])) else "\\"
    comments: list[str] = []
    parts: list[str] = []
    missing: set[str] = set()
    start = at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        stripped = line.strip()
        if stripped.startswith("#"):
            if not parts and not _DIRECTIVE.match(stripped):
                comments.append(stripped)
            continue
        if not stripped:
            if not parts:
                comments.clear()
            continue
        start = start if parts else at
        continued = line.rstrip().endswith(escape)
        parts.append(line.rstrip()[:-1] if continued else line)
        if continued and at < len(lines):
            continue
        match = _INSTRUCTION.match(" ".join(parts))
        above = "\n".join(comments)
        doc = "" if is_licence(above) else first_sentence(above)
        name = (match[1].upper() if match else stripped.split()[0])[:40]
        yield _Instruction(name, (match[2] or "").strip() if match else "", start, doc)
        if match and name in {"RUN", "COPY", "ADD"}:
            at = _behind(lines, at, _HEREDOC.findall(match[2] or "")[:20], missing)
        comments, parts = [], []


def _behind(lines: list[str], at: int, ends: list[str], missing: set[str]) -> int:
    """Behind the texts that an instruction takes from the lines after it; where one has no end there is none.

    `missing` are ends that no line has from here on.
    """
    for end in ends:
        if end in missing:
            return at
        found = next((i for i in range(at, len(lines)) if lines[i].strip() == end), None)
        if found is None:
            missing.add(end)
            return at
        at = found + 1
    return at


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, posix=False)
    except ValueError:
        return text.split()


def _shown(argument: str) -> str:
    """`["node", "x.js"]` as `node x.js`."""
    try:
        words = json.loads(argument)
    except (ValueError, RecursionError):
        return " ".join(argument.split())[:200]
    if isinstance(words, list):
        return " ".join(" ".join(str(word) for word in words).split())[:200].encode("utf-8", "replace").decode()
    return " ".join(argument.split())[:200]
