"""Text classification on the shared encoder: data, head, report, and the commands."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from typer.testing import CliRunner

from kg.cli.app import app
from kg.encode.lexicon import one_hot
from kg.errors import ModelError, SourceError, SourceFormatError
from kg.extract.classifier import FILE, Classifier, Features, load_head
from kg.extract.package import load_package
from kg.train.classifier import choose_decay, fit_head, temperature, train_classifier
from kg.train.labelled import read_labelled
from tests.extract.models import write_package

WORDS = {"fever": "fever cough 37 fever fever", "drug": "aspirin 100 mg aspirin"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("model") / "extractor")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty texts of one class, eight of another."""
    path = tmp_path_factory.mktemp("rows") / "texts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["text", "label", "split"])
        for number in range(38):
            label = "drug" if number % 5 == 0 else "fever"
            table.writerow([f"{number} , {WORDS[label]}", label, "dev" if number >= 28 else "train"])
    return path


@pytest.fixture(scope="module")
def trained(model: Path, rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("classifier")
    train_classifier(rows, output, model)
    return output


def test_a_rare_class_is_found_and_the_report_counts(trained: Path) -> None:
    report = json.loads((trained / "report.json").read_text(encoding="utf-8"))
    assert (report["learnt"], report["held_out"]) == (28, 10)
    assert report["classes"]["drug"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 2}
    assert report["confusion"] == [[2, 0], [0, 8]]
    assert report["baseline_accuracy"] == 0.8
    text = (trained / "report.txt").read_text(encoding="utf-8")
    assert "drug 1.000 1.000 1.000 2" in [" ".join(line.split()) for line in text.splitlines()]


def test_the_head_is_all_that_is_stored_and_belongs_to_its_encoder(trained: Path, model: Path) -> None:
    assert set(load_file(trained / FILE)) == {"weight", "bias", "mean", "scale"}
    digest = load_package(model).digest
    assert load_head(trained, digest).labels == ("drug", "fever")
    with pytest.raises(ModelError, match="belongs to another model"):
        load_head(trained, "0" * 64)


@pytest.mark.parametrize("damage", ["cut", "missing", "foreign", "changed", "pickle"])
def test_a_damaged_head_is_refused(trained: Path, model: Path, tmp_path: Path, damage: str) -> None:
    path = tmp_path / FILE
    if damage == "cut":
        path.write_bytes((trained / FILE).read_bytes()[:-40])
    elif damage == "foreign":
        path.write_bytes((model / "model.safetensors").read_bytes())
    elif damage == "changed":
        content = bytearray((trained / FILE).read_bytes())
        content[-7] ^= 1
        path.write_bytes(content)
    elif damage == "pickle":
        torch.save({"weight": torch.zeros(2, 3)}, path)
    with pytest.raises(ModelError, match=r"no classifier can be read here: .*train it anew .*classifier.safetensors"):
        load_head(path, load_package(model).digest)


def test_a_head_from_before_digests_is_still_read(trained: Path, model: Path, tmp_path: Path) -> None:
    with safe_open(trained / FILE, framework="np") as file:
        told = json.loads(file.metadata()["classifier"])
    del told["digest"]
    save_file(load_file(trained / FILE), tmp_path / FILE, metadata={"classifier": json.dumps(told)})
    assert load_head(tmp_path, load_package(model).digest).labels == ("drug", "fever")


def test_features_do_not_depend_on_the_company_and_count_every_word_once(model: Path) -> None:
    package = load_package(model)
    features = Features(package, "cpu")
    long = " ".join(f"fever {number} aspirin" for number in range(400))  # several windows
    alone = next(features([long]))
    among = list(features(["aspirin", long, ""]))
    assert np.array_equal(alone, among[1])
    assert not among[2].any()
    short = "fever and aspirin"
    _, (read,) = features._encoding.reads(short)
    with torch.inference_mode():
        known = torch.zeros(1, len(read.ids), package.lexicon.width)
        known[0] = torch.from_numpy(one_hot(read.known))
        top = package.network.encode(read.ids[None], known).hidden[0]
    expected = ((top[read.first] + top[read.last]) / 2).mean(0).numpy()
    assert np.allclose(next(features([short]))[-len(expected) :], expected, atol=1e-5)


def test_the_head_is_the_optimum_and_classes_weigh_alike() -> None:
    random = np.random.default_rng(0)
    features = np.concatenate([random.normal(0, 1, (95, 3)), random.normal(1.5, 1, (5, 3))])
    wanted = np.repeat([0, 1], [95, 5])
    head = fit_head(features, wanted, ["a", "b"], 1e-3)
    guessed = head.probabilities(features).argmax(1)
    assert (guessed[95:] == 1).mean() >= 0.8  # unweighted, hardly one of the five is found
    inputs = (features - head.mean) / head.scale
    error = head.probabilities(features)
    error[np.arange(100), wanted] -= 1
    weights = np.where(wanted == 0, 100 / (2 * 95), 100 / (2 * 5))[:, None]
    gradient = (error * weights).T @ inputs / weights.sum() + 1e-3 * head.weight
    assert np.abs(gradient).max() < 1e-4
    decay, unseen = choose_decay(features, wanted, ["a", "b"])
    assert decay in (1e-3, 1e-2, 1e-1, 1.0)
    rest = np.arange(100) % 4 != 0  # a text's scores come from a head that has not seen it
    blind = fit_head(features[rest], wanted[rest], ["a", "b"], decay, 30)
    assert np.allclose(unseen[~rest], blind.scores(features[~rest]))


def test_probabilities_are_as_often_right_as_they_say() -> None:
    random = np.random.default_rng(0)
    honest = random.normal(0, 2, (4000, 3))
    chances = np.exp(honest) / np.exp(honest).sum(1, keepdims=True)
    wanted = (random.random((4000, 1)) > chances.cumsum(1)).sum(1)
    assert temperature(honest, wanted) == pytest.approx(1, abs=0.07)
    assert temperature(3 * honest, wanted) == pytest.approx(3, abs=0.2)


def test_probabilities_sum_to_one_and_are_ranked(trained: Path, model: Path) -> None:
    chances = next(Classifier.load(trained, load_package(model), "cpu").classify(["fever cough 37 fever"]))
    assert list(chances) == ["fever", "drug"]
    assert sum(chances.values()) == pytest.approx(1.0, abs=2e-4)


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        ("text,label\na,x\n,y\n", "needs a text and a label", 3),
        ("text,label,split\na,x,train\nb,y,later\n", "split is train or dev", 3),
        ("text,label,split\na,x,train\nb,x,dev\n", "at least two labels", None),
        ("text,label,split\na,x,train\nb,y,train\n", "nothing is held out", None),
        ("text,label,split\na,x,train\nb,y,train\nc,z,dev\n", "only held out", None),
    ],
)
def test_data_that_cannot_be_used_is_refused(tmp_path: Path, content: str, said: str, line: int | None) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceFormatError, match=said) as caught:
        read_labelled(path)
    assert caught.value.context.get("line") == line


def test_jsonl_is_read_doubles_are_left_out_and_the_split_is_by_hash(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    lines = [json.dumps({"text": f"text {number % 90}", "label": "ab"[number % 2]}) for number in range(100)]
    path.write_text("\n".join(lines), encoding="utf-8")
    rows = read_labelled(path)
    assert rows.doubled == 10
    assert len(rows.texts) + len(rows.held_texts) == 90
    assert 8 <= len(rows.held_texts) <= 28
    path.write_text("\n".join(lines[::-1]), encoding="utf-8")
    assert set(read_labelled(path).held_texts) == set(rows.held_texts)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SourceFormatError, match="cannot be read") as caught:
        read_labelled(path)
    assert caught.value.context["line"] == 1


def test_the_commands(model: Path, rows: Path, trained: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke(
        app, ["train", "classifier", str(rows), "--output", str(tmp_path / "c"), "--model", str(model), "--json"]
    )
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["macro"]["f1"] == 1.0
    assert (tmp_path / "c" / FILE).read_bytes() == (trained / FILE).read_bytes()
    (tmp_path / "note.txt").write_text("Fever, fever and cough 37.\n", encoding="utf-8")
    texts = ["aspirin 100 mg aspirin", str(tmp_path / "note.txt")]
    command = ["classify", *texts, "--classifier", str(tmp_path / "c"), "--model", str(model), "--json"]
    run = CliRunner().invoke(app, command)
    assert run.exit_code == 0, run.output
    assert [one["label"] for one in json.loads(run.stdout)] == ["drug", "fever"]
    run = CliRunner().invoke(app, [*command[:1], "lost.pdf", *command[3:]])
    assert isinstance(run.exception, SourceError)
