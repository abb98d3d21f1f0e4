"""graph.differential in every store: ranks, contributions, and the evidence behind them."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from kg.errors import VocabularyError
from kg.opening import open_graph
from kg.pipeline import bring_up_to_date
from kg.query import KnowledgeGraph, texts
from kg.query.differential import Observations, Observed
from kg.query.differential_findings import Findings
from kg.query.differential_graph import DifferentialResult
from kg.stores import embedded_files as files
from kg.stores.bolt import BoltStore
from kg.stores.bolt_publish import publish
from kg.stores.embedded import publish_embedded
from kg.stores.ledger import Ledger
from tests.query.clinic import ARTHROSIS, PAIN, STIFF, TYPE_2, clinic_ledger, reading
from tests.stores.ledger_samples import build
from tools.neo4j.server import Neo4j

MORE = ("Joint pain in 2 of 9, type 2 diabetes.", TYPE_2, "type 2 diabetes", "has_phenotype", PAIN, "Joint pain", 2, 9)


def test_ranks_and_names_the_evidence(clinic: KnowledgeGraph) -> None:
    found = clinic.differential(["Joint pain"], ["joint stiffness"])
    (first, *_) = found.candidates
    assert (first.concept.id, [one.id for one in found.present], [one.id for one in found.absent]) == (
        ARTHROSIS,
        [PAIN],
        [STIFF],
    )
    assert first.score == pytest.approx(math.fsum(part.value for part in first.contributions), abs=1e-6)
    pain = first.contributions[0]
    assert (pain.kind, pain.finding, pain.through) == ("present", PAIN, PAIN)
    works = {one.work for id in pain.statements for one in clinic.evidence(id)}
    assert works == {"PMID:15", "PMID:16"}
    assert len(pain.evidence) == 2
    assert found.graph == clinic.version
    assert found.boundary == "Evidence for clinicians and researchers, not a diagnosis and not advice."
    assert found.as_json()["candidates"][0]["concept"]["id"] == ARTHROSIS


def test_unknown_words_are_refused(clinic: KnowledgeGraph) -> None:
    with pytest.raises(VocabularyError, match="no concept"):
        clinic.differential(["no such finding at all"])
    with pytest.raises(VocabularyError, match="male or female"):
        clinic.differential([PAIN], sex="x")


def kept(folder: Path) -> Path:
    return files.serving(folder, files.current(folder) or "") / "findings.npz"


def test_what_was_counted_is_kept_as_long_as_the_graph_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clinic_ledger(tmp_path)
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    with open_graph(folder) as graph:
        first = graph.differential([PAIN], [STIFF])
    kept(folder).unlink()
    with Ledger.open(folder, write=True) as ledger:
        bring_up_to_date(ledger, folder)  # the ledger's word and the graph's are the same
    with monkeypatch.context() as patched, open_graph(folder) as graph:
        patched.setattr(texts, "PHENOTYPES", "not read again")
        assert graph.differential([PAIN], [STIFF]) == first
    older = shutil.copy(kept(folder), tmp_path / "older.npz")
    build(folder, [reading("PMID:18", "case", "2020", *MORE)])
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    answers = []
    for content in (None, Path(older).read_bytes(), b"PK broken", Path(older).read_bytes()[:-900]):
        if content is not None:
            kept(folder).write_bytes(content)
        with open_graph(folder) as graph:
            answers.append(graph.differential([PAIN], [STIFF]))
    assert answers[1:] == answers[:1] * 3
    assert answers[0].considered == first.considered + 1


def test_onset_and_sex_choose_what_counts() -> None:
    seen = [Observed(f"d{n}", "x", f"w{n}", 1, 2) for n in range(4)]
    onsets, sexes = ["", "adult", "late"], ["", "FEMALE", "MALE"]
    columns = (np.arange(4), np.array([0, 2, 1, 0]), np.array([0, 0, 1, 2]))
    all_ = Findings(Observations.of(seen), ["s0", "s1", "s2", "s3"], onsets, sexes, *columns, {})

    def left(hidden: set[str], sex: str | None) -> list[tuple[str, str]]:
        some = all_.of_patient(hidden, sex)
        rows = zip(some.seen.disease, some.statement, strict=True)
        return [(some.seen.diseases[disease], some.statements[statement]) for disease, statement in rows]

    assert left(set(), None) == [("d0", "s0"), ("d1", "s1"), ("d2", "s2"), ("d3", "s3")]
    assert left({"late"}, "MALE") == [("d0", "s0"), ("d3", "s3")]
    assert left({"adult"}, "FEMALE") == [("d0", "s0"), ("d1", "s1")]


@pytest.mark.neo4j
def test_what_a_server_says_of_findings_is_read_once(
    neo4j_store: BoltStore, neo4j_server: Neo4j, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = clinic_ledger(tmp_path / "graph")

    def asked() -> DifferentialResult:
        with Ledger.open(folder) as ledger:
            publish(neo4j_store, ledger)
        with open_graph(neo4j_server.uri) as graph:
            return graph.differential([PAIN], [STIFF])

    first = asked()
    with monkeypatch.context() as patched:
        patched.setattr(texts, "PHENOTYPES", "not read again")
        assert asked() == first
    build(folder, [reading("PMID:18", "case", "2020", *MORE)])
    second = asked()
    assert second.graph != first.graph
    assert [one.score for one in second.candidates] != [one.score for one in first.candidates]
    assert len(list((tmp_path / "cache").rglob("findings.npz"))) == 1
