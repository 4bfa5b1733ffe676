"""The configuration of a training run: everything that decides it."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

EMBEDDED = "embedded"
"""The base model that CodeAnvil carries with it: small, a demonstration, needs no hub and no GPU."""

GUIDE_TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj")


class Strict(BaseModel):
    """Values that the other side has sent: nothing unknown among them, and not changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class LoraConfig(Strict):
    """The adapter. `target_modules` is the module names, or `all-linear` for every linear layer but the head."""

    r: int = Field(128, ge=1, description="Rank of the update BA.")
    alpha: int = Field(256, ge=1, description="The update is scaled by alpha / r.")
    dropout: float = Field(0.05, ge=0, lt=1)
    target_modules: tuple[str, ...] | Literal["all-linear"] = GUIDE_TARGETS
    train_embeddings: bool = Field(
        False, description="Train token embeddings (and the head tied to them) beside the adapter, for new names."
    )


class OptimizerConfig(Strict):
    """AdamW, linear warm-up, cosine decay to `min_lr_ratio` of the peak."""

    learning_rate: float = Field(5e-4, gt=0)
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = Field(1e-8, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup_ratio: float = Field(0.05, ge=0, lt=1)
    min_lr_ratio: float = Field(0.1, ge=0, le=1)
    max_grad_norm: float = Field(1.0, gt=0)
    moments: Literal["auto", "fp32", "8bit"] = Field(
        "auto", description="AdamW's two moments; auto takes 8 bits (paged on a GPU) only where memory asks for it."
    )


class RunConfig(Strict):
    """Everything that decides a training run; written to `config.json` before the run starts."""

    base_model: str = Field(EMBEDDED, description="`embedded`, a local path, or a Hugging Face name.")
    start_from: str | None = Field(
        None, description="Folder of trained weights to go on from, in the place of a fresh adapter."
    )
    compare_with: str | None = Field(
        None, description="Folder of merged weights in use when the run was launched; None is the base model."
    )
    preset: str = "cpu"
    method: Literal["qlora", "lora", "full"] = "qlora"
    lora: LoraConfig = LoraConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    epochs: float = Field(10, gt=0)
    max_tokens: int | None = Field(
        None, ge=1, description="Stop after about this many training tokens, whatever `epochs` says."
    )
    data_tokens: int | None = Field(
        None, ge=1_000, description="Most tokens of the training set: few facts in many wordings, for small models."
    )
    max_length: int = Field(2048, ge=32, description="Longest sample in tokens; longer ones are cut and counted.")
    pack_length: int = Field(2048, ge=32, description="Tokens per packed row; at least `max_length`.")
    micro_batch_rows: int = Field(1, ge=1, description="Packed rows per forward pass.")
    accumulate: int = Field(8, ge=1, description="Forward passes per optimizer step.")
    tokens_per_pass: int | None = Field(
        None,
        ge=32,
        description="Most tokens of a forward pass, of a step of micro_batch_rows x accumulate rows. "
        "None: on a GPU as many as fit into its memory, on a CPU micro_batch_rows x pack_length.",
    )
    eval_every: int = Field(500, ge=1, description="Steps between validations; also at each epoch's end.")
    save_every: int = Field(500, ge=1, description="Steps between checkpoints; also at each epoch's end.")
    keep_checkpoints: int = Field(2, ge=1, description="Newest checkpoints kept, beside the best.")
    early_stop_evals: int = Field(
        3, ge=0, description="Stop when validation loss has not improved for so many validations; 0 never."
    )
    gradient_checkpointing: bool | Literal["auto"] = Field(
        "auto", description="Activations made twice and not kept; auto: only where memory asks for it."
    )
    memory_gb: float | None = Field(
        None, gt=0, description="Most GiB of the GPU, or of RAM without one, to be used; None is what is free."
    )
    seed: int = 0
    threads: int = Field(0, ge=0, description="CPU threads for torch; 0 chooses.")
    only_on_mains: bool = Field(False, description="Go only while the machine is on mains power; else wait.")
    only_when_idle: bool = Field(False, description="Go only while others leave the processors alone; else wait.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.pack_length < self.max_length:
            raise ValueError(
                f"pack_length ({self.pack_length}) is shorter than max_length ({self.max_length}): raise pack_length"
            )
        return self
