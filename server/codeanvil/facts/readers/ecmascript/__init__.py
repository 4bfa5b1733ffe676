"""Facts of JavaScript and TypeScript source, with JSX, decorators and Flow's annotations."""

import re
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.ecmascript.bindings import Bindings
from codeanvil.facts.readers.ecmascript.comments import doc_of_file
from codeanvil.facts.readers.ecmascript.declarations import Declarations
from codeanvil.facts.readers.ecmascript.mending import second_tries
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading

__all__ = ["read", "second_tries"]

# Of one node, what comes first here is taken first.
_TYPES: dict[str, SymbolKind] = {"class": "class", "interface": "interface", "enum": "enum"}
_DECLARED = (*_TYPES, "function", "method", "anonymous", "alias", "signature", "namespace", "decorator")
_BOUND = ("bound", "field", "member", "default", "owned", "assigned", "heir", "inherits", "mixed")
_WHAT = (*_DECLARED, *_BOUND, "guard", "import")
_GUARD = re.compile(
    r"require\.main\s*===?\s*module|module\s*===?\s*require\.main|!\s*module\.parent|import\.meta\.main"
    r"|(?=.*import\.meta\.url).*process\.argv\[1\]",
    re.DOTALL,
)


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/ecmascript.scm` and its heirs captured in UTF-8 `source`.

    - Classes and functions count where they are declared, or have a name of their own, or are bound to one: by
      `const`, by an assignment to a property, in an object that is itself bound. `export default` alone names what
      it exports `default`, `module.exports =` names it `exports`.
    - Functions of an object are functions in the object's scope. A class's fields that hold a function are methods of
      it: they are called and overridden as such.
    - A type alias counts as the interface that it could be written as: when it is for an object type, or for an
      intersection with one, whose other parts are its bases. Any other alias names no new type.
    - `Foo.prototype.bar = function` is a method of Foo, and the function Foo is the class.
    - Bases are what a type extends, then what it implements. A namespace is a module and a scope; `declare module
      "x"` and `declare global` are neither. A `declare`d class has a body and is no `decl`; its methods are.
    - Imports are the literal names in `import`, `export from`, `import()`, `require()` and AMD's `define([...])`.
    - A `#!` line, or `if (require.main === module)` and its like, makes the file an entry point.
    """
    declarations = Declarations(source)
    bindings = Bindings(declarations)
    outline = declarations.outline
    imports: list[str] = []
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what in _BOUND:
            _bind(bindings, what, node)
        elif what == "import":
            imports.append(outline.text(node)[1:-1])
        elif what == "guard":
            if _GUARD.search(outline.text(node)):
                outline.entry(node)
        elif node.id not in bindings.claimed:
            _declare(declarations, what, node)
    bindings.prototypes.finish()
    _start_at_first_line(outline)
    return outline.reading((name for name in imports if name and "${" not in name), doc_of_file(source))


def _declare(declarations: Declarations, what: str, node: Node) -> None:
    name = node.child_by_field_name("name")
    match what:
        case "decorator":
            declarations.decorator(node)
        case "namespace":
            declarations.namespace(node, name)
        case "anonymous":
            declarations.outline.namespace(node)
        case _ if name is None:
            pass
        case "class" | "interface" | "enum":
            declarations.type(_TYPES[what], node, name, node)
        case "alias":
            declarations.alias(node, name)
        case "function":
            declarations.function("function", node, name, node)
        case "method":
            declarations.method(node, name)
        case _ if node.id in declarations.signatures:
            declarations.method(node, name)


def _bind(bindings: Bindings, what: str, node: Node) -> None:
    name = node.child_by_field_name("name")
    match what:
        case "bound":
            bindings.bind("function", node, name, node.child_by_field_name("value"))
        case "field":
            name = name or node.child_by_field_name("property")
            bindings.bind("method", node, name, node.child_by_field_name("value"))
        case "member":
            bindings.member(node)
        case "default":
            bindings.default(node)
        case "assigned":
            bindings.assigned(node)
        case "mixed":
            bindings.mixed(node)
        case _:
            bindings.prototypes.take(what, node)


def _start_at_first_line(outline: Outline) -> None:
    if outline.source.startswith(b"#!") and not outline.main_line:
        outline.main_line = 1
