"""Exports cut off by a full disk or by kill -9: what stood at the place before stays, or nothing stands there."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.cli.export import FORMATS
from kg.errors import StoreError
from kg.stores.ledger import Ledger
from kg.stores.rdf import export
from kg.stores.selection import Selection
from tests.stores.ledger_samples import build, paper, read

_STOPS_HALFWAY = """
import sys, time
from pathlib import Path
from kg.cli.export import FORMATS
from kg.stores.ledger import Ledger
from kg.stores.selection import Selection

class Halfway(Selection):
    def supported(self, triples=None):
        yield from super().supported(triples)
        print("halfway", flush=True)
        time.sleep(60)

folder, output, form = sys.argv[1:]
with Ledger.open(Path(folder)) as ledger:
    FORMATS[form](Halfway(ledger), Path(output))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of sentences that do not compress: more than 100 KB in every format."""
    made = tmp_path_factory.mktemp("graph")
    words = random.Random(7)
    said = ["Aspirin causes hemorrhage. " + words.randbytes(10_000).hex() for _ in range(20)]
    build(made, [read(paper(number, text)) for number, text in enumerate(said)])
    return made


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("a small disk needs root, to mount one")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_leaves_what_stood_there(folder: Path, small_disk: Path) -> None:
    """In every format, packed too: a StoreError that says so, the old file as it was, and no rest of the new one."""
    for form, suffix in [*((form, "") for form in FORMATS if form != "neo4j-admin"), ("nquads", ".gz")]:
        output = small_disk / f"graph{suffix}"
        output.write_text("old")
        with Ledger.open(folder) as ledger, pytest.raises(StoreError, match="cannot write the export: No space left"):
            FORMATS[form](Selection(ledger), output)
        assert [(path.name, path.read_text()) for path in small_disk.iterdir()] == [(output.name, "old")], form
        output.unlink()


@pytest.mark.parametrize("form", ["nquads", "kgx-jsonl", "graphml"])
def test_a_killed_export_leaves_what_stood_there(folder: Path, tmp_path: Path, form: str) -> None:
    old = tmp_path / "graph"
    old.write_text("old")
    command = [sys.executable, "-c", _STOPS_HALFWAY, str(folder), str(old), form]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "halfway\n"
        running.kill()
    assert running.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["graph"]
    assert old.read_text() == "old"
    # The files that were being written lie hidden beside it; the next export to this place clears them away.
    assert list(tmp_path.glob(".*.partial"))
    with Ledger.open(folder) as ledger:
        FORMATS[form](Selection(ledger), old)
    assert not list(tmp_path.glob(".*.partial"))


def test_a_running_export_keeps_its_file(folder: Path, tmp_path: Path) -> None:
    """Only the files of processes that are gone are cleared away."""
    mine = tmp_path / ".graph.1.partial"
    mine.write_text("of process 1, which always runs")
    with Ledger.open(folder) as ledger:
        export(Selection(ledger), tmp_path / "graph")
    assert mine.exists()
