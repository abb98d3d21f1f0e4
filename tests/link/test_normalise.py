"""Keys: spellings of one name share a key, different names do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.link.composite import parts
from kg.link.normalise import fold, key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tumour", "tumors"),
        ("oesophageal haemorrhage", "Esophageal hemorrhages"),
        ("Diabetes Mellitus, Type II", "type 2 diabetes mellitus"),
        ("TNF-α", "TNF alpha"),
        ("Alzheimer's disease", "Alzheimer disease"),
        ("carcinoma of the breast", "breast carcinoma"),
        ("beta-blockers", "β blocker"),
        ("5-fluorouracil", "5 Fluorouracil"),
        ("metastases", "metastasis"),
        ("biopsies", "biopsy"),
        ("factor VIII", "Factor 8"),
    ],
)
def test_one_name(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BRCA1", "BRCA2"),
        ("hepatitis A", "hepatitis B"),
        ("vitamin D", "vitamin B"),
        ("IL-2 receptor 1", "IL-1 receptor 2"),
        ("2-chloro-3-methylphenol", "3-chloro-2-methylphenol"),
        ("hypertension", "hypotension"),
        ("type 1 diabetes", "type 2 diabetes"),
    ],
)
def test_two_names(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_case_and_edges_do_not_matter(text: str) -> None:
    assert key(f"  {text}. ") == key(text)
    assert key(fold(text).upper()) == key(fold(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("breast, ovarian and lung cancer", ["breast cancer", "ovarian cancer", "lung cancer"]),
        ("hepatitis B or C", ["hepatitis B", "hepatitis C"]),
        ("nausea and/or vomiting", ["nausea", "vomiting"]),
        ("hypertension", []),
    ],
)
def test_composites(text: str, names: list[str]) -> None:
    assert parts(text) == names
