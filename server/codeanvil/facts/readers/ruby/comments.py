"""RDoc and YARD: comments without their tags and directives."""

import re

from codeanvil.facts.readers.comments import comment_above, file_doc
from codeanvil.facts.text import first_sentence

# What is told to Ruby, to linters or to RDoc itself.
_DIRECTIVE = (
    r"(?:frozen_string_literal|warn_indent|shareable_constant_value|encoding|coding|typed|rubocop|steep|standard|reek"
    r"|simplecov|vim?|sorbet)\b *:|-\*-.*-\*-"
    r"|:(?:nodoc|doc|stopdoc|startdoc|markup|category|section|title|main|include)\b:?|:?call-seq:|\+\+|--"
)
_DIRECTIVE_LINE = re.compile(rf"^[ \t]*#+[ \t]*(?:{_DIRECTIVE})[^\n]*(?:\n|\Z)", re.MULTILINE | re.IGNORECASE)
_CALL_SEQUENCE = re.compile(r"^[ \t]*#[ \t]*:?call-seq:[^\n]*\n(?:[ \t]*#[ \t]{2,}\S[^\n]*\n)*", re.MULTILINE)
_TAG = re.compile(r"^[ \t]*#[ \t]?@!?[a-z]\w*[^\n]*(?:\n[ \t]*#(?:[ \t]{2,}\S[^\n]*)?(?=\n|\Z))*", re.MULTILINE)
_NOTE = re.compile(r"^([ \t]*#[ \t]?)@(?:note|abstract|overload)\b[ \t]*", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]*#[ \t]*(?:=+|#+)[ \t]+\S[^\n]*$", re.MULTILINE)
_PREAMBLE = re.compile(
    rb"(?:#![^\n]*(?:\n|\Z)|\s+|[ \t]*#+[ \t]*(?i:" + _DIRECTIVE.encode() + rb")[^\n]*(?:\n|\Z))*",
)
_TOP_BLOCK = re.compile(rb"=begin\b[^\n]*\n(.*?)\n=end\b[^\n]*\n", re.DOTALL)
_GAP = 500
_TOP = 20_000
"""Bytes of a file in which its own comment is looked for."""

_MOST_COMMENT = 3_000
"""Characters of a comment in which its first sentence is looked for."""


def doc_above(source: bytes, start: int) -> str:
    """First sentence of the comment, `#` or `=begin`, that ends above byte `start`."""
    if source[max(0, start - _GAP) : start].rstrip().endswith(b"\n=end"):
        text = source[max(0, start - _TOP) : start].rstrip()
        begin = max(text.rfind(b"\n=begin"), 0 if text.startswith(b"=begin") else -1)
        block = text[begin:-4].lstrip().partition(b"\n")[2]
        return first_sentence(block.decode(errors="replace")) if begin >= 0 else ""
    return _sentence(comment_above(source, start, "#"))


def doc_of_file(source: bytes) -> str:
    """First sentence of the comment that stands apart at the top, below what is told to Ruby and to linters."""
    preamble = _PREAMBLE.match(source, 0, _TOP)
    top = source[preamble.end() if preamble else 0 :][:_TOP]
    if block := _TOP_BLOCK.match(top):
        return first_sentence(block[1].decode(errors="replace"))
    return _sentence("# " + doc) if (doc := file_doc(top, "#")) else ""


def _sentence(comment: str) -> str:
    comment = comment[:_MOST_COMMENT]
    if "@" in comment:
        comment = _TAG.sub("", _NOTE.sub(r"\1", comment))
    if ":" in comment or "--" in comment or "++" in comment or "-*-" in comment:
        comment = _DIRECTIVE_LINE.sub("", _CALL_SEQUENCE.sub("", comment))
    if "# =" in comment or "# #" in comment:
        comment = _HEADING.sub("#", comment)
    return first_sentence(comment) if comment and not comment.isspace() else ""
