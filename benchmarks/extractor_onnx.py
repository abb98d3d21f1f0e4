"""The encoder in onnxruntime, for benchmarks/extractor.py: exported from the released weights, in fp32 and int8.

Needs the extra `bench`: `pip install -e '.[bench]'`.
"""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from kg.encode.encoder import States
from kg.extract.network import Network

_NAMES = ("hidden", "query", "key")


class _Encode(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, known: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        states = self.network.encode(ids, known)
        return states.hidden, states.query, states.key


def export(network: Network, folder: Path) -> dict[str, Path]:
    """Write the encoder as ONNX: in fp32, and in int8 as `quantize_dynamic` makes it, a scale for every output."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    length = torch.export.Dim("length", min=4, max=network.encoder.config.max_position_embeddings)
    ids, known = torch.zeros(1, 77, dtype=torch.int64), torch.zeros(1, 77, network.features.in_features)
    paths = {"fp32": folder / "fp32.onnx", "int8": folder / "int8.onnx"}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Encode(network), (ids, known), paths["fp32"], input_names=["ids", "known"], output_names=list(_NAMES),
            dynamic_shapes={"ids": {1: length}, "known": {1: length}}, verbose=False,
        )  # fmt: skip
    quantize_dynamic(
        paths["fp32"], paths["int8"], per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"]
    )
    return paths


def encode_with(network: Network, path: Path) -> None:
    """Let a network encode with an exported encoder, one thread a window as torch does; its heads stay as they are."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def encode(ids: Tensor, known: Tensor, mask: Tensor | None = None) -> States:
        assert mask is None, "windows are computed alone on a CPU"
        found = session.run(list(_NAMES), {"ids": ids.numpy(), "known": known.numpy()})
        return States(*map(torch.from_numpy, found))

    network.encode = encode  # type: ignore[method-assign]
