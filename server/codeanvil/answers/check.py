"""What a model wrote, looked up: names, paths, lines and relations that are not so are struck.

    `Reader` derives from `Stream` and calls `Frobnicate`.
    `Reader` derives from `Stream` and calls ~~`Frobnicate`~~.

Links are never the model's: its own are reduced to their labels.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codeanvil.answers.claims import false_claims
from codeanvil.answers.link import Linked
from codeanvil.answers.lookup import Lookup
from codeanvil.answers.names import is_identifier, mentions
from codeanvil.answers.rules import rules
from codeanvil.workspace.store import Store

Span = tuple[int, int]

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_URL = re.compile(r"<?\bhttps?://[^\s)>\]]+>?")
_FENCE = re.compile(r"^(```+|~~~+)[^\n]*\n.*?(?:^\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)
_REPEATED_FENCE = re.compile(r"^(```+\w*\n)(?:```+\w+\n)+", re.MULTILINE)
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?](?=\s|$)|\n|$)")
_PLACE = re.compile(r"`?([\w./+-]+\.\w+)`?(?::|,? (?:at |on |in )?line )(\d+)")
_LINE = re.compile(r"\blines? (\d+)\b", re.IGNORECASE)
_LIES = re.compile(
    r"`?([A-Za-z_][\w:.]*)(?:\(\))?`?(?: class| struct| function| method)? (?:is |are |can be )?(?:an? [\w ]+ )?"
    r"(?:defined|declared|implemented|found|located|lives?|sits?|stands?|resides?)? ?"
    r"in (?:the )?(?:file )?`?((?:[\w.+-]+/)*[\w.+-]+\.\w+)`?"
)
_PRONOUN = re.compile(r"\W*(?:it|its|this|they|their|these|that)\b", re.IGNORECASE)
_SPAN = re.compile(r"`([^`\n]+)`")
_VERB = re.compile(
    r"\s*`?(~?[A-Z]\w+)`?\s+(?:class |struct )?(?:is|has|derives|inherits|extends|implements|provides|defines|declares"
    r"|uses|calls|offers|contains|creates|returns|holds)\b"
)
_DENIAL = re.compile(
    r"\bthere (?:is|are|exists?) no (?:such|class|struct|function|method|symbol|type|file|`)|\bno such\b"
    r"|\b(?:does not|doesn't|do not) exist\b|\bsays? nothing about\b|\bi (?:do not|don't|cannot|can't) \w+"
    r"|\bnot (?:found|present|defined|part of|in) (?:in )?(?:this|the) (?:workspace|project|code\w*|repo\w*)\b",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"^(?:\$ )?(?:cmake|ctest|make|ninja|pip3?|python3?|pytest|npm|cargo|go|git|apt|apt-get|brew|conan|docker|sudo|rm"
    r"|curl|wget|bash|sh)(?=\s|$)|^(?:\$ )?\./"
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


def _loops(text: str) -> bool:
    """Whether the text says a few names over and over, as a model does that has lost its way."""
    spans = _SPAN.findall(text)
    return len(spans) > MOST_REPEATED and len(set(spans)) * MOST_REPEATED < len(spans) * 2


def strike_prose(text: str, lookup: Lookup, subject: str = "") -> tuple[str, list[str], int]:
    """Prose with false names struck, those names, and how many others were verified."""
    false: dict[Span, str] = {}
    verified = 0
    for start, sentence in _sentences(text):
        for (left, right), name, true in _names(sentence, lookup):
            if true:
                verified += 1
            else:
                false[start + left, start + right] = name
        for found in false_claims(sentence, subject, lookup):
            false[start + found.span[0], start + found.span[1]] = found.name
        for (left, right), name in _false_places(sentence, lookup):
            false[start + left, start + right] = name
        if not _PRONOUN.match(sentence):
            subject = next((m.text for m in mentions(sentence) if lookup.types(m.text)), subject)
    return struck(text, false), [name for _, name in sorted(false.items())], verified


def strike_spans(text: str, lookup: Lookup) -> dict[Span, str]:
    """The spans of names in prose that the workspace lacks; relations are not looked at."""
    return {
        (start + left, start + right): name
        for start, sentence in _sentences(text)
        for (left, right), name, true in _names(sentence, lookup)
        if not true
    }


def _names(sentence: str, lookup: Lookup) -> Iterator[tuple[Span, str, bool]]:
    """Each thing in a sentence that is a name by its form or place, and whether the workspace has it."""
    quoted: list[Span] = []
    for match in _SPAN.finditer(sentence):
        span = match.group(1)
        if not re.search(r"\s", span):
            continue
        if lookup.is_quoted(span):
            quoted.append(match.span())
            yield match.span(), span, True
        elif _COMMAND.match(span.strip()):
            quoted.append(match.span())
            yield match.span(), span, False
    taken = list(quoted)
    for mention in mentions(sentence):
        if _within((mention.start, mention.end), quoted):
            continue
        taken.append((mention.start, mention.end))
        if mention.form == "named" and not mention.sure:
            continue
        if mention.form == "quoted" and not re.search(r"[A-Za-z]{2}", mention.text):
            continue
        if mention.form == "path" and "." not in mention.text and not lookup.knows_path(mention.text):
            continue  # "input/output"
        start = sentence.index(mention.text, mention.start)
        if not rules().is_ordinary(mention.text):
            yield (start, start + len(mention.text)), mention.text, lookup.knows(mention.text)
    for match in _capitalised(sentence):
        if not _within(match.span(1), taken):
            yield match.span(1), match.group(1), lookup.knows(match.group(1))


def _capitalised(sentence: str) -> Iterator[re.Match[str]]:
    """Words that stand where a type's name would: capitalised within a sentence, or at its start before a verb."""
    for match in re.finditer(r"(?<![\w`./:-])([A-Z][a-z]\w{2,})\b(?!['’])", sentence):
        inside = re.search(r"[\w,)`]\s+$", sentence[: match.start()])
        if inside and match.group(1).lower() not in rules().stop | rules().not_names:
            yield match
    first = _VERB.match(sentence)
    if first and not is_identifier(first.group(1)) and first.group(1).lower() not in rules().stop | rules().not_names:
        yield first


def _false_places(sentence: str, lookup: Lookup) -> Iterator[tuple[Span, str]]:
    """Paths and lines that are real perhaps, but not of what they are said to be of."""
    named = [m.text for m in mentions(sentence)]
    for match in _LIES.finditer(sentence):
        name, path = match.group(1), match.group(2)
        if lookup.lines(name) and lookup.knows_path(path) and not lookup.lies_in(name, path):
            yield match.span(2), path
    placed: list[Span] = []
    for match in _PLACE.finditer(sentence):
        placed.append(match.span())
        if lookup.knows_path(match.group(1)) and not lookup.has_line(match.group(1), int(match.group(2))):
            yield match.span(2), match.group(2)
    for match in _LINE.finditer(sentence):
        lines = set().union(*(lookup.lines(name) for name in named)) if named else set()
        if lines and int(match.group(1)) not in lines and not _within(match.span(), placed):
            yield match.span(1), match.group(1)


def _code(block: str, lookup: Lookup) -> tuple[str, list[str], int]:
    """A code block as it is; names in it that the workspace lacks are struck in a sentence after it."""
    body = "\n".join(block.splitlines()[1:]).rstrip("`~\n ")
    lines = [line for line in body.splitlines() if line.strip()]
    rest = [line for line in lines if not lookup.is_quoted(line.strip())]
    false = [line.strip() for line in rest if _COMMAND.match(line.strip())]
    tokens = dict.fromkeys(
        t
        for line in rest
        if line.strip() not in false
        for t in re.findall(r"(?<!\w)[A-Za-z_]\w*", line)
        if is_identifier(t)
    )
    false += [token for token in tokens if not lookup.knows(token)]
    if not false:
        return block, [], len(lines)
    note = ", ".join(f"~~`{name}`~~" for name in false)
    return f"{block.rstrip()}\n\nNot in this workspace: {note}.\n", false, len(lines) - len(rest)


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


def _within(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < right and left < span[1] for left, right in others)


def _holds(text: str, option: str) -> bool:
    """Whether the text holds a fact: as whole words where it is a word, folded white space and backticks aside."""
    flat = " ".join(text.replace("`", "").split())
    wanted = " ".join(option.replace("`", "").split())
    left = r"(?<!\w)" if wanted[:1].isalnum() else ""
    right = r"(?!\w)" if wanted[-1:].isalnum() else ""
    return bool(re.search(f"{left}{re.escape(wanted)}{right}", flat))


def _denies(text: str, linked: Linked, evidence: str) -> bool:
    return not linked.missing and bool(evidence) and bool(_DENIAL.search(text))
