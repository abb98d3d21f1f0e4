"""BioC XML with passages or sentences that carry annotations and relations (DrugProt)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from kg.errors import SourceFormatError
from kg.train.corpora.gold import GoldDocument, GoldMention, GoldRelation, checked


def _infons(element: etree._Element) -> dict[str, str]:
    return {infon.get("key", ""): infon.text or "" for infon in element.findall("infon")}


def _text(document: etree._Element) -> str:
    """Rebuild the text from passage (else sentence) texts at their offsets; gaps become blanks."""
    text = ""
    for passage in document.iter("passage"):
        blocks = [passage] if passage.find("text") is not None else list(passage.iter("sentence"))
        for block in blocks:
            text = text.ljust(int(block.findtext("offset", "0"))) + (block.findtext("text") or "")
    return text


def _mention(file: str, ident: str, text: str, annotation: etree._Element) -> GoldMention:
    spans = sorted(
        (int(place.get("offset", "-1")), int(place.get("offset", "-1")) + int(place.get("length", "0")))
        for place in annotation.findall("location")
    )
    if not spans:
        raise SourceFormatError("an annotation without a location", file=file, document=ident, id=annotation.get("id"))
    infons = _infons(annotation)
    words = annotation.findtext("text") or ""
    # an identifier that only repeats the words is no concept id, but the words fold to one argument per document
    identifier = (infons.get("identifier") or infons.get("MESH") or words).lower()
    return checked(
        file, ident, text,
        GoldMention(
            spans[0][0], spans[-1][1], words, infons.get("type", ""), (identifier,),
            tuple(spans) if len(spans) > 1 else (),
        ),
    )  # fmt: skip


def read_bioc(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a BioC XML file. Raises SourceFormatError and OffsetError."""
    try:
        for _, document in etree.iterparse(
            str(path), tag="document", resolve_entities=False, no_network=True, load_dtd=False
        ):
            ident = document.findtext("id") or ""
            text = _text(document)
            mentions: dict[str, GoldMention] = {}
            for annotation in document.iter("annotation"):
                mentions[annotation.get("id", "")] = _mention(path.name, ident, text, annotation)
            relations: dict[GoldRelation, None] = {}
            for relation in document.iter("relation"):
                nodes = {node.get("role"): node.get("refid", "") for node in relation.findall("node")}
                ends = [mentions.get(nodes.get(role, "")) for role in ("head", "tail")]
                if ends[0] is None or ends[1] is None:
                    raise SourceFormatError("a relation without its mentions", file=path.name, document=ident)
                kind = _infons(relation).get("type", "")
                relations[GoldRelation(kind, ends[0].ids[0], ends[1].ids[0])] = None
            yield GoldDocument(ident, text, tuple(mentions.values()), tuple(relations))
            document.clear()
    except etree.XMLSyntaxError as error:
        raise SourceFormatError(f"broken XML: {error}", file=path.name) from error
