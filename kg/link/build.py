"""Writing a terminology: one Parquet file of concepts, and a small JSON that says what is in it and pins its bytes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import VocabularyError
from kg.link.identity import ABOUT, DATA, FORMAT
from kg.link.merge import Merged
from kg.link.normalise import key_hash
from kg.link.vocabulary import Origin, table

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("category", pa.dictionary(pa.int8(), pa.string())),
        ("ids", pa.list_(pa.string())),
        ("xrefs", pa.list_(pa.string())),
        ("parents", pa.list_(pa.int32())),
        ("names", pa.list_(pa.string())),
        ("origins", pa.list_(pa.uint8())),
        ("keys", pa.list_(pa.uint64())),
    ]
)


def write_terminology(concepts: Sequence[Merged], folder: Path) -> dict[str, Any]:
    """Write the concepts to ``folder`` and return what terminology.json says of them.

    The same concepts give the same bytes. Raises VocabularyError for no concepts or more than 256 origins of names.
    """
    if not concepts:
        raise VocabularyError("no concept to write", folder=str(folder))
    origins = sorted({name.origin for one in concepts for name in one.names}, key=_origin_key)
    if len(origins) > 256:
        raise VocabularyError("more than 256 origins of names", origins=len(origins))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DATA
    pq.write_table(
        _arrow(concepts, origins),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=["category"],
        column_encoding={"keys.list.element": "BYTE_STREAM_SPLIT", "names.list.element": "PLAIN"},
        write_statistics=False,
        row_group_size=len(concepts),
    )
    about = _about(concepts, origins, hashlib.sha256(path.read_bytes()).hexdigest())
    (folder / ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return about


def _origin_key(origin: Origin) -> tuple[str, str, str]:
    return origin.vocabulary, origin.version, origin.scope


def _arrow(concepts: Sequence[Merged], origins: list[Origin]) -> pa.Table:
    number = {origin: index for index, origin in enumerate(origins)}
    row = {one.ids[0]: index for index, one in enumerate(concepts)}
    columns: dict[str, list[Any]] = {
        "id": [one.ids[0] for one in concepts],
        "category": [one.category for one in concepts],
        "ids": [list(one.ids[1:]) for one in concepts],
        "xrefs": [list(one.xrefs) for one in concepts],
        "parents": [[row[up] for up in one.parents] for one in concepts],
        "names": [[name.text for name in one.names] for one in concepts],
        "origins": [[number[name.origin] for name in one.names] for one in concepts],
        "keys": [[key_hash(name.text) for name in one.names] for one in concepts],
    }
    return pa.table(columns, schema=SCHEMA)


def _about(concepts: Sequence[Merged], origins: list[Origin], digest: str) -> dict[str, Any]:
    names = Counter(name.origin for one in concepts for name in one.names)
    known = table()["vocabularies"]
    return {
        "format": FORMAT,
        "digest": digest,
        "concepts": len(concepts),
        "names": sum(names.values()),
        "categories": dict(sorted(Counter(one.category for one in concepts).items())),
        "vocabularies": {
            vocabulary: {field: known.get(vocabulary, {}).get(field, "") for field in ("licence", "credit", "url")}
            for vocabulary in sorted({origin.vocabulary for origin in origins})
        },
        "origins": [
            {
                "vocabulary": origin.vocabulary,
                "version": origin.version,
                "scope": origin.scope,
                "licence": origin.licence,
                "names": names[origin],
            }
            for origin in origins
        ],
    }
