"""A small graph to ask, published into whatever store is tested."""

from __future__ import annotations

from pathlib import Path

from tests.stores.ledger_samples import build, paper, read

READINGS = (
    read(paper(1, published="2014-03", url="https://example.org/1", license="CC0"), counted=(12, 34)),
    read(
        paper(2, "Metformin causes lactic acidosis.", published="2016"),
        ("Metformin", "causes", "Lactic acidosis"),
        score=0.8,
    ),
    read(paper(3, "Aspirin may cause hemorrhage.", published="2019-11-02"), score=0.7),
    read(
        paper(4, "Hemorrhage goes with lactic acidosis."),
        ("Hemorrhage", "associated_with", "Lactic acidosis"),
    ),
)


def small_ledger(folder: Path) -> Path:
    """Build the ledger of the small graph in a folder and return the folder."""
    build(folder, READINGS)
    return folder
