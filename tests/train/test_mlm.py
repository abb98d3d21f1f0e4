"""Pretraining: what is masked, what is left out, what it gives. Kills: see test_release."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertForMaskedLM

from kg.errors import ConfigError, ModelError, SourceFormatError
from kg.train.base import base_folder, load_base, load_mlm_head, read_weights, tokenizer_of, write_base
from kg.train.corpora import GoldDocument, read_corpus
from kg.train.masking import IGNORED, mask_words
from kg.train.mlm import MaskedLanguage, pretrain
from kg.train.overlap import HeldBack
from kg.train.progress import Reporter
from kg.train.recipe import Pretraining, Recipe
from kg.train.shards import Shards, make_shards, read_rows
from tests.train.test_corpora import SAMPLES


def quiet() -> Reporter:
    return Reporter(io.StringIO())


def test_words_are_masked_whole_and_as_often_as_asked() -> None:
    random = np.random.default_rng(0)
    starts = random.random((200, 126)) < 0.6
    ids = random.integers(10, 1000, (200, 126))
    shown, wanted = mask_words(ids, starts, 0.15, 4, 1000, random)
    chosen = wanted != IGNORED
    words = np.cumsum(starts, 1)
    for row in range(200):
        share = np.bincount(words[row], chosen[row]) / np.maximum(np.bincount(words[row]), 1)
        assert set(np.unique(share)) <= {0.0, 1.0}
    assert 0.14 < chosen.mean() < 0.16
    assert np.array_equal(wanted[chosen], ids[chosen])
    assert np.array_equal(shown[~chosen], ids[~chosen])
    assert 0.77 < (shown[chosen] == 4).mean() < 0.83
    assert 0.08 < (shown[chosen] == ids[chosen]).mean() < 0.12


def test_documents_of_dev_are_left_out_by_id_and_by_text(texts: Path, base: Path, tmp_path: Path) -> None:
    documents = read_corpus(SAMPLES / "bc5cdr.PubTator")
    tokenizer = tokenizer_of(base)
    all_of_it = make_shards(texts, tokenizer, HeldBack([]), tmp_path / "all", quiet())
    assert (all_of_it.held_back, all_of_it.doubled) == (0, 1)
    by_id = make_shards(
        texts, tokenizer, HeldBack([GoldDocument(documents[0].id, "Other.", ())]), tmp_path / "1", quiet()
    )
    assert by_id.held_back == 1  # the same text came again without its id, and now it is no double
    by_text = make_shards(
        texts, tokenizer, HeldBack([GoldDocument("x", documents[0].text, ())]), tmp_path / "2", quiet()
    )
    assert by_text.held_back == 2
    assert by_text.pieces < by_id.pieces == all_of_it.pieces


def test_cutting_goes_on_after_a_kill_and_is_not_repeated(
    texts: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.train.shards._ROWS", 2)
    tokenizer = tokenizer_of(base)

    def cut(folder: Path, stop: int = 99) -> None:
        calls = 0

        class Stopping(Reporter):
            def say(self, line: str) -> None:
                nonlocal calls
                calls += 1
                if calls == stop:
                    raise KeyboardInterrupt

        make_shards(texts, tokenizer, HeldBack([]), folder, Stopping(io.StringIO()), size=1000)

    cut(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        cut(tmp_path / "stopped", stop=2)
    assert len(list((tmp_path / "stopped").glob("*.npy"))) == 2
    cut(tmp_path / "stopped")
    files = sorted((tmp_path / "whole").iterdir())
    assert len(files) > 3
    assert [path.read_bytes() for path in files] == [
        path.read_bytes() for path in sorted((tmp_path / "stopped").iterdir())
    ]
    for path in files:
        path.chmod(0o444)
    before = {path: path.stat().st_mtime_ns for path in files}
    cut(tmp_path / "whole")
    assert before == {path: path.stat().st_mtime_ns for path in files}


def test_sequences_give_the_pieces_back(base: Path, texts: Path, tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    make_shards(texts, tokenizer_of(base), HeldBack([]), tmp_path, quiet())
    shards = Shards(tmp_path, 30)
    text = next(read_rows(texts))["text"]
    encoding = Tokenizer.from_file(str(tokenizer_of(base))).encode(text, add_special_tokens=False)
    ids = np.concatenate([shards[number][0] for number in range(3)])
    starts = np.concatenate([shards[number][1] for number in range(3)])
    assert ids.tolist() == encoding.ids[:90]
    words = encoding.word_ids[:90]
    assert starts.tolist() == [number == 0 or words[number] != words[number - 1] for number in range(90)]


def test_pretraining_learns_and_its_encoder_is_a_base_again(
    pretraining: Pretraining, recipe: Recipe, texts: Path, data: Path, tmp_path: Path
) -> None:
    longer = replace(pretraining, epochs=12.0, learning_rate=3e-3, average=0.5)
    folder = pretrain(longer, data, tmp_path, recipe, False, quiet())
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    held = [line["loss/held back"] for line in lines if "loss/held back" in line]
    assert held[-1] < held[0] - 0.2
    config, state = load_base(folder)
    assert not torch.equal(state["words.weight"], load_base(base_folder(pretraining.encoder))[1]["words.weight"])
    assert config.num_hidden_layers == 2
    assert base_folder(str(folder)) == folder
    assert pretrain(longer, data, tmp_path, recipe, True, quiet()) == folder  # done: nothing is trained again


def test_what_is_written_is_what_transformers_reads(base: Path, tmp_path: Path) -> None:
    config, state = load_base(base)
    torch.manual_seed(0)
    ours = MaskedLanguage(config, 0.0).eval()
    ours.encoder.load_state_dict(state)
    torch.nn.init.normal_(ours.bias)
    write_base(tmp_path / "bert", config, ours.state_dict(), tokenizer_of(base))
    theirs = BertForMaskedLM.from_pretrained(tmp_path / "bert").eval()
    ids = torch.randint(0, config.vocab_size, (2, 12))
    with torch.inference_mode():
        expected = theirs(input_ids=ids).logits
        found = ours.scores(ours.encoder(ids).hidden)
    assert torch.allclose(found, expected, atol=1e-5)
    head = load_mlm_head(tmp_path / "bert")
    assert torch.equal(head["bias"], ours.bias)


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "a"}\n{"id": 3}\n', encoding="utf-8")
    with pytest.raises(SourceFormatError) as caught:
        list(read_rows(tmp_path))
    assert caught.value.context == {"file": "x.jsonl", "line": 2}
    with pytest.raises(SourceFormatError, match=r"no \.jsonl"):
        list(read_rows(tmp_path / "nothing"))


def test_too_little_text_and_too_long_a_window_are_refused(
    pretraining: Pretraining, data: Path, texts: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="longer than the encoder's positions"):
        pretrain(replace(pretraining, window=1024), data, tmp_path / "1", None, False, quiet())
    few = tmp_path / "data" / "pretraining"
    few.mkdir(parents=True)
    (few / "x.jsonl").write_text('{"text": "fever"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="too little text"):
        pretrain(pretraining, tmp_path / "data", tmp_path / "2", None, False, quiet())


class Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (eval, ("1/0",))


def test_a_base_may_have_a_vocabulary_and_a_torch_file(base: Path, tmp_path: Path) -> None:
    vocabulary = json.loads((base / "tokenizer.json").read_text())["model"]["vocab"]
    (tmp_path / "config.json").write_bytes((base / "config.json").read_bytes())
    (tmp_path / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.get)), encoding="utf-8")
    torch.save(read_weights(base), tmp_path / "pytorch_model.bin")
    expected, found = load_base(base)[1], load_base(base_folder(str(tmp_path)))[1]
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    assert json.loads(tokenizer_of(tmp_path).read_text())["model"]["vocab"] == vocabulary
    torch.save({"x": Hostile()}, tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match="cannot be read"):
        load_base(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "roberta"}')
    with pytest.raises(ModelError, match="cannot be read"):
        load_base(tmp_path)
