"""Who reads: the reader of a model folder, from its config alone, and that of the patterns, from the text of their
rules. Imports neither torch nor spaCy, so that a build with nothing to do starts at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.errors import ModelError
from kg.model import Reader

FORMAT = "medkg-extractor/1"
CONFIG = "config.json"
READER = "extractor"
_HELD = {"version": str, "digest": str, "encoder": dict, "schemes": list, "lexicon": list, "calibration": dict}
PATTERNS, PATTERNS_VERSION = "patterns", "1"
RULES = Path(__file__).parent / "patterns" / "rules"


def read_config(folder: Path) -> dict[str, Any]:
    """The config of a model folder. Raises ModelError when it is missing, broken or of another format."""
    path = folder / CONFIG
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"no readable model here: {CONFIG}: {error.strerror}; name a model folder, or fetch the model again"
        raise ModelError(reason, folder=str(folder)) from error
    except ValueError as error:
        raise ModelError(
            f"{CONFIG} of the model is no JSON ({error}); fetch the model again", file=str(path)
        ) from error
    found = content.get("format") if isinstance(content, dict) else None
    if found != FORMAT:
        raise ModelError(
            "these weights are of another format: use the medkg that made them, or weights of this one",
            folder=str(folder), found=found, wanted=FORMAT,
        )  # fmt: skip
    lacking = [name for name, kind in _HELD.items() if not isinstance(content.get(name), kind)]
    if lacking:
        raise ModelError(f"{CONFIG} of the model lacks {', '.join(lacking)}; fetch the model again", file=str(path))
    return dict(content)


def released_reader(folder: Path) -> Reader:
    """The reader that a model folder makes, equal to `Extractor.reader`. Raises ModelError."""
    content = read_config(Path(folder))
    return Reader(READER, content["version"], content["digest"])


def pattern_reader(folder: Path = RULES) -> Reader:
    """The reader that the rules of a folder make, equal to `PatternReader.reader`; whether they are sound shows later.

    >>> pattern_reader().id.split("/")[:2]
    ['patterns', '1']
    """
    return Reader(PATTERNS, PATTERNS_VERSION, rules_digest(rule_texts(folder)))


def rule_texts(folder: Path) -> dict[str, str]:
    """The rule files of a folder by name, in the order of the names."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))}


def rules_digest(texts: Mapping[str, str]) -> str:
    """SHA-256 of rule files with their names: what readings of the patterns carry."""
    return hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in texts.items()).encode()).hexdigest()
