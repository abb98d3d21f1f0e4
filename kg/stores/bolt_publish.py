"""From the ledger to a graph behind Bolt: what changed since the mark that the graph holds, or everything anew.

Every step is safe to repeat: rows are merged by id, the mark is written last, and whatever an interrupted or older
build left behind is swept. So a publish that died, wherever, is made good by the next one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from kg.config import secret
from kg.errors import StoreError
from kg.ids import content_id
from kg.stores import bolt_schema as texts
from kg.stores.bolt import BoltStore, connect
from kg.stores.bolt_lease import END, Lease
from kg.stores.bolt_load import Loader, Published, Writable
from kg.stores.bolt_rows import MODEL
from kg.stores.source import Unwatched, Watch, WholeLedger

__all__ = ["Published", "open_published", "publish", "read_mark"]


def publish(
    store: Writable,
    ledger: WholeLedger,
    *,
    embedded: bool = False,
    writers: int = 1,
    watch: Watch | None = None,
) -> Published:
    """Bring the graph up to the ledger's last change.

    A graph without a mark, of another ledger or an older form is built anew; what earlier builds made and the ledger
    no longer holds is deleted, what others put there stays. A publish that was cut short goes on behind the last
    statement that it wrote. ``embedded``: the server is the embedded one, which has its full-text index already;
    ``writers``: so many transactions at once. Raises StoreBusy where another publish is at work, StoreError where a
    newer medkg published.
    """
    mark = read_mark(store)
    if _current(mark, ledger):
        return Published(anew=False)
    indexed = mark is not None and mark["indexed"] and mark["model"] == MODEL
    if not indexed:
        store.write_all([(text, {}) for text in texts.CONSTRAINTS])
    build = f"{ledger.id}:{ledger.last_change}"
    with Lease(store, build) as lease:
        mark = read_mark(store)
        loader = Loader(store, ledger, build, lease, writers, watch or Unwatched(), creates=not embedded)
        if mark is not None and (mark["ledger"], mark["model"]) == (ledger.id, MODEL):
            same = mark["change"] == ledger.last_change
            done = Published(anew=False) if same else loader.follow(int(mark["change"]))
        else:
            done = loader.anew()
        if not indexed:
            # An index over what is there already is made many times faster than it grows row by row.
            store.write_all([(text, {}) for text in (*texts.INDEXES, *(() if embedded else texts.FULL_TEXT))])
            if not embedded:
                store.read(texts.AWAIT_INDEXES, {})
        marked = {"build": build, "ledger": ledger.id, "change": ledger.last_change, "model": MODEL}
        store.write_all([(texts.WRITE_MARK, marked), (END, {})])
    return done


def open_published(uri: str, database: str | None = None) -> BoltStore:
    """Open a graph on a server for reading. Raises StoreError where another form of it than ours is published."""
    store = connect(uri, database)
    try:
        mark = read_mark(store)
        if mark is not None and mark["model"] != MODEL:
            raise StoreError("an older medkg published this graph; run `kg publish` again", uri=uri)
    except BaseException:
        store.close()
        raise
    store.kept = _cache(uri, database or secret("NEO4J_DATABASE"))
    return store


def _cache(uri: str, database: str | None) -> Path:
    """Return the folder in the user's cache for what questions work out of this graph."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    return caches / "medkg" / content_id("server", uri, database or "")


def read_mark(store: Writable) -> dict[str, Any] | None:
    """Return the ledger, change and model that the graph holds, or None where no publish ended yet.

    ``indexed`` says whether the constraints and indexes are there. Raises StoreError for a graph that a newer medkg
    published.
    """
    rows = store.read(texts.READ_MARK, {})
    if rows and _form(rows[0]["model"]) > _form(MODEL):
        raise StoreError("a newer medkg published this graph; update medkg", graph=rows[0]["model"], medkg=MODEL)
    return rows[0] if rows else None


def _current(mark: dict[str, Any] | None, ledger: WholeLedger) -> bool:
    wanted = {"ledger": ledger.id, "change": ledger.last_change, "model": MODEL, "indexed": True}
    return mark == wanted


def _form(model: str) -> tuple[int, ...]:
    return tuple(int(part) for part in model.split("/"))
