"""The run report: one page that opens anywhere, offline, and shows what a graph holds and what a run made of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from kg.model import Rejection, RunReport
from kg.report.collect import collect
from kg.report.data import ReportData
from kg.report.page import render
from kg.stores.ledger import Ledger

__all__ = ["ReportData", "collect", "render", "write_rejections", "write_report"]

REPORT_FILE, REJECTIONS_FILE = "report.html", "rejected.jsonl"


def write_report(ledger: Ledger, run: RunReport, folder: Path) -> Path:
    """Write ``report.html`` into the graph's folder and return its path; an older page is replaced whole."""
    return _replace(folder / REPORT_FILE, render(collect(ledger, run)))


def write_rejections(rejections: Iterable[Rejection], folder: Path) -> Path:
    """Write ``rejected.jsonl``, one rejection a line, into the graph's folder and return its path."""
    lines = (json.dumps(asdict(rejection), ensure_ascii=False) + "\n" for rejection in rejections)
    return _replace(folder / REJECTIONS_FILE, "".join(lines))


def _replace(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, encoding="utf-8", errors="replace")
    draft.replace(path)
    return path
