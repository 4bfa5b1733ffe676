"""Constraints on versions as npm and Composer write them."""

import re

_SPACED = re.compile(r"([<>=~^!])\s+(?=v?\d)")
_BOUND = re.compile(r"(<=?|>=?|\^|~>?|==?|!=)?v?(\d{1,9}(?:\.\d{1,9})*)")


def oldest(written: str) -> str:
    """The oldest version that a constraint allows: "18.17" of ">=18.17 <21 || ^22"; itself where it names none."""
    lowest: list[str] = []
    for alternative in re.split(r"\|\|?", _SPACED.sub(r"\1", written)):
        words = re.split(r"[\s,]+", alternative.strip())
        if words[1:2] == ["-"]:
            words = words[:1]
        bounds = [match for word in words if (match := _BOUND.match(word))]
        lower = [match[2] for match in bounds if not (match[1] or "").startswith(("<", "!"))]
        if not lower:
            return written
        lowest.append(max(lower, key=_parts))
    return min(lowest, key=_parts)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
