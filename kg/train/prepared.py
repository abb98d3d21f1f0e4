"""What all runs of a recipe share: documents, lexicon, word pieces, base weights and examples, made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from torch import Tensor

from kg.encode.encoder import EncoderConfig
from kg.encode.lexicon import Lexicon
from kg.encode.pieces import WordPieces
from kg.extract.schemes import SCHEMES, Scheme, network_schemes
from kg.train.base import base_folder, load_base, tokenizer_of
from kg.train.corpora import GoldDocument
from kg.train.data import Split, read_split
from kg.train.examples import Example, make_examples
from kg.train.hierarchy import Tree, read_tree
from kg.train.names import read_lexicon
from kg.train.recipe import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """`train`: examples with overlapping windows; `dev`: without overlap, as dev counts each word once."""

    split: Split
    schemes: tuple[Scheme, ...]
    lexicon: Lexicon
    tree: Tree
    tokenizer: Path
    pieces: WordPieces
    config: EncoderConfig
    weights: Mapping[str, Tensor]
    train: tuple[Example, ...]
    dev: tuple[Example, ...]

    def merged(self, recipe: Recipe) -> Prepared:
        """Train and dev together, with nothing left to measure on."""
        names = dict.fromkeys([*self.split.train, *self.split.dev])
        together = {name: (*self.split.train.get(name, ()), *self.split.dev.get(name, ())) for name in names}
        added = _examples(self.split.dev, recipe, self.pieces, self.lexicon, recipe.overlap, self.tree)
        return replace(self, split=Split(together, {}), train=(*self.train, *added), dev=())


def _examples(
    documents: Mapping[str, Sequence[GoldDocument]],
    recipe: Recipe,
    pieces: WordPieces,
    lexicon: Lexicon,
    overlap: int,
    tree: Tree | None,
) -> tuple[Example, ...]:
    made: list[Example] = []
    for number, scheme in enumerate(SCHEMES):
        found = documents.get(scheme.name, ())
        tree_of = tree if scheme.name == "BC5CDR" else None
        made += make_examples(found, scheme, number, pieces, lexicon, recipe.window, overlap, tree_of)
    return tuple(made)


def prepare(recipe: Recipe, data: Path) -> Prepared:
    """Read everything below `data` that the recipe names. Raises KGError for what cannot be used."""
    split = read_split(recipe, data)
    lexicon = read_lexicon(data / recipe.vocabularies)
    tree = read_tree(data / recipe.vocabularies / "mesh_ilios2021_mesh_tree.csv")
    folder = base_folder(recipe.encoder)
    tokenizer = tokenizer_of(folder)
    pieces = WordPieces.load(tokenizer)
    config, weights = load_base(folder)
    return Prepared(
        split, network_schemes(one.scheme for one in recipe.corpora), lexicon, tree, tokenizer, pieces, config, weights,
        _examples(split.train, recipe, pieces, lexicon, recipe.overlap, tree),
        _examples(split.dev, recipe, pieces, lexicon, 0, None),
    )  # fmt: skip
