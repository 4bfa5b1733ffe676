"""Classes from before there was `class`: functions with a prototype."""

from collections.abc import Iterable, Sequence

from tree_sitter import Node

from codeanvil.facts.readers.ecmascript.heritage import expression_names
from codeanvil.facts.readers.ecmascript.values import chain, without_exports
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import joined


class Prototypes:
    """The functions of a file that have members in their prototype, or one that derives from another."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._bases: dict[str, dict[str, None]] = {}

    def take(self, what: str, node: Node) -> None:
        """`owned`: something is assigned to a member of a prototype. `heir`: `Foo.prototype = Object.create(
        Base.prototype)` and its like. `inherits`: the arguments of `inherits(Foo, Base)`, or the prototypes' as such.
        """
        if what == "inherits":
            target, value = (*node.named_children, None, None)[:2]
        else:
            target, value = node.child_by_field_name("left"), node.child_by_field_name("right")
        names = [self._outline.text(part) for part in chain(target)]
        owner = prototype_owner(names)
        if what == "inherits":
            owner = owner or tuple(names)
        elif what == "owned" or (value is not None and value.type == "identifier"):
            value = None
        self.own(owner, expression_names(self._outline.source, _heir_of(value)))

    def own(self, names: Sequence[str], bases: Iterable[str] = ()) -> None:
        """The function called `names` in the scope that was come to has a prototype of its own, made from `bases`."""
        if names:
            self._bases.setdefault(joined(self._outline.scope, *names), {}).update(dict.fromkeys(bases))

    def finish(self) -> None:
        """To be called after the last node: make those functions classes, and tell classes their bases."""
        for draft in self._outline.drafts if self._bases else ():
            bases = self._bases.get(draft.qualified)
            if bases is not None and draft.kind in {"function", "class"}:
                draft.bases += tuple(base for base in bases if base not in draft.bases)
                if draft.kind == "function":
                    self._outline.becomes_type(draft, "class")


def prototype_owner(names: list[str]) -> tuple[str, ...]:
    """The names of the class in those of `Foo.prototype.bar`; () where there is none."""
    owner = next((names[: names.index(mark)] for mark in ("prototype", "__proto__") if mark in names), [])
    return () if not owner or owner[0] == "this" else tuple(without_exports(owner))


def _heir_of(value: Node | None) -> Node | None:
    """The class in `Base.prototype`, `new Base()`, `Object.create(Base.prototype)` or the argument `Base`."""
    if value is not None and value.type == "call_expression":
        arguments = value.child_by_field_name("arguments")
        value = next(iter(arguments.named_children), None) if arguments is not None else None
        return _heir_of(value) if value is not None and value.type == "member_expression" else None
    if value is not None and value.type == "new_expression":
        return value.child_by_field_name("constructor")
    if value is not None and value.type == "member_expression":
        name = value.child_by_field_name("property")
        if name is not None and name.text == b"prototype":
            return value.child_by_field_name("object")
    return value
