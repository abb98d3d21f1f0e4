"""Reading tables: tab- or comma-separated files with a header, with errors that name file and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from kg.errors import VocabularyError


def rows(
    path: Path, needed: tuple[str, ...], *, separator: str = "\t", quoted: bool = False
) -> Iterator[dict[str, str]]:
    """Yield the rows of a table as dictionaries; lines before the header that start with ``#`` are left out.

    Raises VocabularyError when the file is missing, lacks a needed column, or is no UTF-8 text.
    """
    if not path.is_file():
        raise VocabularyError("vocabulary file is missing", file=str(path))
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            start = stream.tell()
            while (line := stream.readline()).startswith("#"):
                start = stream.tell()
            if not line:
                raise VocabularyError("vocabulary file is empty", file=str(path))
            stream.seek(start)
            rule: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
            reader = csv.DictReader(stream, delimiter=separator, quoting=rule)
            missing = [column for column in needed if column not in (reader.fieldnames or ())]
            if missing:
                raise VocabularyError("vocabulary file lacks columns", file=str(path), columns=", ".join(missing))
            yield from reader
    except (UnicodeDecodeError, csv.Error) as error:
        raise VocabularyError(f"vocabulary file cannot be read: {error}", file=str(path)) from error
