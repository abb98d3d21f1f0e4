"""One optimiser step after another: rates, halving when CUDA memory runs out, averaged weights, checkpoints."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import torch
from torch import Tensor, nn

from kg.encode.device import Precision, measure_precision
from kg.errors import ConfigError, ModelError
from kg.train.checkpoint import load_checkpoint, save_checkpoint
from kg.train.schedule import rate_factor, set_rates

CHECKPOINT = "checkpoint.safetensors"
# settings that a run may be given anew while it lasts: they decide neither its batches nor its network
_MAY_CHANGE = frozenset({"epochs", "max_steps", "evaluate_epochs", "patience", "checkpoint_steps", "threads"})
T = TypeVar("T")


class Pace(Protocol):
    """What a recipe says about steps."""

    @property
    def warm_up(self) -> int: ...
    @property
    def decay_share(self) -> float: ...
    @property
    def clip(self) -> float: ...
    @property
    def average(self) -> float: ...
    @property
    def precision(self) -> str: ...


def number_format(wanted: str, device: torch.device) -> Precision:
    """The number format that a recipe names; "auto" is the faster one here, measured. Raises ConfigError."""
    if wanted == "auto":
        return measure_precision(device)
    if wanted == "fp32":
        return "fp32"
    if wanted == "bf16":
        return "bf16"
    raise ConfigError("precision must be auto, fp32 or bf16", precision=wanted)


def in_parts(members: Sequence[T], parts: int) -> list[Sequence[T]]:
    """Cut into at most `parts` runs of nearly equal length, none empty.

    >>> in_parts("abcde", 2)
    ['ab', 'cde']
    """
    parts = min(parts, len(members))
    edges = [len(members) * number // parts for number in range(parts + 1)]
    return [members[start:end] for start, end in itertools.pairwise(edges)]


def accumulate(
    members: Sequence[T], backward: Callable[[Sequence[T]], Tensor], clear: Callable[[], None], parts: int = 1
) -> tuple[Tensor, int]:
    """Gradients of a batch, in as many parts as the memory of the GPU asks for: (sum of what `backward` gives, parts).

    `backward` adds the gradients of its share of the batch's loss. When memory runs out, what was added is cleared
    and the whole batch begins anew in twice as many parts, so that the gradients are those of the unsplit batch
    wherever it ran out. Raises ModelError when a single example does not fit.
    """
    while True:
        try:
            clear()
            results = [backward(part) for part in in_parts(members, parts)]
            return torch.stack(results).sum(0), parts
        except torch.OutOfMemoryError:
            if parts >= len(members):
                raise ModelError("a single example does not fit into the memory of the GPU; shorten window") from None
        parts = min(2 * parts, len(members))  # outside the handler: the traceback holds the tensors
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


class Loop:
    """A network under training, on the GPU if there is one. `average` holds the averaged weights.

    The number format is chosen when a run begins and kept when it goes on with the same kind of device, so that a
    kill changes nothing.
    """

    def __init__(
        self, network: nn.Module, optimiser: torch.optim.Optimizer, pace: Pace, folder: Path, facts: dict[str, object]
    ) -> None:
        self.network, self.optimiser, self.pace = network, optimiser, pace
        self.device = next(network.parameters()).device
        self.precision = number_format(pace.precision, self.device)
        self.path = folder / CHECKPOINT
        self.facts: dict[str, object] = {**facts, "device": self.device.type, "precision": self.precision}
        self.average = {name: tensor.clone() for name, tensor in network.state_dict().items()}
        self.step = 0
        self.parts = 1
        self._loss: Tensor | None = None

    @property
    def loss(self) -> list[float]:
        """What the steps gave, smoothed over the last twenty steps or so; reading it waits for the GPU."""
        return [] if self._loss is None else [float(one) for one in self._loss]

    def train(self, members: Sequence[T], backward: Callable[[Sequence[T]], Tensor], total: int) -> None:
        """One step on a batch, at the rate that step `self.step` of `total` has."""
        pace = self.pace
        set_rates(self.optimiser, rate_factor(self.step, total, pace.warm_up, pace.decay_share))
        self.network.train()
        loss, self.parts = accumulate(
            members, backward, lambda: self.optimiser.zero_grad(set_to_none=True), min(self.parts, len(members))
        )
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), pace.clip)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        keep = min(pace.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                if parameter.requires_grad:
                    self.average[name].lerp_(parameter, 1 - keep)
        self._loss = loss if self._loss is None else torch.lerp(self._loss, loss, 0.05)

    def autocast(self) -> torch.autocast:
        """The context of a forward pass."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16")

    def save(self) -> None:
        """Write everything that the next step depends on, atomically."""
        facts = {"step": self.step, **self.facts}
        save_checkpoint(self.path, self.network, self.average, self.optimiser, facts)

    def resume(self) -> bool:
        """Go on from the checkpoint, if there is one. Raises ModelError for one that is damaged or of another run."""
        if not self.path.exists():
            return False
        facts = load_checkpoint(self.path, self.network, self.average, self.optimiser)
        before, now = facts.get("recipe"), json.loads(json.dumps(self.facts.get("recipe")))
        if isinstance(before, dict) and isinstance(now, dict):
            other = {name for name, value in before.items() if now.get(name) != value} - _MAY_CHANGE
            if other:
                said = ", ".join(sorted(other))
                raise ModelError(f"the checkpoint is of a recipe with another {said}", file=str(self.path))
        if facts.get("device") == self.device.type:
            self.precision = "bf16" if facts["precision"] == "bf16" else "fp32"
        kept = {name: value for name, value in facts.items() if name not in ("step", "recipe", "device")}
        self.facts.update({**kept, "precision": self.precision})
        self.step = int(str(facts["step"]))
        return True
