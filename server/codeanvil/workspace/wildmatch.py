"""Git's patterns, as in ignore files, as expressions over the bytes of a path.

Written after `wildmatch.c` and `dir.c` of git, with which tests compare it: in corners, such as sets of characters
and what is no pattern at all, libraries differ from it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CLASSES = {
    b"alnum": rb"[0-9A-Za-z]",
    b"alpha": rb"[A-Za-z]",
    b"blank": rb"[ \t]",
    b"cntrl": rb"[\x00-\x1f\x7f]",
    b"digit": rb"[0-9]",
    b"graph": rb"[!-~]",
    b"lower": rb"[a-z]",
    b"print": rb"[ -~]",
    b"punct": rb"[!-/:-@\[-`{-~]",
    b"space": rb"[\t-\r ]",
    b"upper": rb"[A-Z]",
    b"xdigit": rb"[0-9A-Fa-f]",
}
_EVERY = [bytes([code]) for code in range(256)]
_CLASS_MEMBERS = {name: frozenset(b for b in _EVERY if re.match(members, b)) for name, members in _CLASSES.items()}


class NoPatternError(Exception):
    """A line that can match nothing."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of an ignore file.

    `expression`, in RE2's syntax, must match all of an entry's name where `by_name`, else all of its path below the
    ignore file's folder. `ignore` is false for a line that takes back. `folders_only`: it speaks about folders alone.
    """

    expression: bytes
    by_name: bool
    ignore: bool
    folders_only: bool


def patterns(content: bytes) -> list[Pattern]:
    """The patterns of an ignore file's content, in its order; lines that can match nothing are left out."""
    found: list[Pattern] = []
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        try:
            found.append(_pattern(_trimmed(line.removesuffix(b"\r"))))
        except NoPatternError:
            continue
    return found


def _trimmed(line: bytes) -> bytes:
    """`line` without spaces at its end, but for one behind a backslash."""
    end = len(line.rstrip(b" "))
    slashes = end - len(line[:end].rstrip(b"\\"))
    return line[: end + 1] if slashes % 2 and end < len(line) else line[:end]


def _pattern(line: bytes) -> Pattern:
    if not line or line.startswith(b"#"):
        raise NoPatternError
    text = line.removeprefix(b"!")
    folders_only = text.endswith(b"/")
    text = text.removesuffix(b"/")
    by_name = b"/" not in text
    expression = b"".join(_parts(text.removeprefix(b"/"), by_name=by_name))
    if not expression:
        raise NoPatternError
    return Pattern(expression, by_name, not line.startswith(b"!"), folders_only)


def _parts(text: bytes, *, by_name: bool) -> Iterator[bytes]:
    """The expression for a pattern, piece by piece."""
    at = 0
    while at < len(text):
        sign = text[at : at + 1]
        if sign == b"*":
            stars = len(text[at:]) - len(text[at:].lstrip(b"*"))
            after = at + stars
            if not by_name and stars > 1 and (at == 0 or text[at - 1 : at] == b"/") and _ends_part(text, after):
                # `**/` is any number of folders, none included; `**` at the end is all that is below.
                yield rb"(?:.*/)?" if text[after : after + 1] == b"/" else rb".*"
                after += text[after : after + 1] == b"/"
            else:
                yield rb"[^/]*"
            at = after
        elif sign == b"?":
            yield rb"[^/]"
            at += 1
        elif sign == b"[":
            members, at = _set(text, at + 1)
            yield _one_of(members - {b"/"})
        else:
            if sign == b"\\":
                at += 1
                sign = text[at : at + 1]
                if not sign:
                    raise NoPatternError
            yield re.escape(sign)
            at += 1


def _ends_part(text: bytes, at: int) -> bool:
    return at == len(text) or text.startswith((b"/", b"\\/"), at)


def _set(text: bytes, at: int) -> tuple[frozenset[bytes], int]:
    """The bytes that the set whose inside begins at `at` matches, and where it ends. Raises NoPatternError."""
    negated = text[at : at + 1] in {b"!", b"^"}
    at += negated
    members: set[bytes] = set()
    before = b""  # what a range would begin with
    first = True
    while first or text[at : at + 1] != b"]":
        first = False
        sign, at = _next(text, at)
        if sign == b"-" and before and text[at : at + 1] not in {b"", b"]"}:
            last, at = _literal(text, at)
            members.update(_EVERY[before[0] : last[0] + 1])
            before = b""
        elif sign == b"[" and text[at : at + 1] == b":" and (end := text.find(b"]", at + 1)) >= 0:
            if text[at + 1 : end].endswith(b":"):
                members |= _CLASS_MEMBERS.get(text[at + 1 : end - 1]) or _fail()
                before, at = b"", end + 1
            else:
                members.add(sign)
                before = sign
        else:
            if sign == b"\\":
                sign, at = _next(text, at)
            members.add(sign)
            before = sign
    return frozenset(set(_EVERY) - members if negated else members), at + 1


def _next(text: bytes, at: int) -> tuple[bytes, int]:
    if at >= len(text):
        raise NoPatternError
    return text[at : at + 1], at + 1


def _literal(text: bytes, at: int) -> tuple[bytes, int]:
    sign, at = _next(text, at)
    return _next(text, at) if sign == b"\\" else (sign, at)


def _fail() -> frozenset[bytes]:
    raise NoPatternError


def _one_of(members: frozenset[bytes]) -> bytes:
    if not members:
        raise NoPatternError
    return b"[" + b"".join(b"\\x%02x" % member[0] for member in sorted(members)) + b"]"
