"""Bulk loading: where one batch ends and the next begins changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_where_a_batch_ends_changes_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.stores.bulk_driver", str(tmp_path), "1000000", "7", "1"]
    # The server logs into the folder where it runs.
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == 0, done.stderr
    one, few, every_line = json.loads(done.stdout.splitlines()[-1])
    assert one == few == every_line
    assert one["in"] == one["out"]
    assert sum("SUPPORTED_BY" in edge for edge in one["in"]) == 4
