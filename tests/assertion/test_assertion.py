"""Statuses, polarity and certainty in whole sentences; cues are spans of the text; nothing denied becomes support."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assertion import assess, judge
from kg.model import Document, DocumentKind, Mention, Reader, Reading, Segmented, Sentence, Span

Marked = Callable[[str], tuple[Segmented, list[Mention]]]
READER = Reader("test", "1", "0")


def reading(subject: Mention, obj: Mention) -> Reading:
    return Reading(subject.document, subject, "CID", obj, 0.9, READER)


@pytest.mark.parametrize(
    ("text", "statuses", "cues"),
    [
        ("No [fever], [cough] or [rash] but [nausea].", ["negated"] * 3 + ["affirmed"], ["No"] * 3 + [None]),
        ("His father had [gout]; he has [asthma].", ["family", "affirmed"], ["His father", None]),
        ("Without [fever], he had [rash].", ["negated", "affirmed"], ["Without", None]),
        ("A history of [stroke] and suspected [dementia].", ["historical", "hedged"], ["history of", "suspected"]),
        ("[Rash] was seen in two patients.", ["affirmed"], [None]),
        ("No evidence of [rash].", ["negated"], ["No evidence of"]),
        ("If [rash] occurs, stop; watch for [fever].", ["conditional", "hypothetical"], ["If", "watch for"]),
    ],
)
def test_statuses(marked: Marked, text: str, statuses: list[str], cues: list[str | None]) -> None:
    segmented, mentions = marked(text)
    found = assess(segmented, mentions)
    assert [one.status for one in found] == statuses
    assert [one.cue.of(segmented.document.text) if one.cue else None for one in found] == cues


@pytest.mark.parametrize(
    ("text", "polarity", "certainty", "cue"),
    [
        ("[Aspirin] causes [bleeding].", "supports", "asserted", None),
        ("[Aspirin] did not cause [bleeding].", "refutes", "asserted", "not"),
        ("[Aspirin] treatment led to no evidence of [rash].", "refutes", "asserted", "no evidence of"),
        ("Does [aspirin] cause [asthma]?", "supports", "hypothesis", "?"),
        ("[Aspirin] may not cause [asthma].", "refutes", "asserted", "not"),
        ("[Clonidine] patients are monitored for [hypotension].", "supports", "asserted", None),
        ("Whether [adenosine]-induced [dyspnea] is altered was asked.", "supports", "asserted", None),
        ("There was no [adenosine]-induced [dyspnea].", "refutes", "asserted", "no"),
        ("It helped without worsening [levodopa]-induced [dyskinesia].", "supports", "asserted", None),
        ("[Metoprolol] did not reduce [mortality].", "refutes", "asserted", "not"),
        (
            "No difference between [aspirin] and heparin in [stroke] was seen.",
            "supports",
            "hypothesis",
            "No difference",
        ),
        ("No difference between [aspirin] and placebo in [stroke] was seen.", "refutes", "asserted", "No difference"),
        ("[Aspirin] might cause [asthma].", "supports", "hedged", "might"),
        ("It was designed to test whether [aspirin] causes [asthma].", "supports", "hypothesis", "designed to"),
    ],
)
def test_readings(marked: Marked, text: str, polarity: str, certainty: str, cue: str | None) -> None:
    segmented, mentions = marked(text)
    subject, obj = assess(segmented, mentions)
    (judged,) = judge(segmented, [reading(subject, obj)])
    assert (judged.polarity, judged.certainty) == (polarity, certainty)
    if cue is None:
        assert judged.cue is None
    else:
        assert judged.cue is not None
        assert cue in judged.cue.of(segmented.document.text)


@pytest.mark.parametrize(("own", "polarity"), [("not", "supports"), (None, "refutes")])
def test_a_word_that_the_reader_has_read_itself_turns_nothing_again(
    marked: Marked, own: str | None, polarity: str
) -> None:
    segmented, mentions = marked("[Aspirin] should not be used in patients with [asthma].")
    start = segmented.document.text.index("not")
    cue = Span(start, start + 3) if own else None
    subject, obj = assess(segmented, mentions)
    (judged,) = judge(segmented, [replace(reading(subject, obj), cue=cue)])
    assert judged.polarity == polarity


@pytest.mark.parametrize(
    ("text", "label", "kind", "certainty"),
    [
        ("We evaluated [hydroxyurea] in the treatment of [anemia].", "pattern:treats", "article", "asserted"),
        ("We evaluated [hydroxyurea] in the treatment of [anemia].", "pattern:treats", "guideline", "hypothesis"),
        ("We evaluated [hydroxyurea] in the prevention of [anemia].", "pattern:prevents", "article", "hypothesis"),
        ("We assessed whether [hydroxyurea] is effective in [anemia].", "pattern:treats", "article", "hypothesis"),
        ("[Hydroxyurea] may be effective in [anemia].", "pattern:treats", "article", "hedged"),
    ],
)
def test_a_study_supports_only_what_claims_no_more(
    marked: Marked, text: str, label: str, kind: DocumentKind, certainty: str
) -> None:
    segmented, mentions = marked(text)
    segmented = replace(segmented, document=replace(segmented.document, kind=kind))
    subject, obj = assess(segmented, mentions)
    (judged,) = judge(segmented, [replace(reading(subject, obj), label=label)])
    assert (judged.polarity, judged.certainty) == ("supports", certainty)


def test_a_relation_over_two_sentences_takes_the_status_of_its_arguments(marked: Marked) -> None:
    segmented, mentions = marked("[Aspirin] was given. There was no [bleeding].")
    subject, obj = assess(segmented, mentions)
    (judged,) = judge(segmented, [reading(subject, obj)])
    assert judged.polarity == "refutes"


def test_a_mention_outside_all_sentences_is_left_alone() -> None:
    document = Document("d", "d", "No fever.", "test", "article")
    mention = Mention("d", Span(3, 8), "fever", "PhenotypicFeature", 1.0)
    assert assess(Segmented(document, (), ()), [mention]) == (mention,)


WORDS = ["no", "evidence", "of", "not", "may", "but", ",", "history", "if", "whether", "cause", "failed", "to", "we"]


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.integers(0, 12), st.integers(0, 12))
@settings(max_examples=200, deadline=None)
def test_laws(words: list[str], one: int, other: int) -> None:
    for place, name in ((min(one, len(words)), "aspirin"), (min(other, len(words)), "asthma")):
        words.insert(place, name)
    text = " ".join(words)
    tokens, at = [], 0
    for word in words:
        tokens.append(Span(at, at + len(word)))
        at += len(word) + 1
    segmented = Segmented(
        Document("d", "d", text, "test", "article"), (Sentence("d", Span(0, len(text)), "", tuple(tokens)),), ()
    )
    mentions = [
        Mention("d", token, token.of(text), "Disease", 1.0)
        for token in tokens
        if token.of(text) in ("aspirin", "asthma")
    ]
    assessed = assess(segmented, mentions)
    assert [replace(m, status="affirmed", cue=None) for m in assessed] == mentions
    assert assess(segmented, mentions[::-1]) == assessed[::-1]
    (judged,) = judge(segmented, [reading(assessed[0], assessed[1])])
    (turned,) = judge(segmented, [reading(assessed[1], assessed[0])])
    assert (judged.polarity, judged.certainty) == (turned.polarity, turned.certainty)
    if any(m.status == "negated" for m in assessed):
        assert judged.polarity == "refutes"
    if any(m.status == "hedged" for m in assessed):
        assert (judged.polarity, judged.certainty) != ("supports", "asserted")
