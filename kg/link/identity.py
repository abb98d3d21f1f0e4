"""What the linker works with, by its files alone: imports neither NumPy nor Arrow, so that a build with nothing to do
starts at once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.errors import VocabularyError

DATA = "terminology.parquet"
ABOUT = "terminology.json"
FORMAT = 1
WEIGHTS = "names.safetensors"


def read_about(folder: Path) -> dict[str, Any]:
    """What terminology.json says, its ``digest`` among it: the SHA-256 of the built file, part of the reading key.

    Raises VocabularyError when the terminology is missing, or terminology.json is damaged or of another format; only
    ``Terminology.load`` looks into the built file.
    """
    if not (folder / DATA).is_file() or not (folder / ABOUT).is_file():
        hint = "build one with: kg terminology build VOCABULARIES_DIR --output DIR"
        raise VocabularyError(f"no terminology here; {hint}", folder=str(folder))
    try:
        described = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        version = described["format"]
        described["digest"].encode()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VocabularyError(f"{ABOUT} is damaged: {error!r}", folder=str(folder)) from error
    if version != FORMAT:
        raise VocabularyError("terminology of another format: build it again", folder=str(folder), format=version)
    return dict(described)
