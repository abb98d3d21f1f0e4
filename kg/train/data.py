"""The training and development documents of a recipe, kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg.errors import ConfigError
from kg.train.corpora import GoldDocument, read_corpus
from kg.train.recipe import CorpusRecipe, Recipe


@dataclass(frozen=True, slots=True)
class Split:
    """Documents by scheme name. No id occurs in both halves, whatever the corpus."""

    train: dict[str, tuple[GoldDocument, ...]]
    dev: dict[str, tuple[GoldDocument, ...]]


def _work(document: GoldDocument) -> str:
    """The sections of one drug label belong together."""
    return document.id.split("/")[0]


def hold_out(
    documents: Sequence[GoldDocument], count: int, limit: int = 0
) -> tuple[list[GoldDocument], list[GoldDocument]]:
    """Split by a hash of the id, so that the choice depends neither on order nor on a seed: (train, held out)."""
    works = sorted({_work(one) for one in documents}, key=lambda work: sha256(work.encode()).digest())
    held = set(works[:count])
    kept = set(works[count : count + limit] if limit else works[count:])
    return [one for one in documents if _work(one) in kept], [one for one in documents if _work(one) in held]


def read_split(recipe: Recipe, data: Path) -> Split:
    """Read all corpora. Every document that is in any dev half is dropped from all training halves."""
    train: dict[str, list[GoldDocument]] = {}
    dev: dict[str, list[GoldDocument]] = {}
    for corpus in recipe.corpora:
        learnt, held = _halves(corpus, data)
        train.setdefault(corpus.scheme, []).extend(learnt)
        dev.setdefault(corpus.scheme, []).extend(held)
    yardsticks = {_work(one) for documents in dev.values() for one in documents}
    return Split(
        {name: tuple(one for one in documents if _work(one) not in yardsticks) for name, documents in train.items()},
        {name: tuple(documents) for name, documents in dev.items() if documents},
    )


def _halves(corpus: CorpusRecipe, data: Path) -> tuple[Sequence[GoldDocument], Sequence[GoldDocument]]:
    documents = read_corpus(data / corpus.path)
    if corpus.use == "split":
        return hold_out(documents, corpus.hold_out, corpus.limit)
    if corpus.use == "train":
        return documents[: corpus.limit or None], ()
    if corpus.use == "dev":
        return (), documents[: corpus.limit or None]
    raise ConfigError("use must be train, dev or split", corpus=corpus.path, use=corpus.use)
