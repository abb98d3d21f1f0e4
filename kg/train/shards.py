"""Text as word pieces on disk: shards that are made once, go on after a kill, and are read without loading them."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from kg.errors import ModelError, SourceFormatError
from kg.train.overlap import HeldBack
from kg.train.progress import Reporter

_SHARD = 4_000_000  # pieces
_ROWS = 64  # texts given to the tokenizer at once
_STATE = "shards.json"


def read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of all .jsonl and .jsonl.gz files of a folder, by name. Raises SourceFormatError with file and line."""
    files = sorted(path for path in folder.glob("*") if path.name.endswith((".jsonl", ".jsonl.gz")))
    if not files:
        raise SourceFormatError("no .jsonl or .jsonl.gz file here", folder=str(folder))
    for path in files:
        number = 0
        try:
            with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    row = json.loads(line)
                    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
                        raise SourceFormatError("a row without a text", file=path.name, line=number)
                    yield row
        except (OSError, EOFError, ValueError) as error:
            raise SourceFormatError(f"cannot be read: {error}", file=path.name, line=number + 1) from error


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows read, held back because something is measured on them, read before; word pieces kept."""

    rows: int = 0
    held_back: int = 0
    doubled: int = 0
    pieces: int = 0


class Shards:
    """Fixed-length sequences of word pieces over the shards of a folder; only what is asked for is read.

    A piece is stored with its highest bit set where a word begins.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.size = size
        self._arrays = [np.load(path, mmap_mode="r", allow_pickle=False) for path in sorted(folder.glob("*.npy"))]
        self._ends = np.cumsum([len(array) // size for array in self._arrays])

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """(ids int64 [size], whether a word begins there, bool [size]) of one sequence."""
        shard = int(np.searchsorted(self._ends, number, side="right"))
        place = number - (int(self._ends[shard - 1]) if shard else 0)
        stored = np.asarray(self._arrays[shard][place * self.size : (place + 1) * self.size])
        flag = _flag(stored.dtype)
        return (stored & ~flag).astype(np.int64), (stored & flag) != 0


def _flag(kind: np.dtype[Any]) -> Any:
    return kind.type(1 << (8 * kind.itemsize - 1))


def _write(path: Path, content: bytes | np.ndarray) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        if isinstance(content, bytes):
            file.write(content)
        else:
            np.save(file, content, allow_pickle=False)
    os.replace(fresh, path)


def _cut(tokenizer: Tokenizer, texts: list[str], end: int, kind: np.dtype[Any]) -> list[np.ndarray]:
    """Pieces of each text with the bit of word beginnings, and the end piece after it."""
    cut = []
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        ids = np.asarray([*encoding.ids, end], dtype=kind)
        words = np.asarray([*encoding.word_ids, -1])
        ids[np.flatnonzero(np.diff(words, prepend=-2))] |= _flag(kind)
        cut.append(ids)
    return cut


def make_shards(
    texts: Path, tokenizer_file: Path, held: HeldBack, folder: Path, reporter: Reporter, size: int = _SHARD
) -> Counts:
    """Cut all texts into shards of about `size` pieces below `folder`, going on where a killed run was.

    Left out are rows that are held back (by `id`, `pmid` or text) and texts that came before. Raises
    SourceFormatError.
    """
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    end = tokenizer.token_to_id("[SEP]")
    if end is None:
        raise ModelError("the tokenizer has no [SEP]", file=str(tokenizer_file))
    kind = np.dtype(np.uint16 if tokenizer.get_vocab_size() < 1 << 15 else np.uint32)
    files = [(path.name, path.stat().st_size) for path in sorted(texts.glob("*.jsonl*"))]
    said = json.dumps([files, sorted(held.works), size, sha256(tokenizer_file.read_bytes()).hexdigest()])
    key = sha256(said.encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    state = _state(folder, key)
    counts = Counts(**state["counts"])
    if state["whole"]:
        return counts
    seen: set[bytes] = set()
    buffer: list[np.ndarray] = []
    shard = int(state["shards"])
    rows = held_back = doubled = 0
    pieces = counts.pieces
    waiting = 0

    def flush(whole: bool) -> Counts:
        nonlocal shard, waiting, pieces
        if buffer:
            _write(folder / f"{shard:05}.npy", np.concatenate(buffer))
            shard += 1
            pieces += waiting
        buffer.clear()
        waiting = 0
        now = Counts(rows, held_back, doubled, pieces)
        told = {name: getattr(now, name) for name in Counts.__dataclass_fields__}
        _write(folder / _STATE, json.dumps({"key": key, "shards": shard, "whole": whole, "counts": told}).encode())
        return now

    stream = read_rows(texts)
    while batch := list(islice(stream, _ROWS)):
        kept = []
        for row in batch:
            rows += 1
            digest = blake2b(row["text"].encode(), digest_size=8).digest()
            if digest in seen:
                doubled += 1
            elif held.holds([_named(row, "id"), _named(row, "pmid")], row["text"]):
                held_back += 1
            else:
                seen.add(digest)
                kept.append(row["text"])
        if rows <= counts.rows:  # in a shard that is there
            continue
        buffer += _cut(tokenizer, kept, end, kind)
        waiting = sum(map(len, buffer))
        if waiting >= size:
            flush(False)
            reporter.say(f"{rows} texts cut, {pieces / 1e6:.0f} M pieces")
    return flush(True)


def _named(row: dict[str, Any], name: str) -> str | None:
    value = row.get(name)
    return None if value is None else str(value)


def _state(folder: Path, key: str) -> dict[str, Any]:
    """What is there already; shards of other texts or another tokenizer are removed."""
    path = folder / _STATE
    if path.exists():
        state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if state["key"] == key:
            return state
    for old in folder.glob("*.npy"):
        old.unlink()
    return {"shards": 0, "whole": False, "counts": {}}
