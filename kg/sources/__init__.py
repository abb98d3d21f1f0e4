"""From files to Documents: PubMed, PMC, BioC, PubTator, guidelines in four formats, plain text, knowledge bases.

Everything streams. What is broken or hostile becomes a Rejection that names file, place and reason, and the rest
goes on. ``files`` lists, ``read_file`` reads one, ``read`` does both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

from kg.config import Settings
from kg.model import Document, Rejection, Withdrawal
from kg.sources.curated.said import CuratedDocument
from kg.sources.recognise import recognise
from kg.sources.refusal import Refusal, rejection
from kg.sources.stream import Stream
from kg.sources.walk import SourceFile, files, inventory

Item = Document | CuratedDocument | Withdrawal | Rejection
Progress = Callable[[int], None]
Reader = Callable[[Stream], Iterator[Item]]

# A reader is imported when its format turns up: PDF and Word libraries cost half a second that PubMed need not pay.
_READERS = {
    "bioc_json": ("bioc", "read_json"),
    "bioc_xml": ("bioc", "read_xml"),
    "cases": ("curated.read", "read_case_file"),
    "docx": ("docx", "read"),
    "doid_symptoms": ("curated.symptoms", "read"),
    "hpoa": ("curated.read", "read_hpoa"),
    "html": ("html", "read"),
    "jats": ("jats", "read"),
    "kgx_json": ("curated.kgx", "read_json"),
    "kgx_nodes": ("curated.kgx_nodes", "read"),
    "kgx_tsv": ("curated.kgx", "read_table"),
    "markdown": ("markdown", "read"),
    "medline": ("medline", "read"),
    "ngc": ("ngc", "read"),
    "pdf": ("pdf", "read"),
    "pubtator": ("pubtator", "read"),
    "sssom": ("curated.sssom", "read"),
    "text": ("text", "read"),
}

_SILENT = ("kgx_nodes",)  # say something only through the file of edges beside them


def read(paths: Sequence[Path], settings: Settings, on_progress: Progress | None = None) -> Iterator[Item]:
    """Yield what the files under ``paths`` hold, in the order of their names.

    ``on_progress`` is called with the bytes of all files read so far, as they lie on the disk: ``inventory`` gives
    the sum to expect. Raises SourceError for a path that does not exist; everything else is a Rejection.
    """
    done = 0
    for file in files(paths):
        if isinstance(file, Rejection):
            yield file
            continue
        yield from read_file(file, settings, _from(done, on_progress))
        done += file.size
        if on_progress is not None:
            on_progress(done)


def read_file(file: SourceFile, settings: Settings, on_progress: Progress | None = None) -> Iterator[Item]:
    """Yield what one file holds; a break ends it with a Rejection, after everything that came before the break.

    ``on_progress`` is called with the bytes of this file read so far.
    """
    try:
        with Stream(file, settings, on_progress) as stream:
            form = recognise(stream.head, file.name)
            read_any = form in _SILENT
            for item in _reader(form)(stream):
                read_any = True
                yield item
            if not read_any:
                raise Refusal("nothing in it that can be read", reject="no_text")
    except Refusal as refusal:
        yield rejection(file.name, refusal)


def _reader(form: str) -> Reader:
    module, name = _READERS[form]
    return cast(Reader, getattr(import_module(f"kg.sources.{module}"), name))


def _from(done: int, on_progress: Progress | None) -> Progress | None:
    return None if on_progress is None else lambda here: on_progress(done + here)


__all__ = ["CuratedDocument", "Item", "Progress", "SourceFile", "files", "inventory", "read", "read_file"]
