"""The linking figures, on a corpus small enough to count by hand."""

from pathlib import Path

import pytest

from kg.errors import SourceFormatError
from kg.evaluate.linking import evaluate_linking
from kg.link.linker import Linker
from kg.link.terminology import Terminology

CORPUS = """1|t|Aspirin and hypertension.
1|a|Fever, xyzzy and plugh.
1\t0\t7\tAspirin\tChemical\tD001241
1\t12\t24\thypertension\tDisease\tD006973
1\t26\t31\tFever\tDisease\tD006973
1\t33\t38\txyzzy\tDisease\tD999999
1\t43\t48\tplugh\tDisease\t-1
"""


def test_figures(linker: Linker, terminology: Terminology, tmp_path: Path) -> None:
    path = tmp_path / "tiny.PubTator"
    path.write_text(CORPUS)
    types = evaluate_linking(path, linker, terminology)["types"]
    assert types["Chemical"]["accuracy_at_1"] == 1.0
    assert types["Disease"] == {
        "accuracy_at_1": 0.5,
        "in_vocabulary": 0.6667,
        "overall": 0.3333,
        "nil_precision": 1.0,
        "nil_recall": 1.0,
        "support": 4,
    }


def test_another_format_is_refused(linker: Linker, terminology: Terminology, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("no PubTator")
    with pytest.raises(SourceFormatError, match="not a PubTator document"):
        evaluate_linking(path, linker, terminology)
