"""The embedded graph's files: whole generations, switched in one step, kept while somebody reads them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.assemble import assemble
from kg.cli.app import app
from kg.errors import StoreBusy, StoreError
from kg.opening import open_graph
from kg.stores import embedded
from kg.stores import embedded_files as files
from kg.stores.bolt_import import export_import
from kg.stores.embedded import open_embedded, publish_embedded
from kg.stores.embedded_bulk import STOP
from kg.stores.ledger import Ledger
from kg.stores.selection import Selection
from tests.stores.graphs import small_ledger
from tests.stores.ledger_samples import build, paper, read

ROOT = Path(__file__).resolve().parents[2]
COUNT = "MATCH (d:Document) RETURN count(d) AS n"

# Publishes in a process of its own, so that it can be killed; prints once it holds the publish lock.
PUBLISH = """
import sys
from pathlib import Path
from kg.stores.embedded import publish_embedded
from kg.stores.ledger import Ledger
folder = Path(sys.argv[1])
with Ledger.open(folder) as ledger:
    print("publishing", flush=True)
    publish_embedded(ledger, folder)
"""


def documents(folder: Path) -> int:
    with open_embedded(folder, idle=1) as store:
        return int(store.run(COUNT)[0]["n"])


def publish(folder: Path) -> None:
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)


def add(folder: Path, number: int) -> None:
    build(folder, [read(paper(number))])


def generations(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "generations").iterdir())


def content(folder: Path) -> dict[str, bytes]:
    name = files.current(folder)
    assert name is not None
    root = files.generation(folder, name)
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 100
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_nothing_published_yet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no graph here yet; run `kg build`"):
        open_graph(tmp_path)


def test_a_generation_is_never_written_again_and_an_old_one_goes(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)
    publish(folder)
    first = content(folder)
    publish(folder)
    assert (generations(folder), content(folder)) == (["0001"], first)
    with open_embedded(folder, idle=1) as reader:
        with pytest.raises(StoreError, match="refused"):
            reader.run("CREATE (:Document {id: 'x'})")
        assert reader.run(COUNT) == [{"n": 4}]
        add(folder, 5)
        publish(folder)
        # The reader keeps what it opened; who comes now reads the next generation.
        assert generations(folder) == ["0001", "0002"]
        assert reader.run(COUNT) == [{"n": 4}]
        assert documents(folder) == 5
        assert {name: (files.generation(folder, "0001") / name).read_bytes() for name in first} == first
    # With its last reader gone the old server removes what it served.
    wait_until(lambda: generations(folder) == ["0002"])


def test_readers_share_one_server_that_ends_by_itself(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)
    publish(folder)
    address = files.serving(folder, "0001") / "server.json"
    script = f"""
import sys
from pathlib import Path
from kg.stores.embedded import open_embedded
with open_embedded(Path(sys.argv[1])) as store:
    print(store.uri, store.run({COUNT!r})[0]["n"])
"""
    with open_embedded(folder, idle=1) as store:
        both = [
            subprocess.Popen([sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        assert [process.communicate(timeout=100)[0] for process in both] == [f"{store.uri} 4\n"] * 2
        assert address.stat().st_mode & 0o777 == 0o600
    wait_until(lambda: not address.exists())
    assert documents(folder) == 4


def test_a_server_that_was_killed_is_replaced(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)
    publish(folder)
    assert documents(folder) == 4
    address = files.read_json(files.serving(folder, "0001") / "server.json")
    if address is not None:  # else it has ended by itself in this moment
        os.kill(int(address["pid"]), signal.SIGKILL)
    assert documents(folder) == 4


def test_a_generation_that_is_gone_is_told(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)
    publish(folder)
    (folder / "current").write_text("0099", encoding="utf-8")
    with pytest.raises(StoreError, match="0099 is missing; run `kg build` again"):
        open_embedded(folder)


def test_purged_words_leave_every_published_state(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1)), read(paper(2, "Aspirin may cause hemorrhage, Mr Xanadu."))])
    publish(tmp_path)
    add(tmp_path, 3)
    with open_embedded(tmp_path, idle=1):
        publish(tmp_path)
        assert generations(tmp_path) == ["0001", "0002"]
        assert holding(tmp_path, b"Xanadu") != []
        assert CliRunner().invoke(app, ["forget", "PMID:2", "--purge", "--graph", str(tmp_path)]).exit_code == 0
        assert generations(tmp_path) == ["0003"]
    assert holding(tmp_path, b"Xanadu") == []
    assert documents(tmp_path) == 2


def holding(folder: Path, words: bytes) -> list[str]:
    """The files below a folder that hold some words."""
    return [path.name for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("a small disk needs root, to mount one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_leaves_nothing_half_done(small_disk: Path, tmp_path: Path) -> None:
    with Ledger.open(small_ledger(tmp_path / "g")) as ledger:
        with pytest.raises(StoreError, match="the disk is full; the published graph stays as it was"):
            publish_embedded(ledger, small_disk)
        assert generations(small_disk) == []
        filler = small_disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - 4096))
        with pytest.raises(StoreError, match="cannot write the export: No space left on device"):
            export_import(Selection(ledger), small_disk / "files")
        assert sorted(path.name for path in small_disk.iterdir()) == [
            "building.lock",
            "filler",
            "generations",
            "publish.lock",
        ]


def test_one_publisher_at_a_time(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)
    held = files.FileLock.take(folder / "publish.lock")
    assert held is not None
    with pytest.raises(StoreBusy, match="publishing"):
        publish(folder)
    held.release()
    publish(folder)
    assert documents(folder) == 4


def test_a_killed_publish_leaves_the_old_graph_and_the_next_is_whole(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)
    publish(folder)
    add(folder, 5)
    before = content(folder)
    for seconds in (0.2, 1.5, 3.0):
        process = publishing(folder)
        time.sleep(seconds)
        process.kill()
        process.wait()
        # Either it had not ended, and nothing changed; or it had, and the next generation is there as a whole.
        whole = [name for name in generations(folder) if name.isdigit()]
        assert files.current(folder) in whole
        if files.current(folder) == "0001":
            assert content(folder) == before
    publish(folder)
    assert documents(folder) == 5
    assert generations(folder) == [files.current(folder)]


def publishing(folder: Path) -> subprocess.Popen[str]:
    """Start to publish in a process of its own, and return once it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISH, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "publishing\n"
    return process


def test_a_server_that_hangs_is_told_and_the_next_publish_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_ledger(tmp_path)
    publish(folder)
    add(folder, 5)
    before = content(folder)

    def hang(process: subprocess.Popen[bytes], line: bytes) -> None:
        tell(process, line)
        if line == STOP:
            process.send_signal(signal.SIGSTOP)

    tell = embedded._tell
    with monkeypatch.context() as patched:
        patched.setattr(embedded, "_tell", hang)
        patched.setattr(embedded, "STALL_SECONDS", 1.0)
        with pytest.raises(StoreError, match=r"written nothing for 1 s.*the next build publishes anew"):
            publish(folder)
    assert (generations(folder), content(folder)) == (["0001"], before)
    publish(folder)
    assert documents(folder) == 5


def test_a_slow_server_has_the_time_that_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STALL_SECONDS", 1.0)
    script = "import time\nfor n in range(30): time.sleep(0.1); open('pages', 'ab').write(b'x')"
    slow = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path)
    embedded.await_working(lambda: slow.poll() is not None, tmp_path)
    assert (tmp_path / "pages").stat().st_size == 30
    with pytest.raises(StoreError, match="written nothing"):
        embedded.await_working(lambda: False, tmp_path)


def test_a_graph_answers_while_it_is_published(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path)
    publish(folder)
    add(folder, 5)
    process = publishing(folder)
    with open_graph(folder) as graph:
        assert graph.counts()["documents"] == 4
        while process.poll() is None:
            assert graph.counts()["documents"] == 4
    assert process.returncode == 0
    with open_graph(folder) as graph:
        assert graph.counts()["documents"] == 5


def test_a_projection_of_another_ledger_is_built_anew(tmp_path: Path) -> None:
    folder = small_ledger(tmp_path / "one")
    publish(folder)
    build(tmp_path / "two", [read(paper(9))])
    with Ledger.open(tmp_path / "two") as other:
        other_done = publish_embedded(other, folder)
    assert (other_done.anew, other_done.documents, other_done.deleted) == (True, 1, 0)
    assert documents(folder) == 1


def test_an_empty_ledger_gives_an_empty_graph(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, write=True) as ledger:
        ledger.refresh(assemble)
        publish_embedded(ledger, tmp_path)
    with open_graph(tmp_path) as graph:
        assert graph.counts() == {"concepts": 0, "statements": 0, "evidence": 0, "documents": 0}
        assert graph.find("aspirin") == ()
        assert graph.statements() == ()
