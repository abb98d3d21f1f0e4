"""Learning rates: warm up, hold, decay; lower layers learn more slowly."""

from __future__ import annotations

import math
import re

import torch
from torch import nn

from kg.train.recipe import Recipe

_LAYER = re.compile(r"encoder\.layers\.(\d+)\.")


def rate_factor(step: int, total: int, warm_up: int, decay_share: float) -> float:
    """Factor on every learning rate at `step` (from 0): linear warm-up, plateau, then cosine decay to 2 %.

    The plateau makes the first part independent of the total, so that a run can be shortened while it lasts.
    """
    if step < warm_up:
        return (step + 1) / warm_up
    start = max(total - int(total * decay_share), warm_up)
    if step < start:
        return 1.0
    done = min((step - start) / max(total - start, 1), 1.0)
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))


def parameter_groups(network: nn.Module, layers: int, recipe: Recipe) -> list[dict[str, object]]:
    """Optimiser groups: heads at the head rate, encoder layers decayed downwards, no weight decay on vectors."""
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        found = _LAYER.match(name)
        if found:
            rate = recipe.learning_rate * recipe.layer_decay ** (layers - 1 - int(found.group(1)))
        elif name.startswith("encoder."):
            rate = recipe.learning_rate * recipe.layer_decay**layers
        elif name.startswith("relations.score."):
            rate = recipe.bilinear_rate  # 12,288 inputs move together: at the head rate its loss climbs
        elif name.startswith("relations."):
            rate = recipe.relation_rate
        else:
            rate = recipe.head_rate
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": members, "lr": rate, "full_rate": rate, "weight_decay": decay}
        for (rate, decay), members in groups.items()
    ]


def set_rates(optimiser: torch.optim.Optimizer, factor: float) -> None:
    """Set every group's rate to `factor` of its full rate."""
    for group in optimiser.param_groups:
        group["lr"] = group["full_rate"] * factor
