"""An evaluation from corpus to JSON, on an untrained model and on the released one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kg.config import bundled
from kg.errors import DataError
from kg.evaluate.extractor import evaluate_documents, evaluate_extractor, pick_scheme
from kg.evaluate.extractor_card import card
from kg.evaluate.extractor_text import page, report
from kg.extract.extractor import Extractor
from kg.train.corpora import GoldDocument, GoldMention, GoldRelation, read_corpus
from tests.extract.models import write_package

SAMPLES = Path(__file__).parents[1] / "data" / "corpora"


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Extractor:
    return Extractor.load(write_package(tmp_path_factory.mktemp("models") / "extractor"), "cpu")


@pytest.fixture(scope="module")
def released() -> Extractor:
    return Extractor.load(bundled("models/extractor"), "cpu")


@pytest.mark.parametrize(
    ("file", "scheme"),
    [("bc5cdr.PubTator", "BC5CDR"), ("ncbi.PubTator", "NCBI"), ("biored.PubTator", "BioRED"),
     ("drugprot.bioc.xml", "DrugProt"), ("brat", "MACCROBAT")],
)  # fmt: skip
def test_the_scheme_follows_the_names_of_the_types(untrained: Extractor, file: str, scheme: str) -> None:
    assert pick_scheme(untrained, read_corpus(SAMPLES / file)).name == scheme


def test_a_corpus_of_unknown_types_is_refused(untrained: Extractor) -> None:
    document = GoldDocument("1", "Paris", (GoldMention(0, 5, "Paris", "Location"),))
    with pytest.raises(DataError, match="no head"):
        pick_scheme(untrained, [document])


def test_types_are_named_as_the_corpus_spells_them(untrained: Extractor) -> None:
    document = GoldDocument("1", "fever", (GoldMention(0, 5, "fever", "DISEASE"),))
    value = evaluate_documents(untrained, [document], "capitals").as_json()
    assert value["mentions"]["strict"]["DISEASE"]["support"] == 1
    assert "Disease" not in value["mentions"]["strict"]


def test_the_json_has_the_promised_shape(untrained: Extractor) -> None:
    result = evaluate_documents(untrained, read_corpus(SAMPLES / "bc5cdr.PubTator"), "sample")
    value = result.as_json()
    assert set(value) == {"corpus", "protocol", "documents", "mentions", "relations", "calibration"}
    assert value["documents"] == 6
    assert set(value["mentions"]["strict"]) == {"all", "Chemical", "Disease"}
    assert set(value["mentions"]["strict"]["all"]) == {"precision", "recall", "f1", "support"}
    assert value["relations"]["gold_mentions"]["pair"] == value["relations"]["gold_mentions"]["type"]
    assert value["relations"]["gold_mentions"]["pair"]["support"] == 9
    # the untrained model says that every pair is related
    assert value["relations"]["gold_mentions"]["pair"]["recall"] == 1.0
    assert set(value["calibration"]) == {"mentions", "relations"}
    assert "gold mentions, pair" in report(result)
    made = page(result)
    assert made.count("<circle") == len(figures_of(made, "mentions: ")) + len(figures_of(made, "relations, gold "))
    assert len(figures_of(made, "mentions: ")) == len({min(int(10 * score), 9) for score, _ in result.answers})
    assert "<script" not in made
    assert "http" not in made


def test_relations_that_no_head_has_are_told(untrained: Extractor) -> None:
    names = GoldMention(0, 7, "aspirin", "Chemical", ("D1",)), GoldMention(15, 20, "fever", "Disease", ("D2",))

    def evaluated(*kinds: str) -> dict[str, Any]:
        said = tuple(GoldRelation(kind, "D1", "D2") for kind in kinds)
        return evaluate_documents(
            untrained, [GoldDocument("1", "aspirin treats fever", names, said)], "crowd"
        ).as_json()

    one, two = evaluated("treat"), evaluated("treat", "cause")
    assert "relations treat of the corpus are none of this head's: counted as CID" in one["protocol"]
    assert one["relations"]["gold_mentions"]["pair"] == one["relations"]["gold_mentions"]["type"]
    assert one["relations"]["gold_mentions"]["pair"]["f1"] == 1.0
    assert (
        "relations cause, treat of the corpus are none of this head's: only their pairs can be right" in two["protocol"]
    )
    assert [two["relations"]["gold_mentions"][what]["recall"] for what in ("pair", "type")] == [1.0, 0.0]


def figures_of(made: str, name: str) -> list[str]:
    return re.findall(rf"<title>{name}[^<]*, n=(\d+)</title>", made)


def test_the_released_weights_read_what_they_were_trained_on(released: Extractor) -> None:
    """Training documents: this shows that weights, code and lexicon belong together, not how good they are."""
    result = evaluate_documents(released, read_corpus(SAMPLES / "bc5cdr.PubTator"), "sample")
    assert result.strict["all"].f1 > 0.9
    assert result.gold_mentions.pair.f1 > 0.6


def test_the_released_card_speaks_of_the_released_weights(released: Extractor) -> None:
    text = (bundled("models/extractor") / "README.md").read_text(encoding="utf-8")
    assert released.reader.digest[:16] in text
    assert card(bundled("models/extractor"), []).splitlines()[:20] == text.splitlines()[:20]


def test_a_corpus_is_read_from_its_file(untrained: Extractor, tmp_path: Path) -> None:
    model = write_package(tmp_path / "extractor")
    result = evaluate_extractor(SAMPLES / "ncbi.PubTator", model, device="cpu")
    assert result.as_json()["relations"]["end_to_end"]["pair"]["support"] == 0
