"""Settings: one source for `codeanvil.toml`, the editor's settings, the README table and `--set`.

Order of precedence, last wins: the defaults here, `codeanvil.toml` in the workspace, the editor's
`codeanvil.*` settings, `--set key=value` on the command line.
"""

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codeanvil.errors import SettingsError

FILE_NAME = "codeanvil.toml"
DATA_FOLDER = ".codeanvil"

_EFFECTIVE = os.access in os.supports_effective_ids


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IndexSettings(_Section):
    """What is read."""

    max_file_bytes: int = Field(2_000_000, ge=1_000, description="Source files above this size are left out.")
    exclude: list[str] = Field(
        default_factory=list, description="Patterns in .gitignore syntax, beside .gitignore and .codeanvilignore."
    )
    only: str = Field("", description="The one file that is read, by its path in the workspace; empty reads all.")
    processes: int = Field(0, ge=0, description="Processes that parse; 0 takes one per core.")


class SampleSettings(_Section):
    """What a model is taught."""

    max: int = Field(10_000, ge=100, description="Most samples kept; the most valuable stay.")
    build_minimum: int = Field(250, ge=0, description="At least so many samples about the build.")
    code_keywords: list[str] = Field(
        default=["service", "dicom", "image", "processor", "manager", "handler", "main"],
        description="Files with one of these words in their path become code samples first.",
    )
    code_files: int = Field(150, ge=0, description="Most files that become code samples.")
    code_characters: int = Field(2_000, ge=200, description="Longest code sample, cut at definition boundaries.")
    wordings: int = Field(
        30, ge=1, description="Most wordings of one fact, beyond which only the least number about the build goes."
    )
    evidence_every: int = Field(
        4, ge=0, description="One sample in so many has its facts beside the question; 0 for none."
    )
    general_share: float = Field(
        0.02, ge=0, lt=0.5, description="Share of general coding instructions among the samples, against forgetting."
    )
    leave_out: list[str] = Field(
        default_factory=list, description="Kinds of samples that are left out, as `codeanvil prepare` names them."
    )
    validation_share: float = Field(0.05, gt=0, lt=0.5, description="Share of facts kept for validation.")


class TrainSettings(_Section):
    """How a model is trained."""

    preset: str = Field("auto", description="auto, guide, all-linear, small-gpu or cpu; auto asks the machine.")
    base_model: str = Field(
        "auto", description="A Hugging Face name, a local path, `embedded`, or auto: what the machine can train."
    )
    python: str = Field("", description="Python interpreter that has the trainer; empty takes the server's own.")
    threads: int = Field(0, ge=0, description="CPU threads for training; 0 chooses.")
    only_on_mains: bool = Field(False, description="Train only on mains power; a run waits, and goes on by itself.")
    only_when_idle: bool = Field(
        False, description="Train only while other programs leave the processors alone; a run waits else."
    )


class AnswerSettings(_Section):
    """How questions are answered."""

    model: Literal["auto", "off"] = Field(
        "auto", description="auto lets the model in use write answers; off answers from the index alone."
    )
    server_url: str = Field("", description="An OpenAI-compatible server to use instead of the built-in host.")
    max_new_tokens: int = Field(192, ge=16, le=4096, description="Longest answer of the model, in tokens.")
    timeout_seconds: float = Field(60, gt=0, description="Longest wait for the model before facts answer alone.")
    idle_unload_seconds: float = Field(300, gt=0, description="The model host ends after so long without a question.")


class EditorSettings(_Section):
    """What an editor shows beside hover."""

    code_lens: bool = Field(True, description="A line over each type: what is taught about it and who uses it.")
    symbols: bool = Field(
        True, description="Outline and search for symbols from the index; off leaves them to other language servers."
    )


class Settings(_Section):
    """All settings of a workspace."""

    data_dir: str = Field(
        "",
        description="Folder for the index and the runs; empty means .codeanvil in the workspace, or where that cannot "
        "be written, one among the user's own files.",
    )
    index: IndexSettings = IndexSettings()
    samples: SampleSettings = SampleSettings()
    train: TrainSettings = TrainSettings()
    answers: AnswerSettings = AnswerSettings()
    editor: EditorSettings = EditorSettings()

    def data_folder(self, root: Path) -> Path:
        """The folder that holds index, data set and runs of the workspace at `root`.

        Of a workspace that cannot be written to, it is one among the user's own files.
        """
        if self.data_dir:
            return (root / self.data_dir).resolve()
        inside = root / DATA_FOLDER
        if os.access(inside if inside.exists() else root, os.W_OK | os.X_OK, effective_ids=_EFFECTIVE):
            return inside
        return own_folder(root)


def own_folder(place: Path) -> Path:
    """Where, among the user's own files, those of the workspace at `place` lie that cannot hold them itself."""
    name = f"{place.name}-{hashlib.sha256(os.fsencode(place)).hexdigest()[:12]}"
    return Path(platformdirs.user_data_dir("codeanvil", appauthor=False), "workspaces", name)


def load(root: Path, *layers: Mapping[str, Any]) -> Settings:
    """Settings of the workspace at `root`: its `codeanvil.toml` under `layers` (nested mappings, later wins).

    Raises SettingsError naming the file, the key and what is allowed.
    """
    path = root / FILE_NAME
    values: dict[str, Any] = {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Mend or remove the file.") from error
    for layer in layers:
        values = merged(values, layer)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(explain(error)) from error


def explain(error: ValidationError) -> str:
    """One sentence out of pydantic's report: which setting, what is wrong, what is allowed."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if not key:  # a rule about several settings, in a sentence of its own
        return f"{first['msg'].removeprefix('Value error, ')}."
    if first["type"] == "extra_forbidden":
        return f"There is no setting '{key}'; the README's table lists them all."
    return f"The setting '{key}' cannot be {first.get('input')!r}: {first['msg']}."


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid upon `base`, mapping by mapping."""
    result = dict(base)
    for key, value in over.items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, Mapping) and isinstance(value, Mapping) else value
    return result


def from_pairs(pairs: list[str]) -> dict[str, Any]:
    """`["train.epochs=3"]` as `{"train": {"epochs": 3}}`; values are JSON where they parse, else text.

    Raises SettingsError for a pair without '='.
    """
    result: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or not key.strip():
            raise SettingsError(f"'{pair}' is not of the form key=value, for example --set epochs=3.")
        try:
            value: Any = json.loads(text)
        except ValueError:
            value = text
        for part in reversed(key.strip().split(".")):
            value = {part: value}
        result = merged(result, value)
    return result
