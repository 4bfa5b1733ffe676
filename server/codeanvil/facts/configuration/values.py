"""Which values of settings may be told."""

import re

MOST_VALUE = 60
"""Characters of a default; a longer one is a text, and nobody asks for it."""

SCREENED = "<secret>"
"""What stands where screening took a secret out."""

_SECRET = re.compile(
    r"(pass(word|wd|phrase)?|pwd|secrets?|token|(api|auth|access)_?tokens|credentials?|api_?keys?|private_?key|access_?key|auth_?key|key|dsn|salt)$"
    r"|(^|_)(password|secret|passphrase)(_|$)",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_secret(name: str) -> bool:
    """Whether a setting holds something secret, by its name."""
    last = _CAMEL.sub("_", name.rpartition(".")[2]).replace("-", "_")
    return _SECRET.search(last) is not None


def told(name: str, value: str) -> str:
    """The value as it may be told; '' for one that is secret by the name, was screened, or is no single short word."""
    plain = " ".join(value.split())
    if is_secret(name) or SCREENED in value or len(plain) > MOST_VALUE or ("://" in plain and "@" in plain):
        return ""
    return plain
