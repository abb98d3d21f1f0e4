"""Which files there are: folders are walked in the order of their names, and nothing outside them is touched."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import SourceError
from kg.model import Rejection
from kg.sources.refusal import Refusal, rejection

# These speak about a folder, they are not its literature; a file named so is read when it is given by itself.
_ABOUT_THE_FOLDER = re.compile(r"(readme|licen[cs]es?|copying)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may be read. ``name`` is how messages call it: the given folder's name and the path inside it.

    ``size`` is in bytes as the file lies on the disk (a .gz is not expanded).
    """

    path: Path
    name: str
    size: int

    def digest(self) -> str:
        """Return the SHA-256 of the file's bytes: the same content has the same digest under every name.

        Raises SourceError if the file cannot be read.
        """
        try:
            with open(self.path, "rb") as handle:
                return hashlib.file_digest(handle, "sha256").hexdigest()
        except OSError as error:
            raise SourceError(f"cannot read {self.name}: {error.strerror}", file=self.name) from error


def shown(name: str) -> str:
    r"""Return a file name that is safe to print: control characters and broken UTF-8 become escapes.

    >>> shown("a\nb")
    'a\\nb'
    """
    readable = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in readable)


def files(paths: Sequence[Path]) -> Iterator[SourceFile | Rejection]:
    """Yield the files under ``paths``, each once; what may not be opened comes as a Rejection.

    Folders are walked in the order of the names. Hidden files, and files that describe a folder (README, LICENCE),
    are passed over; links that leave the folder, pipes and devices are rejected. Raises SourceError for a path
    that does not exist.
    """
    seen: set[str] = set()
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            raise SourceError(f"cannot read {path}: {error.strerror}", path=str(path)) from error
        root = path.resolve()
        if stat.S_ISDIR(mode):
            found = _walk(root, shown(root.name), root)
        else:
            found = _file(path, shown(root.name), root.parent, given=True)
        for item in found:
            if isinstance(item, SourceFile):
                real = os.path.realpath(item.path)
                if real in seen:
                    continue
                seen.add(real)
            yield item


def inventory(paths: Sequence[Path]) -> tuple[SourceFile, ...]:
    """Return the files that ``read`` will open, with their sizes, so that progress can be told beforehand."""
    return tuple(item for item in files(paths) if isinstance(item, SourceFile))


def _walk(folder: Path, name: str, root: Path) -> Iterator[SourceFile | Rejection]:
    try:
        entries = sorted(os.listdir(folder), key=os.fsencode)
    except OSError as error:
        yield rejection(name, Refusal(f"the folder cannot be read: {error.strerror}", reject="unreadable"))
        return
    for entry in entries:
        if entry.startswith(".") or _ABOUT_THE_FOLDER.fullmatch(entry):
            continue
        yield from _file(folder / entry, f"{name}/{shown(entry)}", root)


def _file(path: Path, name: str, root: Path, *, given: bool = False) -> Iterator[SourceFile | Rejection]:
    try:
        if path.is_symlink() and not given:
            target = Path(os.path.realpath(path))
            if not target.is_relative_to(root):
                reason = "a link that leaves the folder is not followed"
                yield rejection(name, Refusal(reason, reject="symlink_outside"))
                return
            if target.is_dir():
                return  # it lies inside the folder and is walked where it lies
        info = path.stat()
    except OSError as error:
        yield rejection(name, Refusal(f"the file cannot be read: {error.strerror}", reject="unreadable"))
        return
    if stat.S_ISDIR(info.st_mode):
        yield from _walk(path, name, root)
    elif stat.S_ISREG(info.st_mode):
        yield SourceFile(path, name, info.st_size)
    else:
        yield rejection(name, Refusal("a pipe, socket or device is not opened", reject="not_a_file"))
