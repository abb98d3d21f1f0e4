"""`kg evaluate extractor`: a reader against an annotated corpus, with the protocol said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.evaluate.extractor_counts import Count, as_names, confusion, ece, relaxed, strict
from kg.evaluate.extractor_relations import Tally, by_id, by_span, gold_triples, read_links, with_gold_mentions
from kg.extract.encoded import Encoded
from kg.extract.extractor import Extractor
from kg.extract.schemes import Scheme
from kg.link.linker import Linker
from kg.model import Document, Link, Mention, Segmented
from kg.text.abbreviations import find_abbreviations
from kg.train.corpora import GoldDocument, read_corpus

_CATEGORY = {"disease": "Disease", "chemical": "ChemicalEntity", "gene": "Gene", "variant": "SequenceVariant"}
_CONTEXT = 60  # characters around an error


@dataclass(slots=True)
class Evaluation:
    """Figures of one reader on one corpus; `answers` are (score, right) of the mentions found."""

    corpus: str
    scheme: Scheme
    reader: str
    documents: int = 0
    strict: dict[str, Count] = field(default_factory=dict)
    relaxed: dict[str, Count] = field(default_factory=dict)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: list[tuple[float, bool]] = field(default_factory=list)
    gold_mentions: Tally = field(default_factory=Tally)
    end_to_end: Tally = field(default_factory=Tally)
    end_to_end_by_id: Tally = field(default_factory=Tally)
    reachable: int = 0
    errors: list[tuple[float, str]] = field(default_factory=list)
    linked: bool = False
    spelt: dict[str, str] = field(default_factory=dict)  # type of the scheme -> the corpus's name for it
    foreign: str = ""  # what becomes of relation types of the corpus that the scheme does not have

    @property
    def matches_by_id(self) -> bool:
        """BC5CDR's arguments are matched by MeSH id where there is a linker, all others by span and type."""
        return self.linked and self.scheme.name == "BC5CDR"

    @property
    def protocol(self) -> str:
        """How the figures were counted."""
        repaired = "abbreviations and variants" if "SequenceVariant" in self.scheme.types else "abbreviations"
        lines = [
            f"mentions: {self.scheme.name} head, {repaired} repaired; strict: same start, end and type; relaxed: "
            f"overlap and type; types {', '.join(self.scheme.types)}; others of the corpus are not counted"
        ]
        if self.scheme.relations:
            order = "chemical -> disease" if self.scheme.name == "BC5CDR" else "in the order of the types"
            order = "unordered" if len(self.scheme.pairs) > 1 else order
            ends = "concept id (own or cross-referenced)" if self.matches_by_id else "mention span and type"
            specific = "; a disease gives way to a narrower one with as high a score" if self.matches_by_id else ""
            lines.append(
                f"relations: {order}; gold mentions: gold spans, types and ids are given; end to end: own mentions, "
                f"arguments matched by {ends}{specific}; all relations of the corpus count, also those that span "
                "windows"
            )
        if self.foreign:
            lines.append(self.foreign)
        return ". ".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The one value of `--json`; shares in [0, 1]."""
        first = self.end_to_end_by_id if self.matches_by_id else self.end_to_end
        relations: dict[str, Any] = {
            "gold_mentions": {"pair": self.gold_mentions.pair.as_json(), "type": self.gold_mentions.type.as_json()},
            "end_to_end": {"pair": first.pair.as_json(), "type": first.type.as_json()},
        }
        if self.linked and self.scheme.relations:
            ceiling = self.reachable / max(self.gold_mentions.type.wanted, 1)
            relations["end_to_end_by_id"] = {
                "pair": self.end_to_end_by_id.pair.as_json(),
                "type": self.end_to_end_by_id.type.as_json(),
                "ceiling": round(ceiling, 4),
            }
            relations["end_to_end_by_span"] = {
                "pair": self.end_to_end.pair.as_json(),
                "type": self.end_to_end.type.as_json(),
            }
        return {
            "corpus": self.corpus,
            "protocol": f"reader: {self.reader}. {self.protocol}",
            "documents": self.documents,
            "mentions": {
                "strict": {self.spelt.get(name, name): count.as_json() for name, count in self.strict.items()},
                "relaxed": {self.spelt.get(name, name): count.as_json() for name, count in self.relaxed.items()},
            },
            "relations": relations,
            "calibration": {
                "mentions": {"ece": round(ece(self.answers), 4)},
                "relations": {"ece": round(ece(self.gold_mentions.answers), 4)},
            },
        }


def pick_scheme(extractor: Extractor, documents: Sequence[GoldDocument]) -> Scheme:
    """The scheme whose type names are the corpus's own. Raises DataError when none knows any of them."""
    types = Counter(mention.type for document in documents for mention in document.mentions)

    def fit(scheme: Scheme) -> tuple[int, int, int]:
        known = sum(count for kind, count in types.items() if scheme.type_of(kind) is not None)
        spelt = sum(count for kind, count in types.items() if kind in scheme.types)
        return known, spelt, -len(scheme.types)

    best = max(extractor.package.schemes, key=fit)
    if not fit(best)[0]:
        raise DataError("no head of this model annotates any type of this corpus", types=", ".join(sorted(types)))
    return best


def spellings(scheme: Scheme, documents: Sequence[GoldDocument]) -> dict[str, str]:
    """Types of the scheme that the corpus writes in one other way -> that way; NCBI's four subtypes stay Disease."""
    written: dict[str, set[str]] = {}
    for spelling in {mention.type for document in documents for mention in document.mentions}:
        kind = scheme.type_of(spelling)
        if kind is not None:
            written.setdefault(kind, set()).add(spelling)
    return {kind: next(iter(ways)) for kind, ways in written.items() if len(ways) == 1 and kind not in ways}


def segment(document: GoldDocument) -> Segmented:
    """A gold document as the extractor reads it."""
    text = document.text
    return Segmented(Document(document.id, document.id, text, "corpus", "article"), (), find_abbreviations(text))


def evaluate_documents(
    extractor: Extractor,
    documents: Sequence[GoldDocument],
    corpus: str,
    linker: Linker | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Evaluation:
    """Read every document and count. Without a linker nothing is matched by id."""
    scheme = pick_scheme(extractor, documents)
    result = Evaluation(corpus, scheme, extractor.reader.id, linked=linker is not None and bool(scheme.relations))
    result.spelt = spellings(scheme, documents)
    if scheme.relations:
        said = {one.type for document in documents for one in document.relations}
        foreign = ", ".join(sorted(said - set(scheme.relations)))
        alone = len(said) == len(scheme.relations) == 1
        counted = f"counted as {scheme.relations[0]}" if alone else "only their pairs can be right"
        result.foreign = f"relations {foreign} of the corpus are none of this head's: {counted}" if foreign else ""
        if alone:
            documents = [_said_as(scheme.relations[0], document) for document in documents]
    names = ("all", *scheme.types) if len(scheme.types) > 1 else ("all", scheme.types[0])
    result.strict = {name: Count() for name in names}
    result.relaxed = {name: Count(covered=0) for name in names}
    for document, encoded in zip(documents, extractor.encode([segment(one) for one in documents]), strict=True):
        _mentions(extractor, encoded, document, result)
        if scheme.relations:
            _relations(extractor, encoded, document, linker, result)
        result.documents += 1
        progress(result.documents, len(documents))
    result.errors.sort(key=lambda one: -one[0])
    return result


def _said_as(kind: str, document: GoldDocument) -> GoldDocument:
    return replace(document, relations=tuple(replace(one, type=kind) for one in document.relations))


def _mentions(extractor: Extractor, encoded: Encoded, document: GoldDocument, result: Evaluation) -> None:
    scheme = result.scheme
    found = extractor.recognise_as(encoded, scheme.name)
    ours = as_names(found)
    gold = list(_gold_names(scheme, document))
    theirs = set(gold)
    for name in result.strict:
        mine = [one for one in ours if name in ("all", one[2])]
        wanted = [one for one in gold if name in ("all", one[2])]
        result.strict[name] += strict(mine, wanted)
        result.relaxed[name] += relaxed(mine, wanted)
    result.confusion += confusion(ours, gold)
    for one in found:
        right = (one.start, one.end, one.type) in theirs
        result.answers.append((one.score, right))
        if not right:
            result.errors.append((one.score, _quote(document, one.start, one.end, f"found {one.type}")))
    for start, end, kind in theirs - set(ours):
        result.errors.append((0.5, _quote(document, start, end, f"missed {kind}")))


def _gold_names(scheme: Scheme, document: GoldDocument) -> Iterator[tuple[int, int, str]]:
    for mention in document.mentions:
        kind = scheme.type_of(mention.type)
        if kind is not None:
            yield mention.start, mention.end, kind


def _quote(document: GoldDocument, start: int, end: int, what: str) -> str:
    text = document.text
    before, after = text[max(start - _CONTEXT, 0) : start], text[end : end + _CONTEXT]
    return " ".join(f"{document.id}:{start} {what}: ...{before}[{text[start:end]}]{after}...".split())


def _relations(
    extractor: Extractor, encoded: Encoded, document: GoldDocument, linker: Linker | None, result: Evaluation
) -> None:
    scheme = result.scheme
    known = linker.terminology if linker is not None else None

    def broader(one: str, two: str) -> bool:
        return known is not None and any(
            known.broader(above, below) for above in _curies(one) for below in _curies(two)
        )

    with_gold_mentions(extractor, encoded, scheme, document, result.gold_mentions, broader)
    found = extractor.recognise_as(encoded, scheme.name)
    mentions = read_links(document.id, encoded, scheme, found)
    by_span(extractor, encoded, scheme, document, mentions, result.end_to_end)
    if linker is None or known is None:
        return
    named = [
        Mention(one.document, one.span, one.text, _CATEGORY.get(kind, one.category), one.score)
        for one, kind in mentions
    ]
    numbers = {mention: number for number, mention in enumerate(named)}
    links: dict[int, list[Link]] = {}
    for link in linker.link(encoded.segmented, named):
        links.setdefault(numbers[link.mention], []).append(link)
    by_id(extractor, encoded, scheme, document, mentions, links, result.end_to_end_by_id, known.broader)
    result.reachable += sum(
        all(any(known.row(curie) is not None for curie in _curies(ident)) for ident in pair[:2])
        for pair in gold_triples(scheme, document)
    )


def _curies(ident: str) -> tuple[str, ...]:
    return (ident,) if ":" in ident else (f"MESH:{ident}", f"NCBIGene:{ident}", f"NCBITaxon:{ident}")


def evaluate_extractor(
    corpus: Path,
    model: Path,
    terminology: Path | None = None,
    device: str = "auto",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Evaluation:
    """Evaluate a model folder on a corpus of any known format. Raises ModelError, DataError, SourceFormatError."""
    from kg.link.terminology import Terminology

    documents = read_corpus(corpus)
    linker = Linker.load(Terminology.load(terminology)) if terminology is not None else None
    return evaluate_documents(Extractor.load(model, device), documents, str(corpus), linker, progress)
