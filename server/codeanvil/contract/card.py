"""What the trainer adds to the data card that the server has written."""

import json
from collections.abc import Sequence

from codeanvil.contract.files import write_atomic
from codeanvil.contract.run_folder import RunFolder

TOKENS_UNKNOWN = "Tokens are counted when the training starts."
"""The line of `card.md` in whose place `add_tokens` says how many there are."""


def add_tokens(folder: RunFolder, lengths: Sequence[int], *, cut: int, dropped: int, most: int) -> None:
    """Tell in the data card how long the training rows are, in tokens of the base; nothing where there is no card.

    `lengths` are of the rows as they are trained on: at most `most` tokens, `cut` of them without their end; `dropped`
    rows had no room for an answer.
    """
    try:
        card = json.loads(folder.card.read_text("utf-8"))
        text = folder.card_text.read_text("utf-8")
    except (OSError, ValueError):
        return
    if card.get("tokens") or not lengths:
        return
    ordered, count = sorted(lengths), len(lengths)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    figures = {"total": sum(lengths), "mean": round(sum(lengths) / count, 1), "median": median, "max": ordered[-1]}
    card["tokens"] = figures | {"cut": cut, "dropped": dropped, "limit": most}
    told = (
        f"Tokens of the base's tokenizer: {figures['total']:,} in all; {figures['mean']:g} a row on average, median "
        f"{median:g}, at most {ordered[-1]:,}. {cut:,} answers were cut at {most:,} tokens, {dropped:,} rows left out "
        "because their question alone is longer."
    )
    write_atomic(folder.card, json.dumps(card, indent=2) + "\n")
    write_atomic(folder.card_text, text.replace(TOKENS_UNKNOWN, told))
