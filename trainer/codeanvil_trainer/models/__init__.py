"""Base models and adapters, and what makes them quick: everything that knows how a model is made."""

from codeanvil_trainer.folders import SEED_FOLDER
from codeanvil_trainer.models.adapters import attach_adapter, count_parameters, load_adapter
from codeanvil_trainer.models.bases import (
    compute_dtype,
    decoder_and_head,
    default_device,
    dequantise,
    load_base,
    load_dequantised,
    load_tokenizer,
    mend_nf4_repacking,
    resolve_base,
    set_checkpointing,
)

__all__ = [
    "SEED_FOLDER",
    "attach_adapter",
    "compute_dtype",
    "count_parameters",
    "decoder_and_head",
    "default_device",
    "dequantise",
    "load_adapter",
    "load_base",
    "load_dequantised",
    "load_tokenizer",
    "mend_nf4_repacking",
    "resolve_base",
    "set_checkpointing",
]
