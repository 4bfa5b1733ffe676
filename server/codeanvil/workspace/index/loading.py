"""What a worker loads before somebody saves a file and waits for its samples: grammars, queries, wordings."""

from collections.abc import Iterable

from codeanvil.facts.extract import extract
from codeanvil.facts.languages import LANGUAGES
from codeanvil.samples import phrasing
from codeanvil.samples.generate import file_samples
from codeanvil.samples.model import FileView

_ANY = b'class Any:\n    """Says so."""\n\n    def one(self):\n        return 1\n'


def load(languages: Iterable[str]) -> None:
    """Load what reading a file of these languages, and making its samples, needs; other names are passed over."""
    for name in LANGUAGES.keys() & set(languages):
        extract("any", b"", name)
        LANGUAGES[name].queried(LANGUAGES[name].parse(b""))  # Python's query is for files with errors
    for kind in phrasing.kinds():
        phrasing.wordings(kind)
    file_samples(FileView(extract("any.py", _ANY, "python"), _ANY.decode()))
