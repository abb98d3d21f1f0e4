"""Files that appear whole or not at all: written beside their place, on the disk, and only then moved there."""

from __future__ import annotations

import glob
import gzip
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from kg.errors import StoreError


@contextmanager
def whole_files(*outputs: Path) -> Iterator[tuple[IO[bytes], ...]]:
    """Give a file to write to for each output; all take their places when the block ends without an exception.

    An output that ends in ``.gz`` is compressed, without a time in it. Raises StoreError when one cannot be written;
    what stood there before then stays. What a killed process left half written for the same outputs is removed.
    """
    passing = [output.with_name(f".{output.name}.{os.getpid()}.partial") for output in outputs]
    files: list[IO[bytes]] = []
    try:
        for output in outputs:
            _clear(output)
        try:
            with ExitStack() as stack:
                for place, output in zip(passing, outputs, strict=True):
                    files.append(stack.enter_context(_packed(place) if output.suffix == ".gz" else _plain(place)))
                yield tuple(files)
            for place, output in zip(passing, outputs, strict=True):
                os.replace(place, output)
        finally:
            for place in passing:
                place.unlink(missing_ok=True)
    except OSError as error:
        named = ", ".join(map(str, outputs))
        raise StoreError(f"cannot write the export: {error.strerror or error}", file=named) from error


def _clear(output: Path) -> None:
    for left in output.parent.glob(f".{glob.escape(output.name)}.*.partial"):
        process = left.name.split(".")[-2]
        if process.isdecimal() and not _runs(int(process)):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _plain(place: Path) -> Iterator[IO[bytes]]:
    with place.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _packed(place: Path) -> Iterator[IO[bytes]]:
    with _plain(place) as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as file:
        yield cast(IO[bytes], file)
