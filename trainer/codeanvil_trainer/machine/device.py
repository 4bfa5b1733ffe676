"""What this machine has: cores, memory, disk, GPU. Sizes are in bytes throughout."""

import ctypes
import gc
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

SMALL_MODEL = 50_000_000
"""Parameters below which one CPU thread is best: its matrices are too small to share out (measured: two threads
give 1.0 to 1.4 times at 4M parameters, and less than one thread when the other core is busy)."""


_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Names in glibc's malloc.h."""

CONTROL_GROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Machine:
    """What training and answering can use; the GPU's fields are None without one."""

    cpus: int
    ram_total: int
    ram_free: int
    disk_free: int
    gpu: str | None
    gpu_memory_total: int | None
    gpu_memory_free: int | None
    gpu_bf16: bool | None


def machine(folder: Path | None = None) -> Machine:
    """The machine as it is now; the disk is the one that holds `folder` (default: the current one)."""
    memory = psutil.virtual_memory()
    disk = shutil.disk_usage(folder or Path.cwd()).free
    name = total = free = bf16 = None
    if torch.cuda.is_available():
        free, total = torch.cuda.mem_get_info()
        name, bf16 = torch.cuda.get_device_name(), torch.cuda.is_bf16_supported()
    return Machine(physical_cores(), memory.total, memory.available, disk, name, total, free, bf16)


def free_memory(device: torch.device) -> int:
    """Bytes that this process may still take: of the GPU, or of RAM within what its control group allows."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return min([psutil.virtual_memory().available, *_left_in_control_group()])


def limit_memory(device: torch.device, gib: float | None) -> None:
    """Let torch take at most `gib` GiB of the GPU, so that more ends in its own error and not in the neighbours'."""
    if device.type == "cuda" and gib is not None:
        total = torch.cuda.get_device_properties(device).total_memory
        torch.cuda.set_per_process_memory_fraction(min(1.0, gib * 2**30 / total), device)


def keep_freed_memory() -> bool:
    """Let the C library keep what is freed for the tensors that come next; whether it does.

    glibc gives every large block back to the kernel, which makes each page of the next one anew, zeroed: a
    sixteenth of a small model's step, measured. Where the user set glibc's thresholds, and with other libraries,
    nothing is changed.
    """
    if any(name in os.environ for name in ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_TRIM_THRESHOLD, 2**30)) and bool(mallopt(_MMAP_THRESHOLD, 2**25))  # the most it takes


def _left_in_control_group() -> list[int]:
    """Bytes left below the limit of a container (cgroup v2, https://docs.kernel.org/admin-guide/cgroup-v2.html)."""
    try:
        limit, used = ((CONTROL_GROUP / name).read_text() for name in ("memory.max", "memory.current"))
        return [max(0, int(limit) - int(used))]
    except (OSError, ValueError):  # no such group, or "max": no limit
        return []


def physical_cores() -> int:
    """Cores this process may run on, hyper-threads counted once."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def choose_threads(requested: int, parameters: int) -> int:
    """CPU threads for a model of so many parameters; `requested` other than 0 is taken as it is.

    OMP_NUM_THREADS, where set, is the user's wish too.
    """
    if requested:
        return requested
    if os.environ.get("OMP_NUM_THREADS", "").isdigit():
        return max(1, int(os.environ["OMP_NUM_THREADS"]))
    return 1 if parameters < SMALL_MODEL else physical_cores()


def set_threads(requested: int, parameters: int) -> None:
    """Make torch use `choose_threads(requested, parameters)` threads."""
    torch.set_num_threads(choose_threads(requested, parameters))


def release_memory() -> None:
    """Give back what nothing refers to any more."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
