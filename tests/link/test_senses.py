"""Names by the senses of their words: sister words and adjectives meet, opposites and numbers stay apart."""

import numpy as np
import pyarrow as pa
import pytest

from kg.link.senses import SenseIndex, rewritten, senses
from kg.link.variants import modifiers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("decreased renal function", "Reduction in kidney function"),
        ("psychotic disorder", "Psychotic diseases"),
        ("tumours of the liver", "Hepatic Neoplasms"),
        ("ischaemic brain", "cerebral ischemia"),
        ("arterial bleeding", "Hemorrhage, artery"),
    ],
)
def test_words_of_one_sense(one: str, other: str) -> None:
    assert senses(one) == senses(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("increased cardiac output", "decreased cardiac output"),
        ("hypertension", "hypotension"),
        ("hyperkalemia", "hypokalemia"),
        ("type 1 diabetes", "type 2 diabetes"),
        ("arthritis", "arthrosis"),
        ("cellulite", "cellulitis"),
        ("parkinsonism", "Parkinson disease"),
        ("benign tumor", "malignant tumor"),
    ],
)
def test_other_things_stay_apart(one: str, other: str) -> None:
    assert senses(one) != senses(other)


def test_the_index_finds_what_comparing_every_name_finds() -> None:
    texts = ["Kidney Diseases", "renal disorder", "Renal stones", "stones, kidney", "of", "", "liver disease", "Kidney"]
    numbers = np.arange(1, len(texts), dtype=np.int32)
    index = SenseIndex(pa.array(texts), numbers)
    for text in [*texts, "hepatic illness", "unheard of"]:
        expected = [int(one) for one in numbers if senses(texts[one]) == senses(text)]
        assert index.named(senses(text)) == expected
    assert index.named(senses("kidney disorders")) == [1]
    assert SenseIndex(pa.array(["a"]), np.array([], dtype=np.int32)).named(senses("a")) == []


def test_the_same_senses_come_before_what_a_vague_word_may_stand_for() -> None:
    ways = list(rewritten("severe renal involvement", modifiers("Disease")))
    assert [sorted(one) for one, _, _ in ways][:2] == [
        sorted(senses("severe renal involvement")),
        sorted(senses("renal involvement")),
    ]
    assert (senses("kidney disease"), "vague word") in [(one, why) for one, _, why in ways]
    assert all(one > 0.7 for _, one, _ in ways)
