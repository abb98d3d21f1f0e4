"""What a build reads at once: enough for the encoder to work on, little enough that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.config import Settings
from kg.model import Document, Rejection, Withdrawal
from kg.sources import CuratedDocument, files, read_file

BATCH_CHARS = 60_000
CURATED_EASE = 20  # rows need no reading, and fewer transactions are faster


@dataclass
class Batch:
    """Documents and withdrawals in the order of the files.

    ``files`` names the files that were read to their end; ``done`` is the number of bytes of all files read so far, as
    they lie on the disk.
    """

    documents: list[Document] = field(default_factory=list)
    curated: list[CuratedDocument] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    done: int = 0


def batches(paths: Sequence[Path], settings: Settings) -> Iterator[Batch]:
    """Yield what the files under ``paths`` hold, about ``BATCH_CHARS`` characters at a time; at least one batch.

    Raises SourceError for a path that does not exist.
    """
    batch, chars, before, here = Batch(), 0, 0, 0

    def note(done: int) -> None:
        nonlocal here
        here = done

    for file in files(paths):
        if isinstance(file, Rejection):
            batch.rejections.append(file)
            batch.files.append(file.subject)
            continue
        for item in read_file(file, settings, note):
            match item:
                case Rejection():
                    batch.rejections.append(item)
                case Withdrawal():
                    batch.withdrawals.append(item)
                case CuratedDocument():
                    batch.curated.append(item)
                    chars += len(item.document.text) // CURATED_EASE
                case Document():
                    batch.documents.append(item)
                    chars += len(item.text)
            if chars >= BATCH_CHARS:
                batch.done = before + here
                yield batch
                batch, chars = Batch(), 0
        before += file.size
        batch.files.append(file.name)
        batch.done = before
    yield batch
