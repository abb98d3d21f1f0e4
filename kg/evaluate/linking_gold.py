"""Gold for linking: mentions with the ids that people gave them, from PubTator and BioC files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from kg.errors import SourceFormatError
from kg.link.learned import Linked
from kg.link.readers.markup import records
from kg.model import Document, Mention, Span

_LINE = re.compile(r"(\d+)\|([ta])\|(.*)")
_TYPES = {
    "Disease": "Disease",
    "SpecificDisease": "Disease",
    "DiseaseClass": "Disease",
    "Modifier": "Disease",
    "CompositeMention": "Disease",
    "DiseaseOrPhenotypicFeature": "Disease",
    "Chemical": "ChemicalEntity",
    "ChemicalEntity": "ChemicalEntity",
    "GeneOrGeneProduct": "Gene",
    "OrganismTaxon": "OrganismTaxon",
    "CellLine": "CellLine",
    "SequenceVariant": "SequenceVariant",
}
_NCBI_DISEASE = ("SpecificDisease", "DiseaseClass", "Modifier", "CompositeMention")
_PREFIXES = {"mesh": "MESH", "MeSH": "MESH", "MIM": "OMIM"}
_TAXON_OR_GENE = {"Gene": "NCBIGene", "OrganismTaxon": "NCBITaxon"}


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A mention with the ids that people gave it; none for a mention without an id. ``type`` is the corpus' word.

    The four types of NCBI Disease (specific disease, class, modifier, composite) are all ``Disease``.
    """

    mention: Mention
    ids: tuple[str, ...]
    type: str


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document of a corpus with its gold mentions."""

    document: Document
    mentions: tuple[GoldMention, ...]


def read_gold(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a PubTator or BioC XML file in which mentions carry ids.

    A document that occurs twice is yielded once. Raises SourceFormatError for another format.
    """
    with path.open("rb") as stream:
        markup = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    seen = set()
    for gold in _bioc(path) if markup else _pubtator(path):
        if gold.document.id not in seen:
            seen.add(gold.document.id)
            yield gold


def _pubtator(path: Path) -> Iterator[GoldDocument]:
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
        lines = block.splitlines()
        parts = [match for line in lines[:2] if (match := _LINE.match(line))]
        if len(parts) != 2:
            raise SourceFormatError("not a PubTator document", file=str(path), line=lines[0][:60] if lines else "")
        document = _document(parts[0].group(1), f"{parts[0].group(3)} {parts[1].group(3)}", path)
        rows = (line.split("\t") for line in lines[2:])
        found = (
            _gold(document, Span(int(row[1]), int(row[2])), row[4], row[5])
            for row in rows
            if len(row) >= 6 and row[1].isdigit()
        )
        yield GoldDocument(document, tuple(found))


def _bioc(path: Path) -> Iterator[GoldDocument]:
    """The text is that of the passages at their offsets; an id is the infon ``identifier`` or ``MESH``."""
    for element in records(path, "document"):
        text = ""
        for passage in element.iter("passage"):
            whole = passage.findtext("text")
            for block in (passage,) if whole is not None else passage.iter("sentence"):
                text = text.ljust(int(block.findtext("offset") or 0)) + (block.findtext("text") or "")
        document = _document(element.findtext("id") or "", text, path)
        yield GoldDocument(document, tuple(_annotated(document, one) for one in element.iter("annotation")))


def _annotated(document: Document, annotation: etree._Element) -> GoldMention:
    place = annotation.find("location")
    if place is None:
        raise SourceFormatError("an annotation without a location", document=document.id, id=annotation.get("id"))
    start = int(place.get("offset", "0"))
    infons = {infon.get("key", ""): infon.text or "" for infon in annotation.iterfind("infon")}
    identifier = infons.get("identifier") or infons.get("MESH") or ""
    return _gold(document, Span(start, start + int(place.get("length", "0"))), infons.get("type", ""), identifier)


def _document(number: str, text: str, path: Path) -> Document:
    return Document(f"PMID:{number}", f"PMID:{number}", text, path.name, "article")


def _gold(document: Document, span: Span, kind: str, identifiers: str) -> GoldMention:
    category = _TYPES.get(kind, kind)
    mention = Mention(document.id, span, span.of(document.text), category, 1.0)
    separator = r"," if category in ("Gene", "OrganismTaxon", "SequenceVariant", "CellLine") else r"[|+,;]"
    ids = (curie(one.strip(), category) for one in re.split(separator, identifiers))
    shown = "Disease" if kind in _NCBI_DISEASE else kind
    return GoldMention(mention, tuple(sorted({one for one in ids if one})), shown)


def curie(identifier: str, category: str) -> str:
    """Return a corpus id as a CURIE; empty for none.

    >>> curie("D006973", "Disease"), curie("OMIM:104300", "Disease"), curie("672", "Gene"), curie("-1", "Disease")
    ('MESH:D006973', 'OMIM:104300', 'NCBIGene:672', '')
    """
    if identifier in ("", "-", "-1"):
        return ""
    if identifier.startswith("CVCL_"):
        return f"cellosaurus:{identifier}"
    if ":" in identifier:
        start, _, local = identifier.partition(":")
        return f"{_PREFIXES.get(start, start)}:{local}"
    return f"{_TAXON_OR_GENE.get(category, 'MESH')}:{identifier}"


def linked_names(corpus: Path, left_out: Collection[str] = ()) -> Iterator[Linked]:
    """Yield the mentions that people linked to exactly one concept, for kg.link.learned.

    Documents whose ids are in ``left_out`` give none; nor do variants, whose ids name a change and not a concept.
    """
    for gold in read_gold(corpus):
        for one in gold.mentions:
            if len(one.ids) == 1 and gold.document.id not in left_out and one.mention.category != "SequenceVariant":
                yield Linked(gold.document.id, one.mention.text, one.mention.category, one.ids[0])
