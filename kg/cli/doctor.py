"""``kg doctor``: is everything there that a build needs, and is the graph whole?"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, FolderOption, JsonOption
from kg.cli.output import print_json, print_table
from kg.errors import KGError

if TYPE_CHECKING:
    from kg.config import Settings

_FREE_BYTES = 1_000_000_000


def register(app: typer.Typer) -> None:
    """Add the commands of this group to ``app``."""
    app.command()(doctor)


def doctor(
    graph: FolderOption = Path(DEFAULT_GRAPH),
    as_json: JsonOption = False,
    quick: Annotated[bool, typer.Option("--quick", help="Do not load the weights.")] = False,
) -> None:
    """Check the installation and the graph; exit with 1 if something is wrong."""
    from kg.config import load_settings

    found = list(_checks(graph, load_settings(), quick))
    if as_json:
        print_json([{"check": name, "ok": ok, "detail": detail} for name, ok, detail in found])
    else:
        print_table(("check", "", "detail"), [(name, "ok" if ok else "WRONG", detail) for name, ok, detail in found])
    if not all(ok for _, ok, _ in found):
        raise typer.Exit(1)


def _checks(graph: Path, settings: Settings, quick: bool) -> Iterator[tuple[str, bool, str]]:
    yield "python", True, platform.python_version()
    yield _try("terminology", lambda: _terminology(settings))
    yield _try("vectors of names", _names)
    if not quick:
        yield _try("extractor", lambda: _extractor(settings))
    home = graph if graph.exists() else Path.cwd()
    free = shutil.disk_usage(home).free
    yield "disk", free > _FREE_BYTES, f"{free / 1e9:.1f} GB free"
    if (graph / "ledger.duckdb").exists():
        yield _try("ledger", lambda: _ledger(graph))
        yield _try("embedded graph", lambda: _embedded(graph))
    else:
        yield "ledger", True, f"no graph in {graph} yet"


def _try(name: str, check: Callable[[], str]) -> tuple[str, bool, str]:
    try:
        return name, True, check()
    except KGError as error:
        return name, False, str(error)


def _terminology(settings: Settings) -> str:
    from kg.link.terminology import Terminology

    terminology = Terminology.load(settings.terminology)
    return f"{len(terminology):,} concepts, digest {terminology.digest[:12]}"


def _names() -> str:
    from kg.config import bundled
    from kg.link.meaning import NameEncoder

    return f"{NameEncoder.load(bundled('models/names'))(['fever']).shape[1]} numbers a name"


def _extractor(settings: Settings) -> str:
    from kg.extract.extractor import Extractor

    extractor = Extractor.load(settings.extractor, settings.device)
    return f"{extractor.reader.id} on {extractor.arithmetic}"


def _ledger(graph: Path) -> str:
    from kg.stores.ledger import Ledger

    with Ledger.open(graph) as ledger:
        counts = ledger.counts()
        return f"change {ledger.last_change}, {counts['documents']:,} documents, {counts['statements']:,} statements"


def _embedded(graph: Path) -> str:
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        counts = opened.counts()
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
