"""kg evaluate assertion: figures by hand on hand-written text in the formats of TAC and MACCROBAT."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.errors import DataError
from kg.evaluate.assertion import HALVES, evaluate_assertion, worst
from kg.train.corpora import read_corpus

# drug, text, (reaction, status, the word that makes it so)
LABELS = [
    ("ASPIRA", "Rash was seen with Aspira.", [("Rash", "", "")]),
    ("BELLIX", "No fever was seen.", [("fever", "Negated", "No")]),
    ("CORDAL", "Nausea occurred. Cordal may cause gout.", [("Nausea", "", ""), ("gout", "Hypothetical", "may")]),
    ("DORMEX", "Animals on Dormex had tremor.", [("tremor", "Hypothetical", "Animals")]),
    ("EUPNEL", "Watch for sepsis. Eupnel did not cause asthma.",
     [("sepsis", "Hypothetical", "Watch"), ("asthma", "Negated", "not")]),
    ("FEBRIX", "Avoid gout: a history of gout is no bar.", [("gout", "", "")]),
]  # fmt: skip


def write_label(folder: Path, drug: str, text: str, reactions: list[tuple[str, str, str]]) -> None:
    types = {"No": "Negation", "not": "Negation", "Animals": "Animal"}
    mentions, relations = [], []
    for number, (name, status, word) in enumerate(reactions):
        start = text.rindex(name)
        mentions.append((f"R{number}", "AdverseReaction", start, name))
        if status:
            mentions.append((f"C{number}", types.get(word, "Factor"), text.index(word), word))
            relations.append(f'<Relation id="L{number}" type="{status}" arg1="R{number}" arg2="C{number}" />')
    marks = "".join(
        f'<Mention id="{name}" section="S1" type="{kind}" start="{start}" len="{len(words)}" str="{words}" />'
        for name, kind, start, words in mentions
    )
    (folder / f"{drug}.xml").write_text(
        f'<Label drug="{drug}"><Text><Section name="x" id="S1">{text}</Section></Text>'
        f"<Mentions>{marks}</Mentions><Relations>{''.join(relations)}</Relations></Label>",
        encoding="utf-8",
    )


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    for one in LABELS:
        write_label(tmp_path, *one)
    return tmp_path


def test_what_the_system_says_counts_as_the_nearest_status_of_the_corpus(labels: Path) -> None:
    value = evaluate_assertion(labels).as_json()
    assert value["documents"] == 6
    assert "historical counts as affirmed" in value["protocol"]
    # gold: gout of CORDAL and tremor of DORMEX; the system finds sepsis to be watched for, and fever denied
    assert value["mentions"]["all"]["confusion"]["affirmed"] == {"affirmed": 3, "hypothetical": 0, "negated": 0}
    assert value["mentions"]["all"]["statuses"]["affirmed"]["support"] == 3
    assert value["mentions"]["all"]["because"]["hypothetical: Animal"] == {"recall": 0.0, "support": 1}
    assert value["mentions"]["all"]["because"]["negated: Negation"]["support"] == 2


def test_a_sentence_that_names_the_drug_is_judged_as_a_relation(labels: Path) -> None:
    found = {(one.work, one.gold, one.found) for one in evaluate_assertion(labels).relations}
    assert found == {
        ("ASPIRA", "affirmed", "affirmed"),
        ("CORDAL", "hypothetical", "hypothetical"),
        ("DORMEX", "hypothetical", "affirmed"),
        ("EUPNEL", "negated", "negated"),
    }


def test_halves_are_disjoint_and_errors_are_of_the_first_only(labels: Path) -> None:
    result = evaluate_assertion(labels)
    halves = [{one.work for one in result.mentions if one.half == half} for half in HALVES]
    assert halves == [{"ASPIRA", "DORMEX", "EUPNEL"}, {"BELLIX", "CORDAL", "FEBRIX"}]
    (error,) = worst(result.relations)
    assert error == "hypothetical (Animal), found tremor: affirmed\n    DORMEX: Animals on Dormex had tremor."
    value = result.as_json()["mentions"]
    parts = [value[part]["statuses"]["hypothetical"]["support"] for part in ("all", *HALVES)]
    assert parts == [3, 2, 1]


def brat(folder: Path, *lines: str) -> Path:
    (folder / "1.txt").write_text("No rash; perhaps gout. Blood: 3.", encoding="utf-8")
    marks = ["T1\tSign 3 7\trash", "E1\tSign:T1", "T2\tSign 17 21\tgout", "T3\tLab 30 31\t3"]
    (folder / "1.ann").write_text("\n".join([*marks, *lines]), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "lines",
    [("A1\tPOLARITY E1 NEG", "A2\tPOLARITY T2 UNCERTAIN"), ("A1\tStatus T1 negated", "A2\tStatus T2 hedged")],
)
def test_brat_attributes_are_statuses(tmp_path: Path, lines: tuple[str, ...]) -> None:
    (document,) = read_corpus(brat(tmp_path, *lines))
    assert [one.status for one in document.mentions] == ["negated", "hedged", ""]
    result = evaluate_assertion(tmp_path)
    assert result.types == ("Sign",)
    assert [(one.gold, one.found) for one in result.mentions] == [("negated", "negated"), ("hedged", "hedged")]


def test_the_command_prints_one_value_or_a_report(labels: Path) -> None:
    answer = CliRunner().invoke(app, ["evaluate", "assertion", str(labels), "--json"])
    assert set(json.loads(answer.stdout)) == {"corpus", "protocol", "documents", "mentions", "relations"}
    answer = CliRunner().invoke(app, ["evaluate", "assertion", str(labels), "--errors", "1"])
    assert "second half (only measured), negated" in answer.stdout
    assert "DORMEX: Animals on Dormex had tremor." in answer.stdout


def test_a_corpus_without_statuses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no mention of this corpus has a status"):
        evaluate_assertion(brat(tmp_path))
