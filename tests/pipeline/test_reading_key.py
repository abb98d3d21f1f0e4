"""The key that a document is read under changes with all that could change the reading, and with nothing else."""

from pathlib import Path

import pytest

import kg
from kg.config import Settings, bundled
from kg.readers import Readers

PACKAGE = Path(kg.__file__).parent


@pytest.mark.parametrize(
    "changed",
    [
        PACKAGE / "link" / "senses.yaml",
        PACKAGE / "link" / "lookup.py",
        PACKAGE / "assertion" / "status.py",
        bundled("models/names") / "names.safetensors",
    ],
    ids=lambda path: path.name,
)
def test_another_rule_or_code_is_another_key(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Readers(Settings()).key
    assert Readers(Settings()).key == before
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b" " if path == changed else read(path))
    assert Readers(Settings()).key != before


def test_how_answers_are_shown_is_not_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Readers(Settings()).key
    read = Path.read_bytes
    shown = {PACKAGE / "cli" / "link.py", PACKAGE / "query" / "__init__.py", PACKAGE / "report" / "__init__.py"}
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b" " if path in shown else read(path))
    assert Readers(Settings()).key == before
