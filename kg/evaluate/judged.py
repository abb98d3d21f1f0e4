"""``kg evaluate evidence``: is what stands in a graph in its sentences? Evidence against the verdicts of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.assemble.frequency import frequency
from kg.errors import DataError
from kg.model import Span
from kg.query import KnowledgeGraph
from kg.query.results import EvidenceResult, StatementResult

RIGHT = "right"
VERDICTS = (RIGHT, "relation", "name", "link", "polarity", "certainty")
_KEY = (
    "subject", "subject_id", "predicate", "qualifiers", "object", "object_id", "polarity", "certainty", "sentence",
)  # fmt: skip
COLUMNS = ("verdict", *_KEY, "document")
_EVERYTHING = 1_000_000

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence as a row to be judged, with its reader and the verdict, ``""`` where nobody judged it."""

    statement: str
    reader: str
    row: Row
    verdict: str


@dataclass(frozen=True, slots=True)
class JudgedGraph:
    """The evidence of a graph that was read in sentences, and the belief of each statement that something supports."""

    pieces: tuple[Piece, ...]
    beliefs: Mapping[str, float]

    def unjudged(self) -> Iterator[Row]:
        """Yield what nobody judged as rows to be filled in, each once, by document."""
        missing = {_key(piece.row): piece.row for piece in self.pieces if not piece.verdict}
        yield from sorted(missing.values(), key=lambda row: [row["document"], row["sentence"], *_key(row)])

    def statements(self) -> dict[str, bool | None]:
        """Say of every supported statement whether a supporting piece is right; None: no verdict settles it."""
        verdicts: dict[str, list[str]] = {}
        for piece in self.pieces:
            if piece.row["polarity"] == "supports" and piece.row["certainty"] != "hypothesis":
                verdicts.setdefault(piece.statement, []).append(piece.verdict)
        return {
            statement: True if RIGHT in said else None if "" in said else False
            for statement, said in verdicts.items()
            if self.beliefs[statement] > 0
        }

    def as_json(self) -> dict[str, Any]:
        """Precision by reader and by predicate with 95 % intervals, the errors, and statements beside their belief."""
        readers = sorted({piece.reader for piece in self.pieces})
        found: dict[str, Any] = {"all": precision(self.pieces)}
        for reader in readers:
            own = [piece for piece in self.pieces if piece.reader == reader]
            found[reader] = precision(own)
            for predicate in sorted({piece.row["predicate"] for piece in own}):
                found[f"{reader} {predicate}"] = precision(p for p in own if p.row["predicate"] == predicate)
        errors = {
            reader: dict(Counter(p.verdict for p in self.pieces if p.reader == reader and p.verdict not in (RIGHT, "")))
            for reader in readers
        }
        return {"evidence": found, "errors": errors, "statements": self._beliefs(readers)}

    def _beliefs(self, readers: Iterable[str]) -> dict[str, Any]:
        truth = self.statements()
        groups = {"all": truth}
        for reader in readers:
            alone = {s for s in truth if {piece.reader for piece in self.pieces if piece.statement == s} == {reader}}
            groups[f"{reader} alone"] = {s: true for s, true in truth.items() if s in alone}
        return {name: self._belief(group) for name, group in groups.items()}

    def _belief(self, truth: Mapping[str, bool | None]) -> dict[str, Any]:
        settled = [statement for statement, true in truth.items() if true is not None]
        mean = sum(self.beliefs[statement] for statement in settled) / len(settled) if settled else 0.0
        return _share(sum(truth[s] is True for s in settled), len(settled), len(truth)) | {
            "mean_belief": round(mean, 3)
        }


def precision(pieces: Iterable[Piece]) -> dict[str, Any]:
    """Return how many pieces are right of those judged, the share with Wilson's 95 % interval, and all there are."""
    verdicts = [piece.verdict for piece in pieces]
    return _share(verdicts.count(RIGHT), sum(map(bool, verdicts)), len(verdicts))


def _share(right: int, judged: int, of: int) -> dict[str, Any]:
    counted: dict[str, Any] = {"right": right, "judged": judged, "of": of}
    if judged:
        pooled = frequency(right, judged)
        counted |= {"precision": pooled.share, "low": pooled.low, "high": pooled.high}
    return counted


def judged_graph(graph: KnowledgeGraph, judgements: Path) -> JudgedGraph:
    """Look every piece of evidence up in a file of verdicts, by its words, its claim and its tone.

    Not by offsets: a sentence that three formats of a guideline hold is judged once, and what another version of a
    reader says of the same words keeps its verdict. Raises DataError for a file that is none of verdicts.
    """
    verdicts = read_verdicts(judgements)
    pieces: list[Piece] = []
    beliefs: dict[str, float] = {}
    for statement in graph.statements(limit=_EVERYTHING):
        beliefs[statement.id] = statement.belief
        for evidence in graph.evidence(statement.id):
            if evidence.sentence and evidence.subject and evidence.object:
                row = _row(statement, evidence, evidence.sentence.start, evidence.subject, evidence.object)
                reader = evidence.reader.split("/")[0]
                pieces.append(Piece(statement.id, reader, row, verdicts.get(_key(row), "")))
    return JudgedGraph(tuple(pieces), beliefs)


def read_verdicts(path: Path) -> dict[tuple[str, ...], str]:
    """Read a tab-separated file with the columns COLUMNS. Raises DataError for others, or an unknown verdict."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        raise DataError("not a file of verdicts: its first line must name the columns", file=path, columns=COLUMNS)
    found: dict[tuple[str, ...], str] = {}
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or cells[0] not in VERDICTS:
            raise DataError("not a verdict", file=path, line=number, verdicts=VERDICTS)
        found[_key(dict(zip(COLUMNS, cells, strict=True)))] = cells[0]
    return found


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write rows in the columns of a file of verdicts, those without a verdict with an empty one."""
    lines = ["\t".join(COLUMNS), *("\t".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in _KEY)


def _row(statement: StatementResult, evidence: EvidenceResult, start: int, subject: Span, obj: Span) -> Row:
    names = {name: _plain(span.shifted(-start).of(evidence.text)) for name, span in
             (("subject", subject), ("object", obj))}  # fmt: skip
    return names | {
        "subject_id": statement.subject,
        "predicate": statement.predicate.removeprefix("biolink:"),
        "qualifiers": " ".join(f"{key}={value}" for key, value in statement.qualifiers),
        "object_id": statement.object,
        "polarity": evidence.polarity,
        "certainty": evidence.certainty,
        "sentence": _plain(evidence.text),
        "document": evidence.document,
    }


def _plain(text: str) -> str:
    return " ".join(text.split())
