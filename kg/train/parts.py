"""Files in parts: for machines that take or give back only so much at a time."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

from kg.errors import SourceFormatError

SIZE = 15 * 1024 * 1024
_INDEX = "parts.json"


def split_folder(source: Path, parts: Path, size: int = SIZE) -> list[Path]:
    """Write the files of a folder (or one file) as parts of at most `size` bytes, with an index of their digests."""
    parts.mkdir(parents=True, exist_ok=True)
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
    index: list[dict[str, object]] = []
    written: list[Path] = []
    for path in files:
        names: list[str] = []
        total = sha256()
        with path.open("rb") as stream:
            while (block := stream.read(size)) or not names:
                name = f"part-{len(written):04}"
                (parts / name).write_bytes(block)
                total.update(block)
                names.append(name)
                written.append(parts / name)
        place = path.name if source.is_file() else path.relative_to(source).as_posix()
        index.append({"path": place, "parts": names, "sha256": total.hexdigest()})
    (parts / _INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
    return written


def join_parts(parts: Path, target: Path) -> list[Path]:
    """Put the files together again below `target`. Raises SourceFormatError for missing or damaged parts."""
    try:
        index = json.loads((parts / _INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SourceFormatError(f"no readable index of parts: {error}", folder=str(parts)) from error
    joined = []
    for entry in index:
        path = target / entry["path"]
        if not path.resolve().is_relative_to(target.resolve()):
            raise SourceFormatError("a part that leads out of the folder", path=entry["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh, total = path.with_name(path.name + ".new"), sha256()
        with fresh.open("wb") as file:
            for name in entry["parts"]:
                try:
                    block = (parts / Path(name).name).read_bytes()
                except OSError as error:
                    raise SourceFormatError(f"a part is missing: {error}", file=entry["path"], part=name) from error
                total.update(block)
                file.write(block)
        if total.hexdigest() != entry["sha256"]:
            fresh.unlink()
            raise SourceFormatError("the parts do not make the file that was split", file=entry["path"])
        os.replace(fresh, path)
        joined.append(path)
    return joined
