"""The switches of a `configure.ac`."""

import re

from codeanvil.facts.builds.autotools.m4 import Macro, Script, spelled_out
from codeanvil.facts.model import Option
from codeanvil.facts.text import fold

_HELP_MACROS = frozenset({"AS_HELP_STRING", "AC_HELP_STRING"})
_LEFT = re.compile(r"\s*(--[\w-]+|[A-Z_]\w*)\S*\s*(.*)", re.DOTALL)
_DEFAULT_IN_HELP = re.compile(r"[\[(]?\bdefault(?:s to| is|=|:)\s*[\"'`]?([\w./-]+)", re.IGNORECASE)


def option_of(macro: Macro) -> Option | None:
    """The switch that AC_ARG_ENABLE, AC_ARG_WITH or AC_ARG_VAR adds; None for other macros.

    It is named as one types it, `--disable-x` where the help says so: by default it is on then.
    """
    if macro.name == "AC_ARG_VAR" and macro[0]:
        return Option(macro[0], "", macro.line, fold(spelled_out(macro[1])))
    kind = {"AC_ARG_ENABLE": "enable", "AC_ARG_WITH": "with"}.get(macro.name)
    if kind is None or not macro[0]:
        return None
    name, doc = _help(macro[1])
    if not name.startswith("--"):
        name = f"--{kind}-{macro[0].replace('_', '-')}"
    return Option(name, _default(name, doc, macro[0], macro[3]), macro.line, doc)


def _help(text: str) -> tuple[str, str]:
    """Left and right side of a help text, with AS_HELP_STRING or set by hand."""
    inner = next((macro for macro in Script(text[:5000]).macros if macro.name in _HELP_MACROS), None)
    if inner is not None:
        left, right = inner[0], inner[1]
    else:
        match = _LEFT.match(text)
        left, right = (match[1], match[2]) if match else ("", text)
    match = _LEFT.match(spelled_out(left))
    return (match[1] if match else ""), fold(spelled_out(right).replace("[", "").replace("]", ""))


def _default(name: str, doc: str, feature: str, otherwise: str) -> str:
    """What holds when the switch is not used: by the code for that case, by the help text, by the switch's own form."""
    variable = re.escape(re.sub(r"\W", "_", feature)[:100])
    if match := re.search(rf"\b\w{{0,40}}{variable}\w{{0,40}}=[\"']?([\w./@-]+)", otherwise[:2000]):
        return match[1]
    if match := _DEFAULT_IN_HELP.search(doc):
        return match[1]
    return "yes" if name.startswith(("--disable-", "--without-")) else ""
