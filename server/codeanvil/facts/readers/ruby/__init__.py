"""Facts of Ruby source."""

import re
from operator import itemgetter

from codeanvil.facts.readers.reading import Captures, Reading
from codeanvil.facts.readers.ruby.comments import doc_of_file
from codeanvil.facts.readers.ruby.definitions import Definitions

# Of one node, what comes first here is taken first.
_WHAT = ("class", "module", "singleton", "made", "method", "alias", "anonymous", "call", "guard")
_GUARD = re.compile(r"__FILE__\s*={2,3}\s*(?:\$0|\$PROGRAM_NAME)|(?:\$0|\$PROGRAM_NAME)\s*={2,3}\s*__FILE__")


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/ruby.scm` captured in UTF-8 `source`.

    - A type that is opened again is the same type: each part has the methods of all parts in the file. `class A::B`
      is B in A; `class ::A` is A.
    - A module is a `module` with its methods. `A = Struct.new(...)`, `Data.define(...)`, `Class.new(B)` and
      `Module.new` are types too; without a constant they have no name, and what is defined in them is not told.
    - Methods are what instances and the type itself answer to: `def`, `def self.`, those in `class << self`, of
      `attr_reader` and its like (`attr_accessor :x` is x and x=), aliases, and `define_method` with a literal name.
    - Bases are what `ancestors` would tell: the superclass, then what is included and prepended, as written. What is
      extended changes the type object alone and is no base.
    - Imports are the literal arguments of `require`, `load`, `autoload` and `require_relative`, whose begin with ./.
    - `if __FILE__ == $0`, or else a `#!` line, makes the file an entry point.
    """
    definitions = Definitions(source)
    outline = definitions.outline
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what != "guard":
            definitions.take(what, node)
        elif _GUARD.search(outline.text(node)):
            outline.entry(node)
    if source.startswith(b"#!") and not outline.main_line:
        outline.main_line = 1
    return outline.reading(definitions.imports, doc_of_file(source))
