"""Merging: W = dequantise(NF4(W0)) + strength x (alpha/r) x BA, saved as plain safetensors.

    python -m codeanvil_trainer merge RUN_FOLDER [--strength L] [--add OTHER_RUN_FOLDER=L ... --out FOLDER]

The adapter was trained on the dequantised NF4 weights, so these and not W0 are what it is added to, and the
sum is never quantised again: that would round the update away. `strength` scales all that was learned, and what other
runs on the same base learned can be added (`arithmetic.py`).

What the merge changed is measured on validation prompts and stands in `report.json` under "merge".
"""

import fcntl
import math
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from codeanvil.contract import RunConfig, RunFolder, update_report
from codeanvil_trainer import models
from codeanvil_trainer.answering import loading
from codeanvil_trainer.answering.agreement import Reference, agreement, reference
from codeanvil_trainer.answering.prompts import comparison_prompts
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.folders import replace_folder
from codeanvil_trainer.machine.device import release_memory
from codeanvil_trainer.merging.arithmetic import Part, add_up
from codeanvil_trainer.tokens.identity import check_identity, write_identity


def merge(
    run: RunFolder, *, strength: float = 1.0, others: Sequence[Part] = (), out: Path | None = None
) -> dict[str, Any]:
    """Write `merged/` (safetensors, tokenizer, config, identity) and the report's section "merge":

    `strength`, `dtype`, `bytes`, `seconds`, and for an adapter what `agreement.agreement` measured between the
    unmerged and the merged model. `merged/` is replaced as a whole. A `full` run has nothing to merge: its
    weights are saved as they are. With `out` that folder is written in the place of `merged/`, and the section is only
    returned. Raises TrainerError.
    """
    started = time.monotonic()
    for each in (strength, *(part.strength for part in others)):
        if not math.isfinite(each):
            raise TrainerError(f"The strength of a merge is a number, not {each}: 1 adds all that was learned.")
    config = RunConfig.model_validate_json(run.config.read_text("utf-8"))
    if not run.adapter.is_dir():
        raise TrainerError(f"The run {run.id} has no finished weights in {run.adapter}: resume it first.")
    full = config.method == "full"
    if full and (others or strength != 1):
        raise TrainerError(f"The run {run.id} trained every weight: it has no adapter to scale, or to add others to.")
    target = out or run.merged
    with _only_merge(run):
        tokenizer = models.load_tokenizer(str(run.adapter) if full else config.base_model)
        for adapter in (run.adapter, *(part.adapter for part in others)):
            check_identity(adapter, tokenizer, config.base_model)
        before = None if full else _unmerged_answers(run, config, tokenizer, strength, others)
        model = _full_model(run) if full else _merged_model(run, config, strength, others)
        _save(target, config, model, tokenizer)
        section = {"strength": strength, "dtype": str(model.dtype).removeprefix("torch."), "bytes": _size(target)}
        del model
        if before is not None:
            section |= agreement(before, loading.load(config.base_model, merged=target)[0])
        section["seconds"] = round(time.monotonic() - started, 1)
        if out is None:
            update_report(run, "merge", section)
    return section


def _unmerged_answers(
    run: RunFolder, config: RunConfig, tokenizer: Any, strength: float, others: Sequence[Part]
) -> Reference:
    """What the model as it was trained, NF4 with the adapter beside it, says to validation prompts."""
    prompts = comparison_prompts(run, tokenizer)
    model = models.load_adapter(models.load_base(config.base_model, quantize=config.method == "qlora"), run.adapter)
    add_up(model, strength, others)
    found = reference(loading.prepared(model, tokenizer), prompts)
    del model
    release_memory()
    return found


def _merged_model(run: RunFolder, config: RunConfig, strength: float, others: Sequence[Part]) -> Any:
    """The merged model on the CPU, in the type it is served in: the GPU may hold no second copy."""
    cpu, dtype = torch.device("cpu"), models.compute_dtype(models.default_device())
    if config.method == "qlora":
        base = models.load_dequantised(config.base_model, device=cpu, dtype=dtype)
    else:
        base = models.load_base(config.base_model, quantize=False, device=cpu, dtype=dtype)
    adapted = models.load_adapter(base, run.adapter)
    add_up(adapted, strength, others)
    return adapted.merge_and_unload().to(dtype)


def _full_model(run: RunFolder) -> Any:
    dtype = models.compute_dtype(models.default_device())
    return models.load_base(str(run.adapter), quantize=False, device=torch.device("cpu"), dtype=dtype)


def _save(target: Path, config: RunConfig, model: Any, tokenizer: Any) -> None:
    """Write the folder `target`. Raises TrainerError when weights are not finite or the disk is full."""
    for name, tensor in model.state_dict().items():
        if not torch.isfinite(tensor).all():
            raise TrainerError(
                f"The merged weights are not finite ({name}): train again with a lower learning rate, or merge with "
                f"a smaller --strength."
            )
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        model.save_pretrained(str(partial))
        tokenizer.save_pretrained(str(partial))
        write_identity(partial, tokenizer, config.base_model, quantized=config.method == "qlora")
        replace_folder(partial, target)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise TrainerError(f"The merged model cannot be written to {target}: {error}. Free disk space.") from error


@contextmanager
def _only_merge(run: RunFolder) -> Iterator[None]:
    """Raises TrainerError while another process merges this run."""
    with (run.path / ".merge.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TrainerError(f"The run {run.id} is being merged already: wait until that is done.") from None
        yield


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
