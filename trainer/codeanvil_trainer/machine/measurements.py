"""What a step costs the machine."""

from collections.abc import Callable

import psutil
import torch


def machine_figures(device: torch.device) -> dict[str, float | None]:
    """RAM of this process in bytes; of the GPU the most memory used so far in bytes, utilisation in percent and
    temperature in degrees Celsius, None where there is none or its driver does not say."""
    on_gpu = device.type == "cuda"
    return {
        "ram_bytes": psutil.Process().memory_info().rss,
        "gpu_memory_bytes": torch.cuda.max_memory_allocated(device) if on_gpu else None,
        "gpu_utilisation": _asked(torch.cuda.utilization, device) if on_gpu else None,
        "gpu_temperature": _asked(torch.cuda.temperature, device) if on_gpu else None,
    }


def _asked(question: Callable[[torch.device], int], device: torch.device) -> int | None:
    """The driver's answer; None without nvidia-ml-py, or where the driver has none (some virtual GPUs)."""
    try:
        return question(device)
    except (ModuleNotFoundError, RuntimeError, OSError):
        return None
    except Exception as error:  # pynvml has an error class of its own, which may not be there to name
        if type(error).__module__.startswith("pynvml"):
            return None
        raise
