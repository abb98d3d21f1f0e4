"""Texts with a label, from CSV, TSV or JSONL, with what is held out."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg.errors import SourceFormatError

_HELD_OUT = ("dev", "test", "valid", "validation", "eval")
_ONE_IN = 5  # texts held out where the data does not say which
csv.field_size_limit(1 << 24)  # a full text is a field


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts and labels, those to learn from and those held out; `doubled`: texts left out because they came before."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    held_texts: tuple[str, ...]
    held_labels: tuple[str, ...]
    doubled: int


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    name = path.name.removesuffix(".gz")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        if name.endswith((".csv", ".tsv")):
            table = csv.DictReader(file, delimiter="\t" if name.endswith(".tsv") else ",")
            for row in table:
                yield table.line_num, dict(row)
        elif name.endswith(".jsonl"):
            for number, line in enumerate(file, 1):
                if line.strip():
                    value = json.loads(line)
                    yield number, value if isinstance(value, dict) else {}
        else:
            raise SourceFormatError("texts with labels come as .csv, .tsv or .jsonl", file=path.name)


def is_held_out(split: str, text: str) -> bool:
    """Whether a text is held out: as `split` says, else one in five by a hash of the text.

    >>> is_held_out("train", "x"), is_held_out("dev", "x")
    (False, True)
    """
    if split:
        return split in _HELD_OUT
    return sha256(text.encode()).digest()[0] % _ONE_IN == 0


def read_labelled(path: Path) -> Labelled:
    """Read rows with `text`, `label` and perhaps `split` (train, or dev, test, valid). Raises SourceFormatError.

    A text that came before is left out, so that none is on both sides.
    """
    halves: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    seen: set[str] = set()
    doubled = number = 0
    try:
        for number, row in _rows(path):
            text, label = str(row.get("text") or "").strip(), str(row.get("label") or "").strip()
            split = str(row.get("split") or "").strip().lower()
            if not text or not label:
                raise SourceFormatError("a row needs a text and a label", file=path.name, line=number)
            if split not in ("", "train", *_HELD_OUT):
                raise SourceFormatError("split is train or dev", file=path.name, line=number, found=split)
            if text in seen:
                doubled += 1
                continue
            seen.add(text)
            halves[is_held_out(split, text)].append((text, label))
    except (OSError, EOFError, ValueError, csv.Error) as error:
        raise SourceFormatError(f"cannot be read: {error}", file=path.name, line=number + 1) from error
    learnt, held = halves
    known = {label for _, label in learnt}
    if len(known) < 2:
        raise SourceFormatError("at least two labels are needed to learn from", file=path.name, labels=len(known))
    strange = sorted({label for _, label in held} - known)
    if strange:
        raise SourceFormatError("labels that are only held out", file=path.name, labels=", ".join(strange))
    if not held:
        raise SourceFormatError("nothing is held out to measure on; add rows or a split column", file=path.name)
    (texts, labels), (held_texts, held_labels) = zip(*learnt, strict=True), zip(*held, strict=True)
    return Labelled(texts, labels, held_texts, held_labels, doubled)
