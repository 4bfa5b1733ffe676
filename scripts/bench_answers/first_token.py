"""The first piece of text: from the model host over HTTP, and from `generate` with nothing around it.

python first_token.py       prompts as JSON lines on standard input, milliseconds as lines on standard output
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

ANSWER_TOKENS = 8


def first_tokens(folder: Path, prompts: Sequence[str]) -> list[tuple[float, float]]:
    """Milliseconds until the first text of each prompt: (the host's, bare generate's), taking turns."""
    import httpx

    with _host(folder) as (url, token), _bare() as bare:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            warmed_up = [prompts[0], *prompts]
            return [(_streamed(client, prompt), _answered(bare, prompt)) for prompt in warmed_up][1:]


def _streamed(client: "httpx.Client", prompt: str) -> float:
    body = {"messages": [{"role": "user", "content": prompt}], "stream": True, "max_tokens": ANSWER_TOKENS}
    started = time.perf_counter()
    first = 0.0
    with client.stream("POST", "/v1/chat/completions", json=body) as reply:
        for line in reply.iter_lines():
            if not first and line.startswith("data: {") and _text(line):
                first = time.perf_counter()
    return 1000 * ((first or time.perf_counter()) - started)


def _text(line: str) -> str:
    choices = json.loads(line.removeprefix("data: "))["choices"]
    return str(choices[0]["delta"].get("content") or "") if choices else ""


def _answered(bare: "subprocess.Popen[str]", prompt: str) -> float:
    assert bare.stdin is not None and bare.stdout is not None
    bare.stdin.write(json.dumps(prompt) + "\n")
    bare.stdin.flush()
    return float(bare.stdout.readline())


@contextmanager
def _host(folder: Path) -> Iterator[tuple[str, str]]:
    from client import ENVIRONMENT

    from codeanvil.contract import ServeConfig

    config = ServeConfig(state_file=folder / "host.json", threads=1)
    file = folder / "serve.json"
    file.write_text(config.model_dump_json())
    with subprocess.Popen([sys.executable, "-m", "codeanvil_trainer", "serve", str(file)], env=ENVIRONMENT) as process:
        try:
            while not config.state_file.exists():
                assert process.poll() is None, "the model host did not start"
                time.sleep(0.1)
            state = json.loads(config.state_file.read_text())
            yield state["url"], state["token"]
        finally:
            process.terminate()


@contextmanager
def _bare() -> Iterator["subprocess.Popen[str]"]:
    from client import ENVIRONMENT

    command = [sys.executable, str(Path(__file__))]
    with subprocess.Popen(
        command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def bare() -> None:
    """Answer what comes on standard input with the base model and `generate`."""
    import torch
    from transformers.generation import BaseStreamer

    from codeanvil.contract import EMBEDDED, messages
    from codeanvil_trainer.answering import loading
    from codeanvil_trainer.tokens.template import encode_prompt

    class First(BaseStreamer):
        def __init__(self) -> None:
            self.calls, self.at = 0, 0.0

        def put(self, _: torch.Tensor) -> None:
            self.calls += 1
            if self.calls == 2:  # the first call brings the prompt
                self.at = time.perf_counter()

        def end(self) -> None:
            pass

    model, tokenizer = loading.load(EMBEDDED)
    torch.set_num_threads(1)
    for line in sys.stdin:
        started = time.perf_counter()
        ids = torch.tensor([encode_prompt(tokenizer, messages(json.loads(line)))])
        first = First()
        with torch.inference_mode():
            model.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=ANSWER_TOKENS, streamer=first
            )
        print(1000 * (first.at - started), flush=True)


if __name__ == "__main__":
    bare()
