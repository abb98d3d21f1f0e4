"""Model folders: what is kept, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from kg.errors import ModelError
from kg.extract.extractor import released_reader
from kg.extract.package import CONFIG, TOKENIZER, WEIGHTS, digest_of, load_package
from kg.stores.ledger import Ledger
from tests.extract.models import LEXICON, PIECES, network, write_package


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("models") / "extractor")


def test_weights_come_back_within_their_number_formats(folder: Path) -> None:
    package = load_package(folder)
    theirs = network().state_dict()
    for name, tensor in package.network.state_dict().items():
        if name == "encoder.words.weight":
            latin = [row for row, piece in enumerate(PIECES) if piece != "漢"]
            assert torch.allclose(tensor[latin], theirs[name][latin], atol=float(theirs[name].abs().max()) / 127)
            assert torch.equal(tensor[PIECES.index("漢")], tensor[PIECES.index("[UNK]")])
        else:
            assert torch.allclose(tensor, theirs[name], atol=0.03, rtol=1e-3), name
    assert np.array_equal(package.lexicon.hashes, LEXICON.hashes)
    assert package.lexicon.columns == ("disease", "chemical")


def test_the_reader_is_known_without_loading(folder: Path) -> None:
    reader = released_reader(folder)
    assert (reader.name, reader.version, reader.digest) == ("extractor", "test", load_package(folder).digest)


@pytest.mark.parametrize("name", ["model.safetensors", "lexicon.safetensors", "tokenizer.json"])
def test_a_changed_byte_is_found(folder: Path, tmp_path: Path, name: str) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    content = bytearray((broken / name).read_bytes())
    content[-1] ^= 1
    (broken / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"damaged: .*{name}.* was changed, .*; fetch it again"):
        load_package(broken)


def shortened(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-1])


def pickled(folder: Path) -> None:
    torch.save(network().state_dict(), folder / WEIGHTS)


def no_json(folder: Path) -> None:
    (folder / CONFIG).write_text('{"format": "medkg', encoding="utf-8")


def without_labels(folder: Path) -> None:
    rewrite(folder, schemes=None)


def of_another_schema(folder: Path) -> None:
    schemes = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["schemes"]
    schemes[0]["relations"] = ["CURES"]
    rewrite(folder, schemes=schemes, schema="7")


def of_another_vocabulary(folder: Path) -> None:
    content = json.loads((folder / TOKENIZER).read_text(encoding="utf-8"))
    content["model"]["vocab"]["zebra"] = len(content["model"]["vocab"])
    (folder / TOKENIZER).write_text(json.dumps(content), encoding="utf-8")
    rewrite(folder)


def with_other_heads(folder: Path) -> None:
    schemes = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["schemes"]
    schemes[1]["types"] = ["Disease", "Gene"]
    rewrite(folder, schemes=schemes)


def rewrite(folder: Path, **changed: Any) -> None:
    """Change the config and take the digest anew, as somebody does who edits a model by hand."""
    content = json.loads((folder / CONFIG).read_text(encoding="utf-8")) | changed
    (folder / CONFIG).write_text(json.dumps({**content, "digest": digest_of(folder, content)}), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (shortened, "model.safetensors is no whole file: .*; fetch it again"),
        (pickled, "model.safetensors is a pickle, which is never opened; fetch it again"),
        (no_json, "config.json of the model is no JSON .*; fetch the model again"),
        (without_labels, "config.json of the model lacks schemes; fetch the model again"),
        (of_another_schema, "says CID:CURES, which this schema does not know: .* found=7, wanted=1"),
        (of_another_vocabulary, "tokenizer.json has another vocabulary than model.safetensors"),
        (with_other_heads, "cannot be read: .* size mismatch for tags.weight"),
    ],
)
def test_a_damaged_model_is_refused_with_what_and_where(
    folder: Path, tmp_path: Path, damage: Callable[[Path], None], told: str
) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    damage(broken)
    with pytest.raises(ModelError, match=told) as caught:
        load_package(broken)
    assert str(broken) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", [shortened, no_json])
def test_a_build_with_a_damaged_model_ends_with_1_and_records_nothing(
    folder: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    broken, graph = Path(shutil.copytree(folder, tmp_path / "broken")), tmp_path / "graph"
    damage(broken)
    (tmp_path / "note.txt").write_text("Fever after aspirin.", encoding="utf-8")
    command = [sys.executable, "-m", "kg", "build", str(tmp_path / "note.txt"), "--graph", str(graph)]
    named = {**os.environ, "MEDKG_EXTRACTOR": str(broken)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=named)
    assert (done.returncode, done.stdout) == (1, "")
    assert [line for line in done.stderr.splitlines() if str(broken) in line and line.startswith("kg: ")]
    assert "Traceback" not in done.stderr
    if graph.exists():
        with Ledger.open(graph) as ledger:
            assert ledger.counts()["documents"] == 0
    assert not (graph / "generations").exists()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    (broken / name).unlink()
    with pytest.raises(ModelError, match=name.replace("config.json", "no readable model")):
        load_package(broken)


def test_weights_of_another_format_are_refused_by_name(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    content = json.loads((other / "config.json").read_text(encoding="utf-8"))
    (other / "config.json").write_text(json.dumps({**content, "format": "medkg-extractor/0"}), encoding="utf-8")
    with pytest.raises(ModelError, match="another format") as caught:
        load_package(other)
    assert caught.value.context["found"] == "medkg-extractor/0"
