"""A trainer without a model, for tests: stands in for the interpreter that `train.python` names.

Speaks the run folder's language (lock, events, stop file, adapter) at the pace and with the ending that
`fake_trainer.json` beside this file's copy says. Everything but `-m codeanvil_trainer` goes to the real Python.
"""

import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from codeanvil.contract import (
    EstimateRequest,
    RunConfig,
    RunFolder,
    ServeConfig,
    append_event,
    read_events,
    read_json_lines,
    stop_kind,
    update_report,
    write_atomic,
)
from codeanvil_trainer.turn.conditions import Conditions
from codeanvil_trainer.turn.heartbeat import beating
from codeanvil_trainer.turn.priority import yield_to_others
from codeanvil_trainer.turn.waiting import GiveWay, conditions_of, turn

PLAN = {
    "steps": 5, "step_seconds": 0.01, "start_seconds": 0.0, "ending": "finished", "deaf": False, "better": True,
    "needs": {}, "tokens_per_second": 1000.0, "machine": {},
}  # fmt: skip


def main() -> int:
    arguments = [word for word in sys.argv[1:] if word != "-P"]
    if arguments[:2] != ["-m", "codeanvil_trainer"]:
        os.execv(sys.executable, [sys.executable, *arguments])
    plan = behaviour()
    verb, rest = arguments[2], arguments[3:]
    if verb == "doctor":
        print(json.dumps({"torch": "0.0", "bitsandbytes_4bit": True}))
        return 0
    if verb == "estimate":
        request = EstimateRequest.model_validate_json(Path(rest[0]).read_text())
        print(json.dumps([needs(config, plan) for config in request.configs]))
        return 0
    if verb == "measure":
        RunConfig.model_validate_json(Path(rest[0]).read_text())
        if plan["tokens_per_second"] is None:
            print("Even one sample alone is too much.", file=sys.stderr)
            return 1
        print(json.dumps({"tokens_per_second": plan["tokens_per_second"], "tokens": 4000, "seconds": 4.0}))
        return 0
    if verb == "serve":
        return serve(ServeConfig.model_validate_json(Path(rest[0]).read_text()))
    if verb == "merge":
        out = Path(rest[rest.index("--out") + 1])
        out.mkdir()
        (out / "config.json").write_text(json.dumps(rest))
        print(json.dumps({"prompts": 16, "greedy_agreement": 1.0, "max_logit_difference": 3.5e-5}))
        return 0
    if verb == "gguf":
        if not RunFolder(Path(rest[0])).merged.is_dir():
            print("no merged model", file=sys.stderr)
            return 1
        (Path(rest[1]) / f"model-{rest[3]}.gguf").write_text("GGUF")
        return 0
    assert verb == "train", arguments
    folder = RunFolder(Path(rest[0]))
    try:
        config = RunConfig.model_validate_json(folder.config.read_text())
        with beating(folder), turn(folder, config) as come:
            # As it is now: a run that waited may be told otherwise meanwhile.
            return train(folder, behaviour(), conditions_of(config), resume="--resume" in rest) if come else 0
    except GiveWay:
        os.execv(
            sys.executable, [sys.executable, *sys.orig_argv[1:], *(["--resume"] if "--resume" not in rest else [])]
        )


def behaviour() -> dict:
    return PLAN | json.loads(Path(__file__).with_suffix(".json").read_text())


def needs(config: RunConfig, plan: dict) -> dict:
    known = {"weights": "embedded", "parameters": 4000, "trainable": 1000, "memory_bytes": 10**6, "disk_bytes": 10**6}
    return {"base_model": config.base_model, "download_bytes": 0, **known, **plan["needs"]}


def train(folder: RunFolder, plan: dict, conditions: Conditions, *, resume: bool) -> int:
    time.sleep(plan["start_seconds"])
    if plan["ending"] == "cannot-import":
        print("ModuleNotFoundError: No module named 'torch'", file=sys.stderr)
        return 1
    lock = folder.lock.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    lock.write(str(os.getpid()))
    lock.flush()
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
    step = 0
    if resume:
        done = [event.data["step"] for event in read_events(folder)[0] if event.kind == "checkpoint"]
        step = max(done, default=0)
    yield_to_others()
    append_event(folder, "phase", text="loading the base model")
    steps = plan["steps"]
    append_event(folder, "started", steps=steps, trainable_parameters=1000, resumed_from=step if resume else None)
    while step < steps:
        if not plan["deaf"] and (asked or folder.stop_request.exists()):
            append_event(folder, "checkpoint", step=step, path=f"checkpoints/step-{step}")
            append_event(folder, stop_kind(folder), step=step)
            folder.stop_request.unlink(missing_ok=True)
            return 0
        if wanted := conditions.wanted():
            append_event(folder, "checkpoint", step=step, path=f"checkpoints/step-{step}")
            append_event(folder, "waiting", reason=wanted.reason, place=None, text=wanted.text)
            raise GiveWay
        step += 1
        time.sleep(plan["step_seconds"])
        loss = round(3 / step, 4)
        append_event(
            folder, "step", step=step, steps=steps, epoch=step / steps, loss=loss, tokens_per_second=100.0,
            eta_seconds=(steps - step) * plan["step_seconds"], **plan["machine"],
        )  # fmt: skip
    append_event(folder, "validation", step=step, loss=0.5, perplexity=1.65, best=True)
    if plan["ending"] == "failed":
        append_event(folder, "failed", text="The disk is full: free some space, then run `codeanvil resume`.")
        return 1
    if plan["ending"] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    for part, name in ((folder.adapter, "adapter_config.json"), (folder.merged, "config.json")):
        part.mkdir(exist_ok=True)
        (part / name).write_text("{}")
        (part / "weights.safetensors").write_bytes(b"weights")
    update_report(folder, "train", {"loss": loss})
    write_comparison(folder, better=plan["better"])
    append_event(folder, "finished", step=step, loss=loss, validation_loss=0.5, seconds=1.0)
    return 0


def write_comparison(folder: RunFolder, *, better: bool) -> None:
    """The new model answers every held-out question rightly, or as the current one does: not at all."""
    questions = list(read_json_lines(folder.questions))
    answered = [
        {"id": row["id"], "model": model, "text": " ".join(group[0] for group in row["expect"]) if right else ""}
        for row in questions
        for model, right in (("new", better), ("current", False))
    ]
    write_atomic(folder.comparison, "".join(json.dumps(row) + "\n" for row in answered))
    losses = {"new": [1.0, 1.1], "current": [1.0, 1.1]}
    update_report(folder, "comparison", {"questions": len(questions), "current": None, "general_loss": losses})


def serve(config: ServeConfig) -> int:
    """A model host that is healthy and nothing else."""

    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        state = {"url": f"http://127.0.0.1:{server.server_port}", "token": "secret", "pid": os.getpid()}
        write_atomic(config.state_file, json.dumps(state | {"model": config.model_name}), 0o600)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
