"""The embedded graph: generations that are published whole and read over Bolt on loopback, with no server to set up.

The next generation is made beside the current one by a server of its own, and becomes current in one step. Readers go
on undisturbed; a publisher that dies leaves the current generation as it was.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.errors import StoreBusy, StoreError
from kg.stores import bolt_schema as texts
from kg.stores import embedded_files as files
from kg.stores.bolt import BoltStore
from kg.stores.bolt_publish import Published, publish
from kg.stores.bolt_rows import MODEL
from kg.stores.embedded_bulk import LOADED, STOP, send
from kg.stores.source import Unwatched, Watch, WholeLedger

IDLE_SECONDS = 60.0
START_SECONDS = 90.0
# A server that loads or ends may take hours over a large graph; one that writes nothing for so long hangs.
STALL_SECONDS = 120.0
_USER = "root"
_POLL_SECONDS = 0.05
_LOOK_SECONDS = 0.5
# What the server cannot write where less is free, in bytes: it makes a file in pages of 64 KiB for every type.
_ROOM = 8_000_000


class EmbeddedStore(BoltStore):
    """A BoltStore over the current generation of a graph folder; while it is open its generation stays."""

    immutable = True

    def __init__(self, address: dict[str, object], readers: files.FileLock, kept: Path) -> None:
        """Use ``open_embedded``."""
        self._readers = readers
        self.kept = kept
        uri = f"bolt://127.0.0.1:{address['port']}"
        super().__init__(uri, (str(address["user"]), str(address["password"])), files.DATABASE)

    def close(self) -> None:
        """Close the connections and let the generation go."""
        super().close()
        self._readers.release()


def publish_embedded(ledger: WholeLedger, folder: Path, *, watch: Watch | None = None, anew: bool = False) -> Published:
    """Publish the ledger's last change as the next generation; nothing is done where the current one has it already.

    The next generation begins as a copy of the current one and takes what changed; ``anew``, or where that cannot be,
    it is loaded in bulk. Raises StoreBusy while another process publishes to the folder.
    """
    lock = files.FileLock.take(folder / "publish.lock")
    if lock is None:
        raise StoreBusy("another process is publishing to this graph; try again when it has ended", folder=str(folder))
    # The server of a publisher that was killed holds this one, and writes, until it has noticed and ended.
    server_lock = files.FileLock.take(folder / "building.lock", wait=True)
    assert server_lock is not None
    try:
        files.clear_unfinished(folder)
        old = files.current(folder)
        mark = files.read_json(files.generation(folder, old) / files.MARK_FILE) if old else None
        new_mark = {"ledger": ledger.id, "change": ledger.last_change, "model": MODEL}
        if mark == new_mark and not anew:
            return Published(anew=False)
        name = files.following(folder)
        making = files.building(folder, name)
        try:
            making.mkdir(parents=True)
            follows = old and mark and not anew and (mark["ledger"], mark["model"]) == (ledger.id, MODEL)
            if old and follows:
                shutil.copytree(files.generation(folder, old) / files.DATABASE, making / files.DATABASE)
            with writing_server(making, server_lock) as server:
                done = publish(server, ledger, embedded=True, watch=watch) if follows else server.load(ledger, watch)
            files.write_whole(making / files.MARK_FILE, json.dumps(new_mark))
            making.rename(files.generation(folder, name))
        except (OSError, StoreError) as error:
            if shutil.disk_usage(folder).free < _ROOM:
                raise StoreError(
                    "the disk is full; the published graph stays as it was, make room and try again", folder=str(folder)
                ) from error
            if isinstance(error, StoreError):
                raise
            raise StoreError(f"cannot write the next generation: {error.strerror}", folder=str(making)) from error
        finally:
            files.clear_unfinished(folder)
        files.switch(folder, name)
        files.clear_old(folder)
        return done
    finally:
        server_lock.release()
        lock.release()


def keeping(folder: Path) -> Path:
    """Return where what is worked out of the current generation is kept. It goes with the generation.

    Raises StoreError where nothing has been published yet.
    """
    name = files.current(folder)
    if name is None:
        raise StoreError("no graph here yet; run `kg build` with this folder as --graph", folder=str(folder))
    return files.serving(folder, name)


def erase_older(folder: Path) -> None:
    """Erase the generations before the current one, for whom what they hold may no longer be there.

    A server over one of them is ended; its readers find the current generation when they open the graph again. Raises
    StoreError where one cannot be erased.
    """
    for name in files.outdated(folder):
        address = files.read_json(files.serving(folder, name) / files.SERVER_FILE)
        if address is not None and _running(files.serving(folder, name)):
            with suppress(ProcessLookupError):
                os.kill(int(address["pid"]), signal.SIGTERM)
        files.erase(folder, name)


def open_embedded(folder: Path, idle: float = IDLE_SECONDS) -> EmbeddedStore:
    """Open the current generation for reading, through the server that runs over it or a new one.

    ``idle``: seconds without readers after which a server that this call starts ends by itself. Raises StoreError
    where nothing has been published yet, or what was published is gone.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        name = files.current(folder)
        if name is None:
            raise StoreError("no graph here yet; run `kg build` with this folder as --graph", folder=str(folder))
        mark = files.read_json(files.generation(folder, name) / files.MARK_FILE)
        if mark is not None and mark["model"] != MODEL:
            raise StoreError("another version of medkg published this graph; run `kg build` again", folder=str(folder))
        runtime = files.serving(folder, name)
        readers = files.FileLock.take(runtime / "readers.lock", shared=True, wait=True)
        assert readers is not None
        try:
            if files.generation(folder, name).is_dir():
                return EmbeddedStore(
                    _running(runtime) or _started(folder, name, runtime, idle, deadline), readers, runtime
                )
            if files.current(folder) == name:  # else a publish has just put another in its place
                raise StoreError(f"generation {name} is missing; run `kg build` again", folder=str(folder))
        except StoreBusy:
            # The server was about to end, or was killed in this moment: the next one takes its place.
            if time.monotonic() >= deadline:
                raise
        except BaseException:
            readers.release()
            raise
        readers.release()
        time.sleep(_POLL_SECONDS)


def _running(runtime: Path) -> dict[str, object] | None:
    """Return the address of the server over a generation, or None where none is alive."""
    held = files.FileLock.take(runtime / "server.lock")
    if held is not None:
        held.release()
        return None
    return files.read_json(runtime / files.SERVER_FILE)


def _started(folder: Path, name: str, runtime: Path, idle: float, deadline: float) -> dict[str, object]:
    """Start a server, unless somebody is starting one, and wait for its address."""
    starting = files.FileLock.take(runtime / "start.lock", wait=True)
    try:
        address = _running(runtime)
        if address is not None:
            return address
        (runtime / files.SERVER_FILE).unlink(missing_ok=True)
        shutil.rmtree(runtime / "config", ignore_errors=True)  # it keeps the password of the server before
        arguments = ["serve", str(folder.resolve()), name, "--idle", str(idle)]
        with (runtime / files.LOG_FILE).open("wb") as log:
            process = _spawn(arguments, runtime, stdin=subprocess.DEVNULL, log=log.fileno())
        return _await_address(process, runtime, deadline)
    finally:
        if starting is not None:
            starting.release()


class WritingServer(BoltStore):
    """A server over a folder of databases that may be written; it ends with the process that started it."""

    def __init__(self, process: subprocess.Popen[bytes], runtime: Path, port: object, password: str) -> None:
        """Use ``writing_server``."""
        self._process = process
        self._runtime = runtime
        super().__init__(f"bolt://127.0.0.1:{port}", (_USER, password), files.DATABASE)

    def load(self, ledger: WholeLedger, watch: Watch | None = None) -> Published:
        """Write the whole graph of a ledger into the database, which must be empty.

        Raises StoreError when the server dies of it, or hangs.
        """
        pipe = self._process.stdin
        assert pipe is not None
        self.write_all([(text, {}) for text in (*texts.CONSTRAINTS, *texts.INDEXES)])
        try:
            sent = send(ledger, f"{ledger.id}:{ledger.last_change}", pipe, watch or Unwatched())
            pipe.write(LOADED)
            pipe.flush()
        except BrokenPipeError as error:
            self._process.wait()
            raise StoreError("the graph's server ended while it was loaded", log=_tail(self._runtime)) from error
        loaded = self._runtime / files.LOADED_FILE
        await_working(lambda: loaded.exists() or self._process.poll() is not None, self._runtime.parent)
        if not loaded.exists():
            raise StoreError("the graph's server ended while it was loaded", log=_tail(self._runtime))
        return Published(True, sent["Concept"], sent["Document"], sent["Statement"], sent["Evidence"])


@contextmanager
def writing_server(databases: Path, lock: files.FileLock | None = None) -> Iterator[WritingServer]:
    """Run a server over a folder of databases that may be written, for the length of a ``with`` block.

    The server holds ``lock``, too, until it has ended, even where this process dies before. Raises StoreError when it
    does not start, or does not end well and so may not have kept everything. It may take its time to end, for as long
    as it writes.
    """
    runtime = databases / ".runtime"
    runtime.mkdir()
    password = secrets.token_urlsafe(24)
    with (runtime / files.LOG_FILE).open("wb") as log:
        arguments = ["build", str(databases.resolve()), str(runtime.resolve())]
        process = _spawn(arguments, runtime, stdin=subprocess.PIPE, log=log.fileno(), lock=lock)
    try:
        _tell(process, password.encode() + b"\n")
        address = _await_address(process, runtime, time.monotonic() + START_SECONDS)
        with WritingServer(process, runtime, address["port"], password) as server:
            yield server
        _tell(process, STOP)
        await_working(lambda: process.poll() is not None, databases)
        if process.returncode:
            raise StoreError("the graph's server did not end well", log=_tail(runtime))
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    shutil.rmtree(runtime)


def await_working(done: Callable[[], bool], folder: Path) -> None:
    """Wait until ``done``, for as long as files below ``folder`` change.

    Raises StoreError when none has changed for ``STALL_SECONDS``.
    """
    held, changed, looked = _written(folder), time.monotonic(), time.monotonic()
    while not done():
        time.sleep(_POLL_SECONDS)
        if (now := time.monotonic()) - looked < _LOOK_SECONDS:
            continue
        looked, before, held = now, held, _written(folder)
        if held != before:
            changed = now
        elif now - changed >= STALL_SECONDS:
            raise StoreError(
                f"the graph's server has written nothing for {STALL_SECONDS:.0f} s and was ended; the graph that was"
                " published before stays, and the next build publishes anew",
                folder=str(folder),
            )


def _written(folder: Path) -> tuple[int, int]:
    """Return how many bytes the files below a folder hold, and when one was written last."""
    size = last = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # gone since it was listed
                status = os.stat(os.path.join(root, name))
                size, last = size + status.st_size, max(last, status.st_mtime_ns)
    return size, last


def _spawn(
    arguments: list[str], runtime: Path, stdin: int, log: int, lock: files.FileLock | None = None
) -> subprocess.Popen[bytes]:
    # The package may not be installed but lie in the working directory, which the server's is not.
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
    return subprocess.Popen(
        [sys.executable, "-m", "kg.stores.embedded_server", *arguments],
        stdin=stdin,
        stdout=log,
        stderr=log,
        cwd=runtime,
        pass_fds=(lock.handle,) if lock else (),
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )


def _tell(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(line)
    process.stdin.flush()


def _await_address(process: subprocess.Popen[bytes], runtime: Path, deadline: float) -> dict[str, object]:
    while time.monotonic() < deadline:
        address = files.read_json(runtime / files.SERVER_FILE)
        if address is not None:
            return address
        if process.poll() == 0:
            raise StoreBusy("another server over this graph is about to end; try again", folder=str(runtime))
        if process.poll() is not None:
            raise StoreError("the graph's server ended before it could answer", log=_tail(runtime))
        time.sleep(_POLL_SECONDS)
    process.kill()
    raise StoreError("the graph's server takes too long to start", log=_tail(runtime))


def _tail(runtime: Path) -> str:
    return (runtime / files.LOG_FILE).read_text(encoding="utf-8", errors="replace")[-2000:]
