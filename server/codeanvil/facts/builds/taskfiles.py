"""Build facts of a `justfile` and of a `Taskfile.yml`.

After https://just.systems/man/en/ and https://taskfile.dev/reference/schema
"""

import re
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, ordered, strings, text, unread
from codeanvil.facts.builds.yaml_document import Yaml, keys, line
from codeanvil.facts.model import BuildFacts, Option, Target, TargetKind
from codeanvil.facts.text import decode, first_sentence, fold

_VERBS = {
    "build": ("build", "compile", "all"), "test": ("test", "tests", "check"), "run": ("run", "start", "serve", "dev"),
    "install": ("install",),
}  # fmt: skip
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_RECIPE = re.compile(r"@?([A-Za-z_][\w-]*)(?:[ \t][^:\n]*)?:(?!=)([^#\n]*)")
_ASSIGNMENT = re.compile(r"(?:export[ \t]+)?([A-Za-z_][\w-]*)[ \t]*:=[ \t]*(.*)\Z")
_NEED = re.compile(r"[A-Za-z_][\w-]*")
_TEST = re.compile(r"(?:.*[:_-])?(?:tests?|e2e)(?:[:_-].*)?\Z")


def read_justfile(path: str, source: bytes) -> BuildFacts:
    """What the `justfile` at `path` says: recipes with their comments, and variables that can be set anew.

    Never raises: a file that is too large is told in `problem`.
    """
    facts = begin("just", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "just", error)
    targets: dict[str, Target] = {}
    options: dict[str, Option] = {}
    comment: list[str] = []
    private = False
    for number, written in enumerate(decode(source).replace("\r\n", "\n").split("\n"), 1):
        if written.startswith("#"):
            comment.append(written)
        elif written.startswith("["):
            private = private or "private" in written
        elif match := _ASSIGNMENT.match(written):
            doc = first_sentence("\n".join(comment))
            options.setdefault(match[1], Option(match[1], match[2].strip().strip("\"'"), number, doc))
        elif (match := _RECIPE.match(_QUOTED.sub("", written))) and match[1] not in {"set", "alias", "import", "mod"}:
            name = match[1]
            if not private and not name.startswith("_"):
                needs = tuple(dict.fromkeys(_NEED.findall(match[2])))
                targets.setdefault(name, _target("just", name, number, needs, first_sentence("\n".join(comment))))
            comment, private = [], False
        if not written.strip() or not written.startswith(("#", "[")):
            comment = []
    default = next(iter(targets), "")
    return replace(
        facts,
        targets=tuple(targets.values()),
        options=tuple(options.values()),
        commands=_commands("just", targets, default),
        installs="install" in targets,
    )


def read_taskfile(path: str, source: bytes) -> BuildFacts:
    """What the `Taskfile.yml` at `path` says. Never raises: what is no YAML is told in `problem`."""
    facts = begin("task", path, source)
    try:
        document = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    root = keys(document.root)
    targets: dict[str, Target] = {}
    for name, task in keys(root.get("tasks")).items():
        values = keys(task)
        if str(values.get("internal")).lower() == "true" or not name.strip():
            continue
        doc = first_sentence(fold(text(values.get("desc")) or text(values.get("summary"))))
        needs = [each if isinstance(each, str) else text(keys(each).get("task")) for each in _list(values.get("deps"))]
        number = max(1, line(document.root, "tasks", name))
        targets[name] = _target("task", fold(name), number, tuple(dict.fromkeys(filter(None, needs))), doc)
    options = [
        Option(fold(name), fold(str(value)), max(1, line(document.root, "vars", name)))
        for name, value in keys(root.get("vars")).items()
        if isinstance(value, str | int | float) and name.strip()
    ]
    return replace(
        facts,
        targets=tuple(targets.values()),
        options=tuple(options),
        commands=_commands("task", targets, "default" if "default" in targets else ""),
        includes=tuple(strings(list(keys(root.get("includes")).values()))),
        installs="install" in targets,
    )


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _target(program: str, name: str, number: int, needs: tuple[str, ...], doc: str) -> Target:
    kind: TargetKind = "test" if _TEST.match(name) else "custom"
    return Target(name, kind, number, (), needs, f"{program} {name}", doc)


def _commands(program: str, targets: dict[str, Target], default: str) -> tuple[tuple[str, str], ...]:
    """What is typed to build, test, run and install, where there is a recipe for it."""
    commands = {
        verb: f"{program} {name}"
        for verb, names in _VERBS.items()
        if (name := next((name for name in names if name in targets), ""))
    }
    if "build" not in commands and default and any(need in _VERBS["build"] for need in targets[default].links):
        commands["build"] = program
    return ordered(commands)
