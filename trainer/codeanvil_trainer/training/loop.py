"""A training run, top to bottom: set up, loop, validate, save, clean up.

    python -m codeanvil_trainer train RUN_FOLDER [--resume]

QLoRA (arXiv 2305.14314) by default: NF4 base, LoRA adapter in fp32, bf16 compute on GPUs, loss on
answers only, normalised by the label tokens of the whole accumulated batch. The loop is our own and
not transformers' Trainer: packed rows and logits at label positions only make it quicker, and the
step number alone decides data, rate and order, which is what makes a resumed run the same run.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from codeanvil.contract import RunFolder, read_events, stop_kind, update_report
from codeanvil_trainer import models
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.folders import replace_folder
from codeanvil_trainer.machine.measurements import machine_figures
from codeanvil_trainer.tokens.identity import write_identity
from codeanvil_trainer.training import checkpoint, guard
from codeanvil_trainer.training.diagnosis import troubles
from codeanvil_trainer.training.gradients import BrokenOffError, accumulate_gradients
from codeanvil_trainer.training.parallel import joined
from codeanvil_trainer.training.rate import learning_rate
from codeanvil_trainer.training.setup import Setup, prepare
from codeanvil_trainer.training.speed import Speed
from codeanvil_trainer.training.stopping import StopSignals, stop_on_signals
from codeanvil_trainer.training.validation import evaluate, mean_loss
from codeanvil_trainer.turn.waiting import GiveWay, conditions_of


def run(folder: RunFolder, *, resume: bool, before_steps: Callable[[], object] = lambda: None) -> bool:
    """Train the run in `folder`; True when it finished, False when it was stopped and can be resumed.

    `before_steps` is called when all is made ready for the first step.

    Of several processes only the first one says True: the run is its to merge.

    Raises TrainerError, and GiveWay where the run is to wait for the machine and then to be resumed.
    """
    with stop_on_signals() as signals, joined() as group:
        if group.is_first:
            folder.stop_request.unlink(missing_ok=True)
        setup = prepare(folder, resume=resume, group=group)
        setup.tell.draw_from(setup.state.step)
        try:
            finished = fit(folder, setup, signals, before_steps)
        except OSError as error:
            raise TrainerError(
                f"The run cannot write to {folder.path} ({error.strerror}). Free space or mend the permissions, then "
                f"`codeanvil resume`: checkpoints written before are whole."
            ) from error
        finally:
            setup.tell.close()
        if finished and group.is_first:
            finish(folder, setup)
    return finished and group.is_first


def fit(folder: RunFolder, setup: Setup, stop: StopSignals, before_steps: Callable[[], object] = lambda: None) -> bool:
    """The loop. True at the end of the schedule or at an early stop, False when asked to stop.

    Raises GiveWay, with a checkpoint written, where the machine is wanted for something else.
    """
    config, tell = setup.config, setup.tell
    steps = setup.schedule.steps
    conditions = conditions_of(config)
    tell("phase", text="training")
    if setup.state.step == 0:
        evaluate(setup)
        save(folder, setup)
    before_steps()
    speed = Speed(setup.state.tokens, setup.state.samples, setup.state.seconds)

    def stop_asked() -> bool:
        return stop.requested or folder.stop_request.exists()

    while setup.state.step < len(steps):
        if setup.group.agree(stop_asked()):
            save(folder, setup)
            tell(stop_kind(folder), step=setup.state.step)
            folder.stop_request.unlink(missing_ok=True)
            return False
        if wanted := setup.group.agree(conditions.wanted()):
            save(folder, setup)
            tell("waiting", reason=wanted.reason, place=None, text=wanted.text)
            raise GiveWay
        try:
            step = take_step(folder, setup, stop_asked)
        except BrokenOffError:
            continue
        if setup.state.bad_steps >= guard.SKIPS:
            go_back(folder, setup)
            continue
        state = setup.state
        state.seconds = speed.seconds()
        tell(
            "step",
            step=state.step,
            steps=len(steps),
            epoch=round(setup.schedule.epoch_at(state.step), 3),
            loss=step.loss,
            lr=step.rate,
            grad_norm=step.norm,
            **speed.figures(state, setup.tokens_left[state.step]),
            **machine_figures(setup.device),
        )
        epoch_end = state.step in setup.schedule.epoch_ends
        if epoch_end or state.step % config.eval_every == 0:
            evaluate(setup)
            state = setup.state
        if epoch_end or state.step % config.save_every == 0 or state.best_step == state.step:
            path = save(folder, setup)
            tell("checkpoint", step=state.step, path=path.relative_to(folder.path).as_posix())
        if config.early_stop_evals and state.evaluations_since_best >= config.early_stop_evals:
            tell(
                "notice",
                text=f"Stopped early at step {state.step}: held-out questions have not got better since step "
                f"{state.best_step}, whose weights are kept.",
            )
            return True
    return True


def save(folder: RunFolder, setup: Setup) -> Path:
    """Write a checkpoint of this moment and remove the oldest. Of several processes the first one does."""
    if setup.group.is_first:
        checkpoint.save(folder, setup.model, setup.optimizer, setup.state)
        checkpoint.prune(folder, setup.config.keep_checkpoints, setup.state.best_step)
    return setup.group.agree(folder.checkpoints / f"step-{setup.state.step}")


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step: mean loss per label token, learning rate, gradient norm before clipping."""

    loss: float
    rate: float
    norm: float


def take_step(folder: RunFolder, setup: Setup, stop_asked: Callable[[], bool] = lambda: False) -> StepResult:
    """One optimizer step, or none where the loss says that it would do harm; either way the data moves on.

    Raises BrokenOffError, with everything as before, where it is asked to stop between two passes: a step of a large
    model takes long, and a stop is a matter of seconds. Several processes end their step together.
    """
    config, state = setup.config, setup.state
    setup.model.train()
    rate = learning_rate(state.step + 1, len(setup.schedule.steps), config.optimizer) * setup.recovery.rate_factor
    for group in setup.optimizer.param_groups:
        group["lr"] = rate

    def told(sentence: str) -> None:
        if setup.group.is_first:
            setup.passes.save(folder)
        setup.tell("notice", text=sentence)

    setup.group.seed(config.seed, state.step)
    rows = setup.schedule.steps[state.step]
    before = checkpoint.random_state()
    try:
        alone = setup.group.size == 1
        loss, tokens = accumulate_gradients(setup, rows, told, stop_asked if alone else lambda: False)
    except BrokenOffError:
        setup.optimizer.zero_grad(set_to_none=True)
        checkpoint.set_random_state(before)
        raise
    norm = float(nn.utils.clip_grad_norm_(setup.trained, config.optimizer.max_grad_norm))
    verdict = guard.judge(state.recent, loss, norm)
    if verdict == "good":
        setup.optimizer.step()
        state.recent = [*state.recent, loss][-guard.WINDOW :]
        state.bad_steps = 0
    else:
        state.bad_steps += 1
        why = "no finite loss" if verdict == "not finite" else f"a loss of {loss:.3g}, far above those before it,"
        setup.tell("notice", text=f"Step {state.step + 1} had {why} and was skipped.")
    setup.optimizer.zero_grad(set_to_none=True)
    state.step += 1
    state.tokens += tokens
    state.samples += sum(len(row) for batch in rows for row in batch)
    if state.first_loss is None:
        state.first_loss = loss
    return StepResult(loss, rate, norm)


def go_back(folder: RunFolder, setup: Setup) -> None:
    """Go on from a good checkpoint at half the rate: the newest, and where that did not help the best one.

    Raises TrainerError after `guard.ROLLBACKS` times, or where no checkpoint is whole.
    """
    recovery, failed_at = setup.recovery, setup.state.step
    best = folder.checkpoints / f"step-{setup.state.best_step}"
    good = best if recovery.rollbacks and checkpoint.is_valid(best) else checkpoint.newest_valid(folder)
    target = setup.group.agree(good)
    if recovery.rollbacks >= guard.ROLLBACKS or target is None:
        rate = setup.config.optimizer.learning_rate * recovery.rate_factor / 2
        raise TrainerError(
            f"The loss was not usable for {guard.SKIPS} steps in a row up to step {failed_at}, "
            f"{recovery.rollbacks} returns to a good checkpoint at half the rate did not help: the run gives up. "
            f"Start again with a lower rate (--set optimizer.learning_rate={rate:.1e}) and look at first_batch.txt."
        )
    recovery.rollbacks += 1
    recovery.rate_factor /= 2
    setup.state = checkpoint.restore(target, setup.model, setup.optimizer)
    if setup.group.is_first:
        recovery.save(folder)
        checkpoint.discard_after(folder, setup.state.step)
    setup.tell(
        "notice",
        text=f"{guard.SKIPS} steps in a row up to step {failed_at} were unusable: the run went back to step "
        f"{setup.state.step} and goes on at {recovery.rate_factor:g} of the rate.",
    )


def finish(folder: RunFolder, setup: Setup) -> None:
    """Name what went wrong, go back to the best weights, write the adapter and the report."""
    state, config = setup.state, setup.config
    losses = [float(event.data["loss"]) for event in read_events(folder)[0] if _has_loss(event.data, event.kind)]
    found = list(
        troubles(state, losses, setup.model, learning_rate=config.optimizer.learning_rate, epochs=config.epochs)
    )
    for sentence in found:
        setup.tell("notice", text=sentence)
    best = folder.checkpoints / f"step-{state.best_step}"
    if state.best_step not in (None, state.step) and checkpoint.is_valid(best):
        checkpoint.load_weights(setup.model, best)
    partial = folder.path / ".adapter.partial"
    shutil.rmtree(partial, ignore_errors=True)
    setup.model.save_pretrained(str(partial))
    if config.method == "full":
        setup.tokenizer.save_pretrained(str(partial))
    write_identity(partial, setup.tokenizer, config.base_model, quantized=config.method == "qlora")
    replace_folder(partial, folder.adapter)
    trainable, total = models.count_parameters(setup.model)
    update_report(
        folder,
        "training",
        {
            "steps": state.step,
            "best_step": state.best_step,
            "tokens": state.tokens,
            "samples": state.samples,
            "seconds": round(state.seconds, 1),
            "first_loss": state.first_loss,
            "last_loss": losses[-1] if losses else None,
            "validation_loss": mean_loss(setup, setup.validation),
            "wording_loss": mean_loss(setup, setup.wordings),
            "trainable_parameters": trainable,
            "total_parameters": total,
            "rollbacks": setup.recovery.rollbacks,
            "troubles": found,
        },
    )


def _has_loss(data: dict[str, object], kind: str) -> bool:
    return kind == "step" and isinstance(data.get("loss"), float)
