"""Continued masked-language pretraining: a base encoder learns medical text before it is fine-tuned."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from kg.encode.device import pick_device
from kg.encode.encoder import Encoder, EncoderConfig, States
from kg.errors import ConfigError, ModelError
from kg.train.base import base_folder, load_base, load_mlm_head, tokenizer_of, write_base
from kg.train.data import read_split
from kg.train.loop import Loop
from kg.train.masking import IGNORED, mask_words
from kg.train.metrics import Metrics
from kg.train.overlap import HeldBack
from kg.train.progress import Reporter
from kg.train.recipe import Pretraining, Recipe
from kg.train.shards import Shards, make_shards

ENCODER = "encoder"
_SAY, _DRAW = 10, 50  # steps between two words on progress, between two points of the curve
_MEASURED = 64  # sequences
_COMPILED = 1000  # steps from which the minute that compiling takes is earned back

Sequence_ = tuple[np.ndarray, np.ndarray]  # what is shown, what is wanted


class MaskedLanguage(nn.Module):
    """An encoder and the head that names hidden pieces; the head's table is the encoder's word embeddings."""

    def __init__(self, config: EncoderConfig, dropout: float) -> None:
        super().__init__()
        self.encoder = Encoder(config, dropout)
        self.dense = nn.Linear(config.hidden_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def scores(self, hidden: Tensor) -> Tensor:
        """Scores [places, vocabulary] from hidden [places, H]."""
        return F.linear(self.norm(F.gelu(self.dense(hidden))), self.encoder.words.weight, self.bias)


def _compiled(encoder: Encoder, device: torch.device, steps: int) -> Callable[[Tensor], States]:
    """The encoder, compiled where that pays: on a GPU, where all sequences have one length and steps are many."""
    if device.type != "cuda" or steps < _COMPILED:
        return encoder
    compiled: Callable[[Tensor], States] = torch.compile(encoder)
    return compiled


class MlmTraining:
    """One pretraining in one folder."""

    def __init__(self, recipe: Pretraining, shards: Shards, output: Path, resume: bool, reporter: Reporter) -> None:
        self.recipe, self.shards, self.output, self.reporter = recipe, shards, output, reporter
        torch.set_num_threads(recipe.threads)
        torch.manual_seed(recipe.seed)
        self.device = pick_device("auto")
        folder = base_folder(recipe.encoder)
        config, weights = load_base(folder)
        if recipe.window > config.max_position_embeddings:
            raise ConfigError("the window is longer than the encoder's positions", window=recipe.window)
        tokenizer = tokenizer_of(folder)
        self.tokenizer, self.pieces = tokenizer, _specials(tokenizer)
        self.network = MaskedLanguage(config, recipe.dropout)
        self.network.encoder.load_state_dict(weights)
        self.network.load_state_dict(load_mlm_head(folder), strict=False)
        self.network.to(self.device)
        matrices = [one for one in self.network.parameters() if one.ndim > 1]
        vectors = [one for one in self.network.parameters() if one.ndim == 1]
        rate = recipe.learning_rate
        optimiser = torch.optim.AdamW(
            [
                {"params": matrices, "lr": rate, "full_rate": rate, "weight_decay": recipe.weight_decay},
                {"params": vectors, "lr": rate, "full_rate": rate, "weight_decay": 0.0},
            ],
            fused=True, betas=(0.9, 0.98),
        )  # fmt: skip
        self.loop = Loop(self.network, optimiser, recipe, output, {"recipe": asdict(recipe)})
        if resume and self.loop.resume():
            reporter.say(f"resuming at step {self.loop.step}")
        step = self.loop.step
        self.metrics = Metrics(output, "Pretraining of the encoder", step, lambda line: bool(line["step"] <= step))
        numbers = np.arange(len(shards))
        self._held = numbers[:: recipe.held_back][:_MEASURED]
        self._learnt = np.setdiff1d(numbers, numbers[:: recipe.held_back])
        if not len(self._learnt):
            raise ConfigError("too little text for a single sequence", sequences=len(shards), window=recipe.window)

    def run(self) -> Path:
        """Train to the end and return the folder of the encoder."""
        recipe, loop = self.recipe, self.loop
        batch = max(recipe.batch_tokens // recipe.window, 1)
        per_epoch = -(-len(self._learnt) // batch)
        total = max(round(per_epoch * recipe.epochs), 1)
        self._encode = _compiled(self.network.encoder, self.device, total - loop.step)
        self.reporter.say(
            f"{len(self._learnt)} sequences of {recipe.window}, {total} steps, {self.device} {self.loop.precision}"
        )
        self.reporter.begin("mlm", total, loop.step)
        order, epoch = np.zeros(0, dtype=np.int64), -1
        while loop.step < total:
            if loop.step // per_epoch != epoch:
                epoch = loop.step // per_epoch
                order = np.random.default_rng([recipe.seed, epoch]).permutation(self._learnt)
            place = loop.step % per_epoch * batch
            members = self._masked(order[place : place + batch], loop.step)
            loop.train(members, self._share(members), total)
            if loop.step % _SAY == 0:
                self.reporter.reached(loop.step, f"loss {loop.loss[0]:.4f}")
            if loop.step % _DRAW == 0:
                self.metrics.add(loop.step, {"loss/training": loop.loss[0]})
            if loop.step % recipe.checkpoint_steps == 0 or loop.step == total:
                self._measure()
                loop.save()
        state = {name: tensor.cpu() for name, tensor in loop.average.items()}
        self.metrics.draw()
        return _publish(self.output / ENCODER, self.network.encoder.config, state, self.tokenizer)

    def _masked(self, numbers: np.ndarray, seed: int, kind: int = 5) -> list[Sequence_]:
        """The sequences of a batch between begin and end piece, masked anew for every step."""
        begin, end, mask = self.pieces
        read = [self.shards[int(number)] for number in numbers]
        random = np.random.default_rng([self.recipe.seed, kind, seed])
        ids, starts = (np.stack(part) for part in zip(*read, strict=True))
        size = self.network.encoder.config.vocab_size
        shown, wanted = mask_words(ids, starts, self.recipe.share, mask, size, random)
        wanted[ids == end] = IGNORED  # where one text ends and the next begins
        shown = np.where(ids == end, end, shown)
        shown = np.pad(shown, ((0, 0), (1, 1)), constant_values=((0, 0), (begin, end)))
        wanted = np.pad(wanted, ((0, 0), (1, 1)), constant_values=IGNORED)
        return list(zip(shown, wanted, strict=True))

    def _loss(self, members: Sequence[Sequence_], encode: Callable[[Tensor], States]) -> Tensor:
        """Cross-entropy summed over the hidden pieces."""
        shown = torch.from_numpy(np.stack([one for one, _ in members])).to(self.device)
        wanted = np.stack([two for _, two in members]).reshape(-1)
        places = np.flatnonzero(wanted != IGNORED)
        with self.loop.autocast():
            hidden = encode(shown).hidden.flatten(0, 1)[torch.from_numpy(places).to(self.device)]
            scores = self.network.scores(hidden)
        return F.cross_entropy(scores.float(), torch.from_numpy(wanted[places]).to(self.device), reduction="sum")

    def _share(self, members: Sequence[Sequence_]) -> Callable[[Sequence[Sequence_]], Tensor]:
        hidden = max(sum(int((wanted != IGNORED).sum()) for _, wanted in members), 1)

        def share(part: Sequence[Sequence_]) -> Tensor:
            loss = self._loss(part, self._encode) / hidden
            loss.backward()  # type: ignore[no-untyped-call]
            return loss.detach()[None]

        return share

    @torch.no_grad()
    def _measure(self) -> None:
        """Loss on sequences that are not trained on, always masked the same way."""
        self.network.eval()
        members = self._masked(self._held, 0, kind=6)
        hidden = max(sum(int((wanted != IGNORED).sum()) for _, wanted in members), 1)
        loss = sum(
            float(self._loss(members[start : start + 8], self.network.encoder)) for start in range(0, len(members), 8)
        )
        self.metrics.add(self.loop.step, {"loss/held back": round(loss / hidden, 5)})
        self.metrics.draw()
        self.reporter.say(f"step {self.loop.step}: loss on held-back text {loss / hidden:.4f}")
        self.network.train()


def _specials(tokenizer: Path) -> tuple[int, int, int]:
    """Begin, end and mask piece. Raises ModelError."""
    found = Tokenizer.from_file(str(tokenizer))
    begin, end, mask = (found.token_to_id(token) for token in ("[CLS]", "[SEP]", "[MASK]"))
    if begin is None or end is None or mask is None:
        raise ModelError("the tokenizer of the encoder has no [CLS], [SEP] or [MASK]", file=str(tokenizer))
    return begin, end, mask


def _publish(folder: Path, config: EncoderConfig, state: Mapping[str, Tensor], tokenizer: Path) -> Path:
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    write_base(fresh, config, state, tokenizer)
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(fresh, folder)
    return folder


def pretrain(
    recipe: Pretraining, data: Path, output: Path, extractor: Recipe | None, resume: bool, reporter: Reporter
) -> Path:
    """Pretrain on the texts below `data` and return the folder of the encoder (`output`/encoder).

    Documents that `extractor` measures on are kept out. Raises KGError.
    """
    output.mkdir(parents=True, exist_ok=True)
    if resume and (output / ENCODER).exists():
        return output / ENCODER
    documents = [one for half in read_split(extractor, data).dev.values() for one in half] if extractor else []
    tokenizer = tokenizer_of(base_folder(recipe.encoder))
    counts = make_shards(data / recipe.texts, tokenizer, HeldBack(documents), output / "shards", reporter)
    reporter.say(
        f"{counts.rows} texts, {counts.held_back} held back for {len(documents)} dev documents, {counts.doubled} "
        f"doubled, {counts.pieces} word pieces"
    )
    shards = Shards(output / "shards", recipe.window - 2)
    return MlmTraining(recipe, shards, output, resume, reporter).run()
