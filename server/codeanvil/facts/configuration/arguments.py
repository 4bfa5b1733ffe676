"""The arguments of a call, as they are written, in any language whose calls have brackets and commas.

    read('("--port", default=8080, help="Where to listen")', 0)

What stands in brackets or quotes is one piece. No grammar is needed, since only texts, numbers and names are looked at.
"""

import re
from dataclasses import dataclass, field

MOST_BYTES = 2_000
"""Length of a call that is read; a longer one is no setting."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_TEXT = re.compile(r'(?:[A-Za-z@$]{0,2})("""|\'\'\'|"|\'|`)((?:\\.|(?!\1)[^\\])*)\1', re.DOTALL)
_KEYWORD = re.compile(r"\s*[\"']?([A-Za-z_]\w*)[\"']?\s*(?:=(?![=>])|=>|:(?!:))\s*")
_LINK = re.compile(r"\s*\.\s*([A-Za-z_]\w*)\s*(?=\()")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_CONVERTED = re.compile(r"^&|\.(?:into|to_string|to_owned)\(\)$")
_BETWEEN = re.compile(r"[\s+]+")
"""What stands between texts that make one: `"a" "b"`, `"a" + "b"`."""

_MOST_LINKS = 16
_UNESCAPED = {"\\n": " ", "\\t": " ", '\\"': '"', "\\'": "'", "\\\\": "\\"}


@dataclass(slots=True)
class Arguments:
    """What a call is given: pieces of source by their place, and by their name. `end` is where the call ends.

    By name are keyword arguments, the entries of a table in braces, and the first argument of calls that follow on the
    result (`Arg::new("port").default_value("80")`).
    """

    placed: list[str] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    end: int = 0

    @property
    def texts(self) -> list[str]:
        """The placed arguments that are text, without quotes."""
        return [text for text in map(text_of, self.placed) if text is not None]


def read(source: str, start: int) -> Arguments | None:
    """The arguments in the brackets that open at `start`, and of calls that follow; None where they do not close."""
    source, found = source[start : start + MOST_BYTES], Arguments()
    end = _read_into(found, source, 0)
    if end < 0:
        return None
    while (link := _LINK.match(source, end)) and len(found.named) < _MOST_LINKS:
        inner = Arguments()
        after = _read_into(inner, source, link.end())
        if after < 0:
            break
        found.named.setdefault(link[1], inner.placed[0] if inner.placed else "")
        end = after
    found.end = start + end
    return found


def _read_into(found: Arguments, source: str, start: int) -> int:
    """Reads one pair of brackets; where it ends, -1 where it does not."""
    pieces: list[str] = []
    waiting = [_CLOSING[source[start]]]
    at = piece = start + 1
    while at < len(source):
        letter = source[at]
        if letter in "\"'`":
            text = _TEXT.match(source, at)
            at = text.end() if text else at + 1  # a lifetime, an apostrophe
            continue
        if comment := _COMMENT.match(source, at) if letter == "/" else None:
            source = source[:at] + " " * (comment.end() - at) + source[comment.end() :]
            at = comment.end()
            continue
        if letter == "#" and source[at : at + 2] == "# ":
            line = source.find("\n", at)
            line = len(source) if line < 0 else line
            source = source[:at] + " " * (line - at) + source[line:]
            continue
        if letter in _CLOSING:
            waiting.append(_CLOSING[letter])
        elif letter in ")]}":
            if letter != waiting.pop():
                return -1
            if not waiting:
                pieces.append(source[piece:at])
                _sort(found, pieces)
                return at + 1
        elif letter == "," and len(waiting) == 1:
            pieces.append(source[piece:at])
            piece = at + 1
        at += 1
    return -1


def _sort(found: Arguments, pieces: list[str]) -> None:
    for piece in map(str.strip, pieces):
        keyword = _KEYWORD.match(piece)
        if piece.startswith("{"):
            _read_into(found, piece, 0)
        elif keyword:
            found.named.setdefault(keyword[1], piece[keyword.end() :].strip())
        elif piece:
            found.placed.append(piece)


def text_of(piece: str) -> str | None:
    """What a piece of source says where it is text, or several texts in a row; None for anything else."""
    at, parts = 0, []
    piece = piece.strip()
    while at < len(piece):
        match = _TEXT.match(piece, at)
        if match is None or ("{" in match[2] and piece[at : match.start(1)].lower() in {"f", "rf", "fr"}):
            return None
        parts.append(re.sub(r"\\.", lambda m: _UNESCAPED.get(m[0], m[0]), match[2]))
        at = match.end()
        if gap := _BETWEEN.match(piece, at):
            at = gap.end()
    return "".join(parts) if parts else None


def texts_in(piece: str) -> list[str]:
    """All texts that stand in a piece: `{"-p", "--port"}`."""
    return [match[2] for match in _TEXT.finditer(piece)]


def value_of(piece: str) -> str:
    """A text without its quotes, a number or a plain constant; '' for what must be reckoned."""
    text = text_of(piece)
    if text is not None:
        return text
    plain = _CONVERTED.sub("", piece.strip())
    if plain != piece.strip():
        return value_of(plain)
    if re.fullmatch(r"-?\d[\d_.]*[a-zA-Z]{0,3}|[Tt]rue|[Ff]alse|[A-Za-z_]\w*(?:(?:\.|::)[A-Z]\w*)+", plain):
        return plain
    return ""
