"""Where to compute, and in which number format: looked up on this machine, never assumed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import torch

Precision = Literal["fp32", "bf16"]


def pick_device(name: str = "auto") -> torch.device:
    """The device called `name`; "auto" is the GPU if there is one, else the CPU."""
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(name)


@lru_cache(maxsize=1)
def cpu_flags() -> frozenset[str]:
    """Instruction sets of this CPU as Linux names them; empty where they cannot be read."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line for line in lines if line.startswith("flags")), "").split())


def pick_precision(device: torch.device) -> Precision:
    """bf16 where the hardware multiplies it (a GPU, or a CPU with AMX or AVX512-BF16), else fp32.

    Without the hardware bf16 is emulated and 18 times slower than fp32.
    """
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    return "bf16" if cpu_flags() & {"amx_bf16", "avx512_bf16"} else "fp32"
