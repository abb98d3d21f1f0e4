"""``kg doctor``: whole is whole, and what is damaged is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.config import bundled
from tests.extract.models import write_package


def checked(graph: Path, *options: str) -> tuple[int, dict[str, tuple[bool, str]]]:
    done = CliRunner().invoke(app, ["doctor", "--json", "--graph", str(graph), *options])
    return done.exit_code, {one["check"]: (one["ok"], one["detail"]) for one in json.loads(done.stdout)}


def test_a_whole_installation_and_graph_are_well(small_graph_folder: Path) -> None:
    code, found = checked(small_graph_folder, "--quick")
    assert (code, {ok for ok, _ in found.values()}) == (0, {True})
    assert list(found) == ["python", "terminology", "vectors of names", "disk", "ledger", "embedded graph"]
    assert found["ledger"][1] == "change 1, 4 documents, 3 statements"


def test_damage_is_told_beside_what_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = write_package(tmp_path / "extractor")
    (model / "model.safetensors").write_bytes(b"\x80\x02 a pickle")
    terminology = Path(shutil.copytree(bundled("models/terminology"), tmp_path / "terminology"))
    (terminology / "terminology.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("MEDKG_EXTRACTOR", str(model))
    monkeypatch.setenv("MEDKG_TERMINOLOGY", str(terminology))
    code, found = checked(tmp_path / "none")
    assert code == 1
    assert {name for name, (ok, _) in found.items() if not ok} == {"terminology", "extractor"}
    assert "terminology.json is damaged" in found["terminology"][1]
    assert "model.safetensors is a pickle, which is never opened" in found["extractor"][1]
    assert str(model) in found["extractor"][1]
