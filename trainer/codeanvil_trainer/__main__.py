"""The trainer's command line; the server starts it and reads what it leaves in files.

    python -m codeanvil_trainer train RUN_FOLDER [--resume]     train, then merge
    python -m codeanvil_trainer merge RUN_FOLDER [--strength L] merge the adapter again
        [--add OTHER_RUN_FOLDER=L ... --out FOLDER]             ... and others' with it, elsewhere
    python -m codeanvil_trainer gguf RUN_FOLDER OUT_FOLDER [--quantization Q]
                                                                the merged model for llama.cpp and Ollama
    python -m codeanvil_trainer serve CONFIG.json               model host (contract.ServeConfig)
    python -m codeanvil_trainer generate REQUEST.json           a batch of answers (contract.GenerateRequest)
    python -m codeanvil_trainer estimate REQUEST.json           what runs would need (contract.EstimateRequest)
    python -m codeanvil_trainer measure CONFIG.json             how quick a run of this configuration is here
    python -m codeanvil_trainer doctor                          what this machine can train, as one JSON object

Exit code 0 on success or when a run was stopped, 1 with one sentence on standard error otherwise.
"""

import argparse
import fcntl
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from codeanvil.contract import (
    DEFAULT_QUANTIZATION,
    QUANTIZATIONS,
    EstimateRequest,
    GenerateRequest,
    RunConfig,
    RunFolder,
    ServeConfig,
    append_event,
)
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.turn.heartbeat import beating
from codeanvil_trainer.turn.priority import yield_to_others
from codeanvil_trainer.turn.waiting import GiveWay, turn


def main() -> int:
    """Run one verb; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m codeanvil_trainer")
    verbs = parser.add_subparsers(dest="verb", required=True)
    train = verbs.add_parser("train", help="train a run, then merge it")
    train.add_argument("folder", type=Path)
    train.add_argument("--resume", action="store_true", help="go on from the newest valid checkpoint")
    merge = verbs.add_parser("merge", help="merge a run's adapter into its base")
    merge.add_argument("folder", type=Path)
    merge.add_argument("--strength", type=float, default=1.0, help="how much of the adapter is added (default 1)")
    merge.add_argument("--add", metavar="FOLDER=L", action="append", default=[], help="of another run's so much")
    merge.add_argument("--out", type=Path, help="write there, and leave the run's own merged model as it is")
    gguf = verbs.add_parser("gguf", help="write a run's merged model as GGUF, with an Ollama Modelfile")
    gguf.add_argument("folder", type=Path)
    gguf.add_argument("out", type=Path)
    gguf.add_argument("--quantization", choices=QUANTIZATIONS, default=DEFAULT_QUANTIZATION)
    for verb, text in (
        ("serve", "serve a model over HTTP"),
        ("generate", "answer a batch of prompts"),
        ("estimate", "say what runs would need"),
        ("measure", "try how quick a run would be"),
    ):
        verbs.add_parser(verb, help=text).add_argument("file", type=Path)
    verbs.add_parser("doctor", help="say what this machine can train")
    arguments = parser.parse_args()
    # Libraries warn about what users cannot change; what they must know is said in sentences of our own.
    warnings.simplefilter("ignore")
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    try:
        if arguments.verb == "train":
            _train(RunFolder(arguments.folder.resolve()), resume=arguments.resume)
        elif arguments.verb == "merge":
            _merge(RunFolder(arguments.folder.resolve()), arguments.strength, arguments.add, arguments.out)
        elif arguments.verb == "gguf":
            from codeanvil_trainer.exports.gguf_export import export_gguf

            export_gguf(RunFolder(arguments.folder.resolve()), arguments.out, arguments.quantization)
        elif arguments.verb == "serve":
            from codeanvil_trainer.serving.serve import serve

            serve(ServeConfig.model_validate_json(arguments.file.read_text("utf-8")))
        elif arguments.verb == "generate":
            from codeanvil_trainer.answering.batch import generate

            generate(GenerateRequest.model_validate_json(arguments.file.read_text("utf-8")))
        elif arguments.verb == "estimate":
            from codeanvil_trainer.machine.needs import estimate

            request = EstimateRequest.model_validate_json(arguments.file.read_text("utf-8"))
            print(json.dumps([needs.model_dump() for needs in estimate(request)]))
        elif arguments.verb == "measure":
            from codeanvil_trainer.training.measure import measure

            print(json.dumps(measure(RunConfig.model_validate_json(arguments.file.read_text("utf-8")))))
        else:
            from codeanvil_trainer.machine.doctor import doctor

            print(json.dumps(doctor(), indent=2))
    except TrainerError as error:
        print(error, file=sys.stderr)
        return 1
    except (OSError, ValidationError) as error:
        print(f"{arguments.verb} cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def _train(folder: RunFolder, *, resume: bool) -> None:
    if os.environ.get("RANK", "0") != "0":  # of several processes the first one holds the lock, writes and merges
        from codeanvil_trainer.training.loop import run

        run(folder, resume=resume)
        return
    try:
        config = RunConfig.model_validate_json(folder.config.read_text("utf-8"))
        with beating(folder), turn(folder, config) as come:
            if come:
                _train_now(folder, resume=resume)
    except GiveWay:
        # The same process with nothing in its memory: the run keeps its log's lock, and with it its life.
        os.execv(sys.executable, [sys.executable, *_own_words("--resume")])  # noqa: S606  (no shell is wanted)


def _own_words(option: str) -> list[str]:
    """This process's arguments for Python itself and for us, with `option` among them."""
    words = sys.orig_argv[1:]
    return words if option in words else [*words, option]


def _train_now(folder: RunFolder, *, resume: bool) -> None:
    with _run_lock(folder):
        try:
            from codeanvil_trainer.answering.comparison import compare
            from codeanvil_trainer.merging.merge import merge
            from codeanvil_trainer.training.loop import run

            if run(folder, resume=resume, before_steps=yield_to_others):
                append_event(folder, "phase", text="merging")
                merge(folder)
                append_event(folder, "phase", text="comparing with what is in use")
                compare(folder)
                report = json.loads(folder.report.read_text("utf-8"))["training"]
                append_event(
                    folder,
                    "finished",
                    step=report["steps"],
                    loss=report["last_loss"],
                    validation_loss=report["validation_loss"],
                    seconds=report["seconds"],
                )
        except GiveWay:
            raise
        except TrainerError as error:
            append_event(folder, "failed", text=str(error))
            raise
        except Exception as error:
            text = f"The trainer broke off ({type(error).__name__}: {error}); {folder.log} has the details."
            if _out_of_memory(error):
                text = (
                    "The GPU has too little free memory for this run. Choose --preset small-gpu, a smaller base model, "
                    "or a shorter --set max_length."
                )
            append_event(folder, "failed", text=text)
            raise


def _merge(folder: RunFolder, strength: float, added: list[str], out: Path | None) -> None:
    from codeanvil_trainer.merging.arithmetic import Part
    from codeanvil_trainer.merging.merge import merge

    if added and out is None:
        raise TrainerError("What several runs learned is no run's own model: say where it goes with --out.")
    others = []
    for word in added:
        path, _, number = word.rpartition("=")
        try:
            others.append(Part(RunFolder(Path(path).resolve()).adapter, float(number)))
        except ValueError:
            raise TrainerError(f"--add is a run's folder and a number, FOLDER=0.5, not {word}.") from None
    print(json.dumps(merge(folder, strength=strength, others=others, out=out)))


def _out_of_memory(error: Exception) -> bool:
    import torch

    return isinstance(error, torch.OutOfMemoryError)


@contextmanager
def _run_lock(folder: RunFolder) -> Iterator[None]:
    """Hold the run's lock, with our process id in it, for as long as we live. Raises TrainerError when it is held."""
    with folder.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TrainerError(f"The run {folder.id} is being trained already: see `codeanvil status`.") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


if __name__ == "__main__":
    sys.exit(main())
