"""A training of a few steps: the same weights after a kill as without one."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from kg.errors import ConfigError, ModelError
from kg.extract.extractor import Extractor
from kg.train.data import hold_out, read_split
from kg.train.recipe import RELEASED, CorpusRecipe, Recipe, read_recipe
from kg.train.release import export
from kg.train.run import CHECKPOINT, Training
from tests.extract.models import write_base
from tests.train.test_corpora import SAMPLES


class Killed(Exception):
    """The process ends here."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("base") / "bert")


@pytest.fixture(scope="module")
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
        corpora, encoder=str(base), max_steps=20, checkpoint_steps=5, warm_up=2, batch_tokens=1500, window=256
    )


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / CHECKPOINT)


def test_a_killed_run_goes_on_to_the_same_weights(recipe: Recipe, data: Path, tmp_path: Path) -> None:
    Training(recipe, data, tmp_path / "whole", False, lambda line: None).run()

    killed = Training(recipe, data, tmp_path / "killed", False, lambda line: None)
    step = killed._train_step

    def until_eight(numbers: list[int], total: int) -> None:
        if killed.step == 8:
            raise Killed
        step(numbers, total)

    killed._train_step = until_eight  # type: ignore[method-assign]
    with pytest.raises(Killed):
        killed.run()
    said: list[str] = []
    torch.manual_seed(99)  # a new process has another random state
    Training(recipe, data, tmp_path / "killed", True, said.append).run()
    assert "resuming at step 7" in said  # the last checkpoint is that of the first epoch
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "killed")
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_gives_a_model_that_reads(recipe: Recipe, data: Path, tmp_path: Path) -> None:
    training = Training(recipe, data, tmp_path / "run", False, lambda line: None)
    training.run()
    lines = (tmp_path / "run" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["step"] == 20
    for _ in range(2):  # the second export replaces the first
        export(training, tmp_path / "model", "1.2.3")
    extractor = Extractor.load(tmp_path / "model")
    assert extractor.reader.version == "1.2.3"
    assert set(extractor.package.calibration.relation_threshold) == {"BC5CDR", "BioRED"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "run"]


def test_a_damaged_checkpoint_is_refused(recipe: Recipe, data: Path, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="cannot resume"):
        Training(recipe, data, tmp_path, True, lambda line: None)


def test_documents_of_a_dev_half_are_in_no_training_half(recipe: Recipe, data: Path) -> None:
    doubled = (*recipe.corpora, CorpusRecipe("corpora/bc5cdr.PubTator", "NCBI", "train"))
    split = read_split(replace(recipe, corpora=doubled), data)
    dev = {one.id for documents in split.dev.values() for one in documents}
    train = [one.id for documents in split.train.values() for one in documents]
    assert len(dev) == 2
    assert not dev & set(train)
    assert len([one for one in train if one in {two.id for two in split.train["BC5CDR"]}]) == 10


def test_holding_out_does_not_depend_on_the_order(data: Path) -> None:
    from kg.train.corpora import read_corpus

    documents = read_corpus(data / "corpora" / "bc5cdr.PubTator")
    _, held = hold_out(documents, 2)
    _, again = hold_out(documents[::-1], 2)
    assert {one.id for one in held} == {one.id for one in again}
    assert len(held) == 2


def test_the_released_recipe_reads_and_unknown_settings_are_refused(tmp_path: Path) -> None:
    assert {one.scheme for one in read_recipe(RELEASED).corpora} == {
        "BC5CDR", "NCBI", "BioRED", "MACCROBAT", "DrugProt", "TAC",
    }  # fmt: skip
    path = tmp_path / "recipe.toml"
    path.write_text('learning_rat = 1.0\n[[corpus]]\npath = "x"\nscheme = "NCBI"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="learning_rat"):
        read_recipe(path)
