"""The recipe of the shipped weights, from a base encoder to a model folder, in stages that a kill cannot undo.

1. `pretraining/`: masked-language pretraining of the base encoder.
2. `dev/run-K/`: fine-tunings on the training halves from one start, each ended by dev; `dev/model/`: their average,
   measured and calibrated on dev.
3. `final/run-K/`: the same on train and dev together, for the epochs that were best on dev. Nothing is left to measure
   or calibrate on, so temperatures and thresholds are those of `dev/model/`: the same recipe on a third more text is a
   little surer of itself and a little more often right, and a threshold fitted on training data would be far too low.
4. `dev-refined/`, `final-refined/`, where the recipe has a refinement: the same again, begun from `dev/model`,
   `final/model`.
5. `model/`.

What is done is seen from what is there: a stage's folder appears when it is whole, and within a stage every run goes
on from its checkpoint.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from kg.encode.device import pick_device
from kg.errors import ConfigError
from kg.extract.calibration import Calibration
from kg.extract.identity import read_config
from kg.train.checkpoint import checkpoint_facts
from kg.train.dev import dev_score, evaluate_dev
from kg.train.export import fit, write_model
from kg.train.loop import CHECKPOINT, number_format
from kg.train.mlm import pretrain
from kg.train.prepared import Prepared, prepare
from kg.train.progress import Reporter
from kg.train.recipe import Recipe, Release
from kg.train.run import Training, assemble, average_weights, start_weights

RECIPE = "release.json"


def _same_recipe(release: Release, output: Path, resume: bool) -> None:
    """Note the recipe in the folder. Raises ConfigError when the folder holds stages of another, or is not resumed."""
    path = output / RECIPE
    told = json.dumps(asdict(release), indent=1)
    if path.exists():
        if not resume:
            raise ConfigError("there is a release here already; go on with --resume", folder=str(output))
        if json.loads(path.read_text(encoding="utf-8")) != json.loads(told):
            raise ConfigError("the release begun here has another recipe; name another folder", folder=str(output))
        return
    output.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(told, encoding="utf-8")
    os.replace(fresh, path)


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """Fine-tunings of one recipe in one folder. `start`: the model that a refinement begins with.

    `only`: see `make_release`.
    """

    release: Release
    recipe: Recipe
    prepared: Prepared
    folder: Path
    reporter: Reporter
    only: int
    start: Path | None


def _runs(stage: _Stage, only: int, until: Mapping[int, int] = MappingProxyType({})) -> list[Training]:
    """All fine-tunings of a stage (or the one numbered `only`), trained to their end or found there."""
    done = []
    for run in range(stage.release.runs) if not only else [only - 1]:
        stage.reporter.say(f"{stage.folder.name}: run {run + 1} of {stage.release.runs}")
        training = Training(
            replace(stage.recipe, run=run), stage.prepared, stage.folder / f"run-{run + 1}", True, stage.reporter,
            until.get(run, 0), stage.start,
        )  # fmt: skip
        training.run()
        done.append(training)
    return done


def measure(prepared: Prepared, weights: Mapping[str, Tensor], recipe: Recipe) -> dict[str, float]:
    """Figures of these weights on dev."""
    device = pick_device("auto")
    network = assemble(prepared, weights).to(device)
    with torch.autocast(device.type, torch.bfloat16, enabled=number_format(recipe.precision, device) == "bf16"):
        return evaluate_dev(network, prepared.dev, 16 * recipe.window)


def _on_dev(stage: _Stage) -> dict[str, Any]:
    """Train on the training halves, average, measure, calibrate: the config of the model; nothing yet if `only`."""
    if not (stage.folder / "model").exists():
        runs = _runs(stage, stage.only)
        ended = [
            checkpoint_facts(stage.folder / f"run-{run + 1}" / CHECKPOINT).get("finished")
            for run in range(stage.release.runs)
        ]
        if stage.only > 1 or not all(ended):
            return {}
        if stage.only:
            runs = _runs(stage, 0)
        weights = _together(stage, runs)
        figures = measure(stage.prepared, weights, stage.recipe)
        stage.reporter.say(f"dev, average of {len(runs)}: {dev_score(figures)} {json.dumps(figures)}")
        facts = {
            "step": sum(one.step for one in runs) + _steps_of(stage.start), "epochs": [one.best_epoch for one in runs],
            "dev_while_training": figures, "release": asdict(stage.release),
        }  # fmt: skip
        calibration = fit(stage.prepared, weights)
        _write(stage, weights, calibration, facts)
    return read_config(stage.folder / "model")


def _merged(stage: _Stage, told: Mapping[str, Any]) -> bool:
    """Train on train and dev together, as long as `told` (the config of the stage on dev) says; whether it is whole."""
    if not (stage.folder / "model").exists():
        facts = {name: told["facts"][name] for name in ("epochs", "dev_while_training", "release")}
        runs = _runs(stage, stage.only, dict(enumerate(facts["epochs"])))
        if stage.only:
            return False
        weights = _together(stage, runs)
        facts["step"] = sum(one.step for one in runs) + _steps_of(stage.start)
        facts["remark"] = (
            "Trained on train and dev together; the figures, temperatures and thresholds are those of the same recipe "
            "trained on the training halves alone."
        )
        calibration = Calibration(**told["calibration"])
        _write(stage, weights, calibration, facts)
    return True


def _together(stage: _Stage, runs: Sequence[Training]) -> dict[str, Tensor]:
    """The average of a stage's runs; of a refinement, drawn back to what it began with as the recipe says."""
    weights = average_weights([one.weights() for one in runs])
    if stage.start is None:
        return weights
    begun = start_weights(stage.start, stage.prepared)
    return {name: torch.lerp(begun[name], tensor, stage.release.refined) for name, tensor in weights.items()}


def _write(stage: _Stage, weights: Mapping[str, Tensor], calibration: Calibration, facts: Mapping[str, Any]) -> None:
    release = stage.release
    write_model(stage.folder / "model", stage.prepared, weights, calibration, release.version, release.extractor, facts)


def _steps_of(start: Path | None) -> int:
    return 0 if start is None else int(read_config(start)["facts"]["step"])


def make_release(
    release: Release, data: Path, output: Path, resume: bool = False, reporter: Reporter | None = None, only: int = 0
) -> Path:
    """Run every stage that is not done yet and return the model folder.

    `only`: of the stage that is next, do the fine-tuning with this number (from 1) and no more, so that several
    processes can share a GPU that one leaves idle. Number 1 puts the runs on the training halves together once all of
    them have ended, and the same command without a number makes the model. Raises KGError.
    """
    if only and not 0 < only <= release.runs:
        raise ConfigError("no such run", run=only, runs=release.runs)
    reporter = reporter or Reporter()
    _same_recipe(release, output, resume)
    model = output / "model"
    if model.exists():
        return model
    recipe = release.extractor
    if release.pretraining is not None:
        encoder = pretrain(release.pretraining, data, output / "pretraining", recipe, True, reporter)
        recipe = replace(recipe, encoder=str(encoder))
    prepared = prepare(recipe, data)
    stages = [("", recipe)]
    if release.refinement is not None:
        stages.append(("-refined", replace(release.refinement, encoder=recipe.encoder)))
    told, start = {}, None
    for name, stage in stages:
        folder = output / f"dev{name}"
        told[name] = _on_dev(_Stage(release, stage, prepared, folder, reporter, only, start))
        if not told[name]:
            return folder
        start = folder / "model"
    if release.merge_dev:
        together, start = prepared.merged(recipe), None
        for name, stage in stages:
            folder = output / f"final{name}"
            if not _merged(_Stage(release, stage, together, folder, reporter, only, start), told[name]):
                return folder
            start = folder / "model"
    fresh = output / "model.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder / "model", fresh)
    os.replace(fresh, model)
    return model
