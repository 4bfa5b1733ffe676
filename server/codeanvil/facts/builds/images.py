"""References to container images."""

import re

from codeanvil.facts.model import Dependency

MAX_LENGTH = 300
"""Characters of a reference; longer ones are none."""

_DEFAULT = re.compile(r"\$\{\w{1,100}+:?-([^{}]{0,200}+)\}")


def image(written: str, line: int, group: str = "") -> Dependency | None:
    """`postgres:16-alpine` as a dependency on postgres 16-alpine; a variable with a default counts as that.

    None where the name is not known. A digest is the version where there is no tag.
    """
    if len(written) > MAX_LENGTH:
        return None
    plain = _DEFAULT.sub(r"\1", written.strip())
    reference, _, digest = plain.partition("@")
    head, slash, last = reference.rpartition("/")
    name, _, tag = last.partition(":")
    if not name or "$" in name or any(character.isspace() for character in plain):
        return None
    return Dependency(f"{head}{slash}{name}", tag or digest, line, group)
