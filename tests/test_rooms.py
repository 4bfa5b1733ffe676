"""The halves of the program stay apart: what an editor starts never loads torch, and no trainer module is needed."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "peft", "bitsandbytes", "accelerate", "codeanvil_trainer"}


@pytest.mark.parametrize("module", ["codeanvil.lsp", "codeanvil.cli", "codeanvil.workspace.index.process"])
def test_the_server_loads_neither_torch_nor_the_trainer(module):
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "codeanvil" in loaded
    assert not HEAVY & set(loaded)


def test_the_trainer_loads_nothing_of_the_server_but_the_contract():
    code = (
        "import sys, codeanvil_trainer.__main__, codeanvil_trainer.training.loop, codeanvil_trainer.merging.merge, "
        "codeanvil_trainer.serving.serve, codeanvil_trainer.answering.batch, codeanvil_trainer.machine.doctor; "
        "print(*sorted(name for name in sys.modules if name.startswith('codeanvil.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {".".join(name.split(".")[:2]) for name in loaded} == {"codeanvil.contract", "codeanvil.http_contract"}
