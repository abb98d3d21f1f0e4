"""Fine-tuning: its batches, its memory, its dev, and the same weights after a kill as without one."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from kg.errors import ConfigError, ModelError
from kg.extract.extractor import Extractor
from kg.extract.network import Network
from kg.extract.schemes import SCHEMES
from kg.train.batches import UNSAID, apart, away, backward, collate, counts_of, loss_sums, mask_names, types_apart
from kg.train.data import hold_out, read_split
from kg.train.examples import Example
from kg.train.export import export
from kg.train.loop import CHECKPOINT, accumulate
from kg.train.prepared import Prepared, prepare
from kg.train.progress import Reporter
from kg.train.recipe import RELEASED, CorpusRecipe, Recipe, read_recipe, read_release
from kg.train.run import BEST, Training, average_weights, said_before
from tests.train.killing import run_and_kill


@pytest.fixture
def prepared(recipe: Recipe, data: Path) -> Prepared:
    return prepare(recipe, data)


def quiet() -> Reporter:
    return Reporter(io.StringIO())


def weights(folder: Path) -> dict[str, Tensor]:
    return load_file(folder / CHECKPOINT)


def test_a_killed_run_goes_on_to_the_same_weights(
    recipe: Recipe, prepared: Prepared, recipe_file: Path, data: Path, tmp_path: Path
) -> None:
    Training(recipe, prepared, tmp_path / "whole", False, quiet()).run()
    run_and_kill(["extractor", str(data), "--output", str(tmp_path / "killed"), "--recipe", str(recipe_file)], 13)
    said = io.StringIO()
    torch.manual_seed(99)  # a new process has another random state
    Training(recipe, prepared, tmp_path / "killed", True, Reporter(said)).run()
    assert "resuming at step 10" in said.getvalue()
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "killed")
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_gives_a_model_that_reads(recipe: Recipe, prepared: Prepared, tmp_path: Path) -> None:
    training = Training(recipe, prepared, tmp_path / "run", False, quiet())
    training.run()
    lines = (tmp_path / "run" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["step"] == 20
    for _ in range(2):  # the second export replaces the first
        export(training, tmp_path / "model", "1.2.3")
    extractor = Extractor.load(tmp_path / "model")
    assert extractor.reader.version == "1.2.3"
    assert set(extractor.package.calibration.relation_threshold) == {"BC5CDR", "BioRED"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "run"]


def test_curves_are_one_page_and_tensorboard_events(recipe: Recipe, prepared: Prepared, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    training = Training(recipe, prepared, tmp_path, False, quiet())
    training.run()
    html = (tmp_path / "curves.html").read_text(encoding="utf-8")
    assert "http" not in html.replace("http-equiv", "")
    assert "<script" not in html
    assert html.count("<svg") == html.count("</svg>") >= 2
    events = EventAccumulator(str(tmp_path / "events"))
    events.Reload()
    measured = [line for line in training.metrics.lines if "score" in line]
    assert [event.step for event in events.Scalars("score")] == [line["step"] for line in measured]


def gradients(network: Network, members: Sequence[Example], fail: Sequence[int]) -> dict[str, Tensor]:
    """Gradients of a batch when memory runs out at the calls in `fail`, after the backward pass of that part."""
    counts = counts_of(members, SCHEMES)
    calls = 0

    def share(part: Sequence[Example]) -> Tensor:
        nonlocal calls
        calls += 1
        loss = backward(loss_sums(network, collate(part)), counts, (1.0, 0.5, 0.5, 0.0))
        if calls in fail:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return loss

    accumulate(members, share, lambda: network.zero_grad(set_to_none=True))
    return {name: one.grad.clone() for name, one in network.named_parameters() if one.grad is not None}


def test_gradients_are_the_same_when_memory_runs_out(recipe: Recipe, prepared: Prepared, tmp_path: Path) -> None:
    still = replace(recipe, dropout=0.0, head_dropout=0.0)
    network = Training(still, prepared, tmp_path, False, quiet()).network
    members = prepared.train[:3] + prepared.train[-2:]
    whole = gradients(network, members, [])
    halved = gradients(network, members, [1, 3])  # the whole batch, then the second half
    assert whole.keys() == halved.keys()
    largest = max(float(one.abs().max()) for one in whole.values())
    for name in whole:
        assert torch.allclose(whole[name], halved[name], atol=1e-5 * largest), name


def test_an_example_that_does_not_fit_is_said() -> None:
    def share(part: Sequence[int]) -> Tensor:
        raise torch.OutOfMemoryError

    with pytest.raises(ModelError, match="a single example does not fit"):
        accumulate([1, 2, 3], share, lambda: None)


def test_dev_ends_a_run_and_the_best_weights_are_kept(
    recipe: Recipe, prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter([40.0, 60.0, 50.0, 55.0, 70.0])
    monkeypatch.setattr("kg.train.run.dev_score", lambda figures: next(scores))
    training = Training(replace(recipe, max_steps=0, epochs=5, patience=2), prepared, tmp_path, False, quiet())
    kept = []
    end = training._end_epoch

    def look(epoch: int, last: bool) -> None:
        end(epoch, last)
        kept.append({name: tensor.clone() for name, tensor in training.loop.average.items()})

    monkeypatch.setattr(training, "_end_epoch", look)
    training.run()
    assert training.best_epoch == 2
    assert len(kept) == 4  # two epochs without a gain, then no more
    best = load_file(tmp_path / BEST)
    assert all(torch.equal(best[name], kept[1][name]) for name in best)
    assert all(torch.equal(best[name], tensor) for name, tensor in training.weights().items())


def test_runs_begin_alike_and_part(recipe: Recipe, prepared: Prepared, tmp_path: Path) -> None:
    runs = []
    for run in (0, 1):
        training = Training(replace(recipe, run=run), prepared, tmp_path / str(run), False, quiet())
        runs.append(training)
    begun = [{name: one.clone() for name, one in run.network.state_dict().items()} for run in runs]
    assert all(torch.equal(begun[0][name], begun[1][name]) for name in begun[0])
    for training in runs:
        training.run()
    ended = [training.weights() for training in runs]
    assert not torch.equal(ended[0]["tags.weight"], ended[1]["tags.weight"])
    mean = average_weights(ended)
    assert torch.allclose(mean["tags.weight"], (ended[0]["tags.weight"] + ended[1]["tags.weight"]) / 2)


def test_r_drop_measures_what_two_readings_differ_by() -> None:
    one = torch.tensor([[2.0, 0.0], [0.0, 1.0]])
    assert float(apart(one, one)) == 0.0
    p, q = torch.softmax(one, -1), torch.softmax(-one, -1)
    expected = ((p * (p / q).log()).sum() + (q * (q / p).log()).sum()) / 2
    assert float(apart(one, -one)) == pytest.approx(float(expected), rel=1e-6)


def test_names_of_whole_concepts_are_masked(prepared: Prepared) -> None:
    example = next(one for one in prepared.train if len(one.kinds) > 2)
    mask = prepared.pieces.mask
    shown, hidden = mask_names(example, 0.0, mask, np.random.default_rng(1))
    assert not hidden.any()
    assert np.array_equal(shown, example.ids)
    shown, hidden = mask_names(example, 1.0, mask, np.random.default_rng(1))
    named = {word for first, last, _ in example.mentions.tolist() for word in range(first, last + 1)}
    assert set(np.flatnonzero(hidden).tolist()) == named
    assert np.array_equal(shown == mask, np.isin(example.word, sorted(named)))
    shown, hidden = mask_names(example, 0.5, mask, np.random.default_rng(1))
    gone = [bool(hidden[first : last + 1].all()) for first, last, _ in example.mentions.tolist()]
    for concept in range(len(example.kinds)):  # a concept goes with all its names
        assert len({one for one, where in zip(gone, example.mentions[:, 2], strict=True) if where == concept}) == 1
    assert 0 < sum(gone) < len(gone)


def test_what_is_unsaid_of_names_does_not_count() -> None:
    before = torch.log_softmax(torch.tensor([[1.0, 2.0, 0.5], [0.0, 1.0, 3.0]]), -1)
    scores = torch.tensor([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]])
    heads = [slice(0, 3)]
    alone = float(away(scores[:1], before[:1], heads))
    before[1] = UNSAID
    assert float(away(scores, before, heads)) == pytest.approx(alone)
    assert alone == pytest.approx(float((before[0].exp() * before[0]).sum()) + math.log(3))


def test_the_type_is_learnt_among_related_pairs_only() -> None:
    scores = torch.tensor([[9.0, 1.0, 3.0], [0.0, 2.0, 2.0], [5.0, 0.0, math.log(3)]])
    assert float(types_apart(scores, torch.tensor([0, 0, 0]))) == 0.0
    assert float(types_apart(scores, torch.tensor([0, 1, 2]))) == pytest.approx(math.log(2) + math.log(4 / 3))
    assert float(types_apart(scores[:, :2], torch.tensor([0, 1, 1]))) == 0.0  # one type: nothing to tell apart


def test_a_refinement_is_drawn_to_the_names_it_began_with(recipe: Recipe, prepared: Prepared, tmp_path: Path) -> None:
    training = Training(recipe, prepared, tmp_path / "run", False, quiet())
    training.run()
    export(training, tmp_path / "model", "1")
    moved = []
    for keep in (0.0, 30.0):
        refined = replace(recipe, keep_names=keep, relation_weight=1.0, type_weight=1.0)
        again = Training(refined, prepared, tmp_path / str(keep), False, quiet(), start=tmp_path / "model")
        begun = again.network
        before = said_before(begun, prepared.train, 4096)
        again.run()
        after = said_before(again.averaged(), prepared.train, 4096)
        heads = begun.tag_slices
        assert float(away(before[0].float(), before[0].float(), heads)) == pytest.approx(0.0, abs=1e-3)
        moved.append(sum(float(away(new.float(), old.float(), heads)) for new, old in zip(after, before, strict=True)))
    assert moved[1] < 0.5 * moved[0]


def test_a_refinement_of_a_model_with_other_schemes_is_refused(
    recipe: Recipe, prepared: Prepared, tmp_path: Path
) -> None:
    training = Training(replace(recipe, max_steps=1), prepared, tmp_path / "run", False, quiet())
    training.run()
    export(training, tmp_path / "model", "1")
    other = replace(prepared, schemes=SCHEMES)
    with pytest.raises(ModelError, match="its own schemes"):
        Training(recipe, other, tmp_path / "refined", False, quiet(), start=tmp_path / "model")


def test_a_damaged_checkpoint_and_one_of_another_recipe_are_refused(
    recipe: Recipe, prepared: Prepared, tmp_path: Path
) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="cannot resume"):
        Training(recipe, prepared, tmp_path, True, quiet())
    Training(replace(recipe, max_steps=1), prepared, tmp_path, False, quiet()).run()
    with pytest.raises(ModelError, match="another learning_rate"):
        Training(replace(recipe, learning_rate=1.0), prepared, tmp_path, True, quiet())


def test_documents_of_a_dev_half_are_in_no_training_half(recipe: Recipe, data: Path) -> None:
    doubled = (*recipe.corpora, CorpusRecipe("corpora/bc5cdr.PubTator", "NCBI", "train"))
    split = read_split(replace(recipe, corpora=doubled), data)
    dev = {one.id for documents in split.dev.values() for one in documents}
    train = [one.id for documents in split.train.values() for one in documents]
    assert len(dev) == 2
    assert not dev & set(train)
    assert len([one for one in train if one in {two.id for two in split.train["BC5CDR"]}]) == 10


def test_holding_out_does_not_depend_on_the_order(data: Path) -> None:
    from kg.train.corpora import read_corpus

    documents = read_corpus(data / "corpora" / "bc5cdr.PubTator")
    _, held = hold_out(documents, 2)
    _, again = hold_out(documents[::-1], 2)
    assert {one.id for one in held} == {one.id for one in again}
    assert len(held) == 2


def test_the_released_recipe_reads_and_unknown_settings_are_refused(tmp_path: Path) -> None:
    assert {one.scheme for one in read_recipe(RELEASED).corpora} == {
        "BC5CDR", "NCBI", "BioRED", "MACCROBAT", "DrugProt", "TAC",
    }  # fmt: skip
    assert read_release(RELEASED).extractor == read_recipe(RELEASED)
    assert read_release(RELEASED.with_name("release_gpu.toml")).runs == 3
    path = tmp_path / "recipe.toml"
    path.write_text('learning_rat = 1.0\n[[corpus]]\npath = "x"\nscheme = "NCBI"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="learning_rat"):
        read_recipe(path)
    path.write_text('repeat = {BioRED = 2}\n[[corpus]]\npath = "x"\nscheme = "NCBI"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="without a corpus: BioRED"):
        read_recipe(path)


def test_an_epoch_holds_the_windows_of_a_scheme_as_often_as_told(
    recipe: Recipe, prepared: Prepared, tmp_path: Path
) -> None:
    thrice = Training(replace(recipe, repeat={"BioRED": 3}), prepared, tmp_path, False, quiet()).examples
    count = [sum(one.scheme == number for one in prepared.train) for number in range(3)]
    assert [sum(one.scheme == number for one in thrice) for number in range(3)] == [count[0], count[1], 3 * count[2]]


def test_tags_count_only_under_their_own_scheme(recipe: Recipe, prepared: Prepared, tmp_path: Path) -> None:
    training = Training(recipe, prepared, tmp_path, False, quiet())
    ncbi = [one for one in prepared.train if one.scheme == 1][:2]
    backward(loss_sums(training.network, collate(ncbi)), (10, 0, 0, 10), (1.0, 0.5, 0.0, 0.0))
    gradient = training.network.tags.weight.grad
    assert gradient is not None
    touched = np.flatnonzero(gradient.abs().sum(1).numpy())
    part = training.network.tag_slices[1]
    assert set(touched) == set(range(part.start, part.stop))


def test_a_corpus_that_marks_no_names_teaches_only_relations(recipe: Recipe, data: Path, tmp_path: Path) -> None:
    columns = "sid relation score expert test_partition b1 e1 term1 b2 e2 term2 sentence umls_seed_relation"
    row = "1 treat 0.9 _ _ 22 27 fever 0 7 Aspirin Aspirin_was_given_for_fever may_treat".split()
    table = "\t".join(columns.split()) + "\n" + "\t".join(row).replace("_", " ") + "\n"
    (tmp_path / "repaired_treat.tsv").write_text(table, encoding="utf-8")
    corpora = (*recipe.corpora, CorpusRecipe(str(tmp_path), "CrowdTruth"))
    prepared = prepare(replace(recipe, corpora=corpora, max_steps=1), data)
    (example,) = [one for one in prepared.train if one.scheme == 6]
    assert set(example.tags) == {-100}
    assert example.pairs[:, 2].tolist() == [1]  # treat, from the drug to the disease
    training = Training(replace(recipe, corpora=corpora, max_steps=1), prepared, tmp_path / "run", False, quiet())
    backward(loss_sums(training.network, collate([example])), (5, 1, 1, 5), (1.0, 0.5, 0.0, 0.0))
    assert training.network.tags.weight.grad is None
    training.run()
    export(training, tmp_path / "model", "1")
    assert Extractor.load(tmp_path / "model").package.schemes[-1].name == "CrowdTruth"
