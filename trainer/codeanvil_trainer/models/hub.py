"""Base models from the Hugging Face hub: fetched once, with progress; what is here is used without asking the hub.

A connection that breaks is taken up where it was, a few times over; after that the files that are whole are kept for
the next try. `HF_HUB_OFFLINE`, `HF_HOME`, `HF_ENDPOINT` and `HF_TOKEN` mean what they mean to the hub's library.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

from codeanvil_trainer.errors import TrainerError

KEPT = ("*.json", "*.jinja", "*.model", "*.txt", "*.safetensors")
"""Files that a model is loaded from: configuration, tokenizer, weights."""

OLDER = "pytorch_model*.bin"
"""Weights of models that have no safetensors."""

TELL_SECONDS = 2.0
"""Between two words about how far a fetch is."""

ELSE = "give a local folder with --base-model PATH, or use --base-model embedded, which needs no download"


def folder_of(name: str, told: Callable[[str], object] | None = None) -> str:
    """The folder of the hub's model `name`, fetched where it is not here; `told` gets sentences on how far that is.

    Raises TrainerError with the way out.
    """
    try:
        return snapshot_download(name, allow_patterns=[*KEPT, OLDER], local_files_only=True)
    except HFValidationError as error:
        raise TrainerError(
            f"'{name}' is no Hugging Face name: write one like deepseek-ai/deepseek-coder-1.3b-instruct."
        ) from error
    except (OSError, ValueError):
        pass  # not here, or not all of it
    if constants.HF_HUB_OFFLINE:
        raise TrainerError(
            f"The base model {name} is not on this machine, and HF_HUB_OFFLINE forbids to fetch it: unset it, {ELSE}."
        )
    try:
        return _fetched(name, told or (lambda _: None))
    except Exception as error:  # what its transport raises has no base class of the hub's library
        if any(isinstance(cause, RepositoryNotFoundError) for cause in _causes(error)):
            raise TrainerError(
                f"The hub gives no model {name}: there is none, or it asks for a login. Look at its page, log in with "
                f"`hf auth login`, {ELSE}."
            ) from error
        raise TrainerError(
            f"The base model {name} cannot be fetched from {endpoint()} ({_reason(error)}). Try again when it can be "
            f"reached (files that are whole are kept), {ELSE}."
        ) from error


def endpoint() -> str:
    """The hub's address: `HF_ENDPOINT`, or the public one."""
    return str(constants.ENDPOINT)


def _fetched(name: str, told: Callable[[str], object]) -> str:
    listed = snapshot_download(name, allow_patterns=[*KEPT, OLDER], endpoint=endpoint(), dry_run=True)
    new = any(one.filename.endswith(".safetensors") for one in listed)
    patterns = [*KEPT] if new else [*KEPT, OLDER]
    wanted = [one for one in listed if one.will_download and (not new or not one.filename.endswith(".bin"))]
    with _progress(name, [one.file_size or 0 for one in wanted], told):
        return snapshot_download(name, allow_patterns=patterns, endpoint=endpoint())


@contextmanager
def _progress(name: str, sizes: Sequence[int], told: Callable[[str], object]) -> Iterator[None]:
    """Tell how much there is of what is to be fetched, by what has come to lie in the cache."""
    blobs = Path(constants.HF_HUB_CACHE, f"models--{name.replace('/', '--')}", "blobs")
    total, before = sum(sizes), _bytes_in(blobs, whole=True)
    done = threading.Event()

    def tell() -> None:
        while True:
            have = min(total, max(0, _bytes_in(blobs) - before))
            told(f"fetching {name}: {have / 1e9:.2f} of {total / 1e9:.2f} GB")
            if done.wait(TELL_SECONDS):
                return

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _bytes_in(folder: Path, *, whole: bool = False) -> int:
    """Bytes on the disk of the files in `folder`; `whole`: of those that are complete."""
    total = 0
    for path in folder.glob("*"):
        if not (whole and path.name.endswith(".incomplete")):
            try:
                total += path.stat().st_size
            except OSError:
                continue  # renamed since
    return total


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it came from, and so on."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _reason(error: Exception) -> str:
    """What went wrong, in the words of the innermost error."""
    *_, first = _causes(error)
    lines = str(first).strip().splitlines()
    return lines[0] if lines else type(first).__name__
