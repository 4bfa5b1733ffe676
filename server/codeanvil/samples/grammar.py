"""The small grammar of wordings: `{a|b|c}` chooses, `<name>` is a slot filled with a fact.

    "{Where is|Where's} <it>{ defined|}?"

stands for four sentences. Choices nest; an empty alternative leaves the part out.
"""

import re
from functools import cache
from itertools import product

_SLOT = re.compile(r"<([a-z]+)>")
_FIELD = re.compile(r"%\(([a-z]+)\)s")


def expand(text: str) -> list[str]:
    """Every sentence of a wording, in order, without doubles. Raises ValueError for unbalanced braces."""
    sentences, rest = _alternatives(text, 0, nested=False)
    if rest != len(text):
        raise ValueError(f"The wording {text!r} has a '}}' without its '{{'.")
    return list(dict.fromkeys(sentences))


def _alternatives(text: str, start: int, *, nested: bool) -> tuple[list[str], int]:
    done: list[str] = []
    parts: list[list[str]] = []
    literal = i = start
    while i < len(text):
        char = text[i]
        if char == "{":
            parts.append([text[literal:i]])
            inner, i = _alternatives(text, i + 1, nested=True)
            if i >= len(text):
                raise ValueError(f"The wording {text!r} has a '{{' without its '}}'.")
            parts.append(inner)
            literal = i + 1
        elif char == "|" and nested:
            done += _joined([*parts, [text[literal:i]]])
            parts, literal = [], i + 1
        elif char == "}":
            break
        i += 1
    return done + _joined([*parts, [text[literal:i]]]), i


def _joined(parts: list[list[str]]) -> list[str]:
    return ["".join(choice) for choice in product(*parts)]


def compiled(sentence: str) -> str:
    """A sentence as a `%` format over its slots: `"Where is %(it)s?"`, to be filled with a mapping."""
    return _SLOT.sub(r"%(\1)s", sentence.replace("%", "%%"))


def fields(template: str) -> frozenset[str]:
    """The slots of a compiled sentence."""
    return frozenset(_FIELD.findall(template))


@cache
def relaxed(template: str) -> str:
    """The sentence as someone in a hurry types it: no capital at the start, no mark at the end."""
    end = template.rstrip("?.!")
    first = end[:1]
    second = end[1:2]
    return end if second.isupper() or first == "%" else first.lower() + end[1:]
