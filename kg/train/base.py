"""The base encoder of a run: a Hugging Face BERT-type folder, an installed package that holds one, or a hub id."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from kg.encode.encoder import EncoderConfig, from_hugging_face
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
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "vocab.txt"]))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError("neither a folder, nor a package, nor a reachable hub id", encoder=name) from error


def load_base(folder: Path) -> tuple[EncoderConfig, dict[str, Tensor]]:
    """Read config and weights of a BERT-type checkpoint. Raises ModelError."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return from_hugging_face(config, load_file(folder / "model.safetensors"))
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"not a BERT-type checkpoint: {error}", folder=str(folder)) from error
