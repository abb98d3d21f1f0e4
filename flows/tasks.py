"""The tasks: the same calls as the command line's, retried where the error says that trying again may help."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import get_run_logger, task
from prefect.client.schemas.objects import State, TaskRun

from kg.config import load_settings
from kg.errors import Transient
from kg.pipeline import build
from kg.sources.eutils import Eutils
from kg.stores.bolt import connect
from kg.stores.bolt_publish import publish
from kg.stores.ledger import Ledger


async def may_help(task: Any, run: TaskRun, state: State[Any]) -> bool:
    """Say whether another try may succeed: another writer is busy, a service did not answer."""
    return isinstance(await state.aresult(raise_on_failure=False), Transient)


class Lines:
    """Progress as lines of the run's log: one for each tenth of a stage."""

    def __init__(self) -> None:
        self._log = get_run_logger()
        self._stage, self._total, self._tenth = "", 0, 0

    def begin(self, stage: str, total: int) -> None:
        """Name the stage; ``total`` 0 means that its length is not known."""
        self._stage, self._total, self._tenth = stage, total, 0
        self._log.info("%s", stage)

    def reached(self, units: int, note: str = "") -> None:
        """Say how far it is, when another tenth is done."""
        tenth = 10 * units // self._total if self._total else 0
        if tenth > self._tenth:
            self._tenth = tenth
            self._log.info("%s: %d %%, %s", self._stage, 10 * tenth, note)


@task(
    name="build",
    task_run_name="build {path}",
    retries=5,
    retry_delay_seconds=[5, 15, 60, 300, 600],
    retry_jitter_factor=0.3,
    retry_condition_fn=may_help,
    persist_result=False,
)
def build_path(path: str, graph: str) -> dict[str, Any]:
    """Read one file or folder into a graph; return the counts: of the graph, and of what this task added.

    Running it again reads only what is new, so a task that died is simply started again.
    """
    report = build([Path(path)], Path(graph), load_settings(), Lines())
    return {
        "path": path,
        "read": report.read,
        "seconds": round(report.seconds, 1),
        "totals": asdict(report.totals),
        "new": asdict(report.new),
        "rejections": len(report.rejections),
    }


@task(
    name="fetch",
    task_run_name="fetch {query}",
    retries=4,
    retry_delay_seconds=[30, 120, 600, 1800],
    retry_condition_fn=may_help,
    persist_result=False,
)
def fetch(query: str, folder: str) -> int:
    """Bring the citations that PubMed finds for a query into a folder; return how many files it has brought."""
    service = Eutils()
    try:
        return len(service.download(service.search(query), Path(folder)))
    finally:
        service.close()


@task(
    name="publish",
    task_run_name="publish to {uri}",
    retries=4,
    retry_delay_seconds=[10, 60, 300, 900],
    retry_condition_fn=may_help,
    persist_result=False,
)
def publish_to(uri: str, graph: str) -> dict[str, Any]:
    """Bring a Neo4j up to the graph's last change; the password is in NEO4J_PASSWORD. Return what was written."""
    with Ledger.open(Path(graph)) as ledger, connect(uri) as store:
        return asdict(publish(store, ledger))
