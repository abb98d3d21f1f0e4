"""Mapping sets (SSSOM, https://mapping-commons.github.io/sssom): which ids of two vocabularies mean the same.

A mapping is evidence, never a merge: concepts are joined where the terminology is built (``kg terminology build``),
and there only (docs/adr/mappings-are-evidence.md). One document for what a set says
of one subject; its work is the set.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from kg.model import Document, Reader, Rejection
from kg.schema import CATEGORIES, COVERED, PREFIXES
from kg.sources.curated.curies import spelt
from kg.sources.curated.rows import Key, Row, Sorter, Unusable, keep, table_rows
from kg.sources.curated.said import CuratedDocument, Named, Said, lay_out
from kg.sources.stream import Stream

COLUMNS = ("subject_id", "predicate_id", "object_id")
# What a predicate becomes, and whether its arguments change places. The weaker of two Biolink predicates is taken.
_PREDICATES = {
    "skos:exactMatch": ("exact_match", False),
    "owl:sameAs": ("exact_match", False),
    "owl:equivalentClass": ("exact_match", False),
    "skos:closeMatch": ("close_match", False),
    "skos:broadMatch": ("broad_match", False),
    "skos:narrowMatch": ("broad_match", True),
}
# Who decided, in Biolink's words; any other justification says neither.
_JUSTIFIED = {
    "semapv:ManualMappingCuration": ("knowledge_assertion", "manual_agent"),
    "semapv:MappingReview": ("knowledge_assertion", "manual_agent"),
    "semapv:LogicalReasoning": ("logical_entailment", "automated_agent"),
    "semapv:LexicalMatching": ("prediction", "automated_agent"),
    "semapv:SemanticSimilarityThresholdMatching": ("prediction", "computational_model"),
}
_HEADER = re.compile(r"^#(?: ?(\w+): *(\S.*)| +([\w.-]+): *(\S+))$", re.MULTILINE)


def read(stream: Stream) -> Iterator[CuratedDocument | Rejection]:
    """Yield the mappings of a set, subject by subject; a predicate that relates no meanings is refused by name."""
    file = stream.file.name
    told, prefixes = _header(stream.head.decode("utf-8", "replace"))
    with Sorter() as kept:
        broken = yield from keep(table_rows(stream), file, kept, lambda row: _mapping(row, prefixes))
        for (subject,), rows in kept.groups():
            yield _document(subject, list(rows), told, file)
    if broken is not None:
        raise broken


def _header(head: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the comment before the table says of the set, and which of its prefixes are ours under another name.

    The header is YAML, of which only flat pairs are used: no parser that a hostile file could busy.
    """
    comment = "\n".join(line for line in head.lstrip("\ufeff").splitlines() if line.startswith("#"))
    names = {iri: prefix for prefix, iri in PREFIXES.items()}
    told, prefixes = {}, {}
    for found in _HEADER.finditer(comment):
        if found[1]:
            told[found[1]] = found[2].strip().strip("\"'")
        elif found[4].strip("\"'") in names:
            prefixes[found[3]] = names[found[4].strip("\"'")]
    return told, prefixes


def _version(told: str) -> str:
    """The date of a release that is named by its address, as OBO's are."""
    found = re.search(r"\d{4}-\d{2}-\d{2}", told)
    return found[0] if found else re.sub(r"[^\w.-]+", "-", told)[:80]


def _mapping(row: Row, prefixes: dict[str, str]) -> Iterator[tuple[Key, list[str]]]:
    """Yield both ends with name and category and the predicate between them; polarity, strength, score and text."""
    said = row.text("predicate_id")
    if said not in _PREDICATES:
        raise Unusable("unknown_predicate", f"{said[:80] or 'no predicate'}: not one of {', '.join(_PREDICATES)}")
    predicate, turned = _PREDICATES[said]
    ends = []
    for end in ("subject", "object"):
        prefix, _, local = row.text(f"{end}_id").partition(":")
        category = row.text(f"{end}_category").removeprefix("biolink:")
        ends.append([
            spelt(f"{prefixes.get(prefix, prefix)}:{local}", f"the id of a {end}"), row.text(f"{end}_label"),
            COVERED.get(category, category if category in CATEGORIES else ""),
        ])  # fmt: skip
    modifier = row.text("predicate_modifier")
    if modifier not in ("", "Not"):
        raise ValueError(f"predicate_modifier must be Not or empty, not {modifier[:40]!r}")
    confidence = float(row.text("confidence") or 1)
    if not 0 <= confidence <= 1:
        raise ValueError(f"confidence must lie in [0, 1], not {confidence}")
    justification = row.text("mapping_justification")
    level, agent = _JUSTIFIED.get(justification, ("not_provided", "not_provided"))
    strength = [f"knowledge_level {level}", f"agent_type {agent}"]
    if re.fullmatch(r"[\w:.-]{1,80}", justification):
        strength.append(f"justification {justification}")
    first, second = reversed(ends) if turned else ends
    text = " | ".join(f"{name}: {' '.join(row.one(name).split())}" for name in row.cells)
    polarity = "refutes" if modifier else "supports"
    yield (first[0],), [*first, predicate, *second, polarity, "; ".join(strength), f"{confidence:.3f}", text]


def _document(subject: str, rows: list[list[str]], told: dict[str, str], file: str) -> CuratedDocument:
    work = told.get("mapping_set_id") or f"file:{file.rpartition('/')[2]}"
    version = _version(told.get("mapping_set_version", ""))
    text, spans = lay_out([row[-1] for row in rows])
    document = Document(
        id=f"sssom:{subject}:{work}", work=work, text=text, source="sssom", kind="knowledge_base",
        title=f"Mappings of {rows[0][1] or subject}", version=version, license=told.get("license", ""),
    )  # fmt: skip
    said = []
    for row, span in zip(rows, spans, strict=True):
        id, name, category, predicate, other, other_name, other_category, polarity, strength, score, _ = row
        said.append(
            Said(
                Named(id, name, category), f"biolink:{predicate}", Named(other, other_name, other_category), span,
                "refutes" if polarity == "refutes" else "supports", strength, score=float(score),
            )
        )  # fmt: skip
    reader = Reader("sssom", version or "1", hashlib.sha256(f"sssom {version}".encode()).hexdigest())
    return CuratedDocument(document, reader, tuple(said))
