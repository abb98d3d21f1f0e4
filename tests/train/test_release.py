"""A release: every stage, killed in every stage, to the same model folder."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from kg.errors import ConfigError
from kg.extract.extractor import Extractor
from kg.extract.identity import read_config
from kg.extract.package import load_package
from kg.train.progress import Reporter
from kg.train.recipe import Pretraining, Recipe, Release, read_release
from kg.train.release import make_release
from tests.train.conftest import as_toml
from tests.train.killing import run_and_kill


@pytest.fixture
def file(pretraining: Pretraining, recipe: Recipe, tmp_path: Path) -> Path:
    """Two runs of two epochs each, on a pretrained encoder, then on train and dev together."""
    tables = [
        'version = "9.9.9"\nruns = 2\nmerge_dev = true\n[pretraining]',
        *(f"{name} = {json.dumps(getattr(pretraining, name))}" for name in Pretraining.__dataclass_fields__),
        as_toml(replace(recipe, max_steps=0, epochs=2, batch_tokens=2500), "extractor"),
        "[refinement]\nepochs = 1\nkeep_names = 1.0\ntag_weight = 0.0\nbatch_tokens = 2500\nwarm_up = 2",
        'precision = "fp32"',
    ]
    path = tmp_path / "release.toml"
    path.write_text("\n".join(tables), encoding="utf-8")
    return path


def make(release: Release, data: Path, output: Path, resume: bool) -> tuple[Path, str]:
    said = io.StringIO()
    return make_release(release, data, output, resume, Reporter(said)), said.getvalue()


def test_a_release_killed_in_every_stage_gives_the_same_model(
    file: Path, data: Path, texts: Path, tmp_path: Path
) -> None:
    release = read_release(file)
    whole, said = make(release, data, tmp_path / "whole", False)
    assert "final-refined: run 2 of 2" in said
    arguments = ["release", str(data), "--output", str(tmp_path / "killed"), "--recipe", str(file)]
    run_and_kill(arguments, 8)  # in the pretraining, which has 16 steps
    run_and_kill([*arguments, "--resume"], 11 + 9)  # among the runs on the training halves
    killed, said = make(release, data, tmp_path / "killed", True)
    assert "resuming at step" in said
    for name in ("model.safetensors", "config.json", "lexicon.safetensors"):
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name

    pretrained = "pretraining/encoder/model.safetensors"
    assert (tmp_path / "whole" / pretrained).read_bytes() == (tmp_path / "killed" / pretrained).read_bytes()

    told, on_dev = read_config(whole), read_config(tmp_path / "whole" / "dev-refined" / "model")
    assert told["calibration"] == on_dev["calibration"]  # dev is training data now: nothing is fitted on it
    assert told["digest"] != on_dev["digest"]
    assert told["facts"]["documents"]["BC5CDR"] == on_dev["facts"]["documents"]["BC5CDR"] + 1
    assert "train and dev together" in told["facts"]["remark"]
    assert told["facts"]["dev_while_training"] == on_dev["facts"]["dev_while_training"]
    assert Extractor.load(whole).reader.version == "9.9.9"

    modified = whole.stat().st_mtime_ns
    assert make(release, data, tmp_path / "whole", True)[0].stat().st_mtime_ns == modified  # nothing left to do
    with pytest.raises(ConfigError, match="go on with --resume"):
        make(release, data, tmp_path / "whole", False)
    with pytest.raises(ConfigError, match="another recipe"):
        make(replace(release, runs=3), data, tmp_path / "whole", True)


def test_without_merging_the_model_is_the_one_that_dev_measured(
    file: Path, data: Path, texts: Path, tmp_path: Path
) -> None:
    release = replace(read_release(file), pretraining=None, merge_dev=False)
    for run in (1, 2):  # as processes side by side would
        make_release(release, data, tmp_path / "out", True, Reporter(io.StringIO()), run)
        assert (tmp_path / "out" / "dev" / f"run-{run}").exists()
    assert not (tmp_path / "out" / "dev" / "model").exists()
    with pytest.raises(ConfigError, match="no such run"):
        make_release(release, data, tmp_path / "out", True, Reporter(io.StringIO()), 3)
    make_release(release, data, tmp_path / "out", True, Reporter(io.StringIO()), 1)  # now all have ended
    assert (tmp_path / "out" / "dev" / "model").exists()
    model, _ = make(release, data, tmp_path / "out", True)
    told = [
        read_config(one) for one in (model, *(tmp_path / "out" / name / "model" for name in ("dev-refined", "dev")))
    ]
    assert told[0]["digest"] == told[1]["digest"] != told[2]["digest"]
    assert told[1]["facts"]["step"] > told[2]["facts"]["step"]  # those of both stages


def test_a_refinement_may_be_drawn_back_to_what_it_began_with(file: Path, data: Path, tmp_path: Path) -> None:
    release = replace(read_release(file), pretraining=None, merge_dev=False, runs=1, refined=0.0)
    back, _ = make(release, data, tmp_path / "back", False)
    wholly, _ = make(replace(release, refined=1.0), data, tmp_path / "wholly", False)
    begun = load_package(tmp_path / "back" / "dev" / "model").network.state_dict()
    drawn, refined = (load_package(folder).network.state_dict() for folder in (back, wholly))
    assert all(torch.allclose(drawn[name], begun[name], atol=1e-6) for name in begun)
    assert not torch.allclose(refined["relations.first.weight"], begun["relations.first.weight"], atol=1e-6)
