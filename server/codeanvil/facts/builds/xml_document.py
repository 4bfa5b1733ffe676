"""XML as plain nodes with their lines; files that declare entities are refused."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from codeanvil.facts.builds.documents import UnreadableError, check_size
from codeanvil.facts.text import to_utf8

MAX_DEPTH = 100
"""Elements below this depth are refused."""


@dataclass(slots=True)
class Node:
    """An element. `tag` is without namespace, `text` what stands in it before its first child."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, *path: str) -> Iterator["Node"]:
        """The elements below `path` of tags, in document order."""
        found = [self]
        for tag in path:
            found = [child for node in found for child in node.children if child.tag == tag]
        yield from found

    def first(self, *path: str) -> "Node | None":
        """The first element below `path` of tags."""
        return next(self.all(*path), None)

    def say(self, *path: str) -> str:
        """The text of the first element below `path`, without white space around it; '' where there is none."""
        node = self.first(*path)
        return node.text.strip() if node is not None else ""


def parse(source: bytes) -> Node:
    """The outermost element of an XML file, read without entities or anything from outside.

    Raises `UnreadableError` for what is no XML, for files that declare entities, and for those nested too deep.
    """
    check_size(source)
    builder = _Builder()
    # The text is UTF-8 by now, whatever the file says about itself.
    parser = DefusedXMLParser(target=builder, encoding="utf-8")
    builder.place = parser.parser
    try:
        parser.feed(to_utf8(source))
        parser.close()
    except DefusedXmlException as error:
        raise UnreadableError(f"it declares an entity, which is not read ({type(error).__name__})") from None
    except ParseError as error:
        raise UnreadableError(error) from None
    if builder.root is None:
        raise UnreadableError("it holds no element")
    return builder.root


class _Builder:
    """Makes nodes of a parser's events."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.place: object = None
        self._open: list[Node] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise UnreadableError("it is nested too deep")
        line = int(getattr(self.place, "CurrentLineNumber", 0))
        node = Node(tag.rpartition("}")[2], line, {key.rpartition("}")[2]: value for key, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def data(self, text: str) -> None:
        if self._open and not self._open[-1].children:
            self._open[-1].text += text

    def end(self, tag: str) -> None:
        del tag
        self._open.pop()

    def close(self) -> None:
        """Nothing is left to do at the end."""
