"""`kg evaluate belief`: is what is believed to 0.6 true in six cases of ten? Statements against annotated abstracts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.assemble import assemble
from kg.errors import DataError
from kg.evaluate.extractor_counts import ece, reliability
from kg.evaluate.extractor_relations import bare
from kg.extract.merge import KIND_OF
from kg.extract.schemes import LABEL_PREFIX, Scheme, scheme
from kg.model import Concept, Document, Triple, Vote
from kg.schema import LABELS, PREDICATES
from kg.stores.ledger import DocumentReading
from kg.stores.ledger_rows import Origin
from kg.stores.selection import vote_of
from kg.train.corpora import GoldDocument

CORPORA = ("BC5CDR", "BioRED")
PROTOCOL = (
    "dev abstracts, read from their text alone as a build reads them, each a work of its own without publication "
    "types; judged are the statements that something supports, of the predicates and categories that the corpus "
    "annotates (BC5CDR: causes, chemical -> disease; BioRED: what its relation types mean in schemas/predicates.yaml). "
    "True: the document's gold has that very relation between the two concepts, by own or cross-referenced id; a wrong "
    "name, concept or type, a broader disease, and a fact that the annotators left out all count as false, "
    "so that the share true is a lower bound. Statements with a concept that has no id of the corpus's vocabularies "
    "are not judged"
)
_VOCABULARIES = ("MESH", "OMIM", "NCBIGene")  # what the corpora write ids in
_BATCH = 32

Claim = tuple[str, tuple[tuple[str, str], ...]]  # predicate, qualifiers
Read = Callable[[Sequence[Document]], Iterable[DocumentReading]]


@dataclass(frozen=True, slots=True)
class Case:
    """A statement of one document, judged. `true`: the gold has it; `related`: it relates the two in whatever way.

    `readers`: who supports it; `score`: the best of each of them. `certainty`: the surest tone in which it is said.
    """

    corpus: str
    document: str
    triple: Triple
    belief: float
    refuted: bool
    readers: tuple[tuple[str, float], ...]
    certainty: str
    true: bool
    related: bool


@dataclass(frozen=True, slots=True)
class BeliefEvaluation:
    """Judged statements. `unjudged` have a concept without an id that the corpus could have written.

    `refuted` and `supposed` are (true, all) of the statements with refutation, or hypotheses, and no support: they
    have belief 0, which says that nothing speaks for them, not that they are false, and stand apart.
    """

    documents: Mapping[str, int]
    cases: tuple[Case, ...]
    unjudged: int
    refuted: tuple[int, int]
    supposed: tuple[int, int]

    def of(self, corpus: str) -> tuple[Case, ...]:
        """The cases of one corpus."""
        return tuple(case for case in self.cases if case.corpus == corpus)

    def groups(self) -> dict[str, dict[str, tuple[Case, ...]]]:
        """The cases by who alone or together supports them, by certainty, and by predicate."""
        keys: dict[str, Callable[[Case], str]] = {
            "supported_by": lambda case: "+".join(name for name, _ in case.readers),
            "certainty": lambda case: case.certainty,
            "predicates": lambda case: case.triple.predicate,
        }
        return {
            name: {
                value: tuple(c for c in self.cases if key(c) == value) for value in sorted(set(map(key, self.cases)))
            }
            for name, key in keys.items()
        }

    def readers(self) -> dict[str, dict[str, float]]:
        """What each reader's asserted support is worth: see `systematic`."""
        names = sorted({name for case in self.cases for name, _ in case.readers})
        found = {}
        for name in names:
            said = [(score, case.true) for case in self.cases for who, score in case.readers
                    if who == name and case.certainty == "asserted"]  # fmt: skip
            found[name] = {
                "statements": len(said),
                "true_share": _mean(true for _, true in said),
                "mean_score": _mean(score for score, _ in said),
                "systematic": systematic(said),
            }
        return found

    def as_json(self) -> dict[str, Any]:
        """The one value of `--json`; shares in [0, 1]."""
        return {
            "corpus": ", ".join(f"{name} dev" for name in self.documents),
            "protocol": PROTOCOL,
            "documents": sum(self.documents.values()),
            **figures(self.cases),
            "bins": bins(self.cases),
            "readers": self.readers(),
            "corpora": {
                name: {"documents": count, **figures(self.of(name)), "bins": bins(self.of(name))}
                for name, count in self.documents.items()
            },
            **{
                name: {value: figures(cases) for value, cases in groups.items()}
                for name, groups in self.groups().items()
            },
            "unjudged": self.unjudged,
            "only_refuted": {"statements": self.refuted[1], "true": self.refuted[0]},
            "only_supposed": {"statements": self.supposed[1], "true": self.supposed[0]},
        }


def systematic(said: Sequence[tuple[float, bool]]) -> float:
    """The error that a reader's own scores do not foretell: 1 - share true / mean score, at least 0.

    A score that is right about single readings would give 0. What is left (names, concepts, what the annotators call
    a relation) does not go away with further works by the same reader.

    >>> systematic([(0.8, True), (0.8, True), (0.8, False), (0.8, False)])
    0.375
    """
    expected = sum(score for score, _ in said)
    return round(max(0.0, 1 - sum(true for _, true in said) / expected), 4) if expected else 0.0


def figures(cases: Sequence[Case]) -> dict[str, float]:
    """statements, true_share, related_share, mean_belief, ece (ten bins) and brier (Brier 1950, mean squared error)."""
    answers = [(case.belief, case.true) for case in cases]
    return {
        "statements": len(cases),
        "true_share": _mean(case.true for case in cases),
        "related_share": _mean(case.related for case in cases),
        "mean_belief": _mean(case.belief for case in cases),
        "ece": round(ece(answers), 4),
        "brier": _mean((belief - true) ** 2 for belief, true in answers),
    }


def bins(cases: Sequence[Case]) -> list[dict[str, float]]:
    """The tenths of belief that have statements: from, to, statements, mean_belief, true_share."""
    answers = [(case.belief, case.true) for case in cases]
    return [
        {
            "from": number / 10,
            "to": (number + 1) / 10,
            "statements": one.count,
            "mean_belief": round(one.score, 4),
            "true_share": round(one.right, 4),
        }
        for number, one in enumerate(reliability(answers))
        if one.count
    ]


def evaluate_belief(
    gold: Mapping[str, Sequence[GoldDocument]],
    read: Read,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> BeliefEvaluation:
    """Read the documents of each corpus with `read` and judge what is believed. Raises DataError without documents."""
    total = sum(map(len, gold.values()))
    if not total:
        raise DataError("no documents to judge belief by", corpora=", ".join(gold))
    cases: list[Case] = []
    unjudged = done = 0
    refuted, supposed = (0, 0), (0, 0)
    for name, documents in gold.items():
        for start in range(0, len(documents), _BATCH):
            part = documents[start : start + _BATCH]
            for one, reading in zip(part, read([_document(one, name) for one in part]), strict=True):
                for case in _judge(scheme(name), one, reading):
                    if case is None:
                        unjudged += 1
                    elif case.readers:
                        cases.append(case)
                    elif case.refuted:
                        refuted = (refuted[0] + case.true, refuted[1] + 1)
                    else:
                        supposed = (supposed[0] + case.true, supposed[1] + 1)
            done += len(part)
            progress(done, total)
    counts = {name: len(documents) for name, documents in gold.items()}
    return BeliefEvaluation(counts, tuple(cases), unjudged, refuted, supposed)


def _document(gold: GoldDocument, corpus: str) -> Document:
    ident = f"PMID:{gold.id}"
    return Document(ident, ident, gold.text, corpus, "article")


def _claims(annotated: Scheme) -> dict[Claim, set[str]]:
    """What the graph can say of that the corpus annotates -> the relation types that mean it."""
    prefix = LABEL_PREFIX.get(annotated.name, annotated.name)
    claims: dict[Claim, set[str]] = {}
    for kind in annotated.relations:
        meaning = LABELS[f"{prefix}:{kind}"]
        claims.setdefault((PREDICATES[meaning.predicate].curie, meaning.qualifiers), set()).add(kind)
    return claims


def _judge(annotated: Scheme, gold: GoldDocument, reading: DocumentReading) -> Iterator[Case | None]:
    """Judge each statement of the kinds that the corpus annotates; None for one that cannot be judged."""
    claims, kinds = _claims(annotated), dict(annotated.kinds)
    pairs = {frozenset((kinds[one], kinds[two])) for one, two in annotated.pairs}
    concepts = {link.best.concept.id: link.best.concept for link in reading.links if link.best}
    document = reading.document
    origin = Origin(document.source, document.license, document.kind, document.publication_types)
    votes: dict[Triple, list[Vote]] = {}
    for evidence in reading.evidence:
        votes.setdefault(evidence.triple, []).append(vote_of(evidence, origin))
    for triple, said in votes.items():
        subject, obj = concepts[triple.subject], concepts[triple.object]
        types = claims.get((triple.predicate, triple.qualifiers))
        if types is None or frozenset(KIND_OF.get(one.category, "") for one in (subject, obj)) not in pairs:
            continue
        firsts, seconds = _written(subject), _written(obj)
        if not firsts or not seconds:
            yield None
            continue
        found = {
            one.type
            for one in gold.relations
            if (one.first in firsts and one.second in seconds) or (one.first in seconds and one.second in firsts)
        }
        backing = [vote for vote in said if vote.polarity == "supports" and vote.certainty != "hypothesis"]
        best: dict[str, float] = {}
        for vote in backing:
            best[vote.reader] = max(vote.score, best.get(vote.reader, 0.0))
        yield Case(
            corpus=annotated.name,
            document=document.id,
            triple=triple,
            belief=assemble(triple, said).belief,
            refuted=any(vote.polarity == "refutes" for vote in said),
            readers=tuple(sorted(best.items())),
            certainty=min((vote.certainty for vote in backing), default="hypothesis"),  # asserted before hedged
            true=bool(found & types),
            related=bool(found),
        )


def _written(concept: Concept) -> frozenset[str]:
    """The ids of a concept as a corpus writes them; none where it has no id of their vocabularies."""
    ids = (concept.id, *concept.xrefs)
    return frozenset(bare(one) for one in ids if one.partition(":")[0] in _VOCABULARIES)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return round(sum(found) / len(found), 4) if found else 0.0
