"""`export`: a model, or its data, out of the workspace."""

import argparse
import json
from collections.abc import Sequence

from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.errors import UsageError
from codeanvil.runs import llamafactory
from codeanvil.runs.export import MEASURED
from codeanvil.runs.export import export as write_export


def export(arguments: argparse.Namespace, out: Output) -> None:
    """Write the format asked for into a new folder."""
    root, settings = opened(arguments)
    folder = arguments.out.absolute()
    with out.working(f"Writing {folder}"):
        run = write_export(
            root,
            settings,
            arguments.format,
            folder,
            arguments.run,
            quantization=arguments.quantization,
            strength=arguments.strength,
            added=_added(arguments.add),
        )
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    origin = f"run {run.id}" if run else "the index"
    out.say(f"Wrote {len(files)} files from {origin} to {folder}.")
    if (folder / MEASURED).exists():
        measured = json.loads((folder / MEASURED).read_text("utf-8"))
        if measured["prompts"]:
            out.say(
                f"{measured['greedy_agreement']:.0%} of {measured['prompts']} prompts are answered word for word as by "
                f"base and adapters; largest difference of a logit {measured['max_logit_difference']:.1e}."
            )
    if arguments.format == "llamafactory":
        out.say(f"Train there with: cd {folder} && llamafactory-cli train {llamafactory.CONFIG}")
    if arguments.format == "gguf":
        out.say(f"Run it with: cd {folder} && ollama create my-codebase -f Modelfile && ollama run my-codebase")
    out.document({"format": arguments.format, "out": str(folder), "run": run.id if run else None, "files": files})


def _added(words: Sequence[str]) -> dict[str, float]:
    """Runs and how much of each, from RUN=L. Raises UsageError."""
    found = {}
    for word in words:
        name, _, number = word.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            raise UsageError(f"--add is a run and a number, RUN=0.5, not '{word}'.") from None
    return found
