"""The model folder: config.json, model.safetensors, lexicon.safetensors, tokenizer.json, README.md (the model card).

Weights are fp16, embedding tables int8 with one scale a row; embeddings of scripts that no training text has are left
out. The digest over weights, lexicon and tokenizer is checked at load.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import load_file, save_file
from torch import Tensor

from kg.encode.encoder import EncoderConfig
from kg.encode.lexicon import Lexicon
from kg.encode.pieces import WordPieces
from kg.errors import ModelError
from kg.extract.calibration import Calibration
from kg.extract.identity import CONFIG, FORMAT, read_config
from kg.extract.network import Network
from kg.extract.schemes import SCHEMES, Scheme
from kg.schema import LABELS, SCHEMA_VERSION

WEIGHTS, LEXICON, TOKENIZER = "model.safetensors", "lexicon.safetensors", "tokenizer.json"
_TABLES = ("encoder.words.weight", "encoder.positions.weight")
_PICKLED = (b"PK", b"\x80\x02", b"\x80\x04", b"\x80\x05")  # what torch.save writes, new and old
_FOREIGN = 0x0530  # beyond Latin, Greek and Cyrillic letters


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """A loaded model."""

    network: Network
    schemes: tuple[Scheme, ...]
    lexicon: Lexicon
    pieces: WordPieces
    calibration: Calibration
    version: str
    digest: str


def digest_of(folder: Path, content: Mapping[str, Any]) -> str:
    """sha256 over all that decides what is read: label maps, calibration, weights, lexicon and tokenizer.

    `content`: the config, of which version and facts do not count. Raises ModelError when a file is missing.
    """
    said = {name: content.get(name) for name in ("encoder", "schemes", "lexicon", "calibration")}
    total = hashlib.sha256(json.dumps(said, sort_keys=True).encode())
    for name in (WEIGHTS, LEXICON, TOKENIZER):
        try:
            total.update(hashlib.sha256((folder / name).read_bytes()).digest())
        except OSError as error:
            raise ModelError("a file of the model is missing", file=str(folder / name)) from error
    return total.hexdigest()


def _pack_table(table: Tensor) -> tuple[Tensor, Tensor]:
    scale = table.abs().amax(1).clamp(min=1e-8) / 127
    return (table / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale.float()


def _known_rows(pieces: WordPieces) -> Tensor:
    """Rows of the word-piece table that text in Latin, Greek or Cyrillic letters can reach, in ascending order."""
    vocabulary = pieces.tokenizer.get_vocab()
    rows = {
        row
        for token, row in vocabulary.items()
        if not token.startswith("[unused") and all(ord(letter) < _FOREIGN or not letter.isalpha() for letter in token)
    }
    return torch.tensor(sorted(rows), dtype=torch.int32)


def save_package(
    folder: Path,
    state: Mapping[str, Tensor],
    config: EncoderConfig,
    lexicon: Lexicon,
    tokenizer: Path,
    calibration: Calibration,
    version: str,
    facts: Mapping[str, Any] | None = None,
    schemes: Sequence[Scheme] = SCHEMES,
) -> None:
    """Write a model folder; `facts` (recipe, dev figures) go into its config for the reader of the file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENIZER).write_bytes(tokenizer.read_bytes())
    pieces = WordPieces.load(folder / TOKENIZER)
    tensors: dict[str, Tensor] = {}
    for name, tensor in state.items():
        table = tensor.detach().cpu().float()
        if name not in _TABLES:
            tensors[name] = table.half().contiguous()
            continue
        if name == _TABLES[0]:
            rows = _known_rows(pieces)
            tensors[f"{name}.rows"], table = rows, table[rows.long()]
        tensors[f"{name}.int8"], tensors[f"{name}.scale"] = _pack_table(table)
    save_file(tensors, folder / WEIGHTS, metadata={"format": FORMAT})
    save_arrays({"hashes": lexicon.hashes, "bits": lexicon.bits}, folder / LEXICON)
    content: dict[str, Any] = {
        "format": FORMAT,
        "schema": SCHEMA_VERSION,
        "version": version,
        "digest": "",
        "encoder": asdict(config),
        "schemes": [asdict(scheme) for scheme in schemes],
        "lexicon": list(lexicon.columns),
        "calibration": asdict(calibration),
        "facts": dict(facts or {}),
    }
    for name in (WEIGHTS, LEXICON):
        (folder / name).chmod(0o644)  # safetensors writes files that only their owner may read
    content["digest"] = digest_of(folder, content)
    (folder / CONFIG).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def _tuples_in(values: Any) -> Any:
    return {name: _tuples(value) for name, value in values.items()} if isinstance(values, dict) else values


def _unpack(tensors: dict[str, Tensor], config: EncoderConfig, unknown: int) -> dict[str, Tensor]:
    state = {name: tensor.float() for name, tensor in tensors.items() if tensor.dtype == torch.float16}
    for name in _TABLES:
        table = tensors[f"{name}.int8"].float() * tensors[f"{name}.scale"][:, None]
        if f"{name}.rows" in tensors:
            rows = tensors[f"{name}.rows"].long()
            place = int((rows == unknown).nonzero()[0])
            whole = table[place].repeat(config.vocab_size, 1)
            whole[rows] = table
            table = whole
        state[name] = table
    return state


def load_package(folder: Path) -> Package:
    """Load a model folder. Raises ModelError, by name, for what is missing, damaged, of another format or another
    schema.
    """
    content = read_config(folder)
    digest = digest_of(folder, content)
    if digest != content["digest"]:
        raise ModelError(
            f"the model is damaged: {_damage(folder)}; fetch it again",
            folder=str(folder), found=digest[:12], wanted=content["digest"][:12],
        )  # fmt: skip
    try:
        schemes = tuple(Scheme(**{key: _tuples(value) for key, value in one.items()}) for one in content["schemes"])
        config = EncoderConfig(**content["encoder"])
        arrays = load_arrays(folder / LEXICON)
        lexicon = Lexicon(tuple(content["lexicon"]), arrays["hashes"], arrays["bits"])
        pieces = WordPieces.load(folder / TOKENIZER)
        with torch.device("meta"):
            network = Network(config, schemes, lexicon.width)
        tensors = load_file(folder / WEIGHTS)
        if not torch.equal(tensors[f"{_TABLES[0]}.rows"], _known_rows(pieces)):
            raise ValueError(f"{TOKENIZER} has another vocabulary than {WEIGHTS}")
        network.load_state_dict(_unpack(tensors, config, pieces.unknown), assign=True)
        calibration = Calibration(**{name: _tuples_in(one) for name, one in content["calibration"].items()})
    except KeyError as error:
        raise ModelError(f"the model lacks {error.args[0]}; fetch it again", folder=str(folder)) from error
    except (TypeError, ValueError, RuntimeError, OSError, SafetensorError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"the model cannot be read: {reason}; fetch it again", folder=str(folder)) from error
    strange = [label for scheme in schemes for label in scheme.said if label not in LABELS]
    if strange:
        raise ModelError(
            f"the model says {', '.join(strange)}, which this schema does not know: use weights of this medkg",
            folder=str(folder), found=content.get("schema"), wanted=SCHEMA_VERSION,
        )  # fmt: skip
    network.requires_grad_(False).eval()
    return Package(network, schemes, lexicon, pieces, calibration, content["version"], digest)


def _damage(folder: Path) -> str:
    """Say what is wrong with files that are not those of the digest."""
    for name in (WEIGHTS, LEXICON):
        try:
            with safe_open(folder / name, framework="np"):
                pass
        except SafetensorError as error:
            with (folder / name).open("rb") as file:
                is_pickle = file.read(2) in _PICKLED
            return f"{name} is a pickle, which is never opened" if is_pickle else f"{name} is no whole file: {error}"
    return f"{CONFIG}, {WEIGHTS}, {LEXICON} or {TOKENIZER} was changed, they do not match the digest in {CONFIG}"
