"""An evaluation as Markdown: tables with intervals, and what they mean."""

from codeanvil.answers.evaluation.report import EvaluationReport
from codeanvil.runs.scoring import Mean, Score


def in_words(report: EvaluationReport) -> str:
    """The report for people; it shows `evaluation.svg`, which lies beside it."""
    of = f"run `{report.run}` (base model `{report.base_model}`)" if report.run else "the index"
    arms = report.arms
    right = [["all", *(_share(arm.overall) for arm in arms.values())]]
    right += [[name, *(_share(arm.categories.get(name)) for arm in arms.values())] for name in report.categories]
    own = ["" if arm.own_words is None else f"{arm.own_words:.0%}" for arm in arms.values()]
    trust = [
        ["false claims per answer", *(_mean(arm.false_claims) for arm in arms.values())],
        ["says rightly that something is not there", *(_share(arm.abstains_rightly) for arm in arms.values())],
        ["says wrongly that something is not there", *(_share(arm.abstains_wrongly) for arm in arms.values())],
        ["the model's own words passed the check", *own],
    ]
    parts = [
        "# Evaluation",
        f"{report.questions} questions to {of}, code revision `{report.code_revision[:12]}`, {report.seconds:.0f} s.",
        "![Right answers by arm and category](evaluation.svg)",
        "## Right answers",
        _table(["", *arms], right),
        "## Trust",
        _table(["", *arms], trust),
        "In brackets are 95% intervals: Wilson's of shares, the bootstrap's of means. `base` and `tuned` answer "
        "without the index; with it, their words are checked and give way to the facts where they fail; `index` is the "
        "facts alone. False claims are counted in what the model wrote, before anything is struck.",
    ]
    if report.forgetting:
        lost = report.forgetting
        parts += [
            "## Forgetting",
            f"Loss on {lost.rise.n} general coding instructions: {lost.base:.3f} before, {lost.tuned:.3f} after; it "
            f"rose by {lost.rise.mean:.3f} nats per token ({_range(lost.rise.low, lost.rise.high, '.3f')}).",
        ]
    return "\n\n".join(parts) + "\n"


def _mean(value: Mean) -> str:
    return f"{value.mean:.2f} ({_range(value.low, value.high, '.2f')})"


def _share(score: Score | None) -> str:
    if not score or not score.n:
        return ""
    return f"{score.accuracy:.0%} ({_range(100 * score.low, 100 * score.high, '.0f')}; {score.correct}/{score.n})"


def _range(low: float, high: float, form: str) -> str:
    return f"{low:{form}} to {high:{form}}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
