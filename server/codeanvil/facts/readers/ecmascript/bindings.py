"""What is bound to a name: by a declarator, a field, a property, an assignment, an export."""

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.ecmascript.declarations import Declarations
from codeanvil.facts.readers.ecmascript.prototypes import Prototypes, prototype_owner
from codeanvil.facts.readers.ecmascript.values import (
    FUNCTIONS,
    MODULE_EXPORTS,
    chain,
    members,
    spelled,
    unwrapped,
    without_exports,
)


class Bindings:
    """Names functions, classes and the members of objects by what they are bound to."""

    def __init__(self, declarations: Declarations) -> None:
        self.claimed: set[int] = set()
        """Ids of what was named by its binding, and is not to be named again by its own node."""
        self._declarations = declarations
        self._outline = declarations.outline
        self._source = declarations.source
        self.prototypes = Prototypes(self._outline)
        """What gives functions a prototype, beside what binds."""
        # Members of objects that have a name, by id: within which names, and as what.
        self._members: dict[int, tuple[tuple[str, ...], SymbolKind]] = {}

    def bind(
        self, kind: SymbolKind, whole: Node, name: Node | None, value: Node | None, within: tuple[str, ...] = ()
    ) -> None:
        """`whole` binds `value` to `name`: a function becomes a `kind`, an object's functions are in its scope."""
        bound = unwrapped(value)
        if name is None or value is None or bound is None or bound.id in self.claimed:
            return
        if bound.type in FUNCTIONS:
            draft = self._declarations.function(kind, whole, name, bound, within, enters=False)
            self._aliases(value, bound)
            if draft is not None:
                self._outline.enter(whole, draft)
        elif bound.type == "class":
            self._declarations.type("class", whole, name, bound, within)
        elif bound.type == "object":
            self._object(bound, (*within, spelled(self._source, name)))
        else:
            return
        self.claimed.add(bound.id)

    def member(self, node: Node) -> None:
        """A method or property in an object: of one that has a name, or else nothing to speak of."""
        if node.id not in self._members:
            return
        within, kind = self._members[node.id]
        name = node.child_by_field_name("name")
        if name is not None:
            self._declarations.function(kind, node, name, node, within)
        else:
            self.bind(kind, node, node.child_by_field_name("key"), node.child_by_field_name("value"), within)

    def default(self, node: Node) -> None:
        """`export default` and a value. A function or class with a name of its own keeps that."""
        value = unwrapped(node.child_by_field_name("value"))
        if value is None or value.child_by_field_name("name"):
            return
        if value.type in FUNCTIONS:
            self._declarations.function("function", node, value, value)
        elif value.type == "class":
            self._declarations.type("class", node, value, value)
        elif value.type == "object":
            self._object(value, ())
        self.claimed.add(value.id)

    def assigned(self, node: Node) -> None:
        """A function, class or object is assigned to a property."""
        path = chain(node.child_by_field_name("left"))
        names = [self._outline.text(part) for part in path]
        value = node.child_by_field_name("right")
        bound = unwrapped(value)
        if bound is None or not names or bound.id in self.claimed:
            return
        if bound.type == "object" and (names == MODULE_EXPORTS or names[-1] == "prototype"):
            owner = prototype_owner(names)
            if owner or names == MODULE_EXPORTS:
                self.prototypes.own(owner)
                self._object(bound, owner, "method" if owner else "function")
        elif names == MODULE_EXPORTS and bound.child_by_field_name("name") is not None:
            return
        elif place := self._place(names):
            within, kind = place
            self.bind(kind, node, path[-1], value, within)

    def mixed(self, target: Node) -> None:
        """`Object.assign(Foo.prototype, { ... })`."""
        owner = prototype_owner([self._outline.text(part) for part in chain(target)])
        value = target.next_named_sibling
        if owner and value is not None:
            self.prototypes.own(owner)
            self._object(value, owner, "method")

    def _place(self, names: list[str]) -> tuple[tuple[str, ...], SymbolKind] | None:
        """Within which names and as what a function is that is assigned to `names`, two of them or more."""
        if owner := prototype_owner(names):
            return (owner, "method") if len(names) == names.index("prototype") + 2 else None
        if names[0] == "this":
            # In a method it is an object's own value; a function that is no method makes its objects so.
            outer = self._outline.enclosing
            return (tuple(names[1:-1]), "function") if outer is not None and outer.kind == "function" else None
        return (("module",) if names == MODULE_EXPORTS else tuple(without_exports(names)[:-1])), "function"

    def _aliases(self, value: Node, function: Node) -> None:
        """The other names of a function in `first = a.b = c.d = function`; inside, it has the first."""
        while value.type == "assignment_expression":
            path = chain(value.child_by_field_name("left"))
            names = [self._outline.text(part) for part in path]
            place = self._place(names) if len(names) > 1 and names != MODULE_EXPORTS else None
            if place is not None:
                self._declarations.function(place[1], value, path[-1], function, place[0], enters=False)
            right = value.child_by_field_name("right")
            if right is None:
                break
            value = right

    def _object(self, value: Node, within: tuple[str, ...], kind: SymbolKind = "function") -> None:
        """The members of an object that has a name are definitions `within` it; those of objects in it, too."""
        pending: list[tuple[Node, tuple[str, ...], SymbolKind]] = [(value, within, kind)]
        self.claimed.add(value.id)
        while pending:
            outer, names, sort = pending.pop()
            for member, inner in members(outer):
                key = member.child_by_field_name("key")
                if inner is None or key is None or inner.type != "object":
                    self._members[member.id] = (names, sort)
                else:
                    pending.append((inner, (*names, spelled(self._source, key)), "function"))
