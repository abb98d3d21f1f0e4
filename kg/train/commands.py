"""What `kg train` and `python -m kg.train` do: a recipe file and a data folder in, a folder out."""

from __future__ import annotations

from pathlib import Path

from kg.train.export import export
from kg.train.mlm import pretrain
from kg.train.prepared import prepare
from kg.train.progress import Reporter
from kg.train.recipe import read_pretraining, read_recipe, read_release
from kg.train.release import make_release
from kg.train.run import Training


def train_mlm(recipe: Path, data: Path, output: Path, resume: bool) -> Path:
    """Pretrain on the texts of DATA; returns the folder of the encoder. The recipe's dev documents are kept out."""
    return pretrain(read_pretraining(recipe), data, output, read_recipe(recipe), resume, Reporter())


def train_extractor(recipe: Path, data: Path, output: Path, resume: bool, version: str = "0.0.0") -> Path:
    """Fine-tune on the corpora of DATA; returns the model folder."""
    settings = read_recipe(recipe)
    training = Training(settings, prepare(settings, data), output, resume, Reporter())
    training.run()
    export(training, output / "model", version)
    return output / "model"


def train_release(recipe: Path, data: Path, output: Path, resume: bool, only: int = 0) -> Path:
    """Make a release, or only one run of its next stage; returns the folder of what was made."""
    return make_release(read_release(recipe), data, output, resume, only=only)
