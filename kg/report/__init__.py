"""The run report: one page that opens anywhere, offline, and shows what a graph holds and what a run made of it."""

from __future__ import annotations

from pathlib import Path

from kg.model import RunReport
from kg.report.collect import collect
from kg.report.data import ReportData
from kg.report.page import render
from kg.stores.ledger import Ledger

__all__ = ["ReportData", "collect", "render", "write_report"]

REPORT_FILE = "report.html"


def write_report(ledger: Ledger, run: RunReport, folder: Path) -> Path:
    """Write ``report.html`` into the graph's folder and return its path; an older page is replaced whole."""
    path = folder / REPORT_FILE
    draft = folder / f".{REPORT_FILE}.part"
    draft.write_text(render(collect(ledger, run)), encoding="utf-8", errors="replace")
    draft.replace(path)
    return path
