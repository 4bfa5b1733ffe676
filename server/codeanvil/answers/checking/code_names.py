"""Names in code, be it a block or a piece in backticks: what is called, typed or reached into, without literals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.checking.vocabulary import is_english, is_member_of_all, is_namespace, is_standard
from codeanvil.answers.understanding.names import is_identifier

_PART = r"~?[A-Za-z_$]\w*"
_CHAIN = rf"(?:::)?{_PART}[?!]?(?:(?:::|\?\.|->|\.|#){_PART}[?!]?)*"
_TOKEN = re.compile(
    r"(?P<include>\#\s*include\s*[<\"](?P<header>[^>\"\n]+)[>\"])"
    r"|(?P<comment>/\*.*?\*/|//[^\n]*|(?:^|(?<=\s))\#(?=[\s!])[^\n]*)"
    r"|(?P<literal>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|(?<![\w])\d[\w.]*)"
    rf"|(?P<chain>(?<!\w)@?{_CHAIN})(?P<after>\s*[(<{{\[!]?)",
    re.DOTALL,
)
_LINK = re.compile(r"::|\?\.|->|\.|#")
SINGLE = re.compile(rf"@?{_CHAIN}(?:\(\)|\(\.\.\.\)|\(…\))?")
"""A name alone, perhaps with the brackets of a call."""

_SYSTEM_HEADERS = ("sys/", "net/", "netinet/", "arpa/", "bits/", "linux/")
_OWN = frozenset({"self", "this", "cls", "super", "base", "Self", "crate", "@"})


@dataclass(frozen=True, slots=True)
class CodeName:
    """A name in code: `text` as written, its parts, whether it is called, and whether it is a header's."""

    text: str
    parts: tuple[str, ...]
    called: bool
    included: bool = False


def code_names(code: str) -> Iterator[CodeName]:
    """Each name in code, headers that are included among them, once each."""
    seen: set[tuple[str, bool]] = set()
    for match in _TOKEN.finditer(code):
        text = match.group("header") or match.group("chain")
        called = (match.group("after") or "").strip() in {"(", "!"}
        if text and (text, called) not in seen:
            seen.add((text, called))
            header = bool(match.group("header"))
            parts = (text,) if header else tuple(p for p in _LINK.split(text.lstrip("@")) if p.strip("$"))
            if parts:
                yield CodeName(text, parts, called, header)


def is_true(name: CodeName, lookup: Lookup, *, alone: bool) -> bool:
    """Whether the workspace or a language has this name. Not `alone`, small words are variables or parameters."""
    if name.included:
        return _is_true_header(name.text, lookup)
    parts = tuple(part.rstrip("?!") or part for part in name.parts)
    if lookup.is_evident(name.text) or lookup.knows(".".join(parts)):
        return True
    return _is_chain(parts, lookup) if len(parts) > 1 else _is_simple(name, parts[0], lookup, alone=alone)


def _is_chain(parts: tuple[str, ...], lookup: Lookup) -> bool:
    """Whether a qualified name that the workspace does not bear as a whole may be true all the same."""
    head, *rest = parts
    if lookup.types(head) or lookup.types(".".join(parts[:-1])):
        return is_member_of_all(parts[-1])
    if is_namespace(head):
        return is_standard(parts[-1]) and all(_is_known(part, lookup) for part in rest)
    is_variable = head[0].islower() and (lookup.knows(head) or not is_identifier(head))
    return all(_is_known(part, lookup) for part in (rest if head in _OWN or is_variable else parts))


def _is_simple(name: CodeName, simple: str, lookup: Lookup, *, alone: bool) -> bool:
    if is_standard(name.text.lstrip("@").rstrip("?!")) or is_standard(simple) or lookup.knows_path(simple):
        return True
    if alone or name.called or is_identifier(simple):
        return False
    return simple.islower() or simple.isupper() or is_english(simple)


def _is_known(part: str, lookup: Lookup) -> bool:
    return is_standard(part) or lookup.knows(part)


def _is_true_header(path: str, lookup: Lookup) -> bool:
    if lookup.knows_path(path) or lookup.stands_in(path):
        return True
    return path.startswith(_SYSTEM_HEADERS) or ("/" not in path and is_standard(path.removesuffix(".h")))
