"""Whether the disk has room for what a run will write, asked before hours are spent."""

import shutil
from typing import Any

from codeanvil.contract import RunConfig, RunFolder
from codeanvil_trainer.errors import TrainerError

STATE_BYTES = 3 * 4
"""Of a checkpoint per trained parameter: its fp32 value and AdamW's two moments."""

SPARE = 100_000_000
"""Events, logs, tokens and what else is small."""


def needed_bytes(trainable: int, total: int, config: RunConfig, value_bytes: int) -> int:
    """Bytes a run writes at its most: kept checkpoints, the best one, one that is being written, adapter, merged model.

    `value_bytes` is the size of a merged weight: 2 in bf16, 4 on CPUs.
    """
    checkpoints = (config.keep_checkpoints + 2) * trainable * STATE_BYTES
    return checkpoints + trainable * 4 + total * value_bytes + SPARE


def check_space(folder: RunFolder, model: Any, config: RunConfig) -> None:
    """Raises TrainerError where less is free than the run writes; what it has written before counts as free."""
    from codeanvil_trainer.models import count_parameters  # torch: `needed_bytes` is asked without it

    needed = needed_bytes(*count_parameters(model), config, 2 if model.device.type == "cuda" else 4)
    there = sum(path.stat().st_size for path in folder.path.rglob("*") if path.is_file())
    free = shutil.disk_usage(folder.path).free + there
    if free < needed:
        raise TrainerError(
            f"This run needs {needed / 1e9:.1f} GB of disk for checkpoints and the merged model, and {free / 1e9:.1f} "
            f"GB are free: free some, keep fewer with --set keep_checkpoints=1, or set data_dir to another disk."
        )
