"""A tiny untrained model for the laws of the extractor."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from kg.encode.encoder import EncoderConfig
from kg.encode.lexicon import Lexicon
from kg.extract.calibration import Calibration
from kg.extract.network import Network
from kg.extract.package import save_package
from kg.extract.schemes import network_schemes

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz0123456789.,()-"]
PIECES += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"] + [
    "漢",
    "fever",
    "patient",
    "aspirin",
    "[MASK]",
]
SCHEMES = network_schemes(())
CONFIG = EncoderConfig(len(PIECES), 24, 2, 4, 48, 512)
LEXICON = Lexicon.build({"disease": [["fever"]], "chemical": [["aspirin"], ["acetyl", "salicylic", "acid"]]})


def write_tokenizer(path: Path) -> Path:
    tokenizer = Tokenizer(
        models.WordPiece(
            {piece: row for row, piece in enumerate(PIECES)}, unk_token="[UNK]", max_input_chars_per_word=9999
        )
    )
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(path))
    return path


def network() -> Network:
    torch.manual_seed(3)
    made = Network(CONFIG, SCHEMES, LEXICON.width)
    with torch.no_grad():
        made.tags.weight.mul_(20)  # untrained heads say "outside" to nothing: many names, so that the laws have work
    return made


def write_package(folder: Path) -> Path:
    """A model folder whose relation head finds every candidate pair related."""
    tokenizer = write_tokenizer(folder.parent / "tokenizer.json")
    names = [scheme.name for scheme in SCHEMES]
    zero = dict.fromkeys(names, 0.0)
    one = dict.fromkeys(names, 1.0)
    weights = {"BC5CDR": (0.9, 0.7, 1.1, -0.2, -0.1, -2.0)}
    calibration = Calibration(one, one, zero, zero, consistency=1.0, relation_weights=weights)
    save_package(folder, network().state_dict(), CONFIG, LEXICON, tokenizer, calibration, "test", schemes=SCHEMES)
    return folder


def write_base(folder: Path) -> Path:
    """A Hugging Face BERT folder with random weights."""
    from transformers import BertConfig, BertModel

    folder.mkdir(parents=True)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(PIECES), hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=512,
    )  # fmt: skip
    write_tokenizer(folder / "tokenizer.json")
    save_file(BertModel(config, add_pooling_layer=False).state_dict(), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config.to_dict()), encoding="utf-8")
    return folder
