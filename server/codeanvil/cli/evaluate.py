"""`evaluate`: how right the answers are, by arm and category."""

import argparse

from codeanvil.answers.evaluation.evaluate import evaluate as measure
from codeanvil.answers.evaluation.report import EvaluationReport
from codeanvil.cli.index import brought_up_to_date
from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.runs.active import adopt_finished
from codeanvil.runs.run import find
from codeanvil.runs.scoring import Score


def evaluate(arguments: argparse.Namespace, out: Output) -> None:
    """Ask a run's held-out questions, or a file's, in every arm or those named."""
    root, settings = opened(arguments)
    run = find(root, settings, arguments.run) if arguments.run else None
    arms = [arm.strip() for arm in arguments.arms.split(",")] if arguments.arms else None
    brought_up_to_date(root, settings, out)
    adopt_finished(root, settings)
    with out.working("Asking") as counting:
        report = measure(root, settings, arguments.questions, arms, run=run, progress=counting, out=arguments.out)
    out.document(report.row())
    _show(report, out)


def _show(report: EvaluationReport, out: Output) -> None:
    of = f"run {report.run}" if report.run else "the index"
    out.say(f"{report.questions} questions, {of}, {report.seconds:.0f} s. Right answers:")
    rows = [["all", *(_share(arm.overall) for arm in report.arms.values())]]
    rows += [[name, *(_share(arm.categories.get(name)) for arm in report.arms.values())] for name in report.categories]
    out.table(["", *report.arms], rows)
    intervals = ", ".join(
        f"{name} {arm.overall.low:.0%} to {arm.overall.high:.0%}" for name, arm in report.arms.items()
    )
    out.say(f"95% intervals: {intervals}.")
    claims = ", ".join(f"{name} {arm.false_claims.mean:.2f}" for name, arm in report.arms.items())
    out.say(f"False claims per answer, as written: {claims}.")
    for what, kind in (("rightly", "abstains_rightly"), ("wrongly", "abstains_wrongly")):
        shares = [(name, getattr(arm, kind)) for name, arm in report.arms.items()]
        if any(score.n for _, score in shares):
            out.say(f"Say {what} that something is not there: {', '.join(f'{n} {s.accuracy:.0%}' for n, s in shares)}.")
    if lost := report.forgetting:
        out.say(f"Loss on general coding: {lost.base:.3f} before the training, {lost.tuned:.3f} after it.")


def _share(score: Score | None) -> str:
    return f"{score.accuracy:.0%} ({score.correct}/{score.n})" if score else ""
