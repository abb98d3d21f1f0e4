"""The training and development documents of a recipe, kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg.errors import ConfigError
from kg.train.corpora import GoldDocument, read_corpus
from kg.train.overlap import HeldBack, work_of
from kg.train.recipe import CorpusRecipe, Recipe


@dataclass(frozen=True, slots=True)
class Split:
    """Documents by scheme name. No document occurs in both halves, whatever the corpus and whatever its id there."""

    train: dict[str, tuple[GoldDocument, ...]]
    dev: dict[str, tuple[GoldDocument, ...]]


def _work(document: GoldDocument) -> str:
    return work_of(document.id)


def hold_out(
    documents: Sequence[GoldDocument], count: int, limit: int = 0
) -> tuple[list[GoldDocument], list[GoldDocument]]:
    """Split by a hash of the id, so that the choice depends neither on order nor on a seed: (train, held out)."""
    works = sorted({_work(one) for one in documents}, key=lambda work: sha256(work.encode()).digest())
    held = set(works[:count])
    kept = set(works[count : count + limit] if limit else works[count:])
    return [one for one in documents if _work(one) in kept], [one for one in documents if _work(one) in held]


def read_split(recipe: Recipe, data: Path) -> Split:
    """Read all corpora. A document that is in any dev half, by id or by text, is dropped from all training halves."""
    train: dict[str, list[GoldDocument]] = {}
    dev: dict[str, list[GoldDocument]] = {}
    for corpus in recipe.corpora:
        learnt, kept = _halves(corpus, data)
        train.setdefault(corpus.scheme, []).extend(learnt)
        dev.setdefault(corpus.scheme, []).extend(kept)
    held = HeldBack(one for documents in dev.values() for one in documents)
    return Split(
        {
            name: tuple(one for one in documents if not held.holds([one.id], one.text))
            for name, documents in train.items()
        },
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
