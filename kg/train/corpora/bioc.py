"""BioC XML and JSON: passages or sentences with annotations and relations (DrugProt, BioRED, BC5CDR)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from kg.errors import SourceFormatError
from kg.train.corpora.gold import GoldDocument, GoldMention, GoldRelation, checked
from kg.train.corpora.markup import number, read_xml, whole

_IDS = ("identifier", "MESH", "Identifier")
_VARIANT = re.compile(r"[a-z]\|")
_NONE = ("", "-", "-1", "None")


@dataclass(slots=True)
class _Raw:
    """One document as the file has it. Blocks: (offset, text); annotations: (id, infons, text, spans, line);

    relations: (id, infons, role -> id of an annotation, line).
    """

    ident: str
    blocks: list[tuple[int, str]] = field(default_factory=list)
    annotations: list[tuple[str, dict[str, str], str, list[tuple[int, int]], int]] = field(default_factory=list)
    relations: list[tuple[str, dict[str, str], dict[str, str], int]] = field(default_factory=list)


def _infons(element: Element) -> dict[str, str]:
    return {infon.get("key", ""): infon.text or "" for infon in element.findall("infon")}


def _xml(path: Path) -> Iterator[_Raw]:
    file = path.name
    for document in read_xml(path).iter("document"):
        raw = _Raw(document.findtext("id") or "")
        for passage in document.iter("passage"):
            blocks = [passage] if passage.find("text") is not None else list(passage.iter("sentence"))
            for block in blocks:
                offset = whole(block.findtext("offset", "0"), "offset", file, getattr(block, "line", 0))
                raw.blocks.append((offset, block.findtext("text") or ""))
        for one in document.iter("annotation"):
            spans = [
                (number(place, "offset", file), number(place, "offset", file) + number(place, "length", file))
                for place in one.findall("location")
            ]
            line = getattr(one, "line", 0)
            raw.annotations.append((one.get("id", ""), _infons(one), one.findtext("text") or "", spans, line))
        for one in document.iter("relation"):
            roles = {node.get("role", ""): node.get("refid", "") for node in one.findall("node")}
            raw.relations.append((one.get("id", ""), _infons(one), roles, getattr(one, "line", 0)))
        yield raw


def _strings(infons: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in (infons or {}).items()}


def _json(path: Path) -> Iterator[_Raw]:
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        for document in collection["documents"]:
            raw = _Raw(str(document["id"]))
            parts = [document, *document.get("passages", ())]
            for passage in document.get("passages", ()):
                blocks = [passage] if passage.get("text") else passage.get("sentences", ())
                raw.blocks += [(int(block["offset"]), block.get("text") or "") for block in blocks]
                parts += passage.get("sentences", ())
            for part in parts:
                for one in part.get("annotations", ()):
                    spans = [(int(at["offset"]), int(at["offset"]) + int(at["length"])) for at in one["locations"]]
                    infons = _strings(one.get("infons"))
                    raw.annotations.append((str(one["id"]), infons, one.get("text") or "", spans, 0))
                for one in part.get("relations", ()):
                    roles = {str(node["role"]): str(node["refid"]) for node in one.get("nodes", ())}
                    raw.relations.append((str(one.get("id", "")), _strings(one.get("infons")), roles, 0))
            yield raw
    except json.JSONDecodeError as error:
        raise SourceFormatError(f"broken JSON: {error.msg}", file=path.name, line=error.lineno) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceFormatError(f"not BioC JSON: {type(error).__name__} {error}", file=path.name) from error


def _text(raw: _Raw) -> str:
    """Rebuild the text from its blocks at their offsets; gaps become blanks."""
    text = ""
    for offset, words in raw.blocks:
        text = text.ljust(offset) + words
    return text


def _ids(infons: dict[str, str], words: str) -> tuple[str, ...]:
    """Concept ids. An identifier that only repeats the words is none, but folds to one argument per document.

    BioRED joins by comma and has bars inside the ids of variants (``p|SUB|V|600|E``); BC5CDR joins by a bar.
    """
    said = next((infons[name] for name in _IDS if name in infons), None)
    if said is None or said.lower() == words.lower():
        return (words.lower(),)
    parts = said.split(",") if "," in said or _VARIANT.match(said) else re.split(r"[|+]", said)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip() not in _NONE))


def _relation(file: str, raw: _Raw, found: dict[str, GoldMention], number: int) -> Iterator[GoldRelation]:
    _, infons, roles, line = raw.relations[number]
    kind = infons.get("relation") or infons.get("type", "")
    if roles:
        order = ("head", "tail") if "head" in roles else tuple(roles)[:2]
        if {roles.get(role, "") for role in order} & {ident for ident, *_ in raw.relations}:
            return  # a relation of relations
        ends = [found.get(roles.get(role, "")) for role in order]
        if len(ends) < 2 or ends[0] is None or ends[1] is None:
            raise SourceFormatError("a relation without its mentions", file=file, line=line, document=raw.ident)
        if ends[0].ids and ends[1].ids:
            yield GoldRelation(kind, ends[0].ids[0], ends[1].ids[0])
    elif "entity1" in infons:  # BioRED: concepts themselves
        yield GoldRelation(kind, infons["entity1"], infons.get("entity2", ""))
    else:  # BC5CDR: a concept under the name of its type
        ends_ = [value for key, value in infons.items() if key not in ("relation", "type")]
        if len(ends_) >= 2:
            yield GoldRelation(kind, ends_[0], ends_[1])


def read_bioc(path: Path) -> Iterator[GoldDocument]:
    """Yield the documents of a BioC XML or JSON file. Raises SourceFormatError and OffsetError."""
    for raw in _json(path) if path.read_bytes()[:200].lstrip()[:1] == b"{" else _xml(path):
        text = _text(raw)
        found: dict[str, GoldMention] = {}
        for ident, infons, words, spans, line in raw.annotations:
            spans.sort()
            if not spans:
                raise SourceFormatError(
                    "an annotation without a location", file=path.name, line=line, document=raw.ident, id=ident
                )
            mention = GoldMention(
                spans[0][0], spans[-1][1], words, infons.get("type", ""), _ids(infons, words),
                tuple(spans) if len(spans) > 1 else (),
            )  # fmt: skip
            found[ident] = checked(path.name, raw.ident, text, mention, line)
        relations = [one for number in range(len(raw.relations)) for one in _relation(path.name, raw, found, number)]
        yield GoldDocument(raw.ident, text, tuple(found.values()), tuple(dict.fromkeys(relations)))
