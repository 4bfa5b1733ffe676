"""Bytes that a forward and backward pass takes at its peak, by gradient checkpointing, as a JSON object; a program.

    MALLOC_MMAP_THRESHOLD_=65536 python peak_of_training.py BASE_FOLDER TOKENS

With that threshold every tensor is mapped by itself, so that the kernel's count is that of the tensors that live.
"""

import json
import sys
from pathlib import Path

import psutil
import torch

from codeanvil.contract import LoraConfig
from codeanvil_trainer import models

torch.set_num_threads(1)
base, tokens = sys.argv[1], int(sys.argv[2])
model = models.load_base(base, quantize=True, device=torch.device("cpu"), dtype=torch.float32)
model = models.attach_adapter(model, LoraConfig(r=16, alpha=32, target_modules="all-linear")).train()
decoder, _ = models.decoder_and_head(model)


def train(length: int) -> None:
    decoder(input_ids=torch.zeros((1, length), dtype=torch.long), use_cache=False)[0].mean().backward()


found = {}
for checkpointing in (False, True):
    models.set_checkpointing(model, on=checkpointing)
    train(32)  # what is made once
    before = psutil.Process().memory_info().rss
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here (man 5 proc)
    train(tokens)
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    found[str(checkpointing)] = peak * 1024 - before
print(json.dumps(found))
