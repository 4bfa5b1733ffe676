"""Maven's properties put in the place of `${names}`."""

import re
from collections.abc import Mapping

MAX_VALUE = 500
"""Characters of a text with its properties in place; doubling ones would fill the memory."""

MAX_NESTING = 8
"""Times that a text is looked through for properties again."""

_PROPERTY = re.compile(r"\$\{([^${}\s]{1,200})\}")


def interpolated(text: str, values: Mapping[str, str]) -> str:
    """`text` with known properties in place; unknown ones stay as written."""
    for _ in range(MAX_NESTING):
        if "${" not in text or len(text) > MAX_VALUE:
            break
        changed = _PROPERTY.sub(lambda match: values.get(match[1], match[0])[:MAX_VALUE], text)
        if changed == text:
            break
        text = changed
    return text[:MAX_VALUE]


def is_known(text: str) -> bool:
    """Whether a text says something: it is there, and no property is missing from it."""
    return bool(text) and "${" not in text
