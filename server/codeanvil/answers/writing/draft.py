"""A part of an answer and what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codeanvil.answers.writing.cite import Citation


@dataclass(frozen=True, slots=True)
class Draft:
    """Markdown from facts.

    `required` is what any right answer to the same question must hold: groups of alternatives, one of each group.
    `found` is false where the answer is that something is not in the workspace.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    required: tuple[tuple[str, ...], ...] = ()
    found: bool = True

    def with_text(self, text: str) -> "Draft":
        """The same facts in other words."""
        return replace(self, text=text)


def stack_up(drafts: Sequence[Draft]) -> Draft:
    """Drafts as one, a paragraph each; found only where all are."""
    return Draft(
        "\n\n".join(draft.text for draft in drafts if draft.text),
        tuple(dict.fromkeys(cite for draft in drafts for cite in draft.citations)),
        tuple(dict.fromkeys(group for draft in drafts for group in draft.required)),
        all(draft.found for draft in drafts),
    )
