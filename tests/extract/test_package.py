"""Model folders: what is kept, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from kg.errors import ModelError
from kg.extract.extractor import released_reader
from kg.extract.package import load_package
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
    content[len(content) // 2] ^= 1
    (broken / name).write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        load_package(broken)


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
