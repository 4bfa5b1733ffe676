"""Properties put in the place of `${names}`, as Maven writes them, or of `$(names)`, as MSBuild does."""

import re
from collections.abc import Mapping

MAX_VALUE = 500
"""Characters of a text with its properties in place; doubling ones would fill the memory."""

MAX_NESTING = 8
"""Times that a text is looked through for properties again."""

BRACES = re.compile(r"\$\{([^${}\s]{1,200})\}")
PARENTHESES = re.compile(r"\$\(([\w.-]{1,200})\)")


def interpolated(text: str, values: Mapping[str, str], form: re.Pattern[str] = BRACES) -> str:
    """`text` with known properties in place; unknown ones stay as written. MSBuild's are looked up in lower case."""
    start = "${" if form is BRACES else "$("
    for _ in range(MAX_NESTING):
        if start not in text or len(text) > MAX_VALUE:
            break
        changed = form.sub(lambda match: _value(match, values, form)[:MAX_VALUE], text)
        if changed == text:
            break
        text = changed
    return text[:MAX_VALUE]


def _value(match: re.Match[str], values: Mapping[str, str], form: re.Pattern[str]) -> str:
    return values.get(match[1] if form is BRACES else match[1].lower(), match[0])


def is_known(text: str) -> bool:
    """Whether a text says something: it is there, and no property is missing from it."""
    return bool(text) and "${" not in text and "$(" not in text
