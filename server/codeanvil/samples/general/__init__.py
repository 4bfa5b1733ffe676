"""General coding instructions, written for this project: what a model must not forget while it learns a workspace."""

import json
from functools import cache
from importlib.resources import files

from codeanvil.samples.draw import digest, hex_digest
from codeanvil.samples.model import Sample
from codeanvil.settings import SampleSettings

KIND = "general"
"""The kind of samples that tell nothing about the workspace."""


def heldout() -> str:
    """Rows (`instruction`, `output`) as JSON lines that no run is ever trained on: loss on them tells of forgetting."""
    return files(__package__).joinpath("heldout.jsonl").read_text("utf-8")


def general_samples(beside: int, settings: SampleSettings) -> list[Sample]:
    """So many that they are `settings.general_share` of all, with `beside` others; fewer where there are not so many.

    Which these are depends on nothing else: with more samples beside them, those that were there stay.
    """
    share = 0.0 if KIND in settings.leave_out else settings.general_share
    return list(_all()[: round(beside * share / (1 - share))])


@cache
def _all() -> tuple[Sample, ...]:
    rows = files(__package__).joinpath("training.jsonl").read_text("utf-8").splitlines()
    made = [_sample(**json.loads(row)) for row in rows]
    return tuple(sorted(made, key=lambda sample: digest(sample.id)))


def _sample(instruction: str, output: str) -> Sample:
    return Sample(
        id=hex_digest(KIND, instruction, output),
        kind=KIND,
        subject="",
        source="",
        fact=f"{KIND}:{instruction}",
        instruction=instruction,
        input="",
        output=output,
    )
