"""Data and encoders small enough to train in a second."""

from __future__ import annotations

import gzip
import json
from dataclasses import fields
from pathlib import Path

import pytest

from kg.train.corpora import read_corpus
from kg.train.recipe import CorpusRecipe, Pretraining, Recipe
from tests.extract.models import write_base
from tests.train.test_corpora import SAMPLES


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("base") / "bert")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples with the smallest vocabularies that can be read."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "corpora").symlink_to(SAMPLES)
    names = folder / "vocabularies"
    for part in ("mondo", "disease_ontology", "hpo", "symptom_ontology", "hgnc"):
        (names / part).mkdir(parents=True)
    (names / "mesh_ilios2021_mesh_tree.csv").write_text("tree_number,mesh_descriptor_uid,mesh_tree_id\nC01,D1,1\n")
    (names / "mesh_dhimmel_tree-numbers.tsv").write_text("mesh_id\tmesh_name\tmesh_tree_number\nD2\tx\tD03\n")
    (names / "mesh_terms.tsv").write_text("mesh_id\tterm\tsource\tlicence\nD1\tmania\tx\tCC0\nD2\ttriazolam\tx\tCC0\n")
    (names / "mondo" / "mondo_exactmatch_mesh.sssom.tsv").write_text("")
    (names / "disease_ontology" / "doid_2026_terms_derived.tsv").write_text("doid\ttype\ttext\tsource\n")
    for path in ("hpo/hp.obo", "hpo/mondo_hp_import_2026.obo", "symptom_ontology/symp.obo"):
        (names / path).write_text('[Term]\nid: X:1\nname: Fever\nsynonym: "Pyrexia" EXACT []\n')
    with gzip.open(names / "hgnc" / "hgnc.json.gz", "wt") as file:
        json.dump({"graphs": [{"nodes": [{"id": "hgnc_1", "lbl": "ATM"}]}]}, file)
    return folder


@pytest.fixture
def recipe(base: Path) -> Recipe:
    corpora = (
        CorpusRecipe("corpora/bc5cdr.PubTator", "BC5CDR", "split", hold_out=1),
        CorpusRecipe("corpora/biored.PubTator", "BioRED", "split", hold_out=1),
        CorpusRecipe("corpora/ncbi.PubTator", "NCBI"),
    )
    return Recipe(
        corpora,
        encoder=str(base),
        max_steps=20,
        checkpoint_steps=5,
        warm_up=2,
        batch_tokens=1500,
        window=256,
        precision="fp32",  # not measured: two runs that are compared must not differ
    )


def as_toml(recipe: Recipe, table: str = "") -> str:
    """A recipe as TOML, below `table` where one is named."""
    prefix = f"{table}." if table else ""
    lines = [f"[{table}]"] if table else []
    for field in fields(recipe):
        if field.name != "corpora":
            lines.append(f"{field.name} = {json.dumps(getattr(recipe, field.name))}")
    for corpus in recipe.corpora:
        lines.append(f"[[{prefix}corpus]]")
        lines += [f"{field.name} = {json.dumps(getattr(corpus, field.name))}" for field in fields(corpus)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def recipe_file(recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recipe as a file."""
    path = tmp_path_factory.mktemp("recipe") / "recipe.toml"
    path.write_text(as_toml(recipe), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def texts(data: Path) -> Path:
    """Rows as in the real pretraining text: documents of the corpora among them, one of them twice."""
    folder = data / "pretraining"
    folder.mkdir()
    documents = [*read_corpus(SAMPLES / "bc5cdr.PubTator"), *read_corpus(SAMPLES / "ncbi.PubTator")]
    rows = [{"id": one.id, "pmid": one.id, "text": one.text} for one in documents]
    rows += [{"id": None, "pmid": None, "text": rows[0]["text"]}]
    with gzip.open(folder / "rows.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


@pytest.fixture
def pretraining(base: Path) -> Pretraining:
    return Pretraining(
        encoder=str(base),
        epochs=4.0,
        batch_tokens=1024,
        window=64,
        warm_up=2,
        held_back=20,
        checkpoint_steps=5,
        precision="fp32",
    )
