"""Which files are documents, and in what they are written."""

from typing import Literal

Format = Literal["markdown", "rst", "asciidoc"]

_BY_EXTENSION: dict[str, Format] = {
    "md": "markdown", "markdown": "markdown", "mdown": "markdown", "mkd": "markdown", "mkdn": "markdown",
    "rst": "rst", "rest": "rst", "adoc": "asciidoc", "asciidoc": "asciidoc",
}  # fmt: skip

_PLAIN = frozenset(
    {"readme", "install", "installing", "building", "hacking", "contributing", "changelog", "changes", "news",
     "architecture", "authors", "copying", "license", "licence", "security", "support", "usage", "todo", "faq"}
)  # fmt: skip
"""Names of documents in plain text: without an extension, or with `.txt`. They are read as Markdown."""


def format_of(path: str) -> Format | None:
    """What the document at `path` is written in; None for a file that is no document."""
    name = path.rpartition("/")[2].lower()
    stem, dot, extension = name.rpartition(".")
    if dot and stem and extension in _BY_EXTENSION:
        return _BY_EXTENSION[extension]
    if name in _PLAIN or (extension == "txt" and stem in _PLAIN):
        return "markdown"
    return None
