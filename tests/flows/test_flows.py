"""The flows on a real Prefect server: a scheduled run starts by itself, reads papers, and leaves a summary."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from flows.ingest import summary
from flows.server import QUIET, local_server
from kg.errors import StoreBusy
from kg.stores.bolt import BoltStore
from kg.stores.ledger import Ledger
from tools.neo4j.server import Neo4j

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ROOT / "tests" / "data" / "papers"
PATIENCE = 240


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with local_server(free_port(), tmp_path_factory.mktemp("prefect")) as address:
        yield address


@pytest.fixture(scope="module")
def graph(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The graph of a served deployment whose nightly run comes every ten seconds."""
    home = tmp_path_factory.mktemp("served")
    command = [
        sys.executable, "-m", "flows.serve", "--every", "10", "--graph", str(home / "graph"),
        "--literature", str(PAPERS / "b.txt"), "--guidelines", str(PAPERS / "a.md"),
    ]  # fmt: skip
    environment = {**os.environ, **QUIET, "PREFECT_API_URL": server, "PREFECT_HOME": str(home / "prefect")}
    with open(home / "serve.log", "wb") as log:
        served = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield home / "graph"
    finally:
        served.terminate()
        served.wait(timeout=60)


def ask(server: str, what: str, **filters: Any) -> list[dict[str, Any]]:
    answer = httpx.post(f"{server}/{what}/filter", json=filters, timeout=20)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()
    return found


def finished(server: str) -> dict[str, Any]:
    """Wait for a scheduled nightly run that has completed."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for run in ask(server, "flow_runs", flows={"name": {"any_": ["nightly"]}}):
            if run["state_type"] in ("FAILED", "CRASHED"):
                raise AssertionError(run["state"]["message"])
            if run["state_type"] == "COMPLETED":
                return run
        time.sleep(1)
    raise AssertionError("no scheduled run has finished")


def test_a_scheduled_run_finishes_and_the_graph_is_there(server: str, graph: Path) -> None:
    run = finished(server)
    assert run["auto_scheduled"]
    assert (graph / "report.html").is_file()
    names = {task["name"] for task in ask(server, "task_runs", flow_runs={"state": {"type": {"any_": ["COMPLETED"]}}})}
    assert {f"build {PAPERS / 'a.md'}", f"build {PAPERS / 'b.txt'}"} <= {
        name.rsplit("-", 1)[0] for name in names
    } | names
    (shown,) = {
        found["key"]: found for found in ask(server, "artifacts") if found["key"] == "medkg-guidelines"
    }.values()
    assert shown["data"].startswith(f"# guidelines into `{graph}`")
    assert "not a diagnosis" in shown["data"]


def test_tasks_get_paths_and_never_texts(server: str, graph: Path) -> None:
    finished(server)
    text = (PAPERS / "a.md").read_text(encoding="utf-8").strip().splitlines()[-1]
    kept = json.dumps([ask(server, what) for what in ("flow_runs", "task_runs", "artifacts")])
    assert str(PAPERS / "a.md") in kept
    assert text not in kept


def test_the_flows_read_what_the_command_reads(server: str, graph: Path, tmp_path: Path) -> None:
    finished(server)
    for name in ("a.md", "b.txt"):
        shutil.copy(PAPERS / name, tmp_path)
        done = [sys.executable, "-m", "kg", "build", str(tmp_path / name), "--graph", str(tmp_path / "graph")]
        subprocess.run(done, cwd=ROOT, check=True, capture_output=True, timeout=300)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with Ledger.open(graph) as served, Ledger.open(tmp_path / "graph") as built:
                assert [s.id for s in served.statements()] == [s.id for s in built.statements()]
                assert served.counts() == built.counts()
                return
        except StoreBusy:  # the next scheduled run holds the ledger just now
            time.sleep(1)
    raise AssertionError("the ledger was never free")


@pytest.mark.neo4j
def test_nightly_brings_a_neo4j_up_to_date(server: str, neo4j_server: Neo4j, tmp_path: Path) -> None:
    call = "import sys; from flows.ingest import nightly; nightly([], [sys.argv[1]], sys.argv[2], neo4j=sys.argv[3])"
    environment = {**os.environ, **QUIET, "PREFECT_API_URL": server, "PREFECT_HOME": str(tmp_path / "prefect")}
    command = [sys.executable, "-c", call, str(PAPERS / "a.md"), str(tmp_path / "graph"), neo4j_server.uri]
    subprocess.run(
        command, cwd=ROOT, env={**environment, "NEO4J_PASSWORD": neo4j_server.password}, check=True, timeout=300
    )
    tasks = {task["name"].rsplit("-", 1)[0]: task["state_type"] for task in ask(server, "task_runs")}
    assert tasks[f"publish to {neo4j_server.uri}"] == "COMPLETED"
    with (
        Ledger.open(tmp_path / "graph") as ledger,
        BoltStore(neo4j_server.uri, ("neo4j", neo4j_server.password)) as store,
    ):
        ids = [row["id"] for row in store.run("MATCH (s:Statement) RETURN s.id AS id")]
        assert sorted(ids) == sorted(statement.id for statement in ledger.statements()) != []


def test_a_path_cannot_break_the_summary() -> None:
    counts = {"evidence": 2, "statements": 1}
    report = {"path": "a`|\n<b>", "read": 1, "new": counts, "totals": counts, "seconds": 0.5, "rejections": 0}
    row = summary("literature", "graph", [report]).splitlines()[4]
    assert row == "| `a'/ <b>` | 1 | 2 | 1 | 0.5 |"


def test_compose_holds_no_secret_and_opens_nothing_to_the_network() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    assert set(services) == {"neo4j", "prefect", "worker"}
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        secrets = [value for name, value in service["environment"].items() if "PASSWORD" in name or "AUTH" in name]
        assert all("${NEO4J_PASSWORD:?" in value for value in secrets)


@pytest.mark.skipif(
    subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0
    if shutil.which("docker")
    else True,
    reason="needs docker with compose",
)
def test_compose_is_sound_and_wants_its_password() -> None:
    command = ["docker", "compose", "-f", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    bare = {name: value for name, value in os.environ.items() if name != "NEO4J_PASSWORD"}
    assert subprocess.run(command, env=bare, capture_output=True, check=False).returncode != 0
    assert subprocess.run(command, env={**bare, "NEO4J_PASSWORD": "a-password"}, check=False).returncode == 0
