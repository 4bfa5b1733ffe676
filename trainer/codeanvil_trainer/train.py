"""A training run, top to bottom: set up, loop, validate, save, clean up.

    python -m codeanvil_trainer train RUN_FOLDER [--resume]

QLoRA (arXiv 2305.14314) by default: NF4 base, LoRA adapter in fp32, bf16 compute on GPUs, loss on
answers only, normalised by the label tokens of the whole accumulated batch. The loop is our own and
not transformers' Trainer: packed rows and logits at label positions only make it quicker, and the
step number alone decides data, rate and order, which is what makes a resumed run the same run.
"""

import contextlib
import math
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
import torch
from torch import nn

from codeanvil.contract import OptimizerConfig, RunConfig, RunFolder, append_event, update_report
from codeanvil_trainer import checkpoint
from codeanvil_trainer import model as models
from codeanvil_trainer.checkpoint import TrainingState
from codeanvil_trainer.data import Encoded, encode_rows, question_rows, read_rows
from codeanvil_trainer.device import set_threads
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.folders import replace_folder
from codeanvil_trainer.identity import write_identity
from codeanvil_trainer.loss import summed_loss
from codeanvil_trainer.packing import IGNORE, Schedule, Step, collate, schedule

VALIDATION_SAMPLES = 256
"""Most rows of each validation set that are measured at one time."""

GIVE_UP_AFTER = 5
"""Steps without a finite loss, one after another, that end a run."""


@dataclass(slots=True)
class Setup:
    """What the loop works on. `validation` teaches facts that no training row holds; `wordings` asks trained
    facts in wordings that no training row uses."""

    config: RunConfig
    device: torch.device
    tokenizer: Any
    model: Any
    optimizer: torch.optim.Optimizer
    samples: list[Encoded]
    validation: list[Encoded]
    wordings: list[Encoded]
    schedule: Schedule
    state: TrainingState


def run(folder: RunFolder, *, resume: bool) -> bool:
    """Train the run in `folder`; True when it finished, False when it was stopped and can be resumed.

    Raises TrainerError.
    """
    folder.stop_request.unlink(missing_ok=True)
    with _stop_on_signals() as signals:
        setup = prepare(folder, resume=resume)
        try:
            finished = fit(folder, setup, signals)
        except OSError as error:
            raise TrainerError(
                f"The run cannot write to {folder.path} ({error.strerror}). Free space or mend the permissions, then "
                f"`codeanvil resume`: checkpoints written before are whole."
            ) from error
        if finished:
            finish(folder, setup)
    return finished


def prepare(folder: RunFolder, *, resume: bool) -> Setup:
    """Load data, base and adapter; go back to the newest valid checkpoint when `resume`. Raises TrainerError."""
    config = RunConfig.model_validate_json(folder.config.read_text("utf-8"))
    device = models.default_device()
    torch.manual_seed(config.seed)
    append_event(folder, "phase", text="loading the base model")
    tokenizer = models.load_tokenizer(config.base_model)
    model = trainable_model(config, device)
    set_threads(config.threads, models.count_parameters(model)[1])
    append_event(folder, "phase", text="preparing the data")
    data = encode_rows(read_rows(folder.train_data), tokenizer, config.max_length)
    if not data.samples:
        raise TrainerError("There is nothing to train on: no row of the data set fits. Run `codeanvil prepare` first.")
    if data.cut or data.dropped:
        append_event(
            folder,
            "notice",
            text=f"{data.cut} answers were cut and {data.dropped} samples left out: they are longer than max_length "
            f"({config.max_length} tokens).",
        )
    epochs = config.epochs if config.max_tokens is None else min(config.epochs, config.max_tokens / data.tokens)
    plan = schedule(
        [len(sample.ids) for sample in data.samples],
        row_length=config.pack_length,
        rows_per_batch=config.micro_batch_rows,
        batches_per_step=config.accumulate,
        epochs=epochs,
        seed=config.seed,
    )
    optimizer = torch.optim.AdamW(
        [parameter for parameter in model.parameters() if parameter.requires_grad],
        lr=config.optimizer.learning_rate,
        betas=config.optimizer.betas,
        eps=config.optimizer.eps,
        weight_decay=config.optimizer.weight_decay,
    )
    state = TrainingState()
    newest = checkpoint.newest_valid(folder) if resume else None
    if newest:
        state = checkpoint.restore(newest, model, optimizer)
    elif not resume:
        shutil.rmtree(folder.checkpoints, ignore_errors=True)
    trainable, total = models.count_parameters(model)
    append_event(
        folder,
        "started",
        steps=len(plan.steps),
        epochs=round(epochs, 2),
        trainable_parameters=trainable,
        total_parameters=total,
        train_tokens=data.tokens,
        train_samples=len(data.samples),
        resumed_from=state.step if newest else None,
    )
    write_first_batch(folder, tokenizer, plan.steps[0], data.samples)
    validation = read_rows(folder.validation_data) if folder.validation_data.exists() else []
    return Setup(
        config,
        device,
        tokenizer,
        model,
        optimizer,
        data.samples,
        _some(validation, tokenizer, config.max_length),
        _some(question_rows(folder.questions), tokenizer, config.max_length),
        plan,
        state,
    )


def trainable_model(config: RunConfig, device: torch.device) -> Any:
    """The base with what trains on it: an adapter on NF4 or on plain weights, or everything in fp32."""
    if config.method == "full":
        model = models.load_base(config.base_model, quantize=False, device=device, dtype=torch.float32)
        model.requires_grad_(True)
    else:
        model = models.load_base(config.base_model, quantize=config.method == "qlora", device=device)
        model = models.attach_adapter(model, config.lora)
    if config.gradient_checkpointing:
        model.enable_input_require_grads()
        model.gradient_checkpointing_enable({"use_reentrant": False})
    return model


def _some(rows: Sequence[dict[str, Any]], tokenizer: Any, max_length: int) -> list[Encoded]:
    samples = encode_rows(rows, tokenizer, max_length).samples
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


def fit(folder: RunFolder, setup: Setup, stop: "StopSignals") -> bool:
    """The loop. True at the end of the schedule or at an early stop, False when asked to stop."""
    config, model, state = setup.config, setup.model, setup.state
    steps = setup.schedule.steps
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    append_event(folder, "phase", text="training")
    if state.step == 0:
        evaluate(folder, setup)
    failures = 0
    started, earlier_seconds, first_tokens = time.monotonic(), state.seconds, state.tokens
    while state.step < len(steps):
        if stop.requested or folder.stop_request.exists():
            checkpoint.save(folder, model, setup.optimizer, state)
            folder.stop_request.unlink(missing_ok=True)
            append_event(folder, "stopped", step=state.step)
            return False
        model.train()
        rate = learning_rate(state.step + 1, len(steps), config.optimizer)
        for group in setup.optimizer.param_groups:
            group["lr"] = rate
        loss, tokens = accumulate_gradients(setup, steps[state.step])
        norm = float(nn.utils.clip_grad_norm_(trained, config.optimizer.max_grad_norm))
        if math.isfinite(loss) and math.isfinite(norm):
            setup.optimizer.step()
            failures = 0
        else:
            failures += 1
            append_event(folder, "notice", text=f"Step {state.step + 1} had no finite loss and was skipped.")
        setup.optimizer.zero_grad(set_to_none=True)
        if failures >= GIVE_UP_AFTER:
            raise TrainerError(
                f"The loss was not finite for {failures} steps, up to step {state.step + 1}. Start again with a lower "
                f"rate, for example --set optimizer.learning_rate={config.optimizer.learning_rate / 3:.1e}."
            )
        state.step += 1
        state.tokens += tokens
        elapsed = time.monotonic() - started
        state.seconds = earlier_seconds + elapsed
        state.losses = [*state.losses[:1], loss]
        append_event(
            folder,
            "step",
            step=state.step,
            steps=len(steps),
            epoch=round(setup.schedule.epoch_at(state.step), 3),
            loss=loss,
            lr=rate,
            grad_norm=norm,
            tokens_per_second=round((state.tokens - first_tokens) / elapsed, 1),
            eta_seconds=round(state.seconds / state.step * (len(steps) - state.step), 1),
            **memory(setup.device),
        )
        epoch_end = state.step in setup.schedule.epoch_ends
        if epoch_end or state.step % config.eval_every == 0:
            evaluate(folder, setup)
        if epoch_end or state.step % config.save_every == 0 or state.best_step == state.step:
            path = checkpoint.save(folder, model, setup.optimizer, state)
            checkpoint.prune(folder, config.keep_checkpoints, state.best_step)
            append_event(folder, "checkpoint", step=state.step, path=path.relative_to(folder.path).as_posix())
        if config.early_stop_evals and state.evaluations_since_best >= config.early_stop_evals:
            append_event(
                folder,
                "notice",
                text=f"Stopped early at step {state.step}: held-out questions have not got better since step "
                f"{state.best_step}, whose weights are kept.",
            )
            return True
    return True


def accumulate_gradients(setup: Setup, step: Step) -> tuple[float, int]:
    """Forward and backward over the micro-batches of one step: (mean loss per label token, tokens read).

    Each micro-batch's summed loss is divided by the label tokens of the whole step, so that accumulation
    gives the gradient of one large batch.
    """
    batches = [collate(rows, setup.samples, setup.tokenizer.pad_token_id) for rows in step]
    labels = sum(int((batch.labels != IGNORE).sum()) for batch in batches)
    total = 0.0
    for batch in batches:
        loss = summed_loss(setup.model, batch.to(setup.device)) / max(labels, 1)
        torch.autograd.backward(loss)
        total += float(loss.detach())
    return total, sum(len(setup.samples[index].ids) for rows in step for row in rows for index in row)


@torch.no_grad()
def mean_loss(setup: Setup, samples: Sequence[Encoded]) -> float | None:
    """Loss per label token over `samples`, or None when there are none. Leaves random state and mode as they were."""
    if not samples:
        return None
    setup.model.eval()
    plan = schedule(
        [len(sample.ids) for sample in samples],
        row_length=setup.config.pack_length,
        rows_per_batch=max(setup.config.micro_batch_rows, 4),
        batches_per_step=1,
        epochs=1,
        seed=0,
    )
    total = labels = 0.0
    for step in plan.steps:
        batch = collate(step[0], samples, setup.tokenizer.pad_token_id).to(setup.device)
        total += float(summed_loss(setup.model, batch))
        labels += int((batch.labels != IGNORE).sum())
    setup.model.train()
    return total / labels


def evaluate(folder: RunFolder, setup: Setup) -> None:
    """Measure both validation sets, tell it, and note whether this is the best step so far.

    The best step is judged by trained facts in new wordings; loss on facts that were never taught can only
    be judged where there are no such questions.
    """
    state = setup.state
    loss = mean_loss(setup, setup.validation)
    wording_loss = mean_loss(setup, setup.wordings)
    judged = wording_loss if wording_loss is not None else loss
    if judged is None:
        return
    best = state.best_loss is None or judged < state.best_loss
    if best:
        state.best_loss, state.best_step, state.evaluations_since_best = judged, state.step, 0
    else:
        state.evaluations_since_best += 1
    append_event(
        folder,
        "validation",
        step=state.step,
        loss=loss,
        perplexity=None if loss is None else math.exp(min(loss, 50)),
        wording_loss=wording_loss,
        best=best,
    )


def finish(folder: RunFolder, setup: Setup) -> None:
    """Go back to the best weights, write the adapter and the report."""
    state = setup.state
    best = folder.checkpoints / f"step-{state.best_step}"
    if state.best_step not in (None, state.step) and checkpoint.is_valid(best):
        checkpoint.load_weights(setup.model, best)
    partial = folder.path / ".adapter.partial"
    shutil.rmtree(partial, ignore_errors=True)
    if setup.config.method == "full":
        setup.model.save_pretrained(str(partial))
        setup.tokenizer.save_pretrained(str(partial))
    else:
        setup.model.save_pretrained(str(partial))
    write_identity(partial, setup.tokenizer, setup.config.base_model, quantized=setup.config.method == "qlora")
    replace_folder(partial, folder.adapter)
    loss, wording_loss = mean_loss(setup, setup.validation), mean_loss(setup, setup.wordings)
    trainable, total = models.count_parameters(setup.model)
    update_report(
        folder,
        "training",
        {
            "steps": state.step,
            "best_step": state.best_step,
            "tokens": state.tokens,
            "seconds": round(state.seconds, 1),
            "first_loss": state.losses[0] if state.losses else None,
            "last_loss": state.losses[-1] if state.losses else None,
            "validation_loss": loss,
            "wording_loss": wording_loss,
            "trainable_parameters": trainable,
            "total_parameters": total,
        },
    )


def learning_rate(step: int, steps: int, config: OptimizerConfig) -> float:
    """Rate of step `step` (from 1): linear warm-up to the peak, then a cosine to `min_lr_ratio` of it."""
    warmup = round(steps * config.warmup_ratio)
    if step <= warmup:
        return config.learning_rate * step / warmup
    done = (step - warmup) / max(1, steps - warmup)
    low = config.min_lr_ratio
    return config.learning_rate * (low + (1 - low) * 0.5 * (1 + math.cos(math.pi * done)))


def memory(device: torch.device) -> dict[str, int | None]:
    """Bytes in use: of this process in RAM, and at most so far on the GPU."""
    return {
        "ram_bytes": psutil.Process().memory_info().rss,
        "gpu_memory_bytes": torch.cuda.max_memory_allocated(device) if device.type == "cuda" else None,
    }


@dataclass(slots=True)
class StopSignals:
    """Whether SIGTERM or SIGINT has come."""

    requested: bool = False


@contextlib.contextmanager
def _stop_on_signals() -> Iterator[StopSignals]:
    """Turn SIGTERM and SIGINT into a request to stop after the step at hand."""
    signals = StopSignals()

    def request(*_: object) -> None:
        signals.requested = True

    before = {number: signal.signal(number, request) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
