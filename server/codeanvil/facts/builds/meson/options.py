"""Build facts of a `meson_options.txt` or `meson.options`: the switches of a project."""

from dataclasses import replace

from codeanvil.facts.builds.documents import MAX_SCRIPT_BYTES, UnreadableError, begin, check_size, unread
from codeanvil.facts.builds.meson import syntax
from codeanvil.facts.builds.meson.nodes import Call
from codeanvil.facts.builds.meson.run import Runner
from codeanvil.facts.builds.meson.values import Value, strings, text
from codeanvil.facts.model import BuildFacts, Option
from codeanvil.facts.text import decode, fold

_DEFAULTS = {"boolean": "true", "feature": "auto", "string": "", "array": ""}


def read(path: str, source: bytes) -> BuildFacts:
    """What the file of options at `path` says. Never raises: what is not Meson is told in `problem`."""
    facts = begin("meson", path, source)
    try:
        check_size(source, MAX_SCRIPT_BYTES)
    except UnreadableError as error:
        return unread(facts, "Meson", error)
    script = syntax.parse(decode(source))
    options: dict[str, Option] = {}

    def take(call: Call, positional: list[Value], keywords: dict[str, Value]) -> Value:
        if call.name == "option" and positional and (name := text(positional[0])):
            options.setdefault(name, _option(name, call.line, keywords))

    Runner(take).run(script.statements)
    facts = replace(facts, options=tuple(options.values()))
    return unread(facts, "Meson", script.problem) if script.problem else facts


def _option(name: str, line: int, keywords: dict[str, Value]) -> Option:
    choices = strings([keywords.get("choices")])
    kind = text(keywords.get("type"))
    value = keywords.get("value")
    if isinstance(value, bool):
        default = str(value).lower()
    elif isinstance(value, list):
        default = ",".join(strings(value))
    elif value is not None:
        default = fold(str(value)) if isinstance(value, str | int) else ""
    else:
        default = choices[0] if kind == "combo" and choices else _DEFAULTS.get(kind, "")
    doc = text(keywords.get("description"))
    if choices:
        doc = f"{doc} (one of {', '.join(choices)})".strip() if kind == "combo" else doc
    return Option(name, default, line, doc)
