"""What a name and the words beside it mean: kinds of symbols, and which symbols of one name are meant."""

import re
from collections.abc import Iterable

from codeanvil.facts.model import Symbol

OF_RELATIONS = frozenset({"inheritance", "derived", "is_a", "has_member", "owner"})
OF_TYPES = OF_RELATIONS | {"methods", "users", "inherited"}
"""What is asked about types, and never about the project as a whole."""

CALLABLE_KINDS = frozenset({"function", "method", "constructor", "macro"})
CALLABLE_WORDS = frozenset({"function", "method", "member", "constructor", "routine", "procedure"})
TYPE_WORDS = frozenset(
    {"class", "struct", "type", "enum", "interface", "union", "trait", "record", "exception", "mixin"}
)


def plain(text: str) -> str:
    """A name as the index writes it: `ns::Reader<T>::open()` as `ns.Reader.open`."""
    if "operator" in text:
        return re.sub(r"(?<=operator) | (?=operator)", "", text).replace("::", ".")
    text = re.sub(r"<[^<>]*>", "", text).removesuffix("()").strip(":.")
    return re.sub(r"::|->|#", ".", text)


def fitting(symbols: Iterable[Symbol], kind: str) -> tuple[Symbol, ...]:
    """The symbols of one name that a question means.

    Of just the kind asked for where there are such, else of its like; types before their constructors and other
    callables; definitions before declarations of the same thing.
    """
    found = list(dict.fromkeys(symbols))
    found = [s for s in found if s.kind == kind] or found
    callables = [s for s in found if s.kind in CALLABLE_KINDS and (s.kind != "constructor" or kind == "constructor")]
    types = [s for s in found if s.is_type]
    if kind in CALLABLE_WORDS and callables:
        found = callables
    elif types and (kind in TYPE_WORDS or not kind or not callables):
        found = types
    defined = {s.qualified for s in found if not s.decl}
    return tuple(s for s in found if not s.decl or s.qualified not in defined)
