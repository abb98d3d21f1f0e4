"""Where the embedded graph lies: immutable generations, the one that is current, and who reads them.

    generations/0003/        the databases of one published state; never written again
    current                  the name of the generation to read, replaced in one step
    serving/0003/            the server over it: server.json (0600), its locks, its log
    publish.lock             one publisher at a time
    building.lock            its server too, which may outlive a publisher that was killed by seconds

The locks are held by open files, so whoever dies, however it dies, lets go of them.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path
from typing import Any

from kg.errors import StoreError

DATABASE = "graph"
MARK_FILE = "mark.json"
SERVER_FILE = "server.json"
LOG_FILE = "server.log"
LOADED_FILE = "loaded"
_BUILDING = ".building"


class FileLock:
    """An advisory lock on a file; ``release`` gives it back, and so does the end of the process."""

    def __init__(self, path: Path, handle: int) -> None:
        """Use ``take``."""
        self.path = path
        self._handle: int | None = handle

    @property
    def handle(self) -> int:
        """The open file; a process that inherits it holds the lock as well."""
        assert self._handle is not None
        return self._handle

    @classmethod
    def take(cls, path: Path, shared: bool = False, wait: bool = False) -> FileLock | None:
        """Take the lock, or return None when somebody else holds it and ``wait`` is False.

        Raises StoreError where the file cannot be made.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                f"cannot make the lock file: {error.strerror}; is the folder writable?", lock=str(path)
            ) from error
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(handle)
            return None
        return cls(path, handle)

    def release(self) -> None:
        """Give the lock back; may be called twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def current(folder: Path) -> str | None:
    """Return the name of the generation to read, or None where nothing has been published yet."""
    try:
        return (folder / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def generation(folder: Path, name: str) -> Path:
    """Return where a generation lies."""
    return folder / "generations" / name


def serving(folder: Path, name: str) -> Path:
    """Return where the server over a generation keeps its address, locks and log."""
    return folder / "serving" / name


def switch(folder: Path, name: str) -> None:
    """Make a generation the one to read, in one step that holds even if the machine stops."""
    write_whole(folder / "current", f"{name}\n")


def building(folder: Path, name: str) -> Path:
    """Return where the next generation is made, before it gets its name."""
    return folder / "generations" / (name + _BUILDING)


def following(folder: Path) -> str:
    """Return the name for the next generation, after every one that there is."""
    root = folder / "generations"
    taken = [int(path.name) for path in root.iterdir() if path.name.isdigit()] if root.is_dir() else []
    return f"{max(taken, default=0) + 1:04d}"


def clear_unfinished(folder: Path) -> None:
    """Remove what publishers that died left half made. Only for who holds the publish lock."""
    for path in (folder / "generations").glob(f"*{_BUILDING}"):
        shutil.rmtree(path, ignore_errors=True)


def outdated(folder: Path) -> list[str]:
    """Return the names of the generations other than the current one."""
    name = current(folder)
    root = folder / "generations"
    there = sorted(path.name for path in root.iterdir()) if root.is_dir() else []
    return [other for other in there if other.isdigit() and name is not None and other != name]


def clear_old(folder: Path) -> None:
    """Remove the generations before the current one that nobody reads any more."""
    for name in outdated(folder):
        remove_unread(folder, name)


def erase(folder: Path, name: str) -> None:
    """Remove a generation whoever reads it. Raises StoreError where something of it is left."""
    path = generation(folder, name)
    try:
        shutil.rmtree(path)
        shutil.rmtree(serving(folder, name), ignore_errors=True)
    except OSError as error:
        if path.exists():
            raise StoreError(f"cannot erase an older published state: {error.strerror}", folder=str(path)) from error


def remove_unread(folder: Path, name: str) -> bool:
    """Remove a generation unless somebody reads it or serves it; say whether it is gone."""
    runtime = serving(folder, name)
    readers = FileLock.take(runtime / "readers.lock")
    server = FileLock.take(runtime / "server.lock") if readers else None
    if readers and server:
        shutil.rmtree(generation(folder, name), ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)
    for lock in (readers, server):
        if lock:
            lock.release()
    return bool(readers and server)


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a small file so that a reader sees the old one or the new one, never a part.

    Raises StoreError for a full disk or a folder that cannot be written.
    """
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(passing, path)
    except OSError as error:
        raise StoreError(f"cannot write: {error.strerror}", file=str(path)) from error


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file, or None where there is no such file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return value if isinstance(value, dict) else None
