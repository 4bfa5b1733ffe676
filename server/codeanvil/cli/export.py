"""`export`: a model, or its data, out of the workspace."""

import argparse

from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.runs import llamafactory
from codeanvil.runs.export import export as write_export


def export(arguments: argparse.Namespace, out: Output) -> None:
    """Write the format asked for into a new folder."""
    root, settings = opened(arguments)
    folder = arguments.out.absolute()
    with out.working(f"Writing {folder}"):
        run = write_export(root, settings, arguments.format, folder, arguments.run, quantization=arguments.quantization)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    origin = f"run {run.id}" if run else "the index"
    out.say(f"Wrote {len(files)} files from {origin} to {folder}.")
    if arguments.format == "llamafactory":
        out.say(f"Train there with: cd {folder} && llamafactory-cli train {llamafactory.CONFIG}")
    if arguments.format == "gguf":
        out.say(f"Run it with: cd {folder} && ollama create my-codebase -f Modelfile && ollama run my-codebase")
    out.document({"format": arguments.format, "out": str(folder), "run": run.id if run else None, "files": files})
