"""Train a classification head on frozen features: every text is encoded once, then only the head learns."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from kg.extract.classifier import FILE, Features, Head, save_head
from kg.extract.package import load_package
from kg.train.classifier_report import as_text, measure
from kg.train.labelled import Labelled, read_labelled
from kg.train.progress import Reporter

REPORT_JSON, REPORT_TEXT = "report.json", "report.txt"
_DECAYS = (1e-3, 1e-2, 1e-1, 1.0)
_FOLDS = 4
_ROUGH = 30  # iterations that are enough to compare decays


def fit_head(
    features: np.ndarray, wanted: np.ndarray, labels: Sequence[str], decay: float, iterations: int = 200
) -> Head:
    """Multinomial logistic regression on features [texts, F] and classes [texts], fitted to the end by L-BFGS.

    Every class weighs the same in total, however rare; `decay` is the weight of half the squared weights beside the
    mean loss. The problem is convex, so that neither a seed nor an order matters.
    """
    mean, scale = features.mean(0), features.std(0) + 1e-6
    inputs = torch.from_numpy((features - mean) / scale).double()
    classes = torch.from_numpy(wanted)
    counts = np.bincount(wanted, minlength=len(labels))
    balance = torch.from_numpy(len(wanted) / (np.count_nonzero(counts) * np.maximum(counts, 1)))
    weight = torch.zeros(len(labels), features.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(len(labels), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [weight, bias], max_iter=iterations, tolerance_grad=1e-6, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        loss = F.cross_entropy(inputs @ weight.T + bias, classes, balance) + decay / 2 * (weight**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the products are small: threads would spend their time waiting for each other
    optimiser.step(closure)  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    return Head(tuple(labels), weight.detach().numpy(), bias.detach().numpy(), mean, scale)


def choose_decay(features: np.ndarray, wanted: np.ndarray, labels: Sequence[str]) -> tuple[float, np.ndarray]:
    """The decay with the best macro F1 in four-fold cross-validation on what is learnt from, and its scores there.

    The scores [texts, classes] are those of heads that have not seen the text. What is held out is never looked at.
    """
    folds = np.arange(len(wanted)) % _FOLDS
    best, chosen, kept = -1.0, _DECAYS[0], np.zeros((len(wanted), len(labels)))
    for decay in _DECAYS:
        scores = np.zeros((len(wanted), len(labels)))
        for fold in range(_FOLDS):
            rest, part = folds != fold, folds == fold
            if not part.any():
                continue
            scores[part] = fit_head(features[rest], wanted[rest], labels, decay, _ROUGH).scores(features[part])
        f1 = float(measure(labels, wanted, scores.argmax(1))["macro"]["f1"])
        if f1 > best:
            best, chosen, kept = f1, decay, scores
    return chosen, kept


def temperature(scores: np.ndarray, wanted: np.ndarray) -> float:
    """What scores [texts, classes] are divided by so that their probabilities are as often right as they say.

    The one with the least mean log loss of unseen texts (Guo et al. 2017), between 0.05 and 20; ranks stay.
    """
    inputs, classes = torch.from_numpy(scores), torch.from_numpy(wanted)
    inverse = torch.logspace(math.log10(20), -math.log10(20), 400, dtype=torch.float64)
    losses = torch.stack([F.cross_entropy(inputs * factor, classes) for factor in inverse])
    return float(1 / inverse[losses.argmin()])


def _encode(features: Features, texts: Sequence[str], title: str, reporter: Reporter) -> np.ndarray:
    reporter.begin(title, len(texts))
    vectors = []
    for number, vector in enumerate(features(texts), 1):
        vectors.append(vector)
        reporter.reached(number)
    return np.stack(vectors)


def train_classifier(
    data: Path, output: Path, model: Path, device: str = "auto", reporter: Reporter | None = None
) -> dict[str, Any]:
    """Train on the rows of `data` and write the head and its report below `output`; returns the report.

    Raises SourceFormatError for data that cannot be used, ModelError for the model.
    """
    reporter = reporter or Reporter()
    rows = read_labelled(data)
    features = Features(load_package(model), device)
    labels = sorted(set(rows.labels))
    learnt = _encode(features, rows.texts, "texts to learn from", reporter)
    held = _encode(features, rows.held_texts, "texts held out", reporter)
    report, head = fit_and_measure(rows, learnt, held, labels)
    report = {"data": data.name, "model": features.digest, **report}
    output.mkdir(parents=True, exist_ok=True)
    fresh = output / (FILE + ".new")
    save_head(fresh, head, features.digest, report)
    os.replace(fresh, output / FILE)
    (output / REPORT_JSON).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (output / REPORT_TEXT).write_text(as_text(report) + "\n", encoding="utf-8")
    return report


def fit_and_measure(
    rows: Labelled, learnt: np.ndarray, held: np.ndarray, labels: Sequence[str]
) -> tuple[dict[str, Any], Head]:
    """The report on the held-out half, and the head fitted on the other."""
    number = {label: place for place, label in enumerate(labels)}
    wanted = np.asarray([number[one] for one in rows.labels])
    held_wanted = np.asarray([number[one] for one in rows.held_labels])
    decay, unseen = choose_decay(learnt, wanted, labels)
    head = fit_head(learnt, wanted, labels, decay)
    heat = temperature(unseen, wanted)
    head = replace(head, weight=head.weight / heat, bias=head.bias / heat)
    chances = head.probabilities(held)
    report = measure(labels, held_wanted, chances.argmax(1))
    most = Counter(rows.labels).most_common(1)[0][0]
    sure = chances.max(1)
    right = chances.argmax(1) == held_wanted
    told = {
        "learnt": len(wanted),
        "held_out": len(held_wanted),
        "doubled": rows.doubled,
        "decay": decay,
        "temperature": round(heat, 3),
        "baseline_accuracy": round(float(np.mean(held_wanted == number[most])), 4),
        "mean_confidence": round(float(sure.mean()), 4),
        "accuracy": round(float(right.mean()), 4),
    }
    return {**told, **report}, head
