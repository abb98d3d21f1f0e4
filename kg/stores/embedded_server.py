"""The process that serves one generation over Bolt on loopback: ``python -m kg.stores.embedded_server``.

A reading server opens its generation read-only, so it stays as published, and ends by itself once nobody has read for
a while. A building server may write; it ends with the process that started it, however that one ends.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from kg.stores.bolt_schema import FULL_TEXT_EMBEDDED
from kg.stores.embedded_bulk import LOADED, STOP, Receiver
from kg.stores.embedded_files import (
    DATABASE,
    LOADED_FILE,
    SERVER_FILE,
    FileLock,
    current,
    generation,
    remove_unread,
    serving,
    write_whole,
)

USER = "root"
HEAP = "1g"
QUERY_MILLISECONDS = 120_000
_POLL_SECONDS = 0.5
# Most servers live for a few queries: the quick compiler starts in half the time.
_QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
# A query reads the graph and nothing else. Only the JVM's own options reach this setting.
_NO_FILES = [f"-Darcadedb.opencypher.loadCsv.{name}=false" for name in ("allowFileUrls", "allowRemoteUrls")]
_BOLT = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"


def start(databases: Path, runtime: Path, password: str, write: bool) -> tuple[Any, int]:
    """Start the Java server in this process and return it with the port that it listens on."""
    from arcadedb_embedded.server import ArcadeDBServer

    server = ArcadeDBServer(
        str(runtime),
        root_password=password,
        config={
            # Production mode conceals from the client what is wrong with its query.
            "mode": "development",
            "host": "127.0.0.1",
            "http_port": 0,
            "server_httpsIncomingPort": "0",
            "server_plugins": _BOLT,
            "bolt_port": 0,
            "bolt_defaultDatabase": DATABASE,
            "server_databaseDirectory": str(databases),
            "server_defaultDatabaseMode": "READ_WRITE" if write else "READ_ONLY",
            "server_logsDirectory": str(runtime / "log"),
            "server_healthCheck_enabled": False,
            # Many rounds slow down the guessing of a password that a person chose; this one is random.
            "server_saltIterations": 1000,
            "command_timeout": 0 if write else QUERY_MILLISECONDS,
        },
        jvm_kwargs={
            "heap_size": HEAP,
            "jvm_args": [f"-XX:ErrorFile={runtime / 'java-error.log'}", *_QUICK, *_NO_FILES],
        },
    )
    server.start()
    if write:
        database = server.create_database(DATABASE)
        for text in FULL_TEXT_EMBEDDED:
            database.command("sql", text)
    plugins = server._java_server.getPlugins()  # the binding has no way of its own to a port that was chosen freely
    (port,) = (int(plugin.getPort()) for plugin in plugins if "Bolt" in str(plugin.getName()))
    return server, port


def serve(folder: Path, name: str, idle: float) -> None:
    """Serve a generation until nobody has held its readers' lock for ``idle`` seconds."""
    runtime = serving(folder, name)
    alone = FileLock.take(runtime / "server.lock")
    if alone is None:
        return
    password = secrets.token_urlsafe(24)
    _, port = start(generation(folder, name), runtime, password, write=False)
    address = {"pid": os.getpid(), "port": port, "generation": name, "user": USER, "password": password}
    write_whole(runtime / SERVER_FILE, json.dumps(address), mode=0o600)
    quiet_since = time.monotonic()
    while True:
        time.sleep(_POLL_SECONDS)
        unread = FileLock.take(runtime / "readers.lock")
        if unread is None:
            quiet_since = time.monotonic()
            continue
        outdated = current(folder) != name
        if outdated or time.monotonic() - quiet_since >= idle:
            # Still holding the readers' lock: who comes now waits, then finds no address and starts a server anew.
            (runtime / SERVER_FILE).unlink(missing_ok=True)
            if outdated:
                unread.release()
                alone.release()
                remove_unread(folder, name)
            return
        unread.release()


def build(databases: Path, runtime: Path) -> None:
    """Serve a generation in the making to the process at the other end of stdin, until that ends."""
    password = sys.stdin.buffer.readline().decode().strip()
    server, port = start(databases, runtime, password, write=True)
    write_whole(runtime / SERVER_FILE, json.dumps({"port": port}), mode=0o600)
    receiver: Receiver | None = None
    # The end of the stream without a word means that the builder is dead and its work void.
    for line in sys.stdin.buffer:
        if line == STOP:
            server.stop()
            return
        if line == LOADED:
            if receiver is not None:
                receiver.close()
            write_whole(runtime / LOADED_FILE, "")
        else:
            receiver = receiver or Receiver(server.get_database(DATABASE))
            receiver.take(line)


def main(arguments: list[str]) -> None:
    """Run as the arguments say; never returns to the interpreter, whose end would wait for Java's threads."""
    parser = argparse.ArgumentParser(prog="python -m kg.stores.embedded_server", description=__doc__)
    parser.add_argument("mode", choices=("serve", "build"))
    parser.add_argument("folder", type=Path, help="the graph's folder; for build, the generation in the making")
    parser.add_argument("name", help="the generation; for build, the folder for what the server writes")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds without readers after which to end")
    chosen = parser.parse_args(arguments)
    status = 1
    try:
        if chosen.mode == "serve":
            serve(chosen.folder, chosen.name, chosen.idle)
        else:
            build(chosen.folder, Path(chosen.name))
        status = 0
    finally:
        if status:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1:])
