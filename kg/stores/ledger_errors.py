"""What DuckDB says when a disk is full or a file is damaged, in words that a person can act on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kg.errors import StoreBusy, StoreError

_FULL = ("no space left", "disk quota", "could not write", "failed to write", "max_temp_directory_size")
_LOCKED = ("could not set lock", "different configuration")
_NEWER = ("newer version of duckdb", "newer duckdb", "version number")
_DAMAGED = ("not a valid duckdb", "could not read enough", "checksum", "corrupt", "deserialize", "serialization")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the errors of DuckDB and of the disk into StoreError or StoreBusy. ``path`` is the ledger's file."""
    try:
        yield
    except duckdb.Error as error:
        raise _explained(str(error), path) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _explained("no space left", path) from error
        raise StoreError(f"the ledger cannot be used: {error.strerror}", file=str(path)) from error


def _explained(message: str, path: Path) -> StoreError:
    said = message.lower()
    file = str(path)
    if any(word in said for word in _FULL):
        return StoreError(
            "the disk is full or over its quota; the last batch was not kept, all before it was: "
            "free space and run the same command again",
            file=file,
        )
    if any(word in said for word in _LOCKED):
        return StoreBusy("another program has the ledger open; try again when it has ended", file=file)
    if any(word in said for word in _NEWER):
        return StoreError("a newer DuckDB wrote this ledger: upgrade medkg", file=file)
    if any(word in said for word in _DAMAGED):
        return StoreError(
            "the ledger is damaged: restore it from a copy, or remove the graph folder and build again", file=file
        )
    return StoreError(f"the ledger refused: {message.splitlines()[0]}", file=file)
