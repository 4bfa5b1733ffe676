"""C and C++: `preprocessor` blanks what no grammar can read, then `definitions` reads what was captured."""

from codeanvil.facts.readers.c.definitions import read
from codeanvil.facts.readers.c.preprocessor import prepared

__all__ = ["prepared", "read"]
