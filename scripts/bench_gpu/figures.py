"""What the measurements come to: floating-point operations of a token, shares, the table."""

from collections.abc import Mapping
from typing import Any

from codeanvil_trainer.footprint.shapes import Shape

GOAL_PEAK_GIB = 12.0
GOAL_SHARE = 0.40
PEERS = ("Trainer + peft, batch 1 x 8", "TRL packing")


def operations_per_token(shape: Shape, rank: int, targets: tuple[str, ...], label_share: float) -> float:
    """Useful operations of training on one token, forward and backward; what gradient checkpointing does again is none.

    A multiplication with a frozen matrix is 2 per weight forward and 2 for the gradient of what it reads; with an
    adapter's, 2 more for its own gradient. The head is applied at labels only. Attention's scores are left out: a few
    percent at samples of some hundred tokens.
    """
    head = shape.vocabulary * shape.hidden * label_share
    return 4 * (shape.linear_weights + head) + 6 * shape.adapter(rank, targets)


def summary(results: Mapping[str, Any]) -> dict[str, Any]:
    """One JSON object; figures whose parts have not been measured are None."""
    ours = results.get("ours", {})
    speed = ours.get("tokens_per_second")
    ceiling = results.get("ceiling", {}).get("operations_per_second")
    ratios = {name: _ratio(speed, results.get(name, {}).get("tokens_per_second")) for name in PEERS}
    share = speed * ours["operations_per_token"] / ceiling if speed and ceiling else None
    return {
        "speedup": ratios[PEERS[0]],
        "speedup_over_trl_packing": ratios[PEERS[1]],
        "share_of_ceiling": None if share is None else round(share, 3),
        "parts": dict(results),
    }


def table(figures: Mapping[str, Any]) -> str:
    """The figures for people."""
    parts = figures["parts"]
    device = parts.get("ceiling", {}).get("device", "a GPU")
    lines = [f"{device}; random weights of the 6.7B shape in NF4, preset guide, lengths of a real data set", ""]
    lines += ["| run | tokens/s | samples/s | peak memory (GiB) | way |", "|---|---|---|---|---|"]
    for name, part in parts.items():
        if name == "ceiling":
            continue
        if "missing" in part:
            lines.append(f"| {name} | {part['missing']} | | | |")
            continue
        peak = part["peak_bytes"]
        lines.append(
            f"| {name} | {part['tokens_per_second']:,.0f} | {part['samples_per_second']:.1f} | "
            f"{'not told' if peak is None else f'{peak / 2**30:.1f}'} | {part['way']} |"
        )
    share, peak = figures["share_of_ceiling"], parts.get("1 x 2,048", {}).get("peak_bytes")
    lines += [
        "",
        f"ours over {PEERS[0]}: {figures['speedup']}; over {PEERS[1]}: {figures['speedup_over_trl_packing']}",
        f"share of the measured bf16 ceiling: {share} (goal {GOAL_SHARE})",
        f"peak at micro-batch 1 and length 2,048: {peak / 2**30:.1f} GiB (goal {GOAL_PEAK_GIB:g})" if peak else "",
    ]
    return "\n".join(lines).rstrip()


def _ratio(one: float | None, other: float | None) -> float | None:
    return round(one / other, 3) if one and other else None
