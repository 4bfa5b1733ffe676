"""Secrets are kept out of the store, and with it out of facts, samples, evidence and answers: weights cannot forget.

All that is kept of a file is made of its screened text. Secrets are found by their own form, by the name of what they
are given to, and by looking random; in one pass each, since every file goes through here.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from codeanvil.facts.languages import LANGUAGES, language_of
from codeanvil.workspace.secrets.assigned import KEYWORD, assigned_secrets
from codeanvil.workspace.secrets.found import Found
from codeanvil.workspace.secrets.keyblocks import without_private_keys
from codeanvil.workspace.secrets.names import is_secret_file
from codeanvil.workspace.secrets.randomness import random_strings
from codeanvil.workspace.secrets.tokens import tokens

PLACEHOLDER = "<secret>"
PRIVATE_KEY = "Private Key"

_LEAST_REPEATED = 10
"""Bytes from which on a password is taken out wherever else it stands in the file: shorter ones may be words."""


@dataclass(frozen=True, slots=True)
class Screened:
    """Text without secrets: as many lines as before. `hidden`: the file's name alone says that none of it is shown."""

    text: str
    kinds: Counter[str] = field(default_factory=Counter)
    hidden: bool = False


def screen(path: str, text: str) -> Screened:
    """`text` with each secret replaced by `<secret>`, and how many there were by kind."""
    if is_secret_file(path):
        return Screened("", hidden=True)
    data = text.encode(errors="surrogatepass")
    is_code = language_of(path, data[:256]) in LANGUAGES
    data, keys = without_private_keys(data, PLACEHOLDER.encode())
    found = [*tokens(data), *assigned_secrets(data, is_code=is_code), *random_strings(data, is_code=is_code)]
    if not found and not keys:
        return Screened(text)
    secrets = _apart(found)
    kinds = Counter(secret.kind for secret in secrets)
    if keys:
        kinds[PRIVATE_KEY] = keys
    pieces: list[bytes] = []
    at = 0
    for start, end, _ in secrets:
        pieces += [data[at:start], PLACEHOLDER.encode()]
        at = end
    clean = b"".join([*pieces, data[at:]])
    for value in {
        data[start:end] for start, end, kind in secrets if kind == KEYWORD and end - start >= _LEAST_REPEATED
    }:
        if not value.isalpha():
            clean = re.sub(rb"(?<!\w)%b(?!\w)" % re.escape(value), PLACEHOLDER.encode(), clean)
    return Screened(clean.decode(errors="surrogatepass"), kinds)


def _apart(found: Iterable[Found]) -> list[Found]:
    """The secrets from left to right; of such that overlap, the first, as long as all of them."""
    apart: list[Found] = []
    for secret in sorted(found, key=lambda each: (each.start, -each.end)):
        if apart and secret.start < apart[-1].end:
            apart[-1] = apart[-1]._replace(end=max(apart[-1].end, secret.end))
        else:
            apart.append(secret)
    return apart
