"""From a ledger to ReportData, in a few streams; memory holds tallies and the few statements that are shown."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kg.assemble import contradictions
from kg.model import Concept, Evidence, RunReport, Span, Statement
from kg.report.data import Quote, ReportData, Shown
from kg.report.neighbourhoods import Tied, densest
from kg.stores.ledger import HeldDocument, Ledger

STRONGEST = 12
PER_PREDICATE = 3
CONTRADICTIONS = 10
REJECTIONS = 100
CANDIDATES = 3000
_STEPS = (1, 2, 3, 5, 10, 20, 50, 100)


@dataclass(slots=True)
class _Held:
    """The tallies over documents."""

    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    retracted: dict[str, tuple[str, str, str]] = field(default_factory=dict)


def collect(ledger: Ledger, run: RunReport) -> ReportData:
    """Count what the ledger holds and choose what is shown. Equal ledgers and runs give equal data."""
    leading, both, predicates, beliefs = _statements(ledger.statements())
    contradicted = contradictions(both)
    strongest = _strongest(leading)
    chosen = {statement.id: statement for statement in (*strongest, *contradicted[:CONTRADICTIONS])}
    tied = densest([Tied(s.triple.subject, s.triple.predicate, s.triple.object, s.belief) for s in leading])
    names = {curie for statement in chosen.values() for curie in (statement.triple.subject, statement.triple.object)}
    names.update(curie for panel in tied for curie in panel.nodes)
    concepts = {concept.id: concept for concept in ledger.concepts() if concept.id in names}
    per_work, per_reader, terminologies = _evidences(ledger.evidences())
    quotes = _quotes(ledger.evidences(chosen))
    wanted = {evidence.document for found in quotes.values() for evidence in found}
    held = _documents(ledger.documents(), wanted)

    def show(statement: Statement) -> Shown:
        found = tuple(_quote(evidence, held.titles) for evidence in quotes.get(statement.id, ()))
        return _shown(statement, concepts, found)

    return ReportData(
        totals=run.totals,
        new=run.new,
        read=run.read,
        seconds=run.seconds,
        documents=_tally(held.kinds),
        languages=_tally(held.languages),
        mentions=_mentions(ledger),
        predicates=_tally(predicates),
        beliefs=beliefs,
        evidence_per_work=_steps(per_work.values()),
        evidence_per_reader=_tally(per_reader),
        readers=run.readers,
        terminologies=tuple(sorted(terminologies)),
        rejections=run.rejections[:REJECTIONS],
        rejected=len(run.rejections),
        strongest=tuple(map(show, strongest)),
        contradictions=tuple(map(show, contradicted[:CONTRADICTIONS])),
        contradicted=len(contradicted),
        retracted=tuple(held.retracted[work] for work in sorted(held.retracted)),
        neighbourhoods=tuple(
            panel.named({curie: (_name(concepts, curie), _category(concepts, curie)) for curie in panel.nodes})
            for panel in tied
        ),
    )


def _statements(
    statements: Iterable[Statement],
) -> tuple[list[Statement], list[Statement], Counter[str], tuple[int, ...]]:
    """Return the leading statements (strongest first), the contradicted ones, and the two tallies."""
    leading: list[tuple[float, int, str, Statement]] = []
    both: list[Statement] = []
    predicates: Counter[str] = Counter()
    bins = [0] * 10
    for statement in statements:
        predicates[statement.triple.predicate.removeprefix("biolink:")] += 1
        bins[min(int(statement.belief * 10), 9)] += 1
        if min(statement.support, statement.refute) > 0:
            both.append(statement)
        ranked = (statement.belief, len(statement.works), statement.id, statement)
        if len(leading) < CANDIDATES:
            heapq.heappush(leading, ranked)
        else:
            heapq.heappushpop(leading, ranked)
    ordered = sorted(leading, key=lambda item: (-item[0], -item[1], item[2]))
    return [item[3] for item in ordered], both, predicates, tuple(bins)


def _strongest(leading: list[Statement]) -> list[Statement]:
    """Choose the strongest, few of each predicate first, so that the page shows what kinds of claims there are."""
    taken: Counter[str] = Counter()
    first: list[Statement] = []
    rest: list[Statement] = []
    for statement in leading:
        if statement.belief <= 0:
            continue
        taken[statement.triple.predicate] += 1
        (first if taken[statement.triple.predicate] <= PER_PREDICATE else rest).append(statement)
    chosen = (first + rest)[:STRONGEST]
    return sorted(chosen, key=lambda s: (-s.belief, -len(s.works), s.id))


def _evidences(evidences: Iterable[Evidence]) -> tuple[Counter[str], Counter[str], set[str]]:
    per_work: Counter[str] = Counter()
    per_reader: Counter[str] = Counter()
    terminologies: set[str] = set()
    for evidence in evidences:
        per_work[evidence.work] += 1
        per_reader[evidence.reader.name] += 1
        if evidence.terminology:
            terminologies.add(evidence.terminology)
    return per_work, per_reader, terminologies


def _quotes(evidences: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """Return the best supporting and the best refuting evidence of each statement."""
    best: dict[tuple[str, str], Evidence] = {}
    for evidence in evidences:
        place = (evidence.triple.id, evidence.polarity)
        if place not in best or _quality(evidence) < _quality(best[place]):
            best[place] = evidence
    found: dict[str, list[Evidence]] = {}
    for (triple, _), evidence in sorted(best.items(), key=lambda item: (item[0][0], item[0][1] == "refutes")):
        found.setdefault(triple, []).append(evidence)
    return found


def _quality(evidence: Evidence) -> tuple[bool, bool, bool, float, int, str]:
    """Order evidence for quoting: a graded, certain, surely read and short sentence first."""
    certain = evidence.certainty == "asserted"
    return not evidence.text, not certain, not evidence.strength, -evidence.score, len(evidence.text), evidence.id


def _documents(documents: Iterable[HeldDocument], wanted: set[str]) -> _Held:
    held = _Held()
    for document in documents:
        held.kinds[document.kind] += 1
        held.languages[document.language] += 1
        if document.id in wanted:
            held.titles[document.id] = document.title
        if document.state != "current":
            held.retracted.setdefault(document.work, (document.work, document.title, document.state_reason))
    return held


def _mentions(ledger: Ledger) -> tuple[tuple[str, int, int], ...]:
    tally: Counter[tuple[str, bool]] = Counter((m.category, m.concept is not None) for m in ledger.mentions())
    categories = sorted({category for category, _ in tally})
    rows = [(category, tally[category, True], tally[category, False]) for category in categories]
    return tuple(sorted(rows, key=lambda row: (-row[1] - row[2], row[0])))


def _tally(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _steps(counts: Iterable[int]) -> tuple[tuple[str, int], ...]:
    """Count numbers in steps: 1, 2, 3-4, 5-9, ... 100 and more; trailing empty steps are left out."""
    bins = [0] * len(_STEPS)
    for count in counts:
        bins[sum(1 for step in _STEPS if step <= count) - 1] += 1
    labels = list(_step_labels())
    last = max((at for at, number in enumerate(bins) if number), default=-1)
    return tuple(zip(labels[: last + 1], bins[: last + 1], strict=True))


def _step_labels() -> Iterator[str]:
    for low, high in zip(_STEPS, (*_STEPS[1:], 0), strict=True):
        yield f"{low}+" if not high else str(low) if high == low + 1 else f"{low}-{high - 1}"


def _name(concepts: dict[str, Concept], curie: str) -> str:
    return concepts[curie].name if curie in concepts else curie


def _category(concepts: dict[str, Concept], curie: str) -> str:
    return concepts[curie].category if curie in concepts else ""


def _shown(statement: Statement, concepts: dict[str, Concept], quotes: tuple[Quote, ...]) -> Shown:
    triple = statement.triple
    return Shown(
        id=statement.id,
        subject=_name(concepts, triple.subject),
        subject_category=_category(concepts, triple.subject),
        predicate=triple.predicate.removeprefix("biolink:"),
        object=_name(concepts, triple.object),
        object_category=_category(concepts, triple.object),
        belief=statement.belief,
        support=statement.support,
        refute=statement.refute,
        works=len(statement.works),
        evidence=len(statement.evidence),
        quotes=quotes,
    )


def _quote(evidence: Evidence, titles: dict[str, str]) -> Quote:
    subject, obj = (_inside(evidence, span) for span in (evidence.subject_span, evidence.object_span))
    return Quote(
        text=evidence.text,
        subject=subject,
        object=obj,
        document=evidence.document,
        title=titles.get(evidence.document, ""),
        section=evidence.section,
        reader=evidence.reader.name,
        polarity=evidence.polarity,
        certainty=evidence.certainty,
        score=evidence.score,
        strength=evidence.strength,
    )


def _inside(evidence: Evidence, span: Span | None) -> Span | None:
    """Return a place in the document as a place in the quoted text; None where it lies outside."""
    if span is None or evidence.sentence is None or not evidence.sentence.covers(span):
        return None
    return span.shifted(-evidence.sentence.start)
