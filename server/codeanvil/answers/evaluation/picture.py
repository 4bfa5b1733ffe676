"""An evaluation as a picture: right answers by category and arm, each with its interval, as SVG.

The colours are legible on light and on dark ground alike; there is no ground of its own, no font to load, no script.
"""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from codeanvil.answers.evaluation.report import ARMS, EvaluationReport
from codeanvil.runs.scoring import Score

COLOURS = {
    "base": "#8b949e", "tuned": "#d29922", "base+index": "#4c8dd6", "tuned+index": "#a371f7", "index": "#2da44e",
}  # fmt: skip
INK = "#7d8590"

_WIDTH, _LEFT, _RIGHT = 720, 130, 60
_BAR, _GAP, _TOP, _BOTTOM = 9, 12, 52, 22


def drawn(report: EvaluationReport) -> str:
    """The picture: a group of bars for all questions, then one for each category that has any."""
    groups = [("all", {name: arm.overall for name, arm in report.arms.items()})]
    groups += [
        (name, {arm: scores.categories[name] for arm, scores in report.arms.items() if name in scores.categories})
        for name in report.categories
    ]
    height, bodies = float(_TOP), []
    for name, scores in groups:
        bodies += list(_group(name, scores, height))
        height += len(scores) * (_BAR + 2) + _GAP
    head = f"Right answers, {report.questions} questions, 95% intervals (Wilson)"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height + _BOTTOM:.0f}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{INK}">',
        f"<title>{escape(head)}</title>",
        _text(0, 14, head, size=13),
        *_legend(list(report.arms)),
        *_scale(height),
        *bodies,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _group(name: str, scores: dict[str, Score], top: float) -> Iterator[str]:
    middle = top + len(scores) * (_BAR + 2) / 2 + 3
    yield _text(_LEFT - 8, middle, name, anchor="end")
    for number, (arm, score) in enumerate(scores.items()):
        y = top + number * (_BAR + 2)
        colour = COLOURS.get(arm, INK)
        told = (
            f"{name}, {arm}: {score.accuracy:.0%} ({score.low:.0%} to {score.high:.0%}; {score.correct} of {score.n})"
        )
        yield (
            f'<g><title>{escape(told)}</title><rect x="{_LEFT}" y="{y:.1f}" width="{_x(score.accuracy) - _LEFT:.1f}" '
            f'height="{_BAR}" fill="{colour}"/><path d="M{_x(score.low):.1f} {y + _BAR / 2:.1f}H{_x(score.high):.1f}" '
            f'stroke="{INK}" stroke-width="2"/></g>'
        )
        yield _text(_WIDTH - _RIGHT + 8, y + _BAR - 1, f"{score.accuracy:.0%} of {score.n}", size=9)


def _legend(arms: list[str]) -> Iterator[str]:
    x = float(_LEFT)
    for arm in sorted(arms, key=lambda name: ARMS.index(name) if name in ARMS else len(ARMS)):
        yield f'<rect x="{x:.0f}" y="26" width="9" height="9" fill="{COLOURS.get(arm, INK)}"/>'
        yield _text(x + 13, 34, arm)
        x += 24 + 7 * len(arm)


def _scale(bottom: float) -> Iterator[str]:
    for percent in (0, 25, 50, 75, 100):
        x = _x(percent / 100)
        yield f'<path d="M{x:.1f} {_TOP - 6}V{bottom:.0f}" stroke="{INK}" stroke-opacity="0.35"/>'
        yield _text(x, bottom + 14, f"{percent}%", anchor="middle", size=9)


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 11) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
