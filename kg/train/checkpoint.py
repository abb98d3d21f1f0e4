"""Checkpoints of a training run: everything the next step depends on, in one safetensors file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from kg.errors import ModelError


def save_checkpoint(
    path: Path,
    network: nn.Module,
    average: dict[str, Tensor],
    optimiser: torch.optim.Optimizer,
    facts: dict[str, object],
) -> None:
    """Write atomically: weights, averaged weights, optimiser state, torch's random state; `facts` as JSON."""
    tensors: dict[str, Tensor] = {}
    for name, tensor in network.state_dict().items():
        tensors[f"network/{name}"] = tensor.detach().cpu().contiguous()
        tensors[f"average/{name}"] = average[name].detach().cpu().contiguous()
    names: dict[Tensor, str] = {parameter: name for name, parameter in network.named_parameters()}
    for parameter, state in optimiser.state.items():
        for key, value in state.items():
            tensors[f"optimiser/{names[parameter]}/{key}"] = torch.as_tensor(value).cpu().contiguous()
    tensors["random"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random_cuda"] = torch.cuda.get_rng_state()
    save_weights(path, tensors, facts)


def save_weights(path: Path, tensors: Mapping[str, Tensor], facts: Mapping[str, object]) -> None:
    """Write tensors and `facts` atomically: whoever finds the file finds all of it."""
    temporary = path.with_suffix(".new")
    ready = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(ready, temporary, metadata={"facts": json.dumps(facts)})
    os.replace(temporary, path)


def checkpoint_facts(path: Path) -> dict[str, object]:
    """The facts of a checkpoint alone; empty where there is none. Raises ModelError for a damaged file."""
    if not path.exists():
        return {}
    try:
        with safe_open(path, framework="pt") as file:
            facts: dict[str, object] = json.loads((file.metadata() or {})["facts"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise ModelError(f"cannot resume from this checkpoint: {error}", file=str(path)) from error
    return facts


def load_checkpoint(
    path: Path, network: nn.Module, average: dict[str, Tensor], optimiser: torch.optim.Optimizer
) -> dict[str, object]:
    """Restore everything in place and return the facts. Raises ModelError for a damaged or foreign file."""
    try:
        with safe_open(path, framework="pt") as file:
            facts: dict[str, object] = json.loads((file.metadata() or {})["facts"])
            keys = set(file.keys())
            network.load_state_dict({name: file.get_tensor(f"network/{name}") for name in network.state_dict()})
            for name, tensor in average.items():
                tensor.copy_(file.get_tensor(f"average/{name}"))
            for name, parameter in network.named_parameters():
                prefix = f"optimiser/{name}/"
                state = {key.removeprefix(prefix): file.get_tensor(key) for key in keys if key.startswith(prefix)}
                if state:
                    optimiser.state[parameter] = {
                        key: value.to(parameter.device) if value.ndim else value for key, value in state.items()
                    }
            torch.set_rng_state(file.get_tensor("random"))
            if torch.cuda.is_available() and "random_cuda" in keys:
                torch.cuda.set_rng_state(file.get_tensor("random_cuda"))
    except (OSError, SafetensorError, KeyError, RuntimeError, ValueError) as error:
        raise ModelError(f"cannot resume from this checkpoint: {error}", file=str(path)) from error
    return facts
