"""Training runs where torch and transformers are installed and little else."""

from __future__ import annotations

import subprocess
import sys

_BLOCKED = "spacy pydantic pydantic_settings duckdb typer rich lxml tensorboard pyarrow networkx neo4j rdflib".split()

_CODE = f"""
import sys
for name in {_BLOCKED!r}:
    sys.modules[name] = None  # importing it raises ImportError
import kg.train.__main__
from kg.train.metrics import _events
from kg.train.progress import Reporter, _bar
from pathlib import Path
assert _bar() is None and _events(Path("events"), 0) is None
Reporter().begin("x", 2)
kg.train.__main__.main()
"""


def test_training_needs_only_torch_and_its_tokenizers() -> None:
    command = [sys.executable, "-c", _CODE, "extractor", "nowhere", "--output", "nowhere", "--recipe", "nowhere"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("kg.train: cannot read the recipe"), done.stderr
