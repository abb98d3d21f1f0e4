"""From a training run to a model folder."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import torch

from kg.extract.package import save_package
from kg.train.calibrate import calibrate
from kg.train.run import METRICS, Training


def export(training: Training, folder: Path, version: str) -> None:
    """Calibrate the averaged weights on dev and write them as a model folder, replacing an older one in one step."""
    network = training.averaged()
    with torch.autocast(training.device.type, torch.bfloat16, enabled=training.precision == "bf16"):
        calibration = calibrate(network.cpu(), training.split.dev, training.pieces, training.lexicon)
    lines = (
        (training.output / METRICS).read_text(encoding="utf-8").splitlines()
        if (training.output / METRICS).exists()
        else []
    )
    facts = {
        "step": training.step,
        "recipe": asdict(training.recipe),
        "dev_while_training": json.loads(lines[-1]) if lines else {},
        "documents": {name: len(documents) for name, documents in training.split.train.items()},
    }
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    save_package(
        fresh, training.average, training.config, training.lexicon, training.tokenizer, calibration, version, facts
    )
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)
