"""General coding instructions, written for this project: what a model must not forget while it learns a workspace."""

from importlib.resources import files


def heldout() -> str:
    """Rows (`instruction`, `output`) as JSON lines that no run is ever trained on: loss on them tells of forgetting."""
    return files(__package__).joinpath("heldout.jsonl").read_text("utf-8")
