"""What a base model is made of, from its `config.json`, and what a run on it needs: without torch, in milliseconds.

python -m codeanvil_trainer estimate REQUEST.json     contract.EstimateRequest; prints a JSON list of TrainingNeeds
"""

import json
from pathlib import Path
from typing import Literal

from codeanvil.contract import EMBEDDED, EstimateRequest, RunConfig, TrainingNeeds
from codeanvil_trainer.folders import SEED_FOLDER
from codeanvil_trainer.footprint.fitting import training_of, ways, wish_of
from codeanvil_trainer.footprint.memory import trained_weights
from codeanvil_trainer.footprint.shapes import Shape, known_shape
from codeanvil_trainer.machine.disk import needed_bytes


def estimate(request: EstimateRequest) -> list[TrainingNeeds]:
    """What each run of the request needs, in its order."""
    return [needs(config, on_gpu=request.on_gpu) for config in request.configs]


def needs(config: RunConfig, *, on_gpu: bool) -> TrainingNeeds:
    """What a run of `config` needs of memory (at the least), disk and network; figures are None where the model's shape
    is unknown."""
    where, folder = located(config.base_model)
    shape = shape_of(config.base_model)
    if shape is None:
        return TrainingNeeds(base_model=config.base_model, weights=where)
    run = training_of(config, on_gpu=on_gpu, parameters=shape.parameters)
    trainable = trained_weights(shape, run)
    wish = wish_of(config, config.max_length, on_gpu=on_gpu)
    return TrainingNeeds(
        base_model=config.base_model,
        weights=where,
        parameters=shape.parameters,
        trainable=trainable,
        memory_bytes=min(way.needs.total for way in ways(shape, run, wish) if way.needs),
        disk_bytes=needed_bytes(trainable, shape.parameters, config, run.value_bytes),
        download_bytes=0 if folder else shape.parameters * 2,  # published weights are 16 bit
    )


def shape_of(base_model: str) -> Shape | None:
    """The shape of a base model, by name or folder; None where nothing here tells it, or it is of another family."""
    _, folder = located(base_model)
    if folder is None:
        return known_shape(base_model)
    try:
        found = Shape.of(json.loads((folder / "config.json").read_text("utf-8")))
    except (OSError, ValueError):
        found = None
    return found or known_shape(base_model)


def located(base_model: str) -> tuple[Literal["embedded", "folder", "cached", "hub"], Path | None]:
    """Where a base model's weights are, and their folder; None where they must be fetched first."""
    if base_model == EMBEDDED:
        return "embedded", SEED_FOLDER
    if Path(base_model).is_dir():
        return "folder", Path(base_model)
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = [
            found
            for name in ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")
            if isinstance(found := try_to_load_from_cache(base_model, name), str)
        ]
    except HFValidationError:
        cached = []
    return ("cached", Path(cached[0]).parent) if cached else ("hub", None)
