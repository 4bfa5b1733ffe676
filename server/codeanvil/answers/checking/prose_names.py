"""Names in a sentence of prose: what is one by its form or by where it stands, and whether it is the workspace's."""

import re
from collections.abc import Callable, Iterator

from codeanvil.answers.checking.code_names import SINGLE, CodeName, code_names, is_true
from codeanvil.answers.checking.commands import COMMAND, is_true_command, is_true_word, said_commands
from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.checking.vocabulary import is_english, is_proper, is_standard
from codeanvil.answers.understanding.names import Form, is_file_name, is_identifier, mentions
from codeanvil.answers.understanding.rules import rules

Span = tuple[int, int]

SPAN = re.compile(r"(`+)([^`\n]+)\1")
_VERBS = (
    r"is|was|has|does|can|will|derives|inherits|extends|implements|provides|defines|declares|uses|calls|offers|contains"
    r"|creates|returns|holds|wraps|reads|writes|loads|stores|keeps|manages|handles|takes|gives|sends|opens|closes|parses"
    r"|builds|makes|registers|delegates|owns|checks"
)
_FIRST = re.compile(
    r"[\s>*_#|-]*(?P<name>~?[A-Z][A-Za-z]\w+)"
    rf"(?=[*_]{{0,2}}(?P<verb>\s+(?:class |struct |\w+ly |also |then )?(?:{_VERBS})\b)?)"
)
_INSIDE = re.compile(r"(?<![\w`./:#@-])(?P<name>[A-Z][a-z]\w{2,})\b(?!['’]|[-/]\w)")
_CALLED = re.compile(
    r"\b(?:calls?|calling|invokes?|invoking|named|via|through) (?P<name>[a-z][a-z0-9]{3,})\b(?![-/'’])"
)
_PARTS = r"(?:package|module|library|crate|gem|target|script|service|command|executable|binary|job)"
_COMPOUND = re.compile(
    rf"(?P<name>\b[a-z]\w*(?:-\w+)+) {_PARTS}\b|\b{_PARTS} (?P<after>[a-z]\w*(?:-\w+)+)\b", re.IGNORECASE
)
_SUFFIXED = re.compile(
    r"^(?P<path>[^\s:#]+?\.\w+|[^\s:#]*/[^\s:#]*)(?::\d+(?::\d+)?(?:[-–]\d+)?|\#L\d+(?:[-–]L?\d+)?)$"
)
_PLURAL = re.compile(r"(?<=\w)(?:'s|’s|s|es)$")
_AGENT = ("er", "or", "ler", "ager", "ory")


def names_in(sentence: str, lookup: Lookup) -> Iterator[tuple[Span, str, bool]]:
    """The span of each name, the name, and whether it is true. Spans do not overlap."""
    taken: list[Span] = []
    for look in (_spans, _said, _by_form, _by_place):
        for span, text, true in look(sentence, lookup):
            if not any(span[0] < right and left < span[1] for left, right in taken):
                taken.append(span)
                if true is not None:
                    yield span, text, true


_Found = Iterator[tuple[Span, str, bool | None]]
"""Spans that are taken, with the name and whether it is true; None where it is no name after all."""


def _spans(sentence: str, lookup: Lookup) -> _Found:
    for match in SPAN.finditer(sentence):
        text = match.group(2).strip()
        yield match.span(), text, _quoted(text, lookup)


def _said(sentence: str, lookup: Lookup) -> _Found:
    for span, command in said_commands(sentence):
        yield span, command, is_true_command(command, lookup)


def _by_form(sentence: str, lookup: Lookup) -> _Found:
    for mention in mentions(sentence):
        start = sentence.index(mention.text, mention.start)
        end = start + len(mention.text)
        start -= sentence[:start].endswith("@")  # a scoped package of npm
        text = sentence[start:end]
        found = True if rules().is_ordinary(text) else _mentioned(text, mention.form, mention.sure, lookup)
        if found is not None:
            yield (start, end), text, found


def _by_place(sentence: str, lookup: Lookup) -> _Found:
    for match in _CALLED.finditer(sentence):
        text = match.group("name")
        if not is_english(text) and not is_standard(text):
            yield match.span("name"), text, lookup.knows(text)
    for span, text in _compounds(sentence):
        yield span, text, lookup.knows(text)
    for span, text in _capitalised(sentence):
        yield span, text, lookup.knows(text) or is_standard(text)


def _quoted(text: str, lookup: Lookup) -> bool | None:
    """Whether what stands in backticks is true; None where it says nothing."""
    if not re.search(r"[A-Za-z]{2}", text):
        return None
    if rules().is_ordinary(text) or lookup.is_evident(text):
        return True
    if suffixed := _SUFFIXED.match(text):
        text = suffixed.group("path")
    for form, is_true_form in _FORMS:
        if form(text):
            return is_true_form(text, lookup)
    return lookup.is_quoted(text) or all(is_true(name, lookup, alone=False) for name in code_names(text))


def _is_command(text: str) -> bool:
    return bool(COMMAND.match(text)) and (bool(re.search(r"\s", text)) or text.startswith("./"))


def _is_true_line(text: str, lookup: Lookup) -> bool:
    return is_true_command(text, lookup) or (text.startswith("./") and lookup.knows_path(text))


def _is_true_path(text: str, lookup: Lookup) -> bool:
    return lookup.knows_path(text) or lookup.knows(text) or _is_header(text)


def _is_hyphened(text: str) -> bool:
    return bool(re.fullmatch(r"@?[\w.+-]+(?:[-:][\w.+]+)+", text)) and "::" not in text and not text.startswith("-")


def _is_true_hyphened(text: str, lookup: Lookup) -> bool:
    return lookup.knows(text) or lookup.is_quoted(text)


def _is_true_single(text: str, lookup: Lookup) -> bool:
    name = re.sub(r"\([^()]*\)$", "", text)
    return all(is_true(each, lookup, alone=True) for each in list(code_names(name)) or [CodeName(name, (name,), False)])


def _are_flags(text: str, lookup: Lookup) -> bool:
    return all(is_true_word(word, lookup) for word in text.split())


def _is_path(text: str) -> bool:
    return not re.search(r"[\s()<>{}\[\]=]|::", text) and (
        "/" in text.strip("/") or text.endswith("/") or is_file_name(text)
    )


def _is_header(text: str) -> bool:
    return "/" not in text and is_standard(text.rpartition(".")[0] or text) and text.endswith(".h")


def _is_words(text: str) -> bool:
    """Whether a quoted text is some words of prose rather than code: "not found"."""
    return bool(re.fullmatch(r"[A-Za-z][a-z]+(?:[ ,]+[a-z]+)+[.!?]?", text)) and all(
        is_english(word) for word in re.findall(r"[A-Za-z]+", text)
    )


_FORMS: tuple[tuple[Callable[[str], object], Callable[[str, Lookup], bool]], ...] = (
    (_is_command, _is_true_line),
    (_is_path, _is_true_path),
    (_is_hyphened, _is_true_hyphened),
    (SINGLE.fullmatch, _is_true_single),
    (lambda text: text.startswith("-"), _are_flags),
    (_is_words, lambda *_: True),
)
"""What stands in backticks by its form, the surest first, and how it is looked up; else it is some code."""


def _mentioned(text: str, form: Form, sure: bool, lookup: Lookup) -> bool | None:
    """Whether a name that stands in prose by its form is true; None where it is no name after all."""
    is_word = all(is_english(part) for part in text.strip("/").split("/"))
    match form:
        case "named":
            return None if not sure or is_standard(text) or (text.islower() and is_word) else lookup.knows(text)
        case "path":
            return _is_true_path(text, lookup) or (None if is_word and "." not in text else False)  # "input/output"
        case "quoted":
            return _quoted(text, lookup) if is_identifier(text) or "(" in text else lookup.knows(text) or None
        case "hyphened" | "operator":
            return _is_true_hyphened(text, lookup) or (None if is_word and form == "hyphened" else False)
    singular = _PLURAL.sub("", text)
    return _is_true_single(text, lookup) or (singular != text and lookup.knows(singular))


def _compounds(sentence: str) -> Iterator[tuple[Span, str]]:
    for match in _COMPOUND.finditer(sentence):
        group = "name" if match.group("name") else "after"
        if not is_english(match.group(group)) or group == "after":
            yield match.span(group), match.group(group)


def _capitalised(sentence: str) -> Iterator[tuple[Span, str]]:
    """Words that stand where a type's name would: capitalised within a sentence, or at its start before a verb."""
    for match in _INSIDE.finditer(sentence):
        text = match.group("name")
        if not re.search(r"[\w,)`;][*_]{0,2}\s+[*_]{0,2}$", sentence[: match.start()]):
            continue
        if not _is_word(text) and not (is_english(text) and _is_title(sentence, match.start(), match.end())):
            yield match.span("name"), text
    first = _FIRST.match(sentence)
    if not first or _is_word(first.group("name")) or is_identifier(first.group("name")):
        return
    text = first.group("name")
    english = is_english(text)
    acts = bool(first.group("verb")) and text.lower().endswith(_AGENT) and text.lower() in rules().roles
    if acts or (not english and not text.endswith(("ing", "ed", "ly")) and not text.isupper()):
        yield first.span("name"), text


def _is_word(text: str) -> bool:
    """Whether a capitalised word is one of prose wherever it stands: the name of a day, a language, a telling word."""
    return text.lower() in rules().stop | rules().not_names or rules().is_ordinary(text) or is_proper(text)


def _is_title(sentence: str, start: int, end: int) -> bool:
    """Whether a capitalised word is part of a heading, a label or a title: its neighbours are capitalised too."""
    if sentence.lstrip().startswith("#"):
        return True
    before = re.search(r"(\w+)[*_:,]{0,3}\s+[*_]{0,2}$", sentence[:start])
    after = re.match(r"[*_]{0,2}\s+(\w+)", sentence[end:])
    label = bool(re.match(r"\s*(?:[-*]\s+)?\*\*[^*]*$", sentence[:start]))
    return label or any(word and word.group(1)[0].isupper() and is_english(word.group(1)) for word in (before, after))
