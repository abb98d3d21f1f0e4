"""What the runtime looks at before it computes."""

from __future__ import annotations

import torch

from kg.encode.device import fastest, matrix_speeds, pick_precision


def test_a_cpu_is_measured_and_the_measurement_decides() -> None:
    threads = torch.get_num_threads()
    speeds = matrix_speeds()
    assert torch.get_num_threads() == threads
    assert all(speed > 1 for speed in speeds.values())
    assert pick_precision(torch.device("cpu")) == fastest(speeds)
