"""How often answers are right on this workspace: with and without the tuned model, with and without the index.

Five arms answer the same questions:

    base          the base model alone                       (closed book)
    tuned         the trained model alone                    (closed book)
    base+index    the base model with evidence, checked      (as a user would see it)
    tuned+index   the trained model with evidence, checked   (as a user would see it)
    index         facts without a model

What each arm is measured by is told in `evaluation_report`. A run's report is also section "evaluation" of its
report.json, with evaluation.md and evaluation.svg beside it and every answer as a line of evaluation.jsonl.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeanvil.answers.ask import Prepared, conclude, prepare
from codeanvil.answers.checking.check import check, denies
from codeanvil.answers.evaluation.picture import drawn
from codeanvil.answers.evaluation.report import ARMS, Arm, EvaluationReport, Verdict, arm_report, forgetting
from codeanvil.answers.evaluation.words import in_words
from codeanvil.contract import EMBEDDED, GenerateRequest, Prompt, update_report, write_atomic
from codeanvil.errors import ModelError, UsageError
from codeanvil.runs import trainer
from codeanvil.runs.active import active_run
from codeanvil.runs.base_models import resolved_base
from codeanvil.runs.run import Run, list_runs
from codeanvil.runs.scoring import is_right, read_questions
from codeanvil.samples.model import Question
from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

Progress = Callable[[int, int], None]


def evaluate(
    root: Path,
    settings: Settings,
    questions: Sequence[Question] | Path | None = None,
    arms: Sequence[str] | None = None,
    *,
    run: Run | None = None,
    most: int | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
) -> EvaluationReport:
    """Ask every question in every arm and score the answers.

    Without `questions` the held-out ones of `run` are asked; without `run` that is the run in use, else the newest
    with merged weights. Without `arms`: all of them where there is such a run, else `index`. `most` takes so many
    questions, evenly spread. `progress` is told (texts written, texts to write). `out` is a folder for the report
    and the answers, beside the run's. Raises UsageError, ModelError, RunError, StoreError, OSError.
    """
    started = time.monotonic()
    run = run or _default_run(root, settings)
    chosen = _arms(arms, run)
    asked = _spread(_questions(questions, run), most)
    base_model = run.config.base_model if run else _base_model(root, settings)
    with Store(index_path(root, settings), read_only=True) as store:
        prepared = [prepare(question.question, store) for question in asked]
        written = _written(chosen, prepared, run, base_model, settings=settings, progress=progress)
        verdicts = [
            _verdict(arm, question, prepared[number], written.text(arm, number), store)
            for arm in chosen
            for number, question in enumerate(asked)
        ]
        revision = store.revision()
    report = EvaluationReport(
        run=run.id if run else None,
        base_model=base_model if set(chosen) - {"index"} else None,
        code_revision=revision,
        questions=len(asked),
        seconds=time.monotonic() - started,
        arms={arm: arm_report([v for v in verdicts if v.arm == arm]) for arm in chosen},
        forgetting=forgetting(written.losses.get("base", ()), written.losses.get("tuned", ())),
    )
    lines = "".join(json.dumps(v.row(), ensure_ascii=False) + "\n" for v in verdicts)
    if run:
        update_report(run.folder, "evaluation", report.row())
    for folder in [*([run.folder.path] if run else []), *([out] if out else [])]:
        write_atomic(folder / "evaluation.jsonl", lines)
        write_atomic(folder / "evaluation.md", in_words(report))
        write_atomic(folder / "evaluation.svg", drawn(report))
        if folder == out:
            write_atomic(folder / "evaluation.json", json.dumps(report.row(), indent=2) + "\n")
    return report


def _default_run(root: Path, settings: Settings) -> Run | None:
    in_use = active_run(root, settings)
    return in_use or next((r for r in list_runs(root, settings) if r.folder.merged.is_dir()), None)


def _arms(arms: Sequence[str] | None, run: Run | None) -> list[Arm]:
    if not arms:
        return list(ARMS) if run else ["index"]
    unknown = [arm for arm in arms if arm not in ARMS]
    if unknown:
        raise UsageError(f"There is no arm '{unknown[0]}'; there are {', '.join(ARMS)}.")
    if run is None and any(arm.startswith("tuned") for arm in arms):
        raise UsageError("There is no trained model to evaluate: train one with `codeanvil train`.")
    return [arm for arm in ARMS if arm in arms]


def _questions(questions: Sequence[Question] | Path | None, run: Run | None) -> list[Question]:
    if isinstance(questions, Path):
        return read_questions(questions)
    if questions is not None:
        return list(questions)
    if run is None:
        raise UsageError("There are no questions: train first, or name a file with --questions FILE.")
    return read_questions(run.folder.questions)


def _spread(questions: Sequence[Question], most: int | None) -> list[Question]:
    if most is None or len(questions) <= most:
        return list(questions)
    return [questions[i * len(questions) // most] for i in range(most)]


def _base_model(root: Path, settings: Settings) -> str:
    name = settings.train.base_model
    return EMBEDDED if name == "auto" else resolved_base(root, name)


Key = tuple[str, int, bool]
"""Label of the model, number of the question, whether with evidence."""


@dataclass(slots=True)
class _Written:
    """All that models wrote, and by label the loss of each general instruction, in nats per token."""

    texts: dict[Key, str] = field(default_factory=dict)
    losses: dict[str, list[float]] = field(default_factory=dict)

    def text(self, arm: Arm, number: int) -> str:
        """What the arm's model wrote; '' where there is no model or it was not asked."""
        label, _, index = arm.partition("+")
        return self.texts.get((label, number, bool(index)), "")


def _written(
    arms: Sequence[Arm],
    prepared: Sequence[Prepared],
    run: Run | None,
    base_model: str,
    *,
    settings: Settings,
    progress: Progress | None,
) -> _Written:
    """All texts of models, written in one process; where base and tuned model answer, also what both forgot."""
    models: dict[str, Path | None] = {}
    if {"base", "base+index"} & set(arms):
        models["base"] = None
    if run and {"tuned", "tuned+index"} & set(arms):
        if not run.folder.merged.is_dir():
            raise ModelError(f"Run {run.id} has no merged weights: run `{_merge(run, settings)}` first.")
        models["tuned"] = run.folder.merged
    prompts = []
    if {"base", "tuned"} & set(arms):
        prompts += [Prompt(id=f"{n}:", instruction=p.question) for n, p in enumerate(prepared)]
    if {"base+index", "tuned+index"} & set(arms):
        prompts += [
            Prompt(id=f"{n}:evidence", instruction=p.question, evidence=p.evidence)
            for n, p in enumerate(prepared)
            if p.asks_model
        ]
    written = _Written()
    if not models or not prompts:
        return written
    general = run.folder.general_data if run and len(models) == 2 and run.folder.general_data.exists() else None
    request = GenerateRequest(
        base_model=base_model,
        models=models,
        prompts=prompts,
        general_data=general,
        max_new_tokens=settings.answers.max_new_tokens,
        threads=settings.train.threads,
    )
    total = len(models) * len(prompts)
    for row in generate(request, settings):
        if "losses" in row:
            written.losses[str(row["model"])] = [float(loss) for loss in row["losses"]]
            continue
        number, _, evidence = str(row["id"]).partition(":")
        written.texts[str(row["model"]), int(number), bool(evidence)] = str(row["text"])
        if progress:
            progress(len(written.texts), total)
    return written


def _merge(run: Run, settings: Settings) -> str:
    return " ".join(trainer.command(settings, "merge", run.folder.path))


def generate(request: GenerateRequest, settings: Settings) -> Iterable[dict[str, Any]]:
    """The rows that `python -m codeanvil_trainer generate` prints, as they come. Raises ModelError, RunError."""
    lacking = trainer.packages(settings)
    if lacking.missing:
        raise ModelError(lacking.remedy)
    with tempfile.TemporaryDirectory(prefix="codeanvil-") as folder:
        path, log = Path(folder) / "request.json", Path(folder) / "log.txt"
        write_atomic(path, request.model_dump_json())
        with (
            log.open("wb") as errors,
            subprocess.Popen(
                trainer.command(settings, "generate", path),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
            ) as process,
        ):
            try:
                for line in process.stdout or ():
                    yield json.loads(line)
            except ValueError as error:
                process.terminate()
                raise ModelError(f"The trainer wrote what is no answer ({error}): see `codeanvil doctor`.") from error
            except BaseException:
                process.terminate()
                raise
        if process.returncode:
            words = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
            raise ModelError(
                f"The models could not answer: {words[-1] if words else f'exit code {process.returncode}'}"
            )


def _verdict(arm: Arm, question: Question, prepared: Prepared, text: str, store: Store) -> Verdict:
    """An arm's answer, scored. What a model claims is what it wrote, whether the user is shown it or not."""
    written = _claims(text, prepared, store) if text else 0
    if arm in {"base", "tuned"}:
        return Verdict(question, arm, text, is_right(text, question), written, denies(text))
    answer = conclude(prepared, store, text or None, model=arm)
    own = answer.model is not None if arm != "index" and prepared.asks_model else None
    claims = written if text else _claims(answer.answer, prepared, store)
    abstains = not answer.found or denies(answer.answer)
    return Verdict(question, arm, answer.answer, is_right(answer.answer, question), claims, abstains, own)


def _claims(text: str, prepared: Prepared, store: Store) -> int:
    """How many names, paths, numbers and relations in a text are false; in saying that something is not there, none."""
    told = "".join(line for line in text.splitlines(keepends=True) if not denies(line))
    return len(set(check(told, store, prepared.linked, evidence=prepared.evidence).struck))
