"""Files in parts and together again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import SourceFormatError
from kg.train.parts import join_parts, split_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run" / "model").mkdir(parents=True)
    (tmp_path / "run" / "weights").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "run" / "model" / "config.json").write_text("{}")
    (tmp_path / "run" / "empty").write_bytes(b"")
    return tmp_path / "run"


def test_parts_are_small_and_make_the_files_again(folder: Path, tmp_path: Path) -> None:
    parts = split_folder(folder, tmp_path / "parts", 1000)
    assert max(path.stat().st_size for path in parts) == 1000
    join_parts(tmp_path / "parts", tmp_path / "again")
    for path in folder.rglob("*"):
        if path.is_file():
            assert (tmp_path / "again" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_damaged_and_missing_parts_and_paths_that_lead_out_are_refused(folder: Path, tmp_path: Path) -> None:
    parts = split_folder(folder, tmp_path / "parts", 1000)
    parts[-1].write_bytes(b"other")
    with pytest.raises(SourceFormatError, match="do not make the file"):
        join_parts(tmp_path / "parts", tmp_path / "again")
    parts[-1].unlink()
    with pytest.raises(SourceFormatError, match="missing"):
        join_parts(tmp_path / "parts", tmp_path / "again")
    index = [{"path": "../outside", "parts": [parts[0].name], "sha256": ""}]
    (tmp_path / "parts" / "parts.json").write_text(json.dumps(index))
    with pytest.raises(SourceFormatError, match="leads out"):
        join_parts(tmp_path / "parts", tmp_path / "again")
    assert not (tmp_path / "outside").exists()
