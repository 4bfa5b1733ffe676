"""What a model wrote, looked up: names, paths, lines and relations that are not so are struck.

    `Reader` derives from `Stream` and calls `Frobnicate`.
    `Reader` derives from `Stream` and calls ~~`Frobnicate`~~.

Links are never the model's: its own are reduced to their labels.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codeanvil.answers.checking.claims import false_claims
from codeanvil.answers.checking.code_names import code_names, is_true
from codeanvil.answers.checking.commands import COMMAND, is_true_command
from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.checking.numbers import false_numbers
from codeanvil.answers.checking.prose_names import SPAN, names_in
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.understanding.names import is_identifier, mentions
from codeanvil.workspace.store import Store

Span = tuple[int, int]

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_URL = re.compile(r"<?\bhttps?://[^\s)>\]]+>?")
_FENCE = re.compile(r"^(```+|~~~+)[^\n]*\n.*?(?:^\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_REPEATED_FENCE = re.compile(r"^(```+\w*\n)(?:```+\w+\n)+", re.MULTILINE)
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?](?=\s|$)|\n|$)")
_LIES = re.compile(
    r"`?([A-Za-z_][\w:.]*)(?:\(\))?`?(?: class| struct| function| method)? (?:is |are |can be )?(?:an? [\w ]+ )?"
    r"(?:defined|declared|implemented|found|located|lives?|sits?|stands?|resides?)? ?"
    r"in (?:the )?(?:file )?`?((?:[\w.+-]+/)*[\w.+-]+\.\w+)`?"
)
_PRONOUN = re.compile(r"\W*(?:it|its|this|they|their|these|that)\b", re.IGNORECASE)
_DENIAL = re.compile(
    r"\bthere is nothing (?:about|called|named)\b"
    r"|\bthere (?:is|are|exists?) no (?:such|class|struct|function|method|symbol|type|file|`)|\bno such\b"
    r"|\b(?:does not|doesn't|do not) exist\b|\bsays? nothing about\b|\bi (?:do not|don't|cannot|can't) \w+"
    r"|\bnot (?:found|present|defined|part of|in) (?:in )?(?:this|the) (?:workspace|project|code\w*|repo\w*)\b",
    re.IGNORECASE,
)


MOST_REPEATED = 8
"""Quoted names in a text before it is asked whether they go round in circles."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A model's text after the lookup.

    `text` is Markdown with what is false struck, `struck` the names in it, `verified` how many names of the
    workspace stood the test, and `holds` whether the text can be the answer: it tells what was asked, denies
    nothing that is there, and more in it is true than false.
    """

    text: str
    struck: tuple[str, ...]
    verified: int
    holds: bool


def check(
    text: str,
    store: Store,
    linked: Linked,
    *,
    evidence: str = "",
    required: Sequence[tuple[str, ...]] = (),
) -> Checked:
    """Look up everything a model's text names.

    `evidence` is what the model was given, made from the index; `required` groups of alternatives of which a
    right answer holds one each.
    """
    sources = dict.fromkeys(
        [*(s.file for s in linked.symbols), *(path for name in linked.names for path in name.files)]
    )
    lookup = Lookup(store, evidence, [store.text(path) for path in sources])
    subject = next((s.name for s in linked.symbols if s.is_type), "")
    text = _REPEATED_FENCE.sub(r"\1", _URL.sub("", _LINK.sub(r"\1", text)).strip())
    kept: list[str] = []
    invented: list[str] = []
    verified = 0
    for block, is_code in _blocks(text):
        done, false, true = _code(block, lookup) if is_code else strike_prose(block, lookup, subject)
        kept.append(done)
        invented += false
        verified += true
    result = "".join(kept)
    unstruck = re.sub(r"~~.*?~~", "", result)
    tells = all(any(_holds(unstruck, option) for option in group) for group in required)
    named = bool(linked.names) or bool(invented)
    holds = (
        tells
        and bool(text)
        and not _denies(unstruck, linked, evidence)
        and (verified > len(invented) or not named)
        and not _loops(text)
    )
    return Checked(result, tuple(dict.fromkeys(invented)), verified, holds)


def denies(text: str) -> bool:
    """Whether an answer says that something is not there, or that it does not know."""
    return bool(_DENIAL.search(re.sub(r"~~.*?~~", "", text)))


def _loops(text: str) -> bool:
    """Whether the text says a few names over and over, as a model does that has lost its way."""
    spans = [match.group(2) for match in SPAN.finditer(text)]
    return len(spans) > MOST_REPEATED and len(set(spans)) * MOST_REPEATED < len(spans) * 2


def checked_part(part: str, lookup: Lookup, subject: str = "") -> tuple[str, str]:
    """Whole lines, or a block of code, of a longer text as `check` leaves them; and who "it" is after them."""
    if _FENCE.match(part):
        return _code(part, lookup)[0], subject
    text = _URL.sub("", _LINK.sub(r"\1", part))
    done = strike_prose(text, lookup, subject)[0]
    for _, sentence in _sentences(text):
        subject = _subject_after(sentence, subject, lookup)
    return done, subject


def strike_prose(text: str, lookup: Lookup, subject: str = "") -> tuple[str, list[str], int]:
    """Prose with false names struck, those names, and how many others were verified."""
    false: dict[Span, str] = {}
    verified = 0
    for start, sentence in _sentences(text):
        named = [mention.text for mention in mentions(sentence)]
        for (left, right), name, true in names_in(sentence, lookup):
            if true:
                verified += 1
            else:
                false[start + left, start + right] = name
        for found in false_claims(sentence, subject, lookup):
            false[start + found.span[0], start + found.span[1]] = found.name
        for (left, right), name in [*_false_paths(sentence, lookup), *false_numbers(sentence, named, subject, lookup)]:
            false[start + left, start + right] = name
        subject = _subject_after(sentence, subject, lookup)
    return struck(text, false), [name for _, name in sorted(false.items())], verified


def _subject_after(sentence: str, subject: str, lookup: Lookup) -> str:
    """Who "it" is after a sentence: the first type that it names, unless it goes on about the same."""
    if _PRONOUN.match(sentence):
        return subject
    return next((mention.text for mention in mentions(sentence) if lookup.types(mention.text)), subject)


def strike_spans(text: str, lookup: Lookup) -> dict[Span, str]:
    """The spans of names in prose that the workspace lacks; relations are not looked at."""
    return {
        (start + left, start + right): name
        for start, sentence in _sentences(text)
        for (left, right), name, true in names_in(sentence, lookup)
        if not true
    }


def _false_paths(sentence: str, lookup: Lookup) -> Iterator[tuple[Span, str]]:
    """Paths that are real, but not of what they are said to hold."""
    for match in _LIES.finditer(sentence):
        name, path = match.group(1), match.group(2)
        if lookup.lines(name) and lookup.knows_path(path) and not lookup.lies_in(name, path):
            yield match.span(2), path


def _code(block: str, lookup: Lookup) -> tuple[str, list[str], int]:
    """A code block as it is; names in it that the workspace lacks are struck in a sentence after it."""
    body = "\n".join(block.splitlines()[1:]).rstrip("`~\n ")
    lines = [line for line in body.splitlines() if line.strip()]
    rest = [line for line in lines if not (lookup.is_quoted(line.strip()) or lookup.stands_in(line.strip()))]
    commands = [line for line in rest if COMMAND.match(line.strip())]
    false = [line.strip() for line in commands if not is_true_command(line, lookup)]
    code = "\n".join(line for line in rest if line not in commands)
    found = [name for name in code_names(code) if not is_true(name, lookup, alone=False)]
    false += dict.fromkeys(name.text if len(name.parts) < 2 else _unknown(name.parts, lookup) for name in found)
    if not false:
        return block, [], len(lines)
    note = ", ".join(f"~~`{name}`~~" for name in false)
    return f"{block.rstrip()}\n\nNot in this workspace: {note}.\n", false, len(lines) - len(rest)


def _unknown(parts: tuple[str, ...], lookup: Lookup) -> str:
    """The part of a qualified name that nothing bears; all of it where each part is borne by something."""
    return next((part for part in parts if is_identifier(part) and not lookup.knows(part)), ".".join(parts))


def _blocks(text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for match in _FENCE.finditer(text):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(text):
        yield text[at:], False


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        if match.group().strip():
            yield match.start(), match.group()


def struck(text: str, false: dict[Span, str]) -> str:
    """The text with these spans struck out, backticks around them included."""
    spans: list[Span] = []
    for start, end in sorted(false):
        left, right = start, end
        while left and text[left - 1] == "`" and text[right : right + 1] == "`":
            left, right = left - 1, right + 1
        if spans and left < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(right, spans[-1][1]))
        else:
            spans.append((left, right))
    for left, right in reversed(spans):
        text = f"{text[:left]}~~{text[left:right]}~~{text[right:]}"
    return text


def _holds(text: str, option: str) -> bool:
    """Whether the text holds a fact: as whole words where it is a word, folded white space and backticks aside."""
    flat = " ".join(text.replace("`", "").split())
    wanted = " ".join(option.replace("`", "").split())
    left = r"(?<!\w)" if wanted[:1].isalnum() else ""
    right = r"(?!\w)" if wanted[-1:].isalnum() else ""
    return bool(re.search(f"{left}{re.escape(wanted)}{right}", flat))


def _denies(text: str, linked: Linked, evidence: str) -> bool:
    return not linked.missing and bool(evidence) and bool(_DENIAL.search(text))
