"""Opening: one writer, locks that die with their process, files that are broken, full disks, kills."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import duckdb
import pytest

from kg.assemble import assemble
from kg.errors import StoreBusy, StoreError
from kg.stores.ledger import LEDGER_FILE, Ledger
from kg.stores.ledger_schema import LEDGER_VERSION
from tests.stores.ledger_samples import build, graph, paper, read

ROOT = Path(__file__).parents[2]


def other_process(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start Python on ``code`` at the root of the repository, with its output to read."""
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


HOLD = """
    import sys, time
    from pathlib import Path
    from kg.stores.ledger import Ledger
    with Ledger.open(Path(sys.argv[1]), write=True):
        print("holding", flush=True)
        time.sleep(60)
"""


def test_a_second_writer_waits_then_stops(tmp_path: Path) -> None:
    with other_process(HOLD, str(tmp_path)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holding\n"
        began = time.monotonic()
        with pytest.raises(StoreBusy, match="another process is writing"):
            Ledger.open(tmp_path, write=True, timeout=0.3)
        assert 0.3 <= time.monotonic() - began < 5
        with pytest.raises(StoreBusy):
            Ledger.open(tmp_path, timeout=0)
        holder.kill()
    with Ledger.open(tmp_path, write=True, timeout=0) as ledger:
        assert ledger.last_change == 0


def test_a_second_writer_goes_on_when_the_first_ends(tmp_path: Path) -> None:
    with other_process(HOLD.replace("60", "0.4"), str(tmp_path)) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with Ledger.open(tmp_path, write=True, timeout=20) as ledger:
            assert ledger.last_change == 0


def test_one_process_cannot_open_twice_to_write_but_may_read_twice(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, write=True):
        for write in (True, False):
            with pytest.raises(StoreBusy):
                Ledger.open(tmp_path, write=write, timeout=0)
    with Ledger.open(tmp_path) as one, Ledger.open(tmp_path) as two:
        assert one.id == two.id
        with pytest.raises(StoreBusy):
            Ledger.open(tmp_path, write=True, timeout=0)
    with Ledger.open(tmp_path, write=True, timeout=0) as again:
        assert again.id == one.id


def test_a_forked_worker_that_outlives_its_parent_holds_no_lock(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, write=True):
        worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
        worker.start()
    try:
        with Ledger.open(tmp_path, write=True, timeout=0):
            assert worker.is_alive()
    finally:
        worker.kill()
        worker.join()


def test_there_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no graph here; build one with `kg build`"):
        Ledger.open(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(1))])
    with Ledger.open(tmp_path) as ledger, pytest.raises(StoreError, match="for reading only"):
        ledger.record(read(paper(2)))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot make the graph folder"):
        Ledger.open(tmp_path / "file" / "graph", write=True)


def test_a_newer_ledger_is_refused_by_name(tmp_path: Path) -> None:
    build(tmp_path, [])
    with duckdb.connect(str(tmp_path / LEDGER_FILE)) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    with pytest.raises(StoreError, match=f"version 99, this medkg reads version {LEDGER_VERSION}: upgrade medkg"):
        Ledger.open(tmp_path)


@pytest.mark.parametrize("write", [True, False])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, write: bool) -> None:
    (tmp_path / LEDGER_FILE).write_bytes(b"this is no database" * 1000)
    with pytest.raises(StoreError, match=r"damaged: restore it from a copy.*ledger\.duckdb"):
        Ledger.open(tmp_path, write=write)
    (tmp_path / "ledger.lock").unlink()
    (tmp_path / LEDGER_FILE).unlink()
    with Ledger.open(tmp_path, write=True):
        pass


def test_a_truncated_file_says_what_to_do(tmp_path: Path) -> None:
    build(tmp_path, [read(paper(n)) for n in range(200)])
    with (tmp_path / LEDGER_FILE).open("r+b") as file:
        file.truncate(20_000)
    with pytest.raises(StoreError, match="damaged"):
        Ledger.open(tmp_path)


def test_another_duckdb_file_is_no_ledger(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / LEDGER_FILE)) as connection:
        connection.execute("CREATE TABLE mine (a INTEGER)")
    with pytest.raises(StoreError, match="no ledger of medkg"):
        Ledger.open(tmp_path, write=True)


FILL = """
    import resource, signal, sys
    from pathlib import Path
    from kg.errors import StoreError
    from kg.stores.ledger import Ledger
    from tests.stores.ledger_samples import paper, read
    folder = Path(sys.argv[1])
    with Ledger.open(folder, write=True) as ledger:
        ledger.record(read(paper(1)))
    size = max(path.stat().st_size for path in folder.iterdir())
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100_000, size + 100_000))
    try:
        with Ledger.open(folder, write=True) as ledger:
            for start in range(2, 20_000, 500):
                texts = [f"Aspirin causes hemorrhage {n * 7919 % 104729}." + f"{n:x}" * 99 for n in range(500)]
                ledger.record_batch(read(paper(start + n, text)) for n, text in enumerate(texts))
    except StoreError as error:
        print(error)
"""


def test_a_full_disk_says_so_and_keeps_what_was_there(tmp_path: Path) -> None:
    """A limit on the size of files stands for a disk that is full."""
    with other_process(FILL, str(tmp_path)) as process:
        assert process.stdout is not None
        said = process.stdout.read()
    assert "the disk is full or over its quota" in said
    assert "free space and run the same command again" in said
    with Ledger.open(tmp_path, write=True) as ledger:
        assert ledger.counts()["documents"] >= 1
        ledger.record(read(paper(30_000)))
        assert ledger.known(paper(30_000), "k")


BUILD = """
    import sys, time
    from pathlib import Path
    from kg.assemble import assemble
    from kg.stores.ledger import Ledger
    from tests.stores.ledger_samples import paper, read
    papers = [paper(n, f"Aspirin causes hemorrhage {n}.", identifiers=(f"DOI:10.1/{n // 3}",)) for n in range(1, 61)]
    with Ledger.open(Path(sys.argv[1]), write=True) as ledger:
        for start in range(0, 60, 4):
            ledger.record_batch(read(new) for new in ledger.unknown(papers[start : start + 4], "k"))
            print(start, flush=True)
        ledger.refresh(assemble)
        time.sleep(float(sys.argv[2]))
"""


def test_a_kill_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    """Runs are killed at ever later moments; the ledger opens every time and the end is that of a calm run."""
    with other_process(BUILD, str(tmp_path / "calm"), "0") as calm:
        calm.communicate()
        assert calm.returncode == 0
    target = tmp_path / "killed"
    for batches, wait in ((1, 0.0), (3, 0.005), (5, 0.01), (7, 0.02), (9, 0.03), (12, 0.04), (15, 0.0), (15, 0.3)):
        with other_process(BUILD, str(target), "60") as process:
            assert process.stdout is not None
            for _ in range(batches):
                process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        with Ledger.open(target, write=True, timeout=0) as ledger:
            counts = ledger.counts()
            assert counts["documents"] == counts["evidence"] >= 4 * batches
            assert counts["documents"] % 4 == 0
    with other_process(BUILD, str(target), "0") as last:
        last.communicate()
        assert last.returncode == 0
    assert graph(target) == graph(tmp_path / "calm")


def test_a_kill_between_recording_and_refreshing_is_made_good(tmp_path: Path) -> None:
    build(tmp_path / "calm", [read(paper(1)), read(paper(2))])
    target = tmp_path / "killed"
    child = os.fork()
    if child == 0:
        ledger = Ledger.open(target, write=True)
        ledger.record_batch([read(paper(1)), read(paper(2))])
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with Ledger.open(target, write=True) as ledger:
        assert not ledger.assembled
        assert ledger.known(paper(1), "k")
        assert ledger.refresh(assemble) == 1
        assert ledger.assembled
    assert graph(target) == graph(tmp_path / "calm")


def test_memory_of_a_stream_is_flat(tmp_path: Path) -> None:
    """Streaming 10,000 pieces of evidence takes little more memory than 1,000, each in a process."""
    code = """
        import resource, sys
        from pathlib import Path
        from kg.assemble import assemble
        from kg.stores.ledger import Ledger
        from tests.stores.ledger_samples import paper, read
        folder, total = Path(sys.argv[1]), int(sys.argv[2])
        with Ledger.open(folder, write=True) as ledger:
            for start in range(0, total, 500):
                numbers = range(start, start + 500)
                ledger.record_batch(read(paper(n, f"Aspirin causes hemorrhage {n}.")) for n in numbers)
            ledger.refresh(assemble)
            print(sum(1 for _ in ledger.evidences()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """
    peaks = []
    for total in (1_000, 10_000):
        with other_process(code, str(tmp_path / str(total)), str(total)) as process:
            assert process.stdout is not None
            seen, peak = map(int, process.stdout.read().split())
        assert seen == total
        peaks.append(peak)
    assert peaks[1] < peaks[0] * 1.3
