"""The system on one page: read, segment, encode, recognise, link, relate, record, assemble, publish."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from kg.assemble import assemble
from kg.assemble.claims import claims
from kg.assertion import assess, count, judge
from kg.batches import batches
from kg.config import Settings
from kg.curation import record_curated
from kg.model import Counts, Document, RunReport
from kg.query.differential_findings import keep_findings
from kg.readers import Readers
from kg.report import write_rejections, write_report
from kg.sources import inventory
from kg.stores.embedded import erase_older, keeping, publish_embedded
from kg.stores.ledger import DocumentReading, Ledger


class Progress(Protocol):
    """Whoever watches a build."""

    def begin(self, stage: str, total: int) -> None:
        """A stage of ``total`` units begins (0: not known)."""

    def reached(self, units: int, note: str = "") -> None:
        """``units`` are done."""


def build(paths: Sequence[Path], folder: Path, settings: Settings, progress: Progress) -> RunReport:
    """Read what is new under ``paths`` into the ledger in ``folder``, and publish what changed.

    A kill at any moment loses nothing that was recorded: the same call goes on from there. Raises StoreBusy while
    another process writes to the folder, SourceError for a path that does not exist.
    """
    began = time.monotonic()
    readers = Readers(settings)
    files, key = list(inventory(paths)), readers.key  # what is missing is told before anything is written
    with Ledger.open(folder, write=True) as ledger:
        before, met, read_anew, seen = ledger.counts(), 0, 0, list[str]()
        ledger.begin_run(version("medkg"), key, len(files))
        progress.begin("reading", sum(file.size for file in files))
        for batch in batches(paths, settings):
            new = ledger.unknown(batch.documents, key)
            ledger.record_batch(read_documents(new, readers))
            read_anew += record_curated(batch.curated, ledger, readers)
            ledger.withdraw(batch.withdrawals)
            ledger.reject(batch.rejections)
            seen += batch.files
            read_anew += len(new)
            met += len(batch.documents) + len(batch.curated)
            progress.reached(batch.done, f"{met} documents, {read_anew} new")
        ledger.settle(seen)
        progress.begin("publishing", 0)
        bring_up_to_date(ledger, folder, progress)
        after = ledger.counts()
        report = RunReport(
            totals=Counts(**after),
            new=Counts(**{name: after[name] - before[name] for name in after}),
            read=read_anew,
            rejections=ledger.rejections(),
            readers=readers.names,
            seconds=time.monotonic() - began,
        )
        write_rejections(report.rejections, folder)
        write_report(ledger, report, folder)
    return report


def read_documents(documents: Sequence[Document], readers: Readers) -> Iterator[DocumentReading]:
    """Read documents: one pass of the encoder gives mentions and relations; patterns add what rules are good at."""
    languages = readers.settings.languages
    for document in documents:
        if document.language not in languages:
            yield DocumentReading(document, readers.key, unread=f"language: {document.language}")
    segmented = [readers.segmenter.segment(document) for document in documents if document.language in languages]
    for text, encoded in zip(segmented, readers.extractor.encode(segmented) if segmented else (), strict=True):
        mentions = assess(text, readers.extractor.recognise(encoded))
        links = readers.linker.link(text, mentions)
        related = readers.extractor.relate(encoded, links, readers.terminology.broader)
        judged = count(text, judge(text, (*related, *readers.patterns.read(text, links))), mentions)
        claimed = claims(text, links, judged, readers.terminology.digest)
        broader = readers.terminology.ancestors(link.best.concept.id for link in links if link.best)
        yield DocumentReading(
            text.document,
            readers.key,
            links=links,
            evidence=claimed.evidence,
            concepts=broader,
            sentences=text.sentences,
            readings=judged,
        )


def bring_up_to_date(ledger: Ledger, folder: Path, progress: Progress | None = None, erase: bool = False) -> None:
    """Assemble the statements that changed, and publish the next generation of the embedded graph, with the table of
    findings that the differential ranks by.

    ``erase``: nothing of an older generation may be left, not even in unused bytes.
    """
    ledger.refresh(assemble)
    publish_embedded(ledger, folder, watch=progress, anew=erase)
    keep_findings(keeping(folder), f"{ledger.id}:{ledger.last_change}", ledger.phenotypes(), ledger.broader())
    if erase:
        erase_older(folder)
