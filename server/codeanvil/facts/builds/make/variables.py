"""The variables of one makefile: what assignments do to them, and putting values in place.

Conditions are not decided, since they depend on a machine: all branches count, and the first value that a conditional
gives to a variable stands. What is not known (environment, shell, other files) stays as written, `$(LIKE_THIS)`.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from codeanvil.facts.builds.make.syntax import Assignment, Branch

MAX_VALUE = 50_000
"""Characters of a variable's value; doubling ones would fill the memory."""

MAX_DEPTH = 12
"""Variables and functions inside one another that are looked through."""

MAX_WORK = 5_000_000
"""Characters gone through before variables stay as they are written."""

_CLOSING = {"(": ")", "{": "}"}


class Variables:
    """What is known of the variables at one place of a file."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._work = 0
        self._branches: list[tuple[set[str], set[str]]] = []

    def branch(self, branch: Branch) -> None:
        """Note where a conditional begins, goes on and ends."""
        if branch.word == "if":
            self._branches.append((set(), set()))
        elif self._branches:
            earlier, present = self._branches[-1]
            earlier |= present
            present.clear()
            if branch.word == "endif":
                self._branches.pop()
                if self._branches:
                    self._branches[-1][1].update(earlier)

    def assign(self, assignment: Assignment) -> None:
        """Do what an assignment does."""
        name = self.expand(assignment.name)
        known = self.values.get(name)
        if self._branches and assignment.operator not in {"+=", "?="}:
            if any(name in earlier for earlier, _ in self._branches):
                return
            self._branches[-1][1].add(name)
        match assignment.operator:
            case "!=":
                value = f"$(shell {assignment.value})"
            case "?=" if known is not None:
                return
            case "+=" if known is not None:
                value = f"{known} {assignment.value}"
            case ":=" | "::=" | ":::=":
                value = self.expand(assignment.value)
            case _:
                value = assignment.value
        self.values[name] = value[:MAX_VALUE]

    def expand(self, text: str, depth: int = 0) -> str:
        """`text` with the values of variables and functions in place, as far as they are known."""
        self._work += len(text)
        if "$" not in text or depth > MAX_DEPTH or self._work > MAX_WORK:
            return text
        pieces: list[str] = []
        size = at = 0
        while size <= MAX_VALUE and 0 <= (dollar := text.find("$", at)) < len(text) - 1:
            opening = text[dollar + 1]
            end = _end(text, dollar + 2, opening) if opening in _CLOSING else dollar + 1
            if end < 0:
                break
            piece = self.values.get(opening, text[dollar : dollar + 2])
            if opening in _CLOSING:
                piece = self._reference(text[dollar + 2 : end], depth)
            pieces += (text[at:dollar], piece)
            size += dollar - at + len(piece)
            at = end + 1
        pieces.append(text[at : at + MAX_VALUE])
        return "".join(pieces)[:MAX_VALUE]

    def words(self, text: str) -> list[str]:
        """The words that `text` comes to; none of those that stay unknown."""
        return [word for word in _split_words(self.expand(text)) if "$" not in word]

    def _reference(self, inside: str, depth: int) -> str:
        """What `$(inside)` comes to."""
        name, space, rest = inside.lstrip().partition(" ")
        if space and name in _FUNCTIONS:
            count, function = _FUNCTIONS[name]
            arguments = [self.expand(argument, depth + 1) for argument in _arguments(rest, count)]
            arguments += [""] * (count - len(arguments))
            self._work += (1 + arguments[0].count(" ")) * (1 + arguments[-1].count(" ")) if name in _CROSSING else 0
            known = all("$" not in argument for argument in arguments[:-1]) and self._work <= MAX_WORK
            return function(arguments) if known else f"$({inside})"
        if space and name == "foreach":
            return self._each(_arguments(rest, 3), depth) or f"$({inside})"
        inside = self.expand(inside, depth + 1)
        variable, colon, change = inside.partition(":")
        value = self.values.get(variable)
        if value is None:
            return f"$({inside})"
        value = self.expand(value, depth + 1)
        if colon and "=" in change:
            old, _, new = change.partition("=")
            if "%" not in old:
                old, new = f"%{old}", f"%{new}"
            value = _patsubst([old, new, value])
        return value

    def _each(self, arguments: list[str], depth: int) -> str:
        """`$(foreach name,list,text)`."""
        if len(arguments) < 3:
            return ""
        name, items, text = arguments
        name = name.strip()
        outer = self.values.get(name)

        def turns() -> Iterable[str]:
            for item in _split_words(self.expand(items, depth + 1)):
                self.values[name] = item
                yield self.expand(text, depth + 1)

        expanded = _joined(turns())
        self.values.pop(name, None)
        if outer is not None:
            self.values[name] = outer
        return expanded


def _joined(words: Iterable[str]) -> str:
    """Words with spaces between; those beyond `MAX_VALUE` are left out, and are not even made."""
    kept: list[str] = []
    size = 0
    for word in words:
        size += len(word) + 1
        if size > MAX_VALUE:
            break
        kept.append(word)
    return " ".join(kept)


def _split_words(text: str) -> list[str]:
    """Words parted by white space outside of variables that stayed as they are."""
    if "$" not in text:
        return text.split()
    words: list[str] = []
    depth = 0
    for part in text.split():
        if depth:
            words[-1] += " " + part
        else:
            words.append(part)
        depth = max(0, depth + part.count("(") + part.count("{") - part.count(")") - part.count("}"))
    return words


def _end(text: str, start: int, opening: str) -> int:
    """Where the bracket that opened before `start` is closed; -1 where it is not."""
    depth = 1
    closing = _CLOSING[opening]
    for i in range(start, min(len(text), start + MAX_VALUE)):
        if text[i] == opening:
            depth += 1
        elif text[i] == closing:
            depth -= 1
            if not depth:
                return i
    return -1


def _arguments(text: str, count: int) -> list[str]:
    """At most `count` arguments of a function, parted by commas outside of brackets."""
    found: list[str] = []
    depth = start = 0
    for i, character in enumerate(text):
        if character in "({":
            depth += 1
        elif character in ")}":
            depth -= 1
        elif character == "," and depth == 0 and len(found) < count - 1:
            found.append(text[start:i])
            start = i + 1
    return [*found, text[start:]]


def _matching(pattern: str) -> Callable[[str], bool]:
    """Whether a word is one of a pattern with at most one `%`."""
    before, percent, behind = pattern.partition("%")
    if not percent:
        return lambda word: word == pattern
    return lambda word: len(word) >= len(before) + len(behind) and word.startswith(before) and word.endswith(behind)


def _patsubst(arguments: list[str]) -> str:
    pattern, replacement, text = (argument.strip() for argument in arguments)
    before, _, behind = pattern.partition("%")
    matches = _matching(pattern)
    return _joined(
        replacement.replace("%", word[len(before) : len(word) - len(behind)], 1) if matches(word) else word
        for word in text.split()
    )


def _subst(arguments: list[str]) -> str:
    old, new, text = arguments
    if not old or len(text) + text.count(old) * len(new) > 2 * MAX_VALUE:
        return text
    return text.replace(old, new)


def _each_word(change: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda arguments: _joined(map(change, arguments[-1].split()))


def _affixed(arguments: list[str], *, before: bool) -> str:
    affix, text = arguments[0].strip(), arguments[1]
    return _joined(affix + word if before else word + affix for word in text.split())


def _filter(arguments: list[str], *, keep: bool) -> str:
    tests = [_matching(pattern) for pattern in arguments[0].split()]
    return _joined(word for word in arguments[1].split() if any(test(word) for test in tests) is keep)


def _folder(word: str) -> str:
    return word[: word.rfind("/") + 1] or "./"


_FUNCTIONS: Mapping[str, tuple[int, Callable[[list[str]], str]]] = MappingProxyType(
    {
        # The pattern stands for the files.
        "wildcard": (1, lambda arguments: arguments[0].strip()),
        "patsubst": (3, _patsubst),
        "subst": (3, _subst),
        "addprefix": (2, lambda arguments: _affixed(arguments, before=True)),
        "addsuffix": (2, lambda arguments: _affixed(arguments, before=False)),
        "strip": (1, lambda arguments: " ".join(arguments[0].split())),
        "sort": (1, lambda arguments: " ".join(sorted(set(arguments[0].split())))),
        "notdir": (1, _each_word(lambda word: word.rpartition("/")[2])),
        "dir": (1, _each_word(_folder)),
        "basename": (1, _each_word(lambda word: word[: len(word) - len(PurePosixPath(word).suffix)])),
        "suffix": (1, _each_word(lambda word: PurePosixPath(word).suffix)),
        "filter": (2, lambda arguments: _filter(arguments, keep=True)),
        "filter-out": (2, lambda arguments: _filter(arguments, keep=False)),
        "firstword": (1, lambda arguments: " ".join(arguments[0].split()[:1])),
        "lastword": (1, lambda arguments: " ".join(arguments[0].split()[-1:])),
        "abspath": (1, lambda arguments: arguments[0].strip()),
        "realpath": (1, lambda arguments: arguments[0].strip()),
    }
)
"""Functions by name: how many arguments they have, and what they do."""

_CROSSING = frozenset({"filter", "filter-out"})
"""Functions that look at each word of one argument for each of another."""
