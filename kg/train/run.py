"""Multi-corpus fine-tuning of the extractor: seeded, resumable after a kill at any step."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from kg.encode.device import pick_device, pick_precision
from kg.encode.lexicon import Lexicon
from kg.encode.pieces import WordPieces
from kg.extract.network import Network
from kg.extract.schemes import SCHEMES
from kg.train.base import base_folder, load_base
from kg.train.batches import batch_loss, collate, hide, plan_batches
from kg.train.checkpoint import load_checkpoint, save_checkpoint
from kg.train.data import Split, read_split
from kg.train.dev import evaluate_split
from kg.train.examples import Example, make_examples
from kg.train.hierarchy import read_tree
from kg.train.names import read_lexicon
from kg.train.recipe import Recipe
from kg.train.schedule import parameter_groups, rate_factor, set_rates

CHECKPOINT = "checkpoint.safetensors"
METRICS = "metrics.jsonl"


class Training:
    """One run in one folder. `run()` goes on from the last checkpoint if there is one and `resume` is asked for."""

    def __init__(self, recipe: Recipe, data: Path, output: Path, resume: bool, say: Callable[[str], None]) -> None:
        self.recipe, self.output, self.say = recipe, output, say
        output.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(recipe.threads)
        torch.manual_seed(recipe.seed)
        self.device = pick_device("auto")
        self.precision = pick_precision(self.device)
        self.split: Split = read_split(recipe, data)
        self.lexicon: Lexicon = read_lexicon(data / recipe.vocabularies)
        folder = base_folder(recipe.encoder)
        self.tokenizer = folder / "tokenizer.json"
        self.pieces = WordPieces.load(self.tokenizer)
        self.config, weights = load_base(folder)
        self.network = Network(self.config, SCHEMES, self.lexicon.width, recipe.dropout, recipe.head_dropout)
        self.network.encoder.load_state_dict(weights)
        # 11.7 M of 23 M parameters, and text this small moves few of them: a quarter of a step saved
        self.network.encoder.words.requires_grad_(not recipe.freeze_words)
        self.network.to(self.device)
        self.average = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        self.optimiser = torch.optim.AdamW(
            parameter_groups(self.network, self.config.num_hidden_layers, recipe), fused=True, betas=(0.9, 0.98)
        )
        tree = read_tree(data / recipe.vocabularies / "mesh_ilios2021_mesh_tree.csv")
        self.examples: list[Example] = []
        for number, scheme in enumerate(SCHEMES):
            self.examples += make_examples(
                self.split.train.get(scheme.name, ()), scheme, number, self.pieces, self.lexicon,
                recipe.window, recipe.overlap, tree if scheme.name == "BC5CDR" else None,
            )  # fmt: skip
        self.step = 0
        self.loss = [0.0, 0.0]
        if resume and (output / CHECKPOINT).exists():
            facts = load_checkpoint(output / CHECKPOINT, self.network, self.average, self.optimiser)
            self.step = int(str(facts["step"]))
            say(f"resuming at step {self.step}")

    def run(self) -> None:
        """Train to the end, writing checkpoints, metrics after epochs, and progress with the time left."""
        recipe = self.recipe
        steps = len(plan_batches(self.examples, recipe.batch_tokens, recipe.seed, 0))
        total = recipe.max_steps or steps * recipe.epochs
        self.say(f"{len(self.examples)} windows, {total} steps, {self.device} {self.precision}")
        begun, before = time.monotonic(), self.step
        epoch = 0
        passed = 0  # steps of the epochs before this one: their number differs a little from epoch to epoch
        while self.step < total:
            batches = plan_batches(self.examples, recipe.batch_tokens, recipe.seed, epoch)
            for place in range(max(self.step - passed, 0), len(batches)):
                self._train_step(batches[place], total)
                if self.step % 10 == 0:
                    left = (time.monotonic() - begun) / (self.step - before) * (total - self.step)
                    self.say(
                        f"epoch {epoch + 1} step {self.step}/{total} tags {self.loss[0]:.4f} "
                        f"relations {self.loss[1]:.4f} left {left / 60:.1f} min"
                    )
                if self.step % recipe.checkpoint_steps == 0:
                    self._save()
                if self.step >= total:
                    break
            passed += len(batches)
            if self.step == passed or self.step >= total:
                self._save()
                if (epoch + 1) % recipe.evaluate_epochs == 0 or self.step >= total:
                    self._evaluate(epoch + 1)
            epoch += 1

    def _train_step(self, numbers: list[int], total: int) -> None:
        recipe = self.recipe
        random = np.random.default_rng([recipe.seed, 7, self.step])
        members = [self.examples[number] for number in numbers]
        states = [hide(one.states, recipe.hide_spans, recipe.hide_words, random) for one in members]
        batch = collate(members, states).to(self.device)
        factor = rate_factor(self.step, total, recipe.warm_up, recipe.decay_share)
        set_rates(self.optimiser, factor)
        self.network.train()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
            loss, tags, pairs = batch_loss(self.network, batch, recipe.relation_weight)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), recipe.clip)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        keep = min(recipe.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                if parameter.requires_grad:
                    self.average[name].lerp_(parameter, 1 - keep)
        self.loss = [old * 0.95 + new * 0.05 if old else new for old, new in zip(self.loss, (tags, pairs), strict=True)]

    def _save(self) -> None:
        facts: dict[str, object] = {"step": self.step, "recipe": asdict(self.recipe)}
        save_checkpoint(self.output / CHECKPOINT, self.network, self.average, self.optimiser, facts)

    def averaged(self) -> Network:
        """The network with the averaged weights, ready to read."""
        network = Network(self.config, SCHEMES, self.lexicon.width)
        network.load_state_dict(self.average)
        return network.to(self.device).eval()

    def _evaluate(self, epoch: int) -> None:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16"):
            figures = evaluate_split(self.averaged(), self.split.dev, self.pieces, self.lexicon, self.recipe)
        line = {"epoch": epoch, "step": self.step, "loss": self.loss, **figures}
        with (self.output / METRICS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.say(f"dev after epoch {epoch}: {json.dumps(figures)}")


def train_extractor(recipe: Recipe, data: Path, output: Path, resume: bool = False) -> Training:
    """Train by `recipe` on the corpora below `data`; progress goes to stderr."""
    training = Training(recipe, data, output, resume, lambda line: print(line, file=sys.stderr, flush=True))
    training.run()
    return training
