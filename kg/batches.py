"""What a build reads at once: enough for the encoder to work on, little enough that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.config import Settings
from kg.model import Document, Rejection, Withdrawal
from kg.sources import files, read_file

BATCH_CHARS = 60_000


@dataclass
class Batch:
    """Documents and withdrawals in the order of the files.

    ``rejections`` holds, for every file that was read to its end in this batch, all its rejections (none: what was
    known of it is cleared). ``done`` is the number of bytes of all files read so far, as they lie on the disk.
    """

    documents: list[Document] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    rejections: dict[str, list[Rejection]] = field(default_factory=dict)
    done: int = 0


def batches(paths: Sequence[Path], settings: Settings) -> Iterator[Batch]:
    """Yield what the files under ``paths`` hold, about ``BATCH_CHARS`` characters at a time; at least one batch.

    Raises SourceError for a path that does not exist.
    """
    batch, chars, before = Batch(), 0, 0
    for file in files(paths):
        if isinstance(file, Rejection):
            batch.rejections[file.subject] = [file]
            continue
        rejected: list[Rejection] = []
        here = [0]
        for item in read_file(file, settings, lambda done, here=here: here.__setitem__(0, done)):
            match item:
                case Rejection():
                    rejected.append(item)
                case Withdrawal():
                    batch.withdrawals.append(item)
                case Document():
                    batch.documents.append(item)
                    chars += len(item.text)
            if chars >= BATCH_CHARS:
                batch.done = before + here[0]
                yield batch
                batch, chars = Batch(), 0
        before += file.size
        batch.rejections[file.name], batch.done = rejected, before
    yield batch
