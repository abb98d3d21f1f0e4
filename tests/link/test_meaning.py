"""Names by their vectors: told alone or among others, found as by comparing with every name, never an opposite."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from kg.config import bundled
from kg.errors import ModelError
from kg.link.identity import WEIGHTS
from kg.link.linker import Linker
from kg.link.meaning import MeaningIndex, NameEncoder
from kg.link.senses import opposed, senses
from kg.link.terminology import Terminology

NAMES = ["Hypertension", "Arterial hypotension", "Fever", "Pyrexia", "Myocardial Infarction", "heart attack", "§"]
_NEAR = "infarct of the myocardial muscle"  # no rule knows it


@pytest.fixture(scope="module")
def encoder() -> NameEncoder:
    return NameEncoder.load(bundled("models/names"))


def test_a_name_has_the_same_vector_alone_and_among_others(encoder: NameEncoder) -> None:
    together = encoder(NAMES)
    assert all(np.array_equal(encoder([name])[0], vector) for name, vector in zip(NAMES, together, strict=True))
    assert np.allclose(np.linalg.norm(together[:-1], axis=1), 1)
    assert not together[-1].any()


def test_spelling_and_order_do_not_matter_and_meaning_does(encoder: NameEncoder) -> None:
    one, same, synonym, other = encoder(["Tumour of the breast", "breast tumors", "mammary cancer", "chest pain"])
    assert one @ same == pytest.approx(1)
    assert one @ synonym > 0.7 > one @ other


def test_the_nearest_are_those_that_a_comparison_with_all_finds(encoder: NameEncoder, terminology: Terminology) -> None:
    numbers = np.arange(0, len(terminology.texts), 2, dtype=np.int32)
    index = MeaningIndex(encoder, terminology.texts, numbers)
    texts = terminology.texts.take(pa.array(numbers)).to_pylist()
    for asked in ("breast tumorigenesis", "cardiac infarct"):
        cosines = [round(float(encoder([text])[0] @ encoder([asked])[0]), 3) for text in texts]
        expected = sorted(zip(numbers.tolist(), cosines, strict=True), key=lambda pair: (-pair[1], pair[0]))[:5]
        assert index.near(asked, 5, -1.0) == expected
    assert index.near("§", 5, 0.1) == []


@pytest.mark.parametrize("asked", ["raised blood pressure", "renal function decline", "bladder hyperactivity", "xyzzy"])
def test_no_near_name_is_lost_by_comparing_in_few_coordinates_first(
    encoder: NameEncoder, terminology: Terminology, asked: str
) -> None:
    numbers = np.arange(0, len(terminology.texts), 5, dtype=np.int32)
    cosines = encoder(terminology.texts.take(pa.array(numbers)).to_pylist()) @ encoder([asked])[0]
    for least in (0.5, 0.88):
        expected = set(numbers[cosines >= least].tolist())
        index = MeaningIndex(encoder, terminology.texts, numbers)
        assert {number for number, _ in index.near(asked, len(numbers), least)} == expected


def test_what_no_rule_knows_is_linked_by_meaning_below_every_rule(linker: Linker) -> None:
    (link,) = linker.named(_NEAR, "Disease")
    assert link.best is not None
    assert (link.best.concept.id, link.best.method) == ("MESH:D009203", "near in meaning")
    assert 0.74 <= link.best.score < 0.78


@pytest.mark.parametrize("name", ["dropped blood pressure", "xyzzy plugh", f"{_NEAR} 7", "breast tumorigenesis"])
def test_nothing_near_stays_unlinked(linker: Linker, name: str) -> None:
    (link,) = linker.named(name, "Disease")
    assert link.best is None or link.best.method != "near in meaning"


def test_meaning_counts_neither_without_learned_names_nor_for_other_categories(terminology: Terminology) -> None:
    assert not Linker.load(terminology, learned=False).named(_NEAR, "Disease")[0].candidates
    assert not Linker.load(terminology).named(_NEAR, "Gene")[0].candidates


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("raised serum calcium", "Hypocalcemia"),
        ("slow heart; bradyarrhythmia", "Tachyarrhythmia"),
        ("low blood sugar", "Elevated blood sugar"),
        ("benign growth", "malignant growth"),
    ],
)
def test_opposites(one: str, other: str) -> None:
    assert opposed(senses(one), senses(other))
    assert opposed(senses(other), senses(one))
    assert not opposed(senses(one), senses(one))


def test_damaged_vectors_are_refused(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"no safetensors")
    with pytest.raises(ModelError, match="no readable vectors of names here"):
        NameEncoder.load(tmp_path)
    with pytest.raises(ModelError):
        NameEncoder.load(tmp_path / "none")
