"""Who may open a ledger: one writer, or many readers, on one machine.

The lock is a POSIX record lock: the kernel drops it when its process dies, however it dies, and a forked worker does
not inherit it. Such locks belong to a process, not to a file handle, so this module also keeps its own process to the
rule, and shares one handle among the readers of one process (closing any handle would drop the lock of all).
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from kg.errors import StoreBusy, StoreError

_POLL_SECONDS = 0.05


@dataclass
class _Held:
    handle: int
    exclusive: bool
    holders: int


_held: dict[Path, _Held] = {}
_guard = threading.Lock()


class FolderLock:
    """A held lock on ``path``; ``release`` gives it back and may be called twice."""

    def __init__(self, path: Path, exclusive: bool, timeout: float) -> None:
        """Wait up to ``timeout`` seconds for the lock.

        Raises StoreBusy when another process, or another opener in this one, still holds it; StoreError when the
        lock file cannot be made.
        """
        self._path = path.resolve()
        self._released = False
        deadline = time.monotonic() + timeout
        while not _acquire(self._path, exclusive):
            if time.monotonic() >= deadline:
                raise StoreBusy(
                    "another process is writing to this graph; wait until it has ended and try again",
                    lock=str(self._path),
                )
            time.sleep(_POLL_SECONDS)

    def release(self) -> None:
        """Give the lock back."""
        if self._released:
            return
        self._released = True
        with _guard:
            held = _held[self._path]
            held.holders -= 1
            if held.holders == 0:
                del _held[self._path]
                os.close(held.handle)


def _acquire(path: Path, exclusive: bool) -> bool:
    with _guard:
        held = _held.get(path)
        if held is not None:
            if exclusive or held.exclusive:
                return False
            held.holders += 1
            return True
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"cannot make the lock file: {error.strerror}; is the folder writable?", lock=str(path)
            ) from error
        try:
            fcntl.lockf(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        _held[path] = _Held(handle, exclusive, 1)
        return True
