"""What a run works on, made ready: data, base and adapter, schedule, optimizer, the state it goes on from."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from codeanvil.contract import RunConfig, RunFolder, add_tokens
from codeanvil_trainer import models
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.footprint.fitting import Way
from codeanvil_trainer.machine import disk
from codeanvil_trainer.machine.device import free_memory, keep_freed_memory, limit_memory, set_threads
from codeanvil_trainer.machine.needs import shape_of
from codeanvil_trainer.models.attention import use_flat_attention
from codeanvil_trainer.models.effective import use_effective_weights
from codeanvil_trainer.models.lean_decoder import use_lean_decoder
from codeanvil_trainer.tokens.data import Encoded, encode_rows, question_rows, read_rows
from codeanvil_trainer.tokens.identity import check_identity
from codeanvil_trainer.tokens.packing import Schedule, Step, schedule
from codeanvil_trainer.training import checkpoint
from codeanvil_trainer.training.checkpoint import TrainingState
from codeanvil_trainer.training.guard import Recovery
from codeanvil_trainer.training.journal import Journal
from codeanvil_trainer.training.optimizer import make_optimizer
from codeanvil_trainer.training.parallel import ALONE, Group
from codeanvil_trainer.training.passes import Choice, Passes, choose, probe
from codeanvil_trainer.training.probe import peak_of

VALIDATION_SAMPLES = 256
"""Most rows of each validation set that are measured at one time."""


@dataclass(slots=True)
class Setup:
    """What the loop works on. `validation` teaches facts that no training row holds; `wordings` asks trained
    facts in wordings that no training row uses."""

    config: RunConfig
    device: torch.device
    tokenizer: Any
    model: Any
    trained: list[torch.nn.Parameter]
    """The parameters of `model` that train."""
    optimizer: torch.optim.Optimizer
    samples: list[Encoded]
    lengths: list[int]
    """Of the samples, in tokens."""
    validation: list[Encoded]
    wordings: list[Encoded]
    schedule: Schedule
    tokens_left: list[int]
    """Tokens still to be read after so many steps."""
    state: TrainingState
    passes: Passes
    recovery: Recovery
    group: Group
    tell: Journal


def prepare(folder: RunFolder, *, resume: bool, group: Group = ALONE) -> Setup:
    """Load data, base and adapter; go back to the newest valid checkpoint when `resume`. Raises TrainerError."""
    tell = Journal(folder, group)
    config = RunConfig.model_validate_json(folder.config.read_text("utf-8"))
    device = models.default_device()
    torch.manual_seed(config.seed)
    tell("phase", text="preparing the data")
    models.resolve_base(config.base_model, lambda text: tell("phase", text=text))  # fetched where it is not here
    tokenizer = models.load_tokenizer(config.base_model)
    if config.start_from:
        check_identity(Path(config.start_from), tokenizer, config.base_model)
    samples, tokens = _training_samples(folder, config, tokenizer, tell)
    epochs = config.epochs if config.max_tokens is None else min(config.epochs, config.max_tokens / tokens)
    lengths = [len(sample.ids) for sample in samples]
    plan = schedule(
        lengths,
        row_length=config.pack_length,
        rows_per_batch=config.micro_batch_rows,
        batches_per_step=config.accumulate,
        epochs=epochs,
        seed=config.seed,
    )
    on_gpu = device.type == "cuda"
    shape = shape_of(config.base_model)
    choice = choose(shape, config, lengths, free_memory(device), on_gpu=on_gpu)
    needs = choice.ways[0].needs
    limit_memory(device, config.memory_gb)
    if not on_gpu:
        keep_freed_memory()
    tell("phase", text="loading the base model")
    model = trainable_model(config, device)
    trainable, total = models.count_parameters(model)
    set_threads(config.threads, total)

    def trial(way: Way) -> int:
        return peak_of(way, model, plan.steps, samples, tokenizer.pad_token_id)

    passes, probed = _passes(Passes.of(folder) if resume else None, choice, trial, on_gpu=on_gpu)
    passes = group.agree(passes)
    models.set_checkpointing(model, on=passes.checkpointing)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = make_optimizer(trained, config.optimizer, passes.moments)
    if group.is_first:
        if not resume:
            shutil.rmtree(folder.checkpoints, ignore_errors=True)
        passes.save(folder)
        disk.check_space(folder, model, config)
        write_first_batch(folder, tokenizer, plan.steps[0], samples)
    newest = group.agree(checkpoint.newest_valid(folder) if resume and group.is_first else None)
    state = checkpoint.restore(newest, model, optimizer) if newest else TrainingState()
    tell(
        "started",
        steps=len(plan.steps),
        epochs=round(epochs, 2),
        trainable_parameters=trainable,
        total_parameters=total,
        train_tokens=tokens,
        train_samples=len(samples),
        resumed_from=state.step if newest else None,
        processes=group.size,
        pass_tokens=passes.tokens,
        gradient_checkpointing=passes.checkpointing,
        moments=passes.moments,
        memory_bytes={"needed": needs.total if needs else None, "free": choice.free, "probed": probed},
    )
    validation = read_rows(folder.validation_data) if folder.validation_data.exists() else []
    return Setup(
        config,
        device,
        tokenizer,
        model,
        trained,
        optimizer,
        samples,
        lengths,
        _some(validation, tokenizer, config.max_length, folder.token_cache),
        _some(question_rows(folder.questions), tokenizer, config.max_length, folder.token_cache),
        plan,
        _tokens_left(plan, samples),
        state,
        passes,
        Recovery.of(folder) if newest else Recovery.forget(folder),
        group,
        tell,
    )


def _passes(
    kept: Passes | None, choice: Choice, trial: Callable[[Way], int], *, on_gpu: bool
) -> tuple[Passes, int | None]:
    """How the steps are made, as the run did before or in the quickest way that fits; and the probed peak in bytes.

    On a CPU the estimate must do: who asks for too much there is not refused but killed.
    """
    if kept is not None:
        return kept, None
    way, peak = choice.ways[0], None
    if on_gpu:
        way, peak = probe(choice, trial)
    return Passes(way.tokens, way.checkpointing, way.moments), peak


def _training_samples(folder: RunFolder, config: RunConfig, tokenizer: Any, tell: Journal) -> tuple[list[Encoded], int]:
    """The training rows in tokens, and how many tokens; what had to be cut is told."""
    data = encode_rows(read_rows(folder.train_data), tokenizer, config.max_length, folder.token_cache)
    if not data.samples:
        raise TrainerError("There is nothing to train on: no row of the data set fits. Run `codeanvil prepare` first.")
    if data.cut or data.dropped:
        tell(
            "notice",
            text=f"{data.cut} answers were cut and {data.dropped} samples left out: they are longer than max_length "
            f"({config.max_length} tokens).",
        )
    lengths = [len(sample.ids) for sample in data.samples]
    add_tokens(folder, lengths, cut=data.cut, dropped=data.dropped, most=config.max_length)
    return data.samples, data.tokens


def trainable_model(config: RunConfig, device: torch.device) -> Any:
    """The base with what trains on it: an adapter on NF4 or on plain weights, or everything in fp32."""
    if config.method == "full":
        weights = config.start_from or config.base_model
        model = models.load_base(weights, quantize=False, device=device, dtype=torch.float32)
        model.requires_grad_(True)
    else:
        model = models.load_base(config.base_model, quantize=config.method == "qlora", device=device)
        if config.start_from:
            model = models.load_adapter(model, Path(config.start_from), trainable=True)
        else:
            model = models.attach_adapter(model, config.lora)
    if device.type == "cpu":
        use_effective_weights(model)
        use_lean_decoder(model)
    use_flat_attention(model)
    return model


def _tokens_left(plan: Schedule, samples: Sequence[Encoded]) -> list[int]:
    left = [0]
    for step in reversed(plan.steps):
        left.append(left[-1] + sum(len(samples[index].ids) for batch in step for row in batch for index in row))
    return left[::-1]


def _some(rows: Sequence[dict[str, Any]], tokenizer: Any, max_length: int, cache: Path) -> list[Encoded]:
    samples = encode_rows(rows, tokenizer, max_length, cache).samples
    chosen = torch.randperm(len(samples), generator=torch.Generator().manual_seed(0))[:VALIDATION_SAMPLES]
    return [samples[i] for i in sorted(chosen.tolist())]


def write_first_batch(folder: RunFolder, tokenizer: Any, step: Step, samples: Sequence[Encoded]) -> None:
    """`first_batch.txt`: the first rows as the model sees them; what carries loss stands in «»."""
    lines = []
    for row in step[0]:
        for index in row:
            sample = samples[index]
            prompt, answer = sample.ids[: sample.prompt_length], sample.ids[sample.prompt_length :]
            lines.append(f"{tokenizer.decode(prompt)}«{tokenizer.decode(answer)}»\n{'-' * 40}\n")
    (folder.path / "first_batch.txt").write_text("".join(lines), "utf-8")
