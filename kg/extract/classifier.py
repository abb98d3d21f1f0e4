"""A text classification head over the extractor's encoder: the encoder is shared and never changed.

The file holds the head and the digest of the model whose hidden states it was trained on; with another model it is
refused, because its numbers would mean nothing there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from kg.encode.compute import Compute
from kg.encode.device import pick_device, pick_precision
from kg.encode.lexicon import one_hot
from kg.encode.windows import Window
from kg.errors import ModelError
from kg.extract.encoded import Encoding, Read
from kg.extract.package import Package

FORMAT = "medkg-classifier/1"
FILE = "classifier.safetensors"
_ARRAYS = ("weight", "bias", "mean", "scale")
_TRY = "; name the folder or file that `kg train classifier` wrote, or train it anew"


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A linear head on standardised features. `weight` [classes, F], `bias` [classes], `mean` and `scale` [F]."""

    labels: tuple[str, ...]
    weight: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Log-odds up to a constant, [texts, classes], from features [texts, F]."""
        scores: np.ndarray = (features - self.mean) / self.scale @ self.weight.T + self.bias
        return scores

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """[texts, classes] from features [texts, F]."""
        scores = self.scores(features)
        scores = np.exp(scores - scores.max(1, keepdims=True))
        chances: np.ndarray = scores / scores.sum(1, keepdims=True)
        return chances


def save_head(path: Path, head: Head, encoder: str, facts: Mapping[str, Any]) -> None:
    """Write a head that belongs to the model with the digest `encoder`; `facts` are for the reader of the file."""
    arrays = {name: getattr(head, name).astype(np.float32) for name in _ARRAYS}
    told = {"format": FORMAT, "labels": list(head.labels), "encoder": encoder, "facts": dict(facts)}
    told["digest"] = _digest(head.labels, arrays)
    save_file(arrays, path, metadata={"classifier": json.dumps(told)})
    path.chmod(0o644)  # safetensors writes files that only their owner may read


def load_head(path: Path, encoder: str) -> Head:
    """Read a head. Raises ModelError when it is missing, damaged, of another format or of another model."""
    path = path / FILE if path.is_dir() else path
    try:
        with safe_open(path, framework="np") as file:
            told = json.loads((file.metadata() or {})["classifier"])
            arrays = {name: file.get_tensor(name) for name in _ARRAYS}
            labels, of = tuple(told["labels"]), str(told["encoder"])
            if told["format"] != FORMAT:
                raise ValueError(f"format {told['format']} instead of {FORMAT}")
            # A head of an older release has no digest.
            if told.get("digest", "") not in ("", _digest(labels, arrays)):
                raise ValueError("its numbers or labels do not match its digest")
            if arrays["weight"].shape != (len(labels), len(arrays["mean"])) or len(arrays["bias"]) != len(labels):
                raise ValueError("its labels and numbers are not of one head")
    except KeyError as error:
        raise ModelError(f"no classifier can be read here: it lacks {error}{_TRY}", file=str(path)) from error
    except (OSError, SafetensorError, TypeError, ValueError) as error:
        raise ModelError(f"no classifier can be read here: {error}{_TRY}", file=str(path)) from error
    if of != encoder:
        raise ModelError(
            "the classifier belongs to another model; train it anew with this one or name its model with --model",
            file=str(path), wanted=of[:12], found=encoder[:12],
        )  # fmt: skip
    return Head(labels, **arrays)


def _digest(labels: Sequence[str], arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 over labels and numbers: safetensors checks the length of a file, not what is in it."""
    digest = hashlib.sha256(json.dumps(list(labels)).encode())
    for name in _ARRAYS:
        digest.update(arrays[name].tobytes())
    return digest.hexdigest()


class Features:
    """Texts to feature vectors: what the encoder says on average over the words, after every layer.

    Lower layers know what a text is about, the upper ones what its names are. Each word of a long text is counted in
    the window that decides it.
    """

    def __init__(self, package: Package, device: str = "auto") -> None:
        where = pick_device(device)
        self.digest = package.digest
        self._network = package.network.to(where)
        self._compute = Compute(where, pick_precision(where))
        self._encoding = Encoding(self._network, package.pieces, package.lexicon, self._compute)

    def __call__(self, texts: Iterable[str]) -> Iterator[np.ndarray]:
        """A vector, float32 [layers x H], for every text, in order; zeros for a text without a word."""
        for text in texts:
            _, reads = self._encoding.reads(text)
            size = len(self._network.encoder.layers) * self._network.encoder.config.hidden_size
            total, words = np.zeros(size, dtype=np.float64), 0
            for read, pooled in zip(reads, self._spread(reads), strict=True):
                count = _decided(read.window)
                total += pooled * count
                words += count
            yield (total / max(words, 1)).astype(np.float32)

    def _spread(self, reads: Sequence[Read]) -> Iterator[np.ndarray]:
        if self._compute.together:
            return (self._compute.here(self._pool, read) for read in reads)
        return self._compute.spread(self._pool, reads)

    def _pool(self, read: Read) -> np.ndarray:
        window, network = read.window, self._network
        part = slice(window.decides_from - window.start, window.decides_to - window.start)
        device = self._compute.device
        known = torch.from_numpy(one_hot(read.known))[None].to(device)
        first, last = read.first[part].to(device), read.last[part].to(device)
        layers = network.encoder.layer_states(read.ids[None].to(device), network.features(known))
        means = [((hidden[0, first] + hidden[0, last]).float() / 2).mean(0) for hidden in layers]
        return np.asarray(torch.cat(means).cpu().numpy())


def _decided(window: Window) -> int:
    return window.decides_to - window.decides_from


class Classifier:
    """Gives a text one of the labels, with the probabilities of all."""

    def __init__(self, head: Head, features: Features) -> None:
        self.head, self._features = head, features

    @classmethod
    def load(cls, path: Path, package: Package, device: str = "auto") -> Classifier:
        """Load a head for a loaded model. Raises ModelError, also when it belongs to another model."""
        return cls(load_head(path, package.digest), Features(package, device))

    def classify(self, texts: Iterable[str]) -> Iterator[dict[str, float]]:
        """Label -> probability for every text, the most probable first; texts are read as they come."""
        for vector in self._features(texts):
            chances = self.head.probabilities(vector[None])[0]
            ranked = sorted(zip(self.head.labels, chances.tolist(), strict=True), key=lambda one: (-one[1], one[0]))
            yield {label: round(chance, 4) for label, chance in ranked}
