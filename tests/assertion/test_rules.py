"""Every rule's examples, and the laws that hold for all rules."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.assertion import assess, judge
from kg.assertion.rules import Rule, rules
from kg.config import Settings
from kg.model import Mention, Reader, Reading, Segmented
from kg.readers import Readers

Marked = Callable[[str], tuple[Segmented, list[Mention]]]
READER = Reader("test", "1", "0")
VERDICTS = {
    "negated": ("refutes", "asserted"),
    "hedged": ("supports", "hedged"),
    "hypothetical": ("supports", "hypothesis"),
}
CASES = [
    (rule, text, expected)
    for rule in rules().rules
    for expected in (True, False)
    for text in (rule.applies if expected else rule.spares)
]


@pytest.mark.parametrize(("rule", "text", "expected"), CASES, ids=[f"{r.id}: {t}" for r, t, _ in CASES])
def test_examples(marked: Marked, rule: Rule, text: str, expected: bool) -> None:
    segmented, mentions = marked(text)
    if "mention" in rule.of and (rule.status != "none" or len(mentions) < 2):
        statuses = [one.status for one in assess(segmented, mentions)]
        assert [one == rule.status for one in statuses] == [expected] * len(mentions), statuses
    else:
        (judged,) = judge(segmented, [Reading("d", mentions[0], "causes", mentions[1], 0.9, READER)])
        verdict = (judged.polarity, judged.certainty)
        assert verdict == (VERDICTS[rule.status] if expected else ("supports", "asserted"))


def test_every_rule_has_examples() -> None:
    for rule in rules().rules:
        assert rule.spares, rule.id
        assert rule.applies or rule.status == "none", rule.id


@pytest.mark.parametrize("name", ["rules.yaml", "numbers.yaml", "status.py"])
def test_documents_are_read_again_when_the_rules_change(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Readers(Settings()).key
    shutil.copytree(Path(kg.__file__).parent, tmp_path / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("kg.readers.__file__", str(tmp_path / "kg" / "readers.py"))
    assert Readers(Settings()).key == before
    with (tmp_path / "kg" / "assertion" / name).open("a", encoding="utf-8") as file:
        file.write("# another rule\n")
    assert Readers(Settings()).key != before
