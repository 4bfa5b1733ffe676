"""Which source an object file of a makefile comes from."""

from collections.abc import Sequence

INTERMEDIATE = (".o", ".lo", ".obj", ".d", ".dep", ".gch", ".pyc", ".stamp")
"""Endings of files that nobody asks a build for by name."""

_SOURCE = (
    ".c", ".cc", ".cpp", ".cxx", ".c++", ".C", ".m", ".mm", ".s", ".S", ".asm", ".f", ".F", ".f90", ".rs", ".d", ".go",
)  # fmt: skip
_OBJECT = (".o", ".lo", ".obj")

MAX_PATTERNS = 50


class Objects:
    """Gathers what the rules of a file say about object files."""

    def __init__(self) -> None:
        self._of_rules: dict[str, str] = {}
        self._patterns: list[tuple[str, str]] = []
        self._named: set[str] = set()

    def note_words(self, text: str) -> None:
        """Note the sources that `text` names: of several that an object may come from, such a one is meant."""
        self._named.update(word for word in text.split() if word.endswith(_SOURCE))

    def note_rule(self, name: str, needs: Sequence[str]) -> None:
        """Note `name.o: needs`."""
        if source := next((need for need in needs if need.endswith(_SOURCE)), ""):
            self._of_rules.setdefault(name, source)

    def note_pattern(self, names: Sequence[str], needs: Sequence[str]) -> None:
        """Note `%.o: %.c`, also where it follows names and a colon."""
        patterns = [word.strip(":") for word in (*names, *needs) if "%" in word]
        if len(patterns) > 1 and patterns[0].endswith(_OBJECT) and len(self._patterns) < MAX_PATTERNS:
            self._patterns.append((patterns[0], patterns[1]))

    def source_of(self, name: str) -> str:
        """The source of an object file, as far as it is sure; else `name` itself."""
        if not name.endswith(_OBJECT):
            return name
        if known := self._of_rules.get(name):
            return known
        found: list[str] = []
        for made, source in self._patterns or [("%.o", f"%{ending}") for ending in _SOURCE]:
            before, _, behind = made.partition("%")
            if name.startswith(before) and name.endswith(behind) and len(name) >= len(before) + len(behind):
                found.append(source.replace("%", name[len(before) : len(name) - len(behind)], 1))
        sure = [source for source in found if source in self._named] or (found if len(found) == 1 else [])
        return sure[0] if sure else name
