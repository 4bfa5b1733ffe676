"""Doc comments that have a form of their own: Javadoc, KDoc, Scaladoc, Swift's markup and C#'s XML comments.

Only that form documents: a plain comment above a definition may be about anything.
"""

import html
import re
from collections.abc import Callable

from codeanvil.facts.text import first_sentence, is_licence

_BLANKS = re.compile(rb"\s*\Z")
_WINDOW = 2_000
_LONGEST = 4_000
"""Characters of a comment that are looked at for its first sentence."""

_MARKS = re.compile(r"^[ \t]*(?:///?|/\*\*?|\*+(?!/))[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_BLOCK_TAG = re.compile(r"^[ \t]*@[a-zA-Z]", re.MULTILINE)
_INLINE_TAG = re.compile(r"\{@(\w+)\s*((?:[^{}]|\{[^{}]*\})*)\}")
_REFERENCE = re.compile(r"\s*([\w.$/]*#?[\w$<>]*)\s*(?:\([^()]*\))?\s*(.*)", re.DOTALL)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*?(?:^[ \t]*(?:```|~~~)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_WIKI_CODE = re.compile(r"\{\{\{.*?(?:\}\}\}|\Z)", re.DOTALL)
_WIKI_LINK = re.compile(r"\[\[(\S+?)(?:\s+([^\]]*))?\]\]")
_WIKI_MARK = re.compile(r"'{2,5}|__(?=\S)|(?<=\S)__")
_HEADING = re.compile(r"^[ \t]*(=+)[^=\n]*\1[ \t]*$", re.MULTILINE)
_LABELLED = re.compile(r"\[([^\[\]]*)\](?:\[[^\[\]]*\]|\([^()]*\))")
_LINKED = re.compile(r"(?<![\w\]`])\[([\w.$#]+)\](?![\[(:])")
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HTML_BREAK = re.compile(
    r"</?(?:p|pre|ul|ol|dl|table|blockquote|div|hr|h[1-6]|caption)\b[^<>]*>|<(?:li|d[td]|t[rdh])\b[^<>]*>",
    re.IGNORECASE,
)
_HTML_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|em|font|i|img|ins|kbd|li|nobr|q|s|samp|small|span|strong|sub|sup|t[rdh]|tt|u"
    r"|var|d[td])\b[^<>]*>",
    re.IGNORECASE,
)
# What Swift's markup says of a part: `- Parameter x: ...`, `- Returns: ...`, `- Note: ...`.
_CALLOUT = re.compile(r"^[ \t]*[-*+][ \t]+[A-Za-z]+(?:[ \t]+[^\s:]+)?[ \t]*:", re.MULTILINE)
_SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)(?:</summary>|\Z)", re.DOTALL)
_XML_TOP = re.compile(
    r"<(?:inheritdoc|include|param|typeparam|returns|value|remarks|example|exception|seealso|permission)\b"
)
_XML_REFERENCE = re.compile(
    r"""<(?:see|seealso|paramref|typeparamref)\s+(?:cref|name|langword|href)\s*=\s*["']([^"'<>]*)["'][^<>]*?"""
    r"""(?:/>|>(.*?)</(?:see|seealso|paramref|typeparamref)>)""",
    re.DOTALL,
)
_XML_BREAK = re.compile(r"</?(?:para|list|item|code|example|remarks|br)\b[^<>]*>")
_XML_TAG = re.compile(r"</?[a-zA-Z][\w:.-]*(?:\s[^<>]*)?/?>")
_CREF = re.compile(r"[A-Z!]:")


def javadoc(source: bytes, start: int) -> str:
    """First sentence of the Javadoc above byte `start`, `/** */` or lines of `///`; '' without one."""
    comment = doc_comment(source, start, lines=True)
    return _sentence(comment, _markdown if comment.startswith("///") else _from_javadoc)


def kdoc(source: bytes, start: int) -> str:
    """First sentence of the KDoc above byte `start`; '' without one."""
    return _sentence(doc_comment(source, start), _markdown)


def scaladoc(source: bytes, start: int) -> str:
    """First sentence of the Scaladoc above byte `start`; '' without one."""
    return _sentence(doc_comment(source, start), _from_scaladoc)


def swift_markup(source: bytes, start: int) -> str:
    """First sentence of Swift's doc comment above byte `start`, lines of `///` or `/** */`; '' without one."""
    return _sentence(doc_comment(source, start, lines=True), _from_swift_markup)


def xml_doc(source: bytes, start: int) -> str:
    """First sentence of the `<summary>` of C#'s XML comment above byte `start`; '' without one.

    A doc comment without any tag is a summary.
    """
    return _sentence(doc_comment(source, start, lines=True), _from_xml)


def without_xml(text: str) -> str:
    """`text` as a reader of C#'s XML comments sees it: references are names, other tags are gone."""
    text = _XML_REFERENCE.sub(_referred, text)
    return html.unescape(_XML_TAG.sub("", _XML_BREAK.sub("\n\n", text)))


def doc_comment(source: bytes, start: int, *, lines: bool = False) -> str:
    """The doc comment that belongs to what begins at byte `start`, with its marks; '' without one.

    It is the last one before `start` with nothing but other comments and blanks between. `lines` says that lines of
    `///` are one too. One at the end of a line is about that line, and the licence at the top of a file documents
    nothing.
    """
    end = start
    while True:
        following, end = end, _without_blanks(source, end)
        line_start = source.rfind(b"\n", 0, end) + 1
        line = source[line_start:end].lstrip()
        if line.startswith(b"//"):
            if lines and _is_doc_line(line):
                return _lines_up_to(source, line_start).decode(errors="replace") + line.decode(errors="replace")
            end = line_start
        elif source.endswith(b"*/", 0, end):
            begin = source.rfind(b"/*", 0, end - 2)
            if begin < 0:
                return ""
            behind = source[source.rfind(b"\n", 0, begin) + 1 : begin].strip()
            if behind and b"\n" in source[end:following]:
                return ""
            if source.startswith(b"/**", begin) and end - begin > len(b"/**/"):
                comment = source[begin:end].decode(errors="replace")
                return "" if not source[:begin].strip() and is_licence(comment) else comment
            end = begin
        else:
            return ""


def _without_blanks(source: bytes, end: int) -> int:
    """Where what is before `end` stops, its white space left out; a long run of that parts a comment from the rest."""
    window = source[max(0, end - _WINDOW) : end]
    return end - len(window) + len(window.rstrip())


def _is_doc_line(line: bytes) -> bool:
    return line.startswith(b"///") and not line.startswith(b"////")


def _lines_up_to(source: bytes, end: int) -> bytes:
    """The lines of `///` that end at byte `end`, where a line begins."""
    begin = end
    while begin > 0:
        previous = source.rfind(b"\n", 0, begin - 1) + 1
        if not _is_doc_line(source[previous:begin].lstrip()):
            break
        begin = previous
    return source[begin:end].lstrip(b" \t")


def _sentence(comment: str, text_of: Callable[[str], str]) -> str:
    if not comment:
        return ""
    return first_sentence(text_of(_MARKS.sub("", comment[:_LONGEST])).strip().lstrip("/#"))


def _from_javadoc(text: str) -> str:
    return _plain_html(_INLINE_TAG.sub(_inline, _described(text)))


def _markdown(text: str) -> str:
    text = _FENCE.sub("\n\n", _INLINE_TAG.sub(_inline, _described(text)))
    return _plain_html(_LINKED.sub(r"\1", _LABELLED.sub(r"\1", text)))


def _from_scaladoc(text: str) -> str:
    text = _WIKI_CODE.sub("\n\n", _INLINE_TAG.sub(_inline, _described(text)))
    text = _WIKI_LINK.sub(lambda link: link[2] or link[1], _HEADING.sub("\n", text))
    return _plain_html(_WIKI_MARK.sub("", text))


def _from_swift_markup(text: str) -> str:
    callout = _CALLOUT.search(text)
    return _markdown(text[: callout.start()] if callout else text)


def _from_xml(text: str) -> str:
    summary = _SUMMARY.search(text)
    if summary is None and _XML_TOP.search(text):
        return ""
    return without_xml(summary[1] if summary else text)


def _described(text: str) -> str:
    """What stands before the first block tag."""
    tag = _BLOCK_TAG.search(text)
    return text[: tag.start()] if tag else text


def _inline(tag: re.Match[str]) -> str:
    """What a reader sees of `{@tag text}`."""
    name, text = tag[1], tag[2].strip()
    if name in {"link", "linkplain"} and (reference := _REFERENCE.fullmatch(text)):
        return reference[2] or reference[1].rpartition("/")[2].strip("#").replace("#", ".")
    if name in {"inheritDoc", "inheritdoc", "value", "snippet", "docRoot"}:
        return ""
    if name in {"code", "literal"}:
        return html.escape(text, quote=False)
    return f"Returns {text}." if name == "return" else text


def _referred(reference: re.Match[str]) -> str:
    """What a reader sees of `<see cref="M:A.B.Run(System.Int32)"/>`: A.B.Run."""
    name = _CREF.sub("", reference[1], count=1) if _CREF.match(reference[1]) else reference[1]
    return reference[2] or name.partition("(")[0].replace("{", "&lt;").replace("}", "&gt;")


def _plain_html(text: str) -> str:
    text = _HTML_BREAK.sub("\n\n", _HTML_COMMENT.sub("", text))
    return html.unescape(_HTML_TAG.sub("", text))
