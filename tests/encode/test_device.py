"""What the runtime looks at before it computes."""

from __future__ import annotations

import pytest
import torch

from kg.encode import device
from kg.encode.device import fastest, matrix_speeds, measure_precision, pick_precision

CPU = torch.device("cpu")


def test_training_takes_what_is_measured_to_be_fastest() -> None:
    threads = torch.get_num_threads()
    speeds = matrix_speeds()
    assert torch.get_num_threads() == threads
    assert all(speed > 1 for speed in speeds.values())
    assert measure_precision(CPU) == fastest(speeds)


@pytest.mark.parametrize(
    ("flags", "format"), [({"avx2"}, "fp32"), ({"avx2", "avx512_bf16"}, "fp32"), ({"avx512_bf16", "amx_bf16"}, "bf16")]
)
def test_reading_computes_alike_however_busy_the_machine_is(
    flags: set[str], format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "cpu_flags", lambda: frozenset(flags))
    monkeypatch.setattr(device, "matrix_speeds", lambda: {"fp32": 1.0, "bf16": 100.0})
    assert pick_precision(CPU) == format
