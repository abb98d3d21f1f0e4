"""A graph behind Bolt when things go wrong: no server, wrong words, a server that dies, somebody else's data."""

from __future__ import annotations

import resource
import socket
import threading
import time
from pathlib import Path

import pytest

from kg.assemble import assemble
from kg.errors import ConfigError, StoreBusy, StoreError
from kg.opening import open_graph
from kg.stores import bolt_batches, bolt_lease
from kg.stores.bolt import BoltStore, connect
from kg.stores.bolt_lease import Lease
from kg.stores.bolt_publish import publish
from kg.stores.ledger import Ledger
from kg.stores.source import Unwatched
from tests.stores.graphs import dump, small_ledger
from tests.stores.ledger_samples import build, paper, read
from tests.stores.tls import encrypted, self_made
from tools.neo4j.server import Neo4j


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as link:
        port: int = link.getsockname()[1]
    return port


def test_no_server_is_told_with_the_address(closed_port: int) -> None:
    with pytest.raises(StoreBusy, match=f"no graph server answers here.*make neo4j.*127.0.0.1:{closed_port}"):
        BoltStore(f"bolt://127.0.0.1:{closed_port}", ("neo4j", "x"))


@pytest.mark.parametrize("uri", ["http://127.0.0.1:7474", "bolt//127.0.0.1", "bolt://127.0.0.1:notaport"])
def test_an_address_of_something_else_is_told(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> str:
        assert uri.startswith("bolt://"), "a password is asked for before the address is looked at"
        return "x"

    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(ConfigError, match="not an address of a graph server"):
        connect(uri, ask=asked)


def test_secrets_come_from_the_environment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    with pytest.raises(ConfigError, match="set NEO4J_PASSWORD"):
        open_graph("bolt://127.0.0.1:7687")
    with pytest.raises(ConfigError, match="may not hold a user name or password") as told:
        connect("bolt://neo4j:hunter2@127.0.0.1:7687")
    assert "hunter2" not in str(told.value)


@pytest.mark.neo4j
def test_a_wrong_password_is_told(neo4j_server: Neo4j) -> None:
    with pytest.raises(StoreError, match="refuses this user name or password") as told:
        BoltStore(neo4j_server.uri, ("neo4j", "wrong-password"))
    assert "wrong-password" not in str(told.value)


@pytest.mark.neo4j
def test_encrypted_addresses(neo4j_server: Neo4j, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = self_made(tmp_path)
    auth = ("neo4j", neo4j_server.password)
    with encrypted(neo4j_server.bolt_port, certificate, key) as port:
        for scheme in ("bolt+s", "neo4j+s"):
            with pytest.raises(StoreError, match=r"certificate .* is not trusted.*self-signed.*SSL_CERT_FILE") as told:
                BoltStore(f"{scheme}://127.0.0.1:{port}", auth)
            assert not isinstance(told.value, StoreBusy), "to try again is of no use"
        with BoltStore(f"bolt+ssc://127.0.0.1:{port}", auth) as store:
            assert store.run("RETURN 1 AS one") == [{"one": 1}]
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        for scheme in ("bolt+s", "neo4j+s"):
            with BoltStore(f"{scheme}://127.0.0.1:{port}", auth) as store:
                assert store.run("RETURN 1 AS one") == [{"one": 1}]
    with pytest.raises(StoreError, match="does not speak TLS; use bolt://"):
        BoltStore(f"bolt+s://127.0.0.1:{neo4j_server.bolt_port}", auth)


@pytest.mark.neo4j
def test_open_graph_reads_a_server(neo4j: BoltStore, neo4j_server: Neo4j, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)
    with open_graph(neo4j_server.uri, database="neo4j") as graph:
        assert graph.counts()["documents"] == 4
    with pytest.raises(StoreError, match="refused"), open_graph(neo4j_server.uri, database="nosuch") as graph:
        graph.counts()


@pytest.mark.neo4j
def test_what_somebody_else_put_there_stays(neo4j_store: BoltStore, tmp_path: Path) -> None:
    neo4j_store.write("MATCH (n) DETACH DELETE n")
    neo4j_store.write(
        """CREATE (:Document {id: 'mine', title: 'a note'}), (:Statement {id: 'also mine'}),
        (:Concept {id: 'MESH:D001241', note: 'seen'}), (:Patient {id: 'p1'})"""
    )
    folder = small_ledger(tmp_path / "g")
    with Ledger.open(folder) as ledger:
        assert publish(neo4j_store, ledger).deleted == 0
    neo4j_store.write("MATCH (p:Patient), (c:Concept {id: 'MESH:D008687'}) CREATE (p)-[:TAKES]->(c)")
    neo4j_store.write(
        "MATCH (a:Concept {name: 'Aspirin'}), (b {name: 'Metformin'}) CREATE (a)-[:CAUSES {id: 'x'}]->(b)"
    )
    build(tmp_path / "empty", [])
    with Ledger.open(tmp_path / "empty") as ledger:
        publish(neo4j_store, ledger)
    rows = neo4j_store.run("MATCH (n) WHERE NOT n:Projection RETURN n.id AS id, n.note AS note ORDER BY id")
    assert [(row["id"], row["note"]) for row in rows] == [
        ("MESH:D001241", "seen"),
        ("MESH:D008687", None),
        ("also mine", None),
        ("mine", None),
        ("p1", None),
    ]
    assert neo4j_store.run("MATCH ()-[r]->() RETURN type(r) AS type ORDER BY type") == [
        {"type": "CAUSES"},
        {"type": "TAKES"},
    ]


@pytest.mark.neo4j
def test_a_publish_that_was_cut_short_is_made_good(
    neo4j_store: BoltStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    neo4j_store.write("MATCH (n) DETACH DELETE n")
    monkeypatch.setattr(bolt_batches, "BATCH_ROWS", 2)
    folder = small_ledger(tmp_path / "g")

    class Cut(BoltStore):
        def write_all(self, texts):  # type: ignore[no-untyped-def]
            if any("CREATE (:Statement " in text for text, _ in texts):
                raise KeyboardInterrupt
            return super().write_all(texts)

    cut = object.__new__(Cut)
    cut.__dict__.update(neo4j_store.__dict__)
    with Ledger.open(folder) as ledger, pytest.raises(KeyboardInterrupt):
        publish(cut, ledger)
    assert neo4j_store.run("MATCH (d:Document) RETURN count(d) > 0 AS some") == [{"some": True}]
    with Ledger.open(folder, write=True) as ledger:
        ledger.forget("PMID:1", purge=True)
        ledger.refresh(assemble)
        assert publish(neo4j_store, ledger).anew
    rows = neo4j_store.run("MATCH (d:Document) RETURN d.id AS id ORDER BY id")
    assert [row["id"] for row in rows] == ["PMID:2", "PMID:3", "PMID:4"]
    rows = neo4j_store.run("MATCH (e:Evidence) RETURN e.document AS id ORDER BY id")
    assert [row["id"] for row in rows] == ["PMID:2", "PMID:3", "PMID:4"]


@pytest.mark.neo4j
def test_a_publish_that_was_cut_short_goes_on_where_it_was(
    neo4j_store: BoltStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    neo4j_store.write("MATCH (n) DETACH DELETE n")
    monkeypatch.setattr(bolt_batches, "BATCH_ROWS", 2)
    folder = small_ledger(tmp_path / "g")
    with Ledger.open(folder) as ledger:
        publish(neo4j_store, ledger)
        undisturbed = dump(neo4j_store.run)
        neo4j_store.write("MATCH (n) DETACH DELETE n")

        class CutShort(Unwatched):
            def reached(self, units: int, note: str = "") -> None:
                if units:
                    raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            publish(neo4j_store, ledger, watch=CutShort())
        done = publish(neo4j_store, ledger)
        assert (done.anew, done.concepts, done.documents, done.statements) == (True, 0, 0, 2)
        assert dump(neo4j_store.run) == undisturbed


@pytest.mark.neo4j
def test_a_server_that_dies_in_the_middle_costs_nothing(
    neo4j_server: Neo4j, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bolt_batches, "BATCH_ROWS", 5)
    build(tmp_path / "g", [read(paper(number)) for number in range(1, 61)])
    with BoltStore(neo4j_server.uri, ("neo4j", neo4j_server.password)) as store:
        store.write("MATCH (n) DETACH DELETE n")
        batches = 0
        died = threading.Event()

        def die() -> None:
            neo4j_server.stop(kill=True)
            died.set()
            neo4j_server.start()

        restarting = threading.Thread(target=die)
        write = store.write

        def counted(text, parameters=None):  # type: ignore[no-untyped-def]
            nonlocal batches
            batches += 1
            if batches == 5:
                restarting.start()
                died.wait()
            return write(text, parameters)

        monkeypatch.setattr(store, "write", counted)
        with Ledger.open(tmp_path / "g") as ledger:
            done = publish(store, ledger)
        restarting.join()
        assert (done.documents, done.statements, done.evidence) == (60, 1, 60)
        counts = store.run("MATCH (n) RETURN labels(n)[0] AS label, count(*) AS n ORDER BY label")
        assert {row["label"]: row["n"] for row in counts} == {
            "Concept": 2,
            "Document": 60,
            "Evidence": 60,
            "Projection": 1,
            "Statement": 1,
        }
        assert store.run("MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n ORDER BY type") == [
            {"type": "CAUSES", "n": 1},
            {"type": "IN", "n": 60},
            {"type": "SUPPORTED_BY", "n": 60},
        ]


@pytest.mark.neo4j
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux to make the server's disk full")
def test_a_disk_that_takes_no_more_is_told_and_the_next_publish_goes_on(
    neo4j_server: Neo4j, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bolt_batches, "BATCH_ROWS", 5)
    build(tmp_path / "g", [read(paper(number)) for number in range(1, 31)])
    process = neo4j_server.pid()
    assert process is not None
    with (
        BoltStore(neo4j_server.uri, ("neo4j", neo4j_server.password)) as store,
        Ledger.open(tmp_path / "g") as ledger,
    ):
        store.write("MATCH (n) DETACH DELETE n")
        _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, most))
        with pytest.raises(StoreError, match=r"(?s)the graph server failed: .*disk is full.*restart it") as told:
            publish(store, ledger)
        assert not isinstance(told.value, StoreBusy)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, most))
        with pytest.raises(StoreError, match=r"needs to be restarted.*disk is full"):
            publish(store, ledger)
        neo4j_server.stop(kill=True)
        neo4j_server.start()
        done = publish(store, ledger)
        assert (done.documents, done.statements, done.evidence) == (30, 1, 30)
        assert publish(store, ledger).unchanged


@pytest.mark.neo4j
def test_a_second_publisher_is_told_and_a_dead_one_waited_out(
    neo4j_store: BoltStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bolt_lease, "LEASE_SECONDS", 4.0)
    neo4j_store.write("MATCH (n) DETACH DELETE n")
    folder = small_ledger(tmp_path / "g")
    with Ledger.open(folder) as ledger:
        publish(neo4j_store, ledger)
        before = dump(neo4j_store.run)
        with Lease(neo4j_store, "another build"):
            build(tmp_path / "h", [read(paper(7))])
            with Ledger.open(tmp_path / "h") as other, pytest.raises(StoreBusy, match="another publish is writing"):
                publish(neo4j_store, other)
        assert dump(neo4j_store.run) == before
    # Killed: nobody renews.
    neo4j_store.write(
        "MATCH (p:Projection {id: 'medkg:publishing'}) SET p.holder = 'dead', p.until = timestamp() + 1000"
    )
    with Ledger.open(tmp_path / "h") as other:
        assert publish(neo4j_store, other).anew
    assert neo4j_store.run("MATCH (p:Projection) RETURN p.id AS id") == [{"id": "medkg"}]


@pytest.mark.neo4j
def test_a_graph_of_a_newer_medkg_is_left_alone(
    neo4j_store: BoltStore, neo4j_server: Neo4j, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small_ledger(tmp_path / "g")
    with Ledger.open(folder) as ledger:
        publish(neo4j_store, ledger)
        neo4j_store.write("MATCH (p:Projection) SET p.model = '999/1'")
        before = dump(neo4j_store.run)
        with pytest.raises(StoreError, match="a newer medkg published this graph; update medkg"):
            publish(neo4j_store, ledger)
        assert dump(neo4j_store.run) == before
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)
    neo4j_store.write("MATCH (p:Projection) SET p.model = '1/1'")
    with pytest.raises(StoreError, match="an older medkg published this graph; run `kg publish` again"):
        open_graph(neo4j_server.uri)
    neo4j_store.write("MATCH (n) DETACH DELETE n")


@pytest.mark.neo4j
def test_a_lease_that_has_ended_is_not_renewed(neo4j_store: BoltStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bolt_lease, "LEASE_SECONDS", 0.4)
    neo4j_store.write("MATCH (n) DETACH DELETE n")
    with Lease(neo4j_store, "a build"):
        time.sleep(0.3)
        assert neo4j_store.run("MATCH (p:Projection) RETURN count(p) AS n") == [{"n": 1}]
        neo4j_store.write(bolt_lease.END)
        time.sleep(0.5)
    assert neo4j_store.run("MATCH (p:Projection) RETURN count(p) AS n") == [{"n": 0}]
