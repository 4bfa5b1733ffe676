"""C#: `directives` settles conditional compilation, then `definitions` reads what was captured."""

from codeanvil.facts.readers.csharp.definitions import read
from codeanvil.facts.readers.csharp.directives import without_directives

__all__ = ["read", "without_directives"]
