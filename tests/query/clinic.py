"""A graph with something for every clinical question: osteoarthritis, its treatments, their risks, and an is-a tree."""

from __future__ import annotations

from pathlib import Path

from kg.model import Concept, Document, Evidence, Reader, Section, Span, Triple
from kg.stores.ledger import DocumentReading
from tests.stores.ledger_samples import build

READER = Reader("extractor", "1", "a" * 64)
ARTHROSIS, ULCER, DUODENAL, BOWEL = "MESH:D010003", "MESH:D010437", "MESH:D004381", "MESH:D004066"
IBUPROFEN, PARACETAMOL, METFORMIN = "MESH:D007052", "MESH:D000082", "MESH:D008687"
DIABETES, TYPE_2, COX2, PAIN, STIFF = "MESH:D003920", "MESH:D003924", "HGNC:9605", "HP:0002829", "HP:0001387"
# Markup, and a letter that takes two units in a JavaScript string: offsets after it must still count code points.
HOSTILE = "<img src=x onerror=alert(1)> & <script>alert(2)</script> 𝛃"

CONCEPTS = {
    concept.id: concept
    for concept in (
        Concept(ARTHROSIS, "Osteoarthritis", "Disease", ("Arthrosis",), xrefs=("DOID:8398",)),
        Concept(BOWEL, "Digestive System Diseases", "Disease"),
        Concept(ULCER, "Peptic Ulcer", "Disease", parents=(BOWEL,)),
        Concept(DUODENAL, "Duodenal Ulcer", "Disease", parents=(ULCER,)),
        Concept(DIABETES, "Diabetes Mellitus", "Disease"),
        Concept(TYPE_2, "Diabetes Mellitus, Type 2", "Disease", parents=(DIABETES,)),
        Concept(IBUPROFEN, "Ibuprofen", "ChemicalEntity"),
        Concept(PARACETAMOL, "Acetaminophen", "ChemicalEntity", ("Paracetamol",)),
        Concept(METFORMIN, "Metformin", "ChemicalEntity"),
        Concept(COX2, "PTGS2", "Gene", ("COX-2",)),
        Concept(PAIN, "Arthralgia", "PhenotypicFeature", ("Joint pain",)),
        Concept(STIFF, "Joint stiffness", "PhenotypicFeature"),
    )
}

# document, kind, published, the sentence, subject, its words, predicate, object, its words, count, total
_SAID = (
    ("NGC:1", "guideline", "2015-06", "Ibuprofen is recommended for osteoarthritis.", IBUPROFEN, "Ibuprofen",
     "treats", ARTHROSIS, "osteoarthritis", None, None),
    ("PMID:11", "article", "2012", "Paracetamol helped in arthrosis.", PARACETAMOL, "Paracetamol",
     "treats_or_applied_or_studied_to_treat", ARTHROSIS, "arthrosis", None, None),
    ("LABEL:1", "label", "2010-01-31", "Ibuprofen: not in peptic ulcer.", IBUPROFEN, "Ibuprofen",
     "contraindicated_in", ULCER, "peptic ulcer", None, None),
    ("PMID:12", "article", "2008", "Ibuprofen inhibits COX-2.", IBUPROFEN, "Ibuprofen",
     "affects", COX2, "COX-2", None, None),
    ("PMID:13", "article", "2011", "COX-2 is raised in osteoarthritis.", COX2, "COX-2",
     "gene_associated_with_condition", ARTHROSIS, "osteoarthritis", None, None),
    ("PMID:14", "article", "2013", f"{HOSTILE} ibuprofen causes duodenal ulcer.", IBUPROFEN, "ibuprofen",
     "causes", DUODENAL, "duodenal ulcer", None, None),
    ("PMID:15", "case", "2016", "34 of 40 with osteoarthritis had joint pain.", ARTHROSIS, "osteoarthritis",
     "has_phenotype", PAIN, "joint pain", 34, 40),
    ("PMID:16", "case", "2017", "Joint pain in 12 of 20, osteoarthritis.", ARTHROSIS, "osteoarthritis",
     "has_phenotype", PAIN, "Joint pain", 12, 20),
    ("PMID:17", "article", "2018", "Osteoarthritis makes joints stiff.", ARTHROSIS, "Osteoarthritis",
     "has_phenotype", STIFF, "joints stiff", None, None),
    ("NGC:2", "guideline", "2019", "Metformin first in type 2 diabetes.", METFORMIN, "Metformin",
     "treats", TYPE_2, "type 2 diabetes", None, None),
)  # fmt: skip


def clinic_ledger(folder: Path) -> Path:
    """Build the ledger of the clinic's graph in a folder and return the folder."""
    build(folder, [reading(*said) for said in _SAID])
    return folder


def reading(
    name: str, kind: str, published: str, text: str, subject: str, subject_words: str, predicate: str, obj: str,
    object_words: str, count: int | None, total: int | None,
) -> DocumentReading:  # fmt: skip
    """Read one statement in a document of one sentence."""
    whole = Span(0, len(text))
    document = Document(
        name, name, text, "test", kind, title=f"{HOSTILE[:28]} {name}", sections=(Section("abstract", "", whole),),
        url=f"https://example.org/{name}", published=published, version="1",
    )  # type: ignore[arg-type]  # fmt: skip
    spans = [Span(at, at + len(words)) for words in (subject_words, object_words) if (at := text.index(words)) >= 0]
    evidence = Evidence(
        Triple(subject, f"biolink:{predicate}", obj), name, name, document.text_hash, READER, 0.9, "abstract", whole,
        text, spans[0], spans[1], terminology="t1", count=count, total=total,
    )  # fmt: skip
    # Readers bring the concepts of the evidence with everything that these are a kind of.
    brought, level = {subject, obj}, {subject, obj}
    while level:
        level = {parent for id in level for parent in CONCEPTS[id].parents} - brought
        brought |= level
    return DocumentReading(document, "k", evidence=(evidence,), concepts=tuple(CONCEPTS[id] for id in sorted(brought)))
