"""Strings that look drawn at random, as keys are: their characters are many, mixed, and make no words.

A string is judged by Shannon's entropy and by how often the class of its characters (lower, upper, digit) changes from
one to the next: in base62 that is 6 times in 10, in `camelCaseNames2` 3 times.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from codeanvil.workspace.expressions import compiled
from codeanvil.workspace.secrets.found import Found
from codeanvil.workspace.secrets.prose import in_prose

HEX = "Hex High Entropy String"
BASE64 = "Base64 High Entropy String"

_JUDGED = 200
"""Characters of a string that are looked at: so many tell."""

_RUN = compiled(r"""["'`]([A-Za-z0-9+/=_\\-]{20,})["'`]|[A-Za-z0-9][A-Za-z0-9+/_-]{31,}={0,2}""")
_SEPARATORS = re.compile(rb"[+/=_\\-]+")
_HEX = re.compile(rb"[0-9a-f]+|[0-9A-F]+")
_LOWER_OR_UPPER = re.compile(rb"[0-9a-z]+|[0-9A-Z]+")
_WORD = re.compile(rb"[a-z]{3,}")
_WORDS_SHARE = 0.38
_FEW_DIGITS = 0.17
_CLASSES = bytes.maketrans(
    bytes(range(256)),
    bytes(
        0x61 if 0x61 <= code <= 0x7A else 0x41 if 0x41 <= code <= 0x5A else 0x30 if 0x30 <= code <= 0x39 else 0
        for code in range(256)
    ),
)
_MANGLED = b"_Z"
"""Names of C++ and Rust in object files begin with it."""
_PART_OF_NAME = (b"/", b".", b"$", b"@", b"#")
_NAME_BEFORE = 24
_HASH_BEFORE = re.compile(
    rb"(?:(?:sha-?\d*|md5|hash|digest|checksum|integrity|commit|rev|revision|tag|ref|version|oid|tree|blob|uuid|guid)"
    rb"[\"'\s:=(,]*|0x|[@/.#])$",
    re.IGNORECASE,
)
"""A number in hexadecimal after one of these names a version or a content, and stays: facts tell of versions."""


def random_strings(data: bytes, *, is_code: bool) -> Iterator[Found]:
    """Strings in `data` that look random: quoted ones from 20 characters on, others from 32."""
    for match in _RUN.finditer(data):
        start, end = match.span(1)
        quoted = start >= 0
        if not quoted:
            start, end = match.span()
        kind = kind_of(data[start : min(end, start + _JUDGED)], words=12 if quoted else 16)
        if (
            not kind
            or data.startswith(_MANGLED, start)
            or (kind == HEX and _HASH_BEFORE.search(data, max(0, start - _NAME_BEFORE), start))
        ):
            continue
        if quoted or not _is_name(data, start, end, is_code=is_code):
            yield Found(start, end, kind)


def kind_of(text: bytes, words: int = 12) -> str:
    """`HEX` or `BASE64` where `text` looks random, else ''. What separators cut into `words` or less is words."""
    parts = _SEPARATORS.split(text)
    if max(map(len, parts)) <= words:
        return ""
    joined = b"".join(parts)
    classes = joined.translate(_CLASSES)
    digits = classes.count(b"0")
    if digits < 2 or digits == len(classes) or _is_sequence(joined):
        return ""
    if _HEX.fullmatch(joined):
        return HEX if digits >= 4 and entropy(joined) > 3 else ""
    if is_camel_case(joined) and digits < len(joined) * _FEW_DIGITS:
        return ""
    changes = sum(before != after for before, after in pairwise(classes)) / len(classes)
    if _LOWER_OR_UPPER.fullmatch(joined):
        return BASE64 if changes >= 0.25 and entropy(joined) >= 3.6 and len(joined) >= 24 else ""
    return BASE64 if changes >= 0.38 and entropy(joined) >= 3.8 else ""


def is_camel_case(text: bytes) -> bool:
    """Whether `text` is in both cases, and much of it in runs of small letters: in base62 a sixth is."""
    return not _LOWER_OR_UPPER.fullmatch(text) and sum(map(len, _WORD.findall(text))) > len(text) * _WORDS_SHARE


def entropy(text: bytes) -> float:
    """Shannon's entropy in bits a character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _is_sequence(text: bytes) -> bool:
    """Whether most characters follow the one before, as in `0123456789abcdef`."""
    return sum(after - before == 1 for before, after in pairwise(text)) > len(text) / 2


def _is_name(data: bytes, start: int, end: int, *, is_code: bool) -> bool:
    """Whether what stands without quotes is a name, an address or a number of the program rather than a secret."""
    if is_code and not in_prose(data, start):
        return True
    if any(part.isalpha() for part in data[start:end].split(b"/")[1:]):
        return True
    return data[start - 1 : start] in _PART_OF_NAME or data[end : end + 1] in (b"(", b".", b":")
