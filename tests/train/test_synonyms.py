"""Vectors of names: synonyms move together, strangers apart; the same terminology gives the same file."""

import random
from dataclasses import replace
from pathlib import Path

from kg.link.build import write_terminology
from kg.link.identity import WEIGHTS
from kg.link.meaning import NameEncoder
from kg.link.merge import merge
from kg.link.terminology import Terminology
from kg.link.vocabulary import Name, Term, origin
from kg.train.synonyms import NameRecipe, Synonyms, train_names

RECIPE = NameRecipe(rows=512, width=16, epochs=12, batch=8)
NAMES = [
    ("icterus", "jaundice"), ("pertussis", "whooping cough"), ("rubella", "german measles"), ("fever", "pyrexia"),
    ("scabies", "itch mite"), ("syncope", "fainting"), ("epistaxis", "nosebleed"), ("alopecia", "hair loss"),
]  # fmt: skip


def built(folder: Path) -> Terminology:
    said, taught = origin("MeSH", "1", "exact"), origin("BC5CDR", "train", "exact")
    terms = [Term(f"MESH:D{n}", "Disease", tuple(Name(one, said) for one in pair)) for n, pair in enumerate(NAMES)]
    terms.append(Term("MESH:D0", "Disease", (Name("yellow skin", taught),)))
    write_terminology(merge(terms, ()), folder)
    return Terminology.load(folder)


def test_synonyms_are_nearer_than_strangers(tmp_path: Path) -> None:
    encoder = NameEncoder.load(train_names(built(tmp_path), tmp_path / "names", RECIPE))
    ones, others = encoder([one for one, _ in NAMES]), encoder([other for _, other in NAMES])
    assert (ones @ others.T).argmax(axis=1).tolist() == list(range(len(NAMES)))
    assert (encoder(["yellow skin"]) @ ones.T).argmax() == 0


def test_the_same_terminology_gives_the_same_file(tmp_path: Path) -> None:
    terminology, short = built(tmp_path), replace(RECIPE, epochs=1)
    files = [(train_names(terminology, tmp_path / name, short) / WEIGHTS).read_bytes() for name in ("one", "two")]
    assert files[0] == files[1]
    assert (train_names(terminology, tmp_path / "other", replace(short, seed=1)) / WEIGHTS).read_bytes() != files[0]


def test_pairs_are_of_one_concept_and_learned_names_come_often(tmp_path: Path) -> None:
    synonyms = Synonyms(built(tmp_path))
    pairs = synonyms.pairs(6, random.Random(0))
    assert (synonyms.owners[pairs[:, 0]] == synonyms.owners[pairs[:, 1]]).all()
    assert (pairs[:, 0] != pairs[:, 1]).all()
    assert len(pairs) == 2 * len(NAMES) + 6
    assert sum(synonyms.texts[name] == "yellow skin" for name in pairs[:, 0]) == 6
