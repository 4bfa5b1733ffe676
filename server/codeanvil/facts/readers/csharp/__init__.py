"""C#: `directives` settles conditional compilation, then `definitions` reads what was captured."""

from codeanvil.facts.readers.csharp.definitions import read
from codeanvil.facts.readers.csharp.directives import without_directives
from codeanvil.facts.readers.easing import last_tries, second_tries

__all__ = ["last_tries", "read", "second_tries", "without_directives"]
