"""What is exported for LLaMA-Factory, loaded by LLaMA-Factory itself. Opt-in: it is large and has its own versions.

python -m venv factory && factory/bin/pip install llamafactory
CODEANVIL_LLAMAFACTORY_PYTHON=factory/bin/python scripts/test trainer -k llamafactory
"""

import json
import os
import subprocess

import pytest

from codeanvil.contract import RunConfig, messages
from codeanvil.runs import llamafactory
from codeanvil_trainer import models
from codeanvil_trainer.models import SEED_FOLDER
from codeanvil_trainer.tokens.template import encode_prompt

PYTHON = os.environ.get("CODEANVIL_LLAMAFACTORY_PYTHON")
pytestmark = pytest.mark.skipif(not PYTHON, reason="needs CODEANVIL_LLAMAFACTORY_PYTHON, a Python with llamafactory")

ROWS = [
    {"instruction": "Where is Reader?", "input": "", "output": "In src/reader.py."},
    {
        "instruction": "Where is Reader?",
        "input": "class Reader in src/reader.py",
        "output": "It is there: größe, 日本.",
    },
]

LOADER = """
import json
from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer

model, data, training, *_ = get_train_args()  # of the command line, as llamafactory-cli has it
module = load_tokenizer(model)
template = get_template_and_fix_tokenizer(module["tokenizer"], data)
sets = get_dataset(template, model, data, training, stage="sft", **module)
taken = {name: [dict(row) for row in rows] for name, rows in sets.items() if rows is not None}
lines = {name: [[row["input_ids"], row["labels"]] for row in rows] for name, rows in taken.items()}
print("\\n" + json.dumps({"sets": lines, "epochs": training.num_train_epochs, "rate": training.learning_rate}))
"""


def test_llamafactory_takes_data_and_configuration_as_they_are(tmp_path):
    config = RunConfig(base_model=str(SEED_FOLDER), method="lora")
    llamafactory.write(tmp_path, config, ROWS, ROWS[:1])
    # What the machine is without, not what is in the file: no GPU for 16-bit training here.
    command = [PYTHON, "-c", LOADER, llamafactory.CONFIG, "bf16=false", "use_cpu=true"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["epochs"], found["rate"]) == (config.epochs, config.optimizer.learning_rate)
    tokenizer = models.load_tokenizer(str(SEED_FOLDER))
    assert len(found["sets"]["train_dataset"]) == len(ROWS)
    assert len(found["sets"]["eval_dataset"]) == 1
    for row, (ids, labels) in zip(ROWS, found["sets"]["train_dataset"], strict=True):
        prompt = encode_prompt(tokenizer, messages(row["instruction"], row["input"]))
        answer = tokenizer(row["output"], add_special_tokens=False).input_ids
        assert ids[: len(prompt)] == prompt, "the prompt's tokens are those of our own training"
        assert ids[len(prompt) :][: len(answer)] == answer
        assert labels[: len(prompt)] == [-100] * len(prompt), "the prompt is not learned"
        assert labels[len(prompt) :][: len(answer)] == answer
