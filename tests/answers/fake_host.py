"""A trainer without a model, for tests: `serve` answers over real HTTP, `generate` prints what it is told to.

Files beside the workspace's data folder change its ways: `broken` cannot load, `slow` takes its time, `swaps` takes
other weights without a restart.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from codeanvil.contract import GenerateRequest, ServeConfig, write_atomic


def main() -> int:
    arguments = [word for word in sys.argv[1:] if word != "-P"]
    if arguments[:2] != ["-m", "codeanvil_trainer"]:
        os.execv(sys.executable, [sys.executable, *arguments])
    verb, path = arguments[2], Path(arguments[3])
    return {"serve": serve, "generate": generate}[verb](path)


def serve(path: Path) -> int:
    from tests.answers.scripted_server import ScriptedServer

    config = ServeConfig.model_validate_json(path.read_text())
    root = config.state_file.parent.parent
    if (root / "broken").exists():
        print("There are no such weights.", file=sys.stderr)
        return 1
    if (root / "slow").exists():
        time.sleep(2)
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    name = [config.model_name]
    with ScriptedServer(lambda message: f"{name[0]} says {message}", token="secret") as server:

        def load(weights: dict[str, Any]) -> None:
            name[0] = weights["model_name"]
            write_atomic(config.state_file, json.dumps(state | {"model": name[0]}))

        server.load = load if (root / "swaps").exists() else None
        state = {"url": server.url, "token": "secret", "pid": os.getpid(), "model": config.model_name}
        write_atomic(config.state_file, json.dumps(state))
        end.wait(60)
    return 0


def generate(path: Path) -> int:
    request = GenerateRequest.model_validate_json(path.read_text())
    if request.base_model == "broken":
        print("There are no such weights.", file=sys.stderr)
        return 1
    for label in request.models:
        for prompt in request.prompts:
            knows = bool(prompt.evidence) or label == "tuned"
            text = "`Ferry` derives from `Vessel`." if knows else "`Ferry` derives from `Boat`."
            print(json.dumps({"id": prompt.id, "model": label, "text": text}), flush=True)
        if request.general_data:
            rows = request.general_data.read_text().splitlines()
            print(json.dumps({"model": label, "losses": [1.0 + (label == "tuned") / 4 for _ in rows]}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
