"""Token ids into text as they come: whole characters only, nothing past a stop sequence."""

from collections.abc import Sequence
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class IncrementalDecoder:
    """Text of a growing token sequence, piece by piece; the pieces joined equal the decoded whole.

    A character may span several tokens, and a token's text may depend on the one before it (leading
    spaces), so the last piece is decoded again together with what is new, and text that ends in a half
    character waits. Special tokens have no text.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ids: list[int] = []
        self._start = 0  # first token decoded again
        self._given = 0  # tokens whose text has been returned

    def push(self, token: int) -> str:
        """The text that `token` completes; often a word, sometimes ''."""
        self._ids.append(token)
        known, text = self._decode(self._ids[self._start : self._given]), self._decode(self._ids[self._start :])
        if text.endswith(REPLACEMENT) or len(text) <= len(known):
            return ""
        self._start, self._given = self._given, len(self._ids)
        return text[len(known) :]

    def finish(self) -> str:
        """What still waits, half characters as U+FFFD."""
        known, text = self._decode(self._ids[self._start : self._given]), self._decode(self._ids[self._start :])
        self._start = self._given = len(self._ids)
        return text[len(known) :]

    def _decode(self, ids: list[int]) -> str:
        return decode(self._tokenizer, ids)


class StopFilter:
    """Passes text on up to the first stop sequence, without white space at the answer's end.

    Text that may be the beginning of a stop sequence is held back until it is known not to be. Templates
    that write a line break before the end of a turn teach it as part of the answer; it is not.
    """

    def __init__(self, stop: Sequence[str]) -> None:
        self._stop = [text for text in stop if text]
        self._held = ""
        self.stopped = False

    def push(self, text: str) -> str:
        """The part of what was held and `text` that is surely part of the answer."""
        if self.stopped:
            return ""
        self._held += text
        found = [at for at in map(self._held.find, self._stop) if at >= 0]
        if found:
            self._held = self._held[: min(found)]
            self.stopped = True
            return ""
        keep = max((self._overlap(stop) for stop in self._stop), default=0)
        sure = self._held[: len(self._held) - keep].rstrip()
        self._held = self._held[len(sure) :]
        return sure

    def finish(self) -> str:
        """The rest of the answer."""
        rest, self._held = self._held.rstrip(), ""
        return rest

    def _overlap(self, stop: str) -> int:
        """Characters at the end of the held text that begin `stop`."""
        longest = min(len(stop) - 1, len(self._held))
        return next((n for n in range(longest, 0, -1) if self._held.endswith(stop[:n])), 0)


def decode(tokenizer: Any, ids: Sequence[int]) -> str:
    """Text of `ids` without special tokens, spaces as they are."""
    return str(tokenizer.decode(list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False))
