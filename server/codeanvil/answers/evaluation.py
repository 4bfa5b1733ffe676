"""How often answers are right on this workspace: with and without the tuned model, with and without the index.

Five arms answer the same questions:

    base          the base model alone                       (closed book)
    tuned         the trained model alone                    (closed book)
    base+index    the base model with evidence, checked      (as a user would see it)
    tuned+index   the trained model with evidence, checked   (as a user would see it)
    index         facts without a model

A report as JSON, stable:

    {"run": id or null, "base_model": name or null, "code_revision": hex, "questions": n, "seconds": s,
     "arms": {ARM: {"overall": SCORE, "categories": {CATEGORY: SCORE}, "own_words": share or null}}}
    SCORE = {"n", "correct", "accuracy", "low", "high"}        ratios 0 to 1; low to high is Wilson's 95% interval

`own_words` is the share of answers in which the model's words passed the check; null for arms that are not
checked. A run's report is also section "evaluation" of its report.json, every answer a line of evaluation.jsonl.
"""

import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from codeanvil.answers.ask import Prepared, conclude, prepare
from codeanvil.contract import EMBEDDED, GenerateRequest, Prompt, update_report, write_atomic
from codeanvil.errors import ModelError, UsageError
from codeanvil.runs import trainer
from codeanvil.runs.active import active_run
from codeanvil.runs.base_models import resolved_base
from codeanvil.runs.run import Run, list_runs
from codeanvil.runs.scoring import Score, is_right, read_questions, score
from codeanvil.samples.model import Question
from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

Arm = Literal["base", "tuned", "base+index", "tuned+index", "index"]
ARMS: tuple[Arm, ...] = ("base", "tuned", "base+index", "tuned+index", "index")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ArmReport:
    """The scores of one arm; see the module for `own_words`."""

    overall: Score
    categories: Mapping[str, Score]
    own_words: float | None

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "overall": self.overall.row(),
            "categories": {name: value.row() for name, value in self.categories.items()},
            "own_words": None if self.own_words is None else round(self.own_words, 4),
        }


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation found; `row` is its JSON."""

    run: str | None
    base_model: str | None
    code_revision: str
    questions: int
    seconds: float
    arms: Mapping[str, ArmReport]

    def row(self) -> dict[str, Any]:
        """The JSON object of the module's docstring."""
        return {
            "run": self.run,
            "base_model": self.base_model,
            "code_revision": self.code_revision,
            "questions": self.questions,
            "seconds": round(self.seconds, 1),
            "arms": {name: arm.row() for name, arm in self.arms.items()},
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer of one arm. `own` says whether the model's words passed the check, None where none was due."""

    question: Question
    arm: Arm
    answer: str
    right: bool
    own: bool | None = None

    def row(self) -> dict[str, Any]:
        """A line of evaluation.jsonl."""
        asked = self.question
        return {"id": asked.id, "category": asked.category, "question": asked.question, "arm": self.arm} | {
            "right": self.right,
            "own_words": self.own,
            "answer": self.answer,
        }


def evaluate(
    root: Path,
    settings: Settings,
    questions: Sequence[Question] | Path | None = None,
    arms: Sequence[str] | None = None,
    *,
    run: Run | None = None,
    most: int | None = None,
    progress: Progress | None = None,
) -> EvaluationReport:
    """Ask every question in every arm and score the answers.

    Without `questions` the held-out ones of `run` are asked; without `run` that is the run in use, else the newest
    with merged weights. Without `arms`: all of them where there is such a run, else `index`. `most` takes so many
    questions, evenly spread. `progress` is told (texts written, texts to write). Raises UsageError, ModelError,
    RunError, StoreError.
    """
    started = time.monotonic()
    run = run or _default_run(root, settings)
    chosen = _arms(arms, run)
    asked = _spread(_questions(questions, run), most)
    base_model = run.config.base_model if run else _base_model(root, settings)
    with Store(index_path(root, settings), read_only=True) as store:
        prepared = [prepare(question.question, store) for question in asked]
        texts = _texts(chosen, prepared, run, base_model, settings=settings, progress=progress)
        verdicts = [
            _verdict(arm, question, prepared[number], _text(arm, number, texts), store)
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
        arms={arm: _arm_report([v for v in verdicts if v.arm == arm]) for arm in chosen},
    )
    if run:
        update_report(run.folder, "evaluation", report.row())
        lines = "".join(json.dumps(v.row(), ensure_ascii=False) + "\n" for v in verdicts)
        write_atomic(run.folder.path / "evaluation.jsonl", lines)
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


def _texts(
    arms: Sequence[Arm],
    prepared: Sequence[Prepared],
    run: Run | None,
    base_model: str,
    *,
    settings: Settings,
    progress: Progress | None,
) -> dict[Key, str]:
    """All texts of models, written in one process."""
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
    if not models or not prompts:
        return {}
    request = GenerateRequest(
        base_model=base_model,
        models=models,
        prompts=prompts,
        max_new_tokens=settings.answers.max_new_tokens,
        threads=settings.train.threads,
    )
    texts: dict[Key, str] = {}
    total = len(models) * len(prompts)
    for row in generate(request, settings):
        number, _, evidence = str(row["id"]).partition(":")
        texts[str(row["model"]), int(number), bool(evidence)] = str(row["text"])
        if progress:
            progress(len(texts), total)
    return texts


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


def _text(arm: Arm, number: int, texts: Mapping[Key, str]) -> str:
    """What the arm's model wrote; '' where there is no model or it was not asked."""
    label, _, index = arm.partition("+")
    return texts.get((label, number, bool(index)), "")


def _verdict(arm: Arm, question: Question, prepared: Prepared, text: str, store: Store) -> Verdict:
    if arm in {"base", "tuned"}:
        return Verdict(question, arm, text, is_right(text, question))
    answer = conclude(prepared, store, text or None, model=arm)
    own = answer.model is not None if arm != "index" and prepared.asks_model else None
    return Verdict(question, arm, answer.answer, is_right(answer.answer, question), own)


def _arm_report(verdicts: Sequence[Verdict]) -> ArmReport:
    categories = sorted({v.question.category for v in verdicts})
    owns = [v.own for v in verdicts if v.own is not None]
    return ArmReport(
        score(v.right for v in verdicts),
        {name: score(v.right for v in verdicts if v.question.category == name) for name in categories},
        sum(owns) / len(owns) if owns else None,
    )
