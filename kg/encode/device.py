"""Where to compute, and in which number format."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Literal

import torch

Precision = Literal["fp32", "bf16"]
_KINDS: dict[Precision, torch.dtype] = {"fp32": torch.float32, "bf16": torch.bfloat16}
_SHAPE = (256, 384, 1536)  # rows, and the sizes of a small encoder's widest layer: 0.3 GFLOP, milliseconds
_ROUNDS = 5
_GAIN = 1.3  # how much faster a format of lower precision has to be: the casts around a product cost as well


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


@lru_cache(maxsize=1)
def matrix_speeds() -> dict[Precision, float]:
    """GFLOP/s of one core on a small product in each format that this CPU may multiply; measured once a process.

    Formats take turns and the best round counts, so that a busy machine slows both alike. A CPU without bf16
    instructions is not asked for bf16, which it would emulate some 18 times slower than fp32.
    """
    kinds: list[Precision] = ["fp32", "bf16"] if cpu_flags() & {"amx_bf16", "avx512_bf16"} else ["fp32"]
    rows, inner, columns = _SHAPE

    def measure() -> dict[Precision, float]:
        torch.set_num_threads(1)
        best = dict.fromkeys(kinds, float("inf"))
        pairs = {kind: (torch.ones(rows, inner).to(_KINDS[kind]), torch.ones(columns, inner).to(_KINDS[kind]))
                 for kind in kinds}  # fmt: skip
        for _ in range(_ROUNDS):
            for kind, (left, right) in pairs.items():
                began = time.perf_counter()
                torch.nn.functional.linear(left, right)
                best[kind] = min(best[kind], time.perf_counter() - began)
        return {kind: 2 * rows * inner * columns / seconds / 1e9 for kind, seconds in best.items()}

    threads = torch.get_num_threads()
    with ThreadPoolExecutor(1) as pool:  # the number of threads is set for a thread, and for those that start later
        speeds = pool.submit(measure).result()
    torch.set_num_threads(threads)
    return speeds


def fastest(speeds: Mapping[Precision, float]) -> Precision:
    """The format to take at these speeds; one of lower precision has to be clearly faster.

    >>> fastest({"fp32": 214.0, "bf16": 844.0}), fastest({"fp32": 142.0, "bf16": 82.0}), fastest({"fp32": 60.0})
    ('bf16', 'fp32', 'fp32')
    """
    return "bf16" if speeds.get("bf16", 0.0) > _GAIN * speeds["fp32"] else "fp32"


def pick_precision(device: torch.device) -> Precision:
    """The number format to read in: the same at every start on one machine, so that the same input gives one output.

    A GPU takes bf16 where it has it. A CPU takes it only with matrix units for it (AMX), where it is four times faster
    than fp32; with AVX512-BF16 alone it is half as fast.
    """
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    return "bf16" if "amx_bf16" in cpu_flags() else "fp32"


def measure_precision(device: torch.device) -> Precision:
    """The number format in which this device multiplies fastest now: for training, which keeps it in its checkpoint."""
    return pick_precision(device) if device.type == "cuda" else fastest(matrix_speeds())


def describe_speeds() -> str:
    """The measured speeds in words."""
    return ", ".join(f"{kind} {speed:.0f} GFLOP/s a core" for kind, speed in matrix_speeds().items())
