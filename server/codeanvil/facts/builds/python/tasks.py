"""Tasks that a `pyproject.toml` defines for a runner: PDM, Poe the Poet, taskipy, Hatch, Pixi."""

from collections.abc import Iterator, Mapping
from typing import Any

from codeanvil.facts.builds.documents import runs, strings, table, text
from codeanvil.facts.builds.toml_document import Toml
from codeanvil.facts.model import Target

_TABLES = (
    (("tool", "pdm", "scripts"), "pdm run"),
    (("tool", "poe", "tasks"), "poe"),
    (("tool", "taskipy", "tasks"), "task"),
    (("tool", "pixi", "tasks"), "pixi run"),
)
_FORMS = ("cmd", "shell", "script", "call", "expr")
_SEQUENCES = ("composite", "sequence", "chain")


def tasks(toml: Toml) -> Iterator[Target]:
    """Each task with the command to type, and what it is or runs."""
    for path, runner in _TABLES:
        for name, value in table(toml.root, *path).items():
            if not name.startswith("_") and (body := _body(value)):
                yield _task(toml, name, f"{runner} {name}", body, (*path, name))
    for environment in table(toml.root, "tool", "hatch", "envs"):
        within = ("tool", "hatch", "envs", environment, "scripts")
        for script, value in table(toml.root, *within).items():
            name = script if environment == "default" else f"{environment}:{script}"
            if body := _body(value):
                yield _task(toml, name, f"hatch run {name}", body, (*within, script))


def _task(toml: Toml, name: str, command: str, body: str, path: tuple[str, ...]) -> Target:
    written = table(toml.root, *path)
    doc = text(written.get("help")) or text(written.get("description")) or runs(body)
    return Target(name, "custom", toml.line(*path), command=command, doc=doc)


def _body(value: Any) -> str:
    """The shell command behind a task; its steps joined where it has several."""
    if isinstance(value, Mapping):
        single = next((command for form in _FORMS if (command := text(value.get(form)))), "")
        return single or " && ".join(each for form in _SEQUENCES for each in strings(value.get(form)))
    return text(value) or " && ".join(strings(value))
