"""Who reads: the reader of a model folder, from its config alone. Imports no torch, so that a build with nothing to
do starts at once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.errors import ModelError
from kg.model import Reader

FORMAT = "medkg-extractor/1"
CONFIG = "config.json"
READER = "extractor"


def read_config(folder: Path) -> dict[str, Any]:
    """The config of a model folder. Raises ModelError when it is missing, broken or of another format."""
    try:
        content = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"no readable model here: {error}", folder=str(folder)) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else None
        raise ModelError("these weights are of another format", folder=str(folder), found=found, wanted=FORMAT)
    return content


def released_reader(folder: Path) -> Reader:
    """The reader that a model folder makes, equal to `Extractor.reader`. Raises ModelError."""
    content = read_config(Path(folder))
    return Reader(READER, str(content["version"]), str(content["digest"]))
