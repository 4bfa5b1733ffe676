"""Titles and blocks of Markdown, as CommonMark and GitHub's tables have them."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from codeanvil.facts.documents.outline import Block, Heading, Outline

_FRONT = re.compile(
    r"---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)|\+\+\+[ \t]*\n.*?^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
"""Settings of a site's generator before the text, in YAML or TOML."""

_TELLING = frozenset({"paragraph_open", "fence", "code_block", "bullet_list_open", "ordered_list_open", "table_open",
                      "blockquote_open"})  # fmt: skip
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)|!\[[^\]]*\]\[[^\]]*\]")
_LINK = re.compile(r"\[\s*\]\([^)]*\)|\[\s*\]\[[^\]]*\]|\[\s*\]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)


@cache
def _blocks() -> MarkdownIt:
    """A parser of blocks alone: what is in a line matters in titles only."""
    return MarkdownIt("commonmark").enable("table").disable(["inline"])


@cache
def _inline() -> MarkdownIt:
    return MarkdownIt("commonmark")


def outline(text: str) -> Outline:
    """The titles and telling blocks of Markdown; lines count as line feeds part them."""
    front = _FRONT.match(text)
    if front:
        text = "\n" * front[0].count("\n") + text[front.end() :]
    found = Outline()
    tokens = _blocks().parse(text)
    for number, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        if token.type == "heading_open":
            first, after = token.map
            found.headings.append(Heading(first, after, int(token.tag[1:]), _plain(tokens[number + 1].content)))
        elif token.type in _TELLING and not _is_badges(token, tokens[number + 1 : number + 2]):
            found.blocks.append(Block(token.map[0], token.map[1]))
    return found


def _plain(title: str) -> str:
    """A title without marks: of code its text, of links theirs, of pictures nothing."""
    (token,) = _inline().parseInline(title)
    text = "".join(child.content if child.type in {"text", "code_inline"} else " " * (child.type == "softbreak")
                   for child in token.children or ())  # fmt: skip
    return " ".join(text.split()).strip("# ")


def _is_badges(token: Token, following: list[Token]) -> bool:
    """Whether a paragraph has nothing but pictures, links around them and tags."""
    if token.type != "paragraph_open" or not following:
        return False
    rest = _TAG.sub("", _LINK.sub("", _PICTURE.sub("", following[0].content)))
    return not any(letter.isalnum() for letter in rest)
