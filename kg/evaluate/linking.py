"""How often gold mentions are linked to the right concept, by type of mention.

Protocol: gold mentions with gold boundaries and types, every occurrence counts; the linker sees the document (its
abbreviations, its other mentions). ``accuracy_at_1`` is over mentions all of whose gold ids are in the vocabulary;
``overall`` is over all mentions that have a gold id, so that it cannot exceed ``in_vocabulary``. A mention with
several ids is right when exactly those concepts are linked. A mention is NIL when no gold id is in the vocabulary.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import SourceFormatError
from kg.link.learned import Linked
from kg.link.linker import Linker
from kg.link.terminology import Terminology
from kg.model import Document, Link, Mention, Segmented, Span
from kg.text.abbreviations import find_abbreviations

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
_NAMES = {"ChemicalEntity": "Chemical"}
_TAXON_OR_GENE = {"Gene": "NCBIGene", "OrganismTaxon": "NCBITaxon"}


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A mention with the ids that people gave it; none for a mention without an id."""

    mention: Mention
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document of a corpus with its gold mentions."""

    document: Document
    mentions: tuple[GoldMention, ...]


@dataclass(slots=True)
class _Tally:
    support: int = 0
    with_id: int = 0
    known: int = 0
    right: int = 0
    nil: int = 0
    unlinked: int = 0
    nil_unlinked: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)


def read_gold(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a PubTator file in which mentions carry ids (BC5CDR, NCBI Disease, BioRED).

    A PMID that occurs twice is yielded once. Raises SourceFormatError for a file without PubTator documents.
    """
    seen = set()
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
        lines = block.splitlines()
        parts = [match for line in lines[:2] if (match := _LINE.match(line))]
        if len(parts) != 2:
            raise SourceFormatError("not a PubTator document", file=str(path), line=lines[0][:60] if lines else "")
        pmid = parts[0].group(1)
        if pmid in seen:
            continue
        seen.add(pmid)
        text = f"{parts[0].group(3)} {parts[1].group(3)}"
        document = Document(f"PMID:{pmid}", f"PMID:{pmid}", text, path.name, "article")
        rows = (line.split("\t") for line in lines[2:])
        yield GoldDocument(document, tuple(_gold(document, row) for row in rows if len(row) >= 6 and row[1].isdigit()))


def _gold(document: Document, row: list[str]) -> GoldMention:
    span = Span(int(row[1]), int(row[2]))
    category = _TYPES.get(row[4], row[4])
    mention = Mention(document.id, span, span.of(document.text), category, 1.0)
    separator = r"," if category in ("Gene", "OrganismTaxon", "SequenceVariant", "CellLine") else r"[|+,]"
    ids = (curie(one.strip(), category) for one in re.split(separator, row[5]))
    return GoldMention(mention, tuple(sorted({one for one in ids if one})))


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
        return identifier
    return f"{_TAXON_OR_GENE.get(category, 'MESH')}:{identifier}"


def linked_names(corpus: Path, left_out: Collection[str] = ()) -> Iterator[Linked]:
    """Yield the mentions that people linked to exactly one concept, for kg.link.learned.

    Documents whose ids are in ``left_out`` give none; nor do variants, whose ids name a change and not a concept.
    """
    for gold in read_gold(corpus):
        for one in gold.mentions:
            if len(one.ids) == 1 and gold.document.id not in left_out and one.mention.category != "SequenceVariant":
                yield Linked(gold.document.id, one.mention.text, one.mention.category, one.ids[0])


def evaluate_linking(corpus: Path, linker: Linker, terminology: Terminology, *, errors: bool = False) -> dict[str, Any]:
    """Link the gold mentions of a PubTator corpus and return the figures by type, rounded to four decimals.

    ``errors``: add the mentions with an id in the vocabulary that were linked wrongly.
    """
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for gold in read_gold(corpus):
        segmented = Segmented(gold.document, (), find_abbreviations(gold.document.text))
        links = _by_mention(linker.link(segmented, [one.mention for one in gold.mentions]))
        for one in gold.mentions:
            _count(
                one, links[one.mention], terminology, tallies[_NAMES.get(one.mention.category, one.mention.category)]
            )
    types = {name: _figures(tallies[name]) for name in sorted(tallies)}
    protocol = "gold mentions, every occurrence; accuracy where all gold ids are in the vocabulary"
    result = {"corpus": corpus.name, "protocol": protocol, "types": types}
    return {**result, "errors": [e for name in sorted(tallies) for e in tallies[name].errors]} if errors else result


def _by_mention(links: Iterable[Link]) -> dict[Mention, list[Link]]:
    found: dict[Mention, list[Link]] = defaultdict(list)
    for link in links:
        found[link.mention].append(link)
    return found


def _count(gold: GoldMention, links: list[Link], terminology: Terminology, tally: _Tally) -> None:
    rows = {terminology.row(one) for one in gold.ids}
    linked = {terminology.row(link.best.concept.id) for link in links if link.best}
    tally.support += 1
    tally.with_id += bool(gold.ids)
    tally.unlinked += not linked
    if not rows - {None}:
        tally.nil += 1
        tally.nil_unlinked += not linked
    elif None not in rows:
        tally.known += 1
        tally.right += linked == rows
        if linked != rows:
            tally.errors.append(_error(gold, links, terminology))


def _error(gold: GoldMention, links: list[Link], terminology: Terminology) -> dict[str, Any]:
    best = [one for link in links if (one := link.best)]
    return {
        "document": gold.mention.document,
        "text": gold.mention.text,
        "gold": [(one, terminology.concept(one).name) for one in gold.ids],
        "linked": [(one.concept.id, one.concept.name, one.matched, one.method, one.score) for one in best],
    }


def _figures(tally: _Tally) -> dict[str, float | int]:
    return {
        "accuracy_at_1": _share(tally.right, tally.known),
        "in_vocabulary": _share(tally.known, tally.with_id),
        "overall": _share(tally.right, tally.with_id),
        "nil_precision": _share(tally.nil_unlinked, tally.unlinked),
        "nil_recall": _share(tally.nil_unlinked, tally.nil),
        "support": tally.support,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
