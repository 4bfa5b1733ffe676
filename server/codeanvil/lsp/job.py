"""The other side of `jobs.py`: `python -m codeanvil.lsp.job` does one command's work and ends.

Answers are in the shapes of the command line's `--json`.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from codeanvil.errors import CodeAnvilError, UsageError
from codeanvil.lsp.following import run_row
from codeanvil.runs.run import going_or_named, newest_or_named
from codeanvil.settings import Settings

Tell = Callable[[int, int], None]
"""How much is done, of how much."""


def main() -> None:
    """Read the request, do the work, write the answer. What libraries print goes to standard error."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    request = json.load(sys.stdin)

    def tell(done: int, total: int) -> None:
        lines.write(json.dumps({"done": done, "total": total}) + "\n")

    try:
        settings = Settings.model_validate(request["settings"])
        answer = {"result": _WORK[request["verb"]](Path(request["root"]), settings, request["arguments"], tell)}
    except CodeAnvilError as error:
        answer = {"error": str(error), "usage": isinstance(error, UsageError)}
    with lines:
        lines.write(json.dumps(answer) + "\n")


def _prepare(root: Path, settings: Settings, _: Mapping[str, Any], __: Tell) -> Any:
    from codeanvil.runs.status import index_row
    from codeanvil.workspace.dataset import write_dataset
    from codeanvil.workspace.location import index_path
    from codeanvil.workspace.store import Store

    data = write_dataset(root, settings)
    with Store(index_path(root, settings)) as store:
        return {"workspace": str(root), "index": index_row(store.report()), "dataset": asdict(data)}


def _samples(root: Path, settings: Settings, arguments: Mapping[str, Any], _: Tell) -> Any:
    from codeanvil.samples.reading import as_markdown
    from codeanvil.workspace.dataset import write_dataset
    from codeanvil.workspace.rows_of_file import read_rows, rows_of_file

    source = Path(arguments["source"])
    rows = rows_of_file(root, settings, read_rows(Path(write_dataset(root, settings).path)), source)
    return {"source": rows[0]["source"], "rows": rows, "text": as_markdown(rows)}


def _train(root: Path, settings: Settings, arguments: Mapping[str, Any], _: Tell) -> Any:
    from codeanvil.runs.launch import launch
    from codeanvil.runs.plan import plan
    from codeanvil.workspace.dataset import write_dataset

    asked = {name: arguments[name] for name in ("preset", "base_model", "overrides", "since_last")}
    planned = plan(root, settings, **asked)
    if arguments["dry_run"]:
        config = planned.config.model_dump(mode="json")
        return {"summary": [planned.sentence, *planned.notes], "config": config, "data": planned.data.counts}
    run = launch(root, settings, planned)
    write_dataset(root, settings)  # a large project's is long in the making, and no run waits for it
    return run_row(run)


def _training_plan(root: Path, settings: Settings, arguments: Mapping[str, Any], _: Tell) -> Any:
    from codeanvil.runs.forecast import training_plan
    from codeanvil.runs.plan import Asked

    asked = Asked(**{name: arguments[name] for name in ("preset", "base_model", "overrides", "since_last")})
    return {"workspace": str(root), **training_plan(root, settings, asked, measure=arguments["measure"])}


def _stop(root: Path, settings: Settings, arguments: Mapping[str, Any], _: Tell) -> Any:
    from codeanvil.runs.control import stop

    return run_row(stop(going_or_named(root, settings, arguments["run"])))


def _pause(root: Path, settings: Settings, arguments: Mapping[str, Any], _: Tell) -> Any:
    from codeanvil.runs.control import pause

    return run_row(pause(going_or_named(root, settings, arguments["run"])))


def _resume(root: Path, settings: Settings, arguments: Mapping[str, Any], _: Tell) -> Any:
    from codeanvil.runs.control import resume

    return run_row(resume(newest_or_named(root, settings, arguments["run"]), settings))


def _evaluate(root: Path, settings: Settings, arguments: Mapping[str, Any], tell: Tell) -> Any:
    from codeanvil.answers.evaluation.evaluate import evaluate

    questions = arguments["questions"]
    run = newest_or_named(root, settings, arguments["run"]) if arguments["run"] else None
    report = evaluate(
        root, settings, root / questions if questions else None, arguments["arms"], run=run, progress=tell
    )
    return report.row()


def _export(root: Path, settings: Settings, arguments: Mapping[str, Any], _: Tell) -> Any:
    from codeanvil.runs.export import export

    out = root / arguments["out"]
    run = export(root, settings, arguments["format"], out, arguments["run"])
    files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    return {"format": arguments["format"], "out": str(out), "run": run.id if run else None, "files": files}


_WORK: dict[str, Callable[[Path, Settings, Mapping[str, Any], Tell], Any]] = {
    "prepare": _prepare,
    "samples": _samples,
    "train": _train,
    "training_plan": _training_plan,
    "pause": _pause,
    "stop": _stop,
    "resume": _resume,
    "evaluate": _evaluate,
    "export": _export,
}


if __name__ == "__main__":
    main()
