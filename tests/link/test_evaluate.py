"""The linking figures, on a corpus small enough to count by hand."""

from pathlib import Path

import pytest

from kg.errors import SourceFormatError
from kg.evaluate.linking import evaluate_linking
from kg.link.terminology import Terminology

CORPUS = """1|t|Aspirin and hypertension.
1|a|Fever, xyzzy and plugh; hypertension.
1\t0\t7\tAspirin\tChemical\tD001241
1\t12\t24\thypertension\tDisease\tD006973
1\t26\t31\tFever\tDisease\tD006973
1\t33\t38\txyzzy\tDisease\tD999999
1\t43\t48\tplugh\tDisease\t-1
1\t50\t62\thypertension\tDisease\tD006973|D001241
"""


def test_figures(terminology: Terminology, tmp_path: Path) -> None:
    path = tmp_path / "tiny.PubTator"
    path.write_text(CORPUS)
    types = evaluate_linking(path, terminology)["types"]
    assert types["Chemical"]["accuracy_at_1"] == 1.0
    assert types["Disease"] == {
        "accuracy_at_1": 0.3333,
        "as_biosyn": 0.6667,
        "in_vocabulary": 0.75,
        "overall": 0.25,
        "nil_precision": 1.0,
        "nil_recall": 1.0,
        "support": 5,
        "any_vocabulary": 0.3333,
    }


def test_bioc_gives_the_figures_of_pubtator(terminology: Terminology, tmp_path: Path) -> None:
    tabular, markup = tmp_path / "tiny.PubTator", tmp_path / "tiny.xml"
    tabular.write_text(CORPUS)
    title, abstract, *rows = CORPUS.splitlines()
    passages = [title.split("|")[2], abstract.split("|")[2]]
    annotations = "".join(
        f'<annotation id="{number}"><infon key="type">{kind}</infon><infon key="identifier">{ident}</infon>'
        f'<location offset="{start}" length="{int(end) - int(start)}"/><text>{text}</text></annotation>'
        for number, (_, start, end, text, kind, ident) in enumerate(row.split("\t") for row in rows)
    )
    markup.write_text(
        f"<collection><document><id>1</id><passage><offset>0</offset><text>{passages[0]}</text></passage>"
        f"<passage><offset>{len(passages[0]) + 1}</offset><text>{passages[1]}</text>{annotations}</passage>"
        "</document></collection>"
    )
    assert evaluate_linking(markup, terminology)["types"] == evaluate_linking(tabular, terminology)["types"]


def test_types_are_spelled_as_the_corpus_does_and_answers_are_in_its_vocabularies(
    terminology: Terminology, tmp_path: Path
) -> None:
    path = tmp_path / "tiny.PubTator"
    path.write_text("1|t|Fever.\n1|a|\n1\t0\t5\tFever\tDiseaseOrPhenotypicFeature\tD005334\n")
    result = evaluate_linking(path, terminology)
    assert list(result["types"]) == ["DiseaseOrPhenotypicFeature"]
    assert "answers in MESH;" in result["protocol"]


def test_another_format_is_refused(terminology: Terminology, tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("no PubTator")
    with pytest.raises(SourceFormatError, match="not a PubTator document"):
        evaluate_linking(path, terminology)
