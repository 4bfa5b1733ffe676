"""Samples as Markdown, to be read by people: pure, rows in, text out."""

from collections.abc import Mapping, Sequence


def as_markdown(rows: Sequence[Mapping[str, str]]) -> str:
    """Rows of a data set (`kind`, `instruction`, `input`, `output`), each under a heading of its own."""
    parts = []
    for number, row in enumerate(rows, 1):
        parts.append(f"## {number} of {len(rows)}: {row['kind']}")
        parts.append(f"**Question**\n\n{row['instruction']}")
        if row["input"]:
            parts.append(f"**Evidence**\n\n{_block(row['input'])}")
        parts.append(f"**Answer**\n\n{row['output']}")
    return "\n\n".join(parts) + "\n"


def _block(text: str) -> str:
    """`text` as a code block, whose fence is longer than any in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"
