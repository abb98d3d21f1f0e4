"""Multi-corpus fine-tuning of the extractor: seeded, resumable after a kill at any step."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from kg.encode.device import pick_device
from kg.errors import ModelError
from kg.extract.network import Network, log_probabilities
from kg.extract.package import load_package
from kg.extract.schemes import SCHEMES
from kg.train.batches import (
    LOSSES,
    UNSAID,
    backward,
    collate,
    counts_of,
    hide,
    loss_sums,
    mask_names,
    plan_batches,
)
from kg.train.checkpoint import save_weights
from kg.train.dev import dev_score, evaluate_dev
from kg.train.examples import Example
from kg.train.loop import Loop
from kg.train.metrics import Metrics
from kg.train.prepared import Prepared
from kg.train.progress import Reporter
from kg.train.recipe import Recipe
from kg.train.schedule import parameter_groups

BEST = "best.safetensors"
T = TypeVar("T")
_SAY = 10  # steps between two words on progress
_DRAW = 100  # steps between two points of a learning curve


class Training:
    """One run in one folder. `run()` goes on from the last checkpoint if there is one and `resume` is asked for.

    `until`: epochs after which to stop, at the rates of a run of `recipe.epochs`: how a run on train and dev together
    repeats what was found on dev. `start`: a model of the same schemes whose weights the run begins with (a refinement)
    in place of the base encoder and fresh heads.
    """

    def __init__(
        self, recipe: Recipe, prepared: Prepared, output: Path, resume: bool, reporter: Reporter, until: int = 0,
        start: Path | None = None,
    ) -> None:  # fmt: skip
        self.recipe, self.prepared, self.output, self.reporter = recipe, prepared, output, reporter
        self.until = until or recipe.epochs
        output.mkdir(parents=True, exist_ok=True)
        names = [one.name for one in SCHEMES]
        self._times = [recipe.repeat.get(names[one.scheme], 1) for one in prepared.train]
        self.examples = self._repeated(prepared.train)
        torch.set_num_threads(recipe.threads)
        torch.manual_seed(recipe.seed)
        self.device = pick_device("auto")
        self.config = prepared.config
        network = Network(
            self.config, prepared.schemes, prepared.lexicon.width, recipe.dropout, recipe.head_dropout
        )  # fmt: skip
        self._before: Sequence[Tensor] = ()
        if start is None:
            network.encoder.load_state_dict(dict(prepared.weights))
        else:
            network.load_state_dict(start_weights(start, prepared))
            if recipe.keep_names:
                reporter.say("reading what the names are before the refinement")
                self._before = self._repeated(said_before(network.to(self.device), prepared.train, 16 * recipe.window))
        # 11.7 M of 23 M parameters, and text this small moves few of them: a quarter of a step saved
        network.encoder.words.requires_grad_(not recipe.freeze_words)
        self.network = network.to(self.device)
        if recipe.run:
            torch.manual_seed(self.order)  # the same heads as run 0, other units dropped
        groups = parameter_groups(network, self.config.num_hidden_layers, recipe)
        optimiser = torch.optim.AdamW(groups, fused=True, betas=(0.9, 0.98))
        facts: dict[str, object] = {
            "recipe": asdict(recipe), "evaluated": 0, "best": -1.0, "best_epoch": 0, "waited": 0, "done": False,
            "finished": False,
        }  # fmt: skip
        self.loop = Loop(network, optimiser, recipe, output, facts)
        if resume and self.loop.resume():
            reporter.say(f"resuming at step {self.loop.step}")
        step, evaluated = self.loop.step, self._fact("evaluated")
        self.metrics = Metrics(
            output, f"Training of the extractor, {output.name}", step,
            lambda line: bool(line["step"] <= step and line.get("epoch", 0) <= evaluated),
        )  # fmt: skip

    def _repeated(self, values: Sequence[T]) -> list[T]:
        """One value for every training window, as often as an epoch holds the window."""
        return [value for value, times in zip(values, self._times, strict=True) for _ in range(times)]

    def _fact(self, name: str) -> Any:
        return self.loop.facts[name]

    @property
    def order(self) -> int:
        """The seed of the order of the batches."""
        return self.recipe.seed + 1000 * self.recipe.run

    @property
    def step(self) -> int:
        """Steps done."""
        return self.loop.step

    @property
    def best_epoch(self) -> int:
        """The epoch with the best figures on dev; the last one where nothing was measured."""
        return int(self._fact("best_epoch")) or self.until

    def run(self) -> None:
        """Train to the end, or until dev gains nothing more; checkpoints, metrics and curves on the way."""
        recipe, loop, examples = self.recipe, self.loop, self.examples
        steps = len(plan_batches(examples, recipe.batch_tokens, self.order, 0))
        total = recipe.max_steps or steps * recipe.epochs
        last = min(total, recipe.max_steps or steps * self.until)
        self.reporter.say(f"{len(examples)} windows, {last} steps, {self.device} {self.loop.precision}")
        self.reporter.begin("extractor", last, loop.step)
        loop.facts["finished"] = bool(self._fact("finished")) and loop.step >= last
        epoch = 0
        passed = 0  # steps of the epochs before this one: their number differs a little from epoch to epoch
        while loop.step < last and not self._fact("done"):
            batches = plan_batches(examples, recipe.batch_tokens, self.order, epoch)
            for place in range(max(loop.step - passed, 0), len(batches)):
                self._train_step(batches[place], total)
                if loop.step >= last:
                    break
            passed += len(batches)
            if loop.step == passed or loop.step >= last:
                self._end_epoch(epoch + 1, loop.step >= last)
            epoch += 1
        self.metrics.draw()
        if not self._fact("finished"):
            loop.facts["finished"] = True
            loop.save()

    def _train_step(self, numbers: Sequence[int], total: int) -> None:
        recipe, loop, examples = self.recipe, self.loop, self.examples
        random = np.random.default_rng([self.order, 7, loop.step])
        drawn = []
        for number in numbers:
            states = hide(examples[number].states, recipe.hide_spans, recipe.hide_words, random)
            pieces, hidden = mask_names(examples[number], recipe.hide_names, self.prepared.pieces.mask, random)
            drawn.append((number, np.where(hidden[:, None], np.uint8(0), states), pieces, hidden))
        counts = counts_of([examples[number] for number in numbers], self.prepared.schemes)
        weights = (recipe.tag_weight, recipe.relation_weight, recipe.type_weight, recipe.keep_names)

        def share(part: Sequence[tuple[int, np.ndarray, np.ndarray, np.ndarray]]) -> Tensor:
            places, states, pieces, hidden = zip(*part, strict=True)
            batch = collate([examples[number] for number in places], states, pieces).to(self.device)
            before = None
            if self._before:
                before = torch.cat([self._before[number] for number in places]).float()
                before[torch.from_numpy(np.concatenate(hidden))] = UNSAID
            with loop.autocast():
                sums = loss_sums(self.network, batch, recipe.r_drop, before)
            return backward(sums, counts, weights)

        loop.train(drawn, share, total)
        if loop.step % _SAY == 0:
            told = [f"{name} {value:.4f}" for name, value in zip(LOSSES, loop.loss, strict=True) if value]
            self.reporter.reached(loop.step, " ".join(told))
        if loop.step % _DRAW == 0:
            self.metrics.add(
                loop.step, {f"loss/{name}": value for name, value in zip(LOSSES, loop.loss, strict=True) if value}
            )
        if loop.step % recipe.checkpoint_steps == 0:
            loop.save()

    def _end_epoch(self, epoch: int, last: bool) -> None:
        """Measure on dev, keep the best weights, and see whether it is worth going on."""
        facts, recipe = self.loop.facts, self.recipe
        if self.prepared.dev and (last or epoch % recipe.evaluate_epochs == 0) and self._fact("evaluated") < epoch:
            with self.loop.autocast():
                figures = evaluate_dev(self.averaged(), self.prepared.dev, 16 * recipe.window)
            score = dev_score(figures)
            self.metrics.add(
                self.step, {"epoch": epoch, "score": score, **{f"dev/{name}": value for name, value in figures.items()}}
            )
            self.metrics.draw()
            self.reporter.say(f"dev after epoch {epoch}: {score} {json.dumps(figures)}")
            better = score > self._fact("best")
            if better:
                save_weights(self.output / BEST, self.loop.average, {"epoch": epoch, "step": self.step, "dev": figures})
                facts.update(best=score, best_epoch=epoch)
            facts["waited"] = 0 if better else int(self._fact("waited")) + 1
            facts["evaluated"] = epoch
            if recipe.patience and int(self._fact("waited")) * recipe.evaluate_epochs >= recipe.patience:
                facts["done"] = True
                self.reporter.say(f"no gain on dev for {recipe.patience} epochs; best was epoch {self.best_epoch}")
        self.loop.save()

    def averaged(self) -> Network:
        """The network with the averaged weights of now, ready to read."""
        return assemble(self.prepared, self.loop.average).to(self.device)

    def weights(self) -> dict[str, Tensor]:
        """The weights of this run: the best on dev, or those of the end where nothing was measured."""
        path = self.output / BEST
        if self._fact("best_epoch"):
            try:
                return load_file(path)
            except (OSError, SafetensorError) as error:
                raise ModelError(f"the best weights of the run cannot be read: {error}", file=str(path)) from error
        return {name: tensor.cpu() for name, tensor in self.loop.average.items()}


def assemble(prepared: Prepared, weights: Mapping[str, Tensor]) -> Network:
    """A network with these weights, ready to read."""
    network = Network(prepared.config, prepared.schemes, prepared.lexicon.width)
    network.load_state_dict(dict(weights))
    return network.eval()


def average_weights(runs: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of runs from one start (model soup, Wortsman et al. 2022): no cost at run time."""
    return {name: torch.stack([run[name] for run in runs]).mean(0) for name in runs[0]}


def start_weights(folder: Path, prepared: Prepared) -> dict[str, Tensor]:
    """The weights of a model folder. Raises ModelError for a model of other schemes, lexicon or word pieces."""
    package = load_package(folder)
    if (package.schemes, package.lexicon.columns) != (prepared.schemes, prepared.lexicon.columns):
        raise ModelError("a refinement begins with a model of its own schemes and lexicon", folder=str(folder))
    return package.network.state_dict()


@torch.inference_mode()
def said_before(network: Network, examples: Sequence[Example], tokens: int) -> list[Tensor]:
    """Log-probabilities of all tag heads, fp16 [words, labels], for every example; `tokens` pieces computed at once."""
    network.eval()
    told: list[Tensor] = [torch.zeros(0)] * len(examples)
    device = next(network.parameters()).device
    for numbers in plan_batches(examples, tokens, 0, 0):
        batch = collate([examples[number] for number in numbers]).to(device)
        hidden = network.encode(batch.ids, batch.features, batch.mask).hidden
        scores = network.tag(hidden.flatten(0, 1), batch.first, batch.last)
        logs = torch.cat([log_probabilities(scores[:, part]) for part in network.tag_slices], 1).half()
        for number, part in zip(numbers, torch.split(logs, [len(examples[one].first) for one in numbers]), strict=True):
            told[number] = part.clone()  # inference tensors cannot be saved for a backward pass
    return told
