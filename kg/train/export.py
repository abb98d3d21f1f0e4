"""From trained weights to a model folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from kg.extract.calibration import Calibration
from kg.extract.package import save_package
from kg.train.calibrate import calibrate
from kg.train.prepared import Prepared
from kg.train.recipe import Recipe
from kg.train.run import Training, assemble


def fit(prepared: Prepared, weights: Mapping[str, Tensor]) -> Calibration:
    """Temperatures and thresholds of these weights on dev, computed on the CPU, where the product mostly runs."""
    torch.set_num_threads(os.cpu_count() or 1)
    return calibrate(assemble(prepared, weights), prepared.split.dev, prepared.pieces, prepared.lexicon)


def write_model(
    folder: Path,
    prepared: Prepared,
    weights: Mapping[str, Tensor],
    calibration: Calibration,
    version: str,
    recipe: Recipe,
    facts: Mapping[str, Any],
) -> None:
    """Write a model folder, replacing an older one in one step. `facts`: what else its config tells."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    told = {
        "recipe": asdict(recipe),
        "documents": {name: len(documents) for name, documents in prepared.split.train.items()},
        **facts,
    }
    save_package(
        fresh, weights, prepared.config, prepared.lexicon, prepared.tokenizer, calibration, version, told,
        prepared.schemes,
    )  # fmt: skip
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)


def export(training: Training, folder: Path, version: str) -> None:
    """Calibrate the weights of a run on dev and write them as a model folder."""
    weights = training.weights()
    measured = [line for line in training.metrics.lines if "score" in line]
    facts = {"step": training.step, "dev_while_training": measured[-1] if measured else {}}
    prepared = training.prepared
    write_model(folder, prepared, weights, fit(prepared, weights), version, training.recipe, facts)
