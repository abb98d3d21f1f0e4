"""A Prefect server on this machine, for as long as it is needed. Nothing is reported to anyone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from kg.errors import SourceError

QUIET = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}
START_SECONDS = 120


@contextmanager
def local_server(port: int, home: Path) -> Iterator[str]:
    """Start a server on loopback that keeps its database in ``home``; give its API address; stop it at the end.

    Raises SourceError when it does not answer within two minutes (on two busy cores it takes about half of one).
    """
    home.mkdir(parents=True, exist_ok=True)
    address = f"http://127.0.0.1:{port}/api"
    with open(home / "server.log", "ab") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, **QUIET, "PREFECT_HOME": str(home), "PREFECT_API_URL": address},
            stdout=log,
            stderr=log,
        )
        try:
            _await(address, server, home)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _await(address: str, server: subprocess.Popen[bytes], home: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            if httpx.get(f"{address}/health", timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    raise SourceError("the Prefect server did not start; its log says why", log=str(home / "server.log"))
