"""The base encoder of a run: a Hugging Face BERT-type folder, an installed package that holds one, or a hub id."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from pickle import UnpicklingError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import BertWordPieceTokenizer
from torch import Tensor

from kg.encode.encoder import LAYER_NAMES, EncoderConfig, from_hugging_face
from kg.errors import ModelError


def base_folder(name: str) -> Path:
    """Find the folder with config.json, model.safetensors and tokenizer.json. Raises ModelError."""
    path = Path(name)
    if (path / "config.json").exists():
        return path
    if name.isidentifier() and (spec := importlib.util.find_spec(name)) and spec.origin:
        inside = Path(spec.origin).parent / "model"
        if (inside / "config.json").exists():
            return inside
    try:
        from huggingface_hub import snapshot_download  # a hub id needs the network; only then is this imported
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    except ImportError as error:
        raise ModelError("no such encoder, and no hub client is installed", encoder=name) from error
    try:
        return Path(
            snapshot_download(name, allow_patterns=["*.json", "model.safetensors", "pytorch_model.bin", "vocab.txt"])
        )
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError("neither a folder, nor a package, nor a reachable hub id", encoder=name) from error


def tokenizer_of(folder: Path) -> Path:
    """The `tokenizer.json` of an encoder, made from its `vocab.txt` where there is none. Raises ModelError."""
    path = folder / "tokenizer.json"
    if path.exists():
        return path
    vocabulary = folder / "vocab.txt"
    if not vocabulary.exists():
        raise ModelError("an encoder needs tokenizer.json or vocab.txt", folder=str(folder))
    settings = folder / "tokenizer_config.json"
    try:
        cased = settings.exists() and json.loads(settings.read_text(encoding="utf-8")).get("do_lower_case") is False
        made = BertWordPieceTokenizer(str(vocabulary), lowercase=not cased)
        beside = Path(tempfile.mkdtemp(prefix="tokenizer-")) / "tokenizer.json"  # the folder may be read-only
        made.save(str(beside))
    except (OSError, ValueError) as error:
        raise ModelError(f"the vocabulary cannot be read: {error}", file=str(vocabulary)) from error
    return beside


def read_weights(folder: Path) -> dict[str, Tensor]:
    """The tensors of `model.safetensors`, else of `pytorch_model.bin`, which is read by torch's loader that builds

    tensors and runs nothing. Raises ModelError.
    """
    for name in ("model.safetensors", "pytorch_model.bin"):
        path = folder / name
        if not path.exists():
            continue
        try:
            if path.suffix == ".safetensors":
                return load_file(path)
            loaded = torch.load(path, map_location="cpu", weights_only=True)
            return {key: value for key, value in loaded.items() if isinstance(value, Tensor)}
        except (OSError, ValueError, RuntimeError, AttributeError, SafetensorError, UnpicklingError) as error:
            raise ModelError(f"the weights cannot be read: {error}", file=str(path)) from error
    raise ModelError("an encoder needs model.safetensors or pytorch_model.bin", folder=str(folder))


def load_base(folder: Path) -> tuple[EncoderConfig, dict[str, Tensor]]:
    """Read config and weights of a BERT-type checkpoint. Raises ModelError."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return from_hugging_face(config, read_weights(folder))
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"not a BERT-type checkpoint: {error}", folder=str(folder)) from error


# our names of the masked-language head's tensors -> those of Hugging Face
_HEAD = {
    "dense.weight": "cls.predictions.transform.dense.weight",
    "dense.bias": "cls.predictions.transform.dense.bias",
    "norm.weight": "cls.predictions.transform.LayerNorm.weight",
    "norm.bias": "cls.predictions.transform.LayerNorm.bias",
    "bias": "cls.predictions.bias",
}


def load_mlm_head(folder: Path) -> dict[str, Tensor]:
    """The masked-language head of a checkpoint, if it has a whole one; else nothing. Raises ModelError."""
    weights = read_weights(folder)
    if not set(_HEAD.values()) <= set(weights):
        return {}
    return {ours: weights[theirs].float() for ours, theirs in _HEAD.items()}


def write_base(folder: Path, config: EncoderConfig, state: Mapping[str, Tensor], tokenizer: Path) -> None:
    """Write weights of `MaskedLanguage` as a Hugging Face folder (BertForMaskedLM) that `load_base` reads again."""
    folder.mkdir(parents=True)
    encoder = {name.removeprefix("encoder."): one for name, one in state.items() if name.startswith("encoder.")}
    weights = {f"bert.{name}": tensor for name, tensor in to_hugging_face(config, encoder).items()}
    weights |= {theirs: state[ours] for ours, theirs in _HEAD.items()}
    weights = {name: tensor.contiguous().clone() for name, tensor in weights.items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)  # safetensors writes files that only their owner may read
    told = {"model_type": "bert", "architectures": ["BertForMaskedLM"], "hidden_act": "gelu", **asdict(config)}
    (folder / "config.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())


def to_hugging_face(config: EncoderConfig, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of `from_hugging_face`; the token types, folded into the positions there, are zero."""
    weights = {
        "embeddings.word_embeddings.weight": state["words.weight"],
        "embeddings.position_embeddings.weight": state["positions.weight"],
        "embeddings.token_type_embeddings.weight": torch.zeros(config.type_vocab_size, config.hidden_size),
        "embeddings.LayerNorm.weight": state["norm.weight"],
        "embeddings.LayerNorm.bias": state["norm.bias"],
    }
    for number in range(config.num_hidden_layers):
        for part in ("weight", "bias"):
            joined = state[f"layers.{number}.project.{part}"].chunk(3)
            for name, tensor in zip(("query", "key", "value"), joined, strict=True):
                weights[f"encoder.layer.{number}.attention.self.{name}.{part}"] = tensor
            for name, theirs in LAYER_NAMES.items():
                weights[f"encoder.layer.{number}.{theirs}.{part}"] = state[f"layers.{number}.{name}.{part}"]
    return weights
