"""A model's words on their way to the reader, looked up before they are passed on.

`CheckedStream` gives whole words with names that are not in the workspace struck; relations are checked when the answer
is whole, and the answer then replaces what was streamed. `LineStream` is for readers for whom nothing can be replaced:
it gives whole lines, checked in all respects.
"""

import re

from codeanvil.answers.checking.check import Span, checked_part, strike_spans, struck
from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.models.writer import OnDelta

_FENCE = re.compile(r"^(?:```|~~~)", re.MULTILINE)
_OPENING = re.compile(r"(```+|~~~+)[^\n]*\n")


class CheckedStream:
    """Passes on to `on_delta` what is whole and looked up; `close` gives the rest."""

    def __init__(self, on_delta: OnDelta, lookup: Lookup) -> None:
        self._on_delta = on_delta
        self._lookup = lookup
        self._text = ""
        self._sent = 0

    def feed(self, delta: str) -> None:
        """Take the next piece of the model's text."""
        self._text += delta
        line = self._text.rfind("\n", 0, self._sent) + 1
        pending = self._text[line:]
        if len(_FENCE.findall(self._text)) % 2:
            return  # code is checked as a block
        whole = max(
            (m.end() for m in re.finditer(r"\s", pending) if pending.count("`", 0, m.start()) % 2 == 0), default=0
        )
        self._send(line, line + whole)

    def close(self) -> None:
        """Pass on what is left."""
        self._send(self._text.rfind("\n", 0, self._sent) + 1, len(self._text))

    def _send(self, start: int, end: int) -> None:
        if end <= self._sent:
            return
        spans: dict[Span, str] = {
            (start + left - self._sent, start + right - self._sent): name
            for (left, right), name in strike_spans(self._text[start:end], self._lookup).items()
            if start + left >= self._sent
        }
        self._on_delta(struck(self._text[self._sent : end], spans))
        self._sent = end


class LineStream:
    """Passes on whole lines and whole blocks of code as `check` leaves them; `close` gives the rest."""

    def __init__(self, on_delta: OnDelta, lookup: Lookup) -> None:
        self._on_delta = on_delta
        self._lookup = lookup
        self._waiting = ""
        self._subject = ""

    def feed(self, delta: str) -> None:
        """Take the next piece of the model's text."""
        self._waiting += delta
        while end := self._whole():
            self._send(self._waiting[:end])
            self._waiting = self._waiting[end:]

    def close(self) -> None:
        """Pass on what is left."""
        self._send(self._waiting)
        self._waiting = ""

    def _whole(self) -> int:
        """Where the first line or block of code ends that is whole; 0 where none is."""
        opened = _OPENING.match(self._waiting)
        if not opened:
            return 0 if _FENCE.match(self._waiting) else self._waiting.find("\n") + 1
        closed = re.compile(rf"^{re.escape(opened.group(1))}[^\n]*\n", re.MULTILINE).search(self._waiting, opened.end())
        return closed.end() if closed else 0

    def _send(self, part: str) -> None:
        if part:
            text, self._subject = checked_part(part, self._lookup, self._subject)
            self._on_delta(text)
