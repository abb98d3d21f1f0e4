"""A build as its users meet it: again, in another order, killed, beside a reader, over broken input."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import batches
from kg.cli.app import app
from kg.config import Settings, load_settings
from kg.errors import ConfigError
from kg.pipeline import build
from kg.stores.ledger import Ledger
from kg.stores.rdf import export
from kg.stores.selection import Selection
from tests.pipeline.driver import Silent

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ROOT / "tests" / "data" / "papers"
KILLS = 10


def quads(graph: Path) -> str:
    """The hash of the sorted N-Quads of a graph."""
    output = graph / "check.nq"
    with Ledger.open(graph) as ledger:
        export(Selection(ledger), output)
    lines = sorted(output.read_text(encoding="utf-8").splitlines())
    output.unlink()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def run(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command ``kg`` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *arguments], capture_output=True, text=True, cwd=ROOT, check=False, timeout=300
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of the five papers, built by the command."""
    folder = tmp_path_factory.mktemp("build") / "graph"
    run("build", str(PAPERS), "--graph", str(folder))
    return folder


def test_the_graph_says_what_the_papers_say(graph: Path) -> None:
    said = json.loads(run("statements", "--graph", str(graph), "--json").stdout)
    assert set(said[0]) >= {
        "id",
        "subject",
        "predicate",
        "object",
        "qualifiers",
        "belief",
        "support",
        "refute",
        "works",
    }
    triples = {(s["subject"], s["predicate"], s["object"]) for s in said}
    assert ("MESH:D006852", "biolink:treats", "MESH:D006973") in triples


def test_every_statement_leads_to_its_words(graph: Path) -> None:
    said = json.loads(run("statements", "--graph", str(graph), "--predicate", "treats", "--json").stdout)
    explained = json.loads(run("explain", said[0]["id"], "--graph", str(graph), "--json").stdout)
    assert explained["statement"] == said[0]["id"]
    evidence = explained["evidence"][0]
    text = (PAPERS / "a.md").read_text(encoding="utf-8")
    assert "Hydrochlorothiazide is recommended for the treatment of hypertension" in evidence["text"]
    assert evidence["text"].split(".")[0] in text
    assert evidence["polarity"] == "supports"
    assert evidence["subject"]["end"] - evidence["subject"]["start"] == len("Hydrochlorothiazide")


def test_building_again_reads_and_writes_nothing(graph: Path) -> None:
    def state() -> tuple[int, str, list[str]]:
        with Ledger.open(graph) as ledger:
            change = ledger.last_change
        return change, quads(graph), sorted(os.listdir(graph / "generations"))

    before = state()
    again = json.loads(run("build", str(PAPERS), "--graph", str(graph), "--json").stdout)
    assert again["new"] == dict.fromkeys(again["new"], 0)
    assert state() == before


def test_a_build_with_nothing_new_imports_neither_torch_nor_spacy(graph: Path) -> None:
    code = "import sys; from kg.cli.app import app; app(standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "build", str(PAPERS), "--graph", str(graph), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout)["new"]["read"] == 0
    assert {"kg.pipeline", "duckdb"} <= set(done.stderr.split())
    assert {"torch", "spacy", "thinc", "transformers", "pyarrow.parquet"}.isdisjoint(done.stderr.split())


def test_progress_counts_what_was_met_and_what_of_it_is_new(graph: Path) -> None:
    class Noting(Silent):
        def reached(self, units: int, note: str = "") -> None:
            notes.append(note)

    notes: list[str] = []
    build([PAPERS], graph, Settings(), Noting())
    assert notes[-1] == "5 documents, 0 new"


def test_a_second_document_is_read_alone(graph: Path, tmp_path: Path) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(graph, copy)
    (tmp_path / "new.txt").write_text("Cisplatin caused hearing loss in twelve patients.", encoding="utf-8")
    report = json.loads(run("build", str(PAPERS), str(tmp_path / "new.txt"), "--graph", str(copy), "--json").stdout)
    assert (report["new"]["documents"], report["new"]["read"]) == (1, 1)


def test_order_batches_and_duplicates_change_nothing(
    graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH_CHARS", 1)
    backwards = sorted(PAPERS.glob("[a-e].*"), reverse=True)
    (tmp_path / "twice").mkdir()
    shutil.copy(PAPERS / "b.txt", tmp_path / "twice")
    build([*backwards, tmp_path / "twice"], tmp_path / "graph", Settings(), Silent())
    assert quads(tmp_path / "graph") == quads(graph)


def test_kill_at_any_moment_and_again_is_an_undisturbed_run(graph: Path, tmp_path: Path) -> None:
    def drive(folder: Path, at: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.pipeline.driver", str(folder), str(at), str(PAPERS)]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=300)

    whole = drive(tmp_path / "whole", 0)
    assert whole.returncode == 0, whole.stderr
    steps = int(whole.stdout)
    assert steps >= KILLS
    expected = quads(graph)
    assert quads(tmp_path / "whole") == expected
    folder = tmp_path / "killed"
    for number in range(KILLS):
        shutil.rmtree(folder, ignore_errors=True)
        at = 1 + number * (steps - 1) // (KILLS - 1)
        killed = drive(folder, at)
        assert killed.returncode == -9, f"step {at}: {killed.stderr}"
        build([PAPERS], folder, Settings(), Silent())
        assert quads(folder) == expected, f"killed at step {at} of {steps}"
    assert json.loads(run("statements", "--graph", str(folder), "--json").stdout)


def test_a_reader_works_and_a_second_writer_waits_while_a_build_runs(graph: Path) -> None:
    with Ledger.open(graph, write=True):
        assert json.loads(run("statements", "--graph", str(graph), "--json").stdout)
        second = run("build", str(PAPERS), "--graph", str(graph), check=False)
    assert second.returncode == 3
    assert "another process is writing" in second.stderr


def test_broken_files_are_named_and_the_rest_is_built(tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(PAPERS, folder)
    (folder / "empty.xml").write_bytes(b"")
    (folder / "broken.xml").write_text("<article><front>", encoding="utf-8")
    (folder / 'it\'s "quoted" `MATCH (n) DETACH DELETE n`.txt').write_bytes(b"\xff\xfe\xfa bad bytes \xff")
    (folder / "outside.txt").symlink_to("/etc/hostname")
    report = json.loads(run("build", str(folder), "--graph", str(tmp_path / "graph"), "--json").stdout)
    assert report["documents"] == 5
    refused = {rejection["subject"].split("/", 1)[1].split("#")[0] for rejection in report["rejections"]}
    assert refused >= {"empty.xml", "broken.xml", "outside.txt"}
    assert all(rejection["reason"] and rejection["code"] for rejection in report["rejections"])
    lines = (tmp_path / "graph" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == report["rejections"]


def test_a_retracted_work_supports_nothing_and_stays_out(graph: Path, tmp_path: Path) -> None:
    copy = tmp_path / "graph"
    shutil.copytree(graph, copy)
    said = json.loads(run("statements", "--graph", str(copy), "--predicate", "treats", "--json").stdout)
    work = said[0]["works"][0]
    run("retract", work, "--graph", str(copy))
    run("build", str(PAPERS), "--graph", str(copy))
    left = json.loads(run("statements", "--graph", str(copy), "--predicate", "treats", "--json").stdout)
    assert work not in {name for statement in left if statement["belief"] > 0 for name in statement["works"]}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("find", "fever", "--graph", "no/such/folder"), 1, "kg build"),
        (("build", "no/such/file"), 1, "no/such/file"),
        (("statements", "--nonsense"), 2, "nonsense"),
        (("import", "no/such/file.nq", "--graph", "no/such/folder"), 2, "no/such/file.nq"),
    ],
)
def test_errors_say_what_to_do(arguments: tuple[str, ...], code: int, message: str) -> None:
    done = run(*arguments, check=False)
    assert (done.returncode, message in done.stderr) == (code, True)
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("statements", "--predicate", "biolink:treat"), "did you mean treats?"),
        (("statements", "--kind", "artcle"), "did you mean article?"),
        (("causes", "flu", "--kind", "case", "--kind", "tweet"), "there are: article, case, guideline,"),
        (("statements", "--since", "in 2014"), "say 2014, 2014-03 or"),
        (("documents", "flu", "--until", "14-3-2020"), "say 2014, 2014-03 or"),
        (("paths", "a", "b", "--through", "Gene", "--through", "Genes"), "did you mean Gene?"),
        (("differential", "--present", "fever", "--sex", "femail"), "did you mean female"),
        (("link", "fever", "--category", "diseases"), "did you mean Disease?"),
        (("link", "fever", "--vocabulary", "MSH"), "did you mean MESH?"),
        (("export", "--output", "x.nq", "--format", "nquad"), "did you mean nquads?"),
        (("export", "--output", "x.nq", "--profile", "rdf2"), "did you mean rdf12"),
    ],
)
def test_a_value_that_no_vocabulary_has_is_wrong_usage_and_the_near_ones_are_named(
    arguments: tuple[str, ...], told: str
) -> None:
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in " ".join(done.stderr.replace("│", " ").split())


def test_the_shell_completes_commands_and_the_words_of_a_vocabulary() -> None:
    def completed(line: str) -> list[str]:
        asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_KG_COMPLETE": "complete_bash"}
        command = [str(Path(sys.executable).with_name("kg"))]
        return subprocess.run(
            command, env={**os.environ, **asked}, capture_output=True, text=True, check=False
        ).stdout.split()

    assert completed("kg stat") == ["statements"]
    assert completed("kg statements --kind la") == ["label"]
    assert completed("kg paths a b --through G") == ["Gene"]


def test_a_value_of_a_vocabulary_is_taken_in_any_case(graph: Path) -> None:
    said = [
        run("statements", "--predicate", name, "--kind", kind, "--graph", str(graph), "--json").stdout
        for name, kind in (("biolink:treats", "guideline"), ("TREATS", "Guideline"))
    ]
    assert said[0] == said[1] != "[]\n"


@pytest.mark.parametrize("query", ["MATCH (n) RETRN n", "CREATE (n:Concept) RETURN n"])
def test_cypher_that_writes_or_is_none_is_told(graph: Path, query: str) -> None:
    done = run("cypher", query, "--graph", str(graph), check=False)
    assert done.returncode == 1
    assert done.stderr == "kg: refused: only reading queries are answered; this one writes, or is not valid Cypher\n"


@pytest.mark.parametrize(("query", "truth"), [("ASK { ?s ?p ?o }", True), ("ASK { ?s ?p <urn:nothing> }", False)])
def test_a_yes_or_no_question_of_sparql_is_one_json_value(graph: Path, query: str, truth: bool) -> None:
    assert json.loads(run("sparql", query, "--graph", str(graph), "--json").stdout) is truth


def test_two_concepts_that_nothing_joins_have_an_empty_path(graph: Path) -> None:
    done = run("path", "MESH:D001241", "MESH:D006852", "--graph", str(graph), "--json")
    assert json.loads(done.stdout) == []
    assert done.stderr == "no chain of 4 statements or fewer leads from one to the other\n"


def test_a_misspelt_setting_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('langages = ["en"]', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"langages: .*; there are: extractor, .*languages"):
        load_settings(tmp_path)


def test_a_wrong_path_leaves_no_graph_behind(tmp_path: Path) -> None:
    run("build", str(tmp_path / "nothing"), "--graph", str(tmp_path / "graph"), check=False)
    assert not (tmp_path / "graph").exists()


def test_importing_kg_loads_nothing_heavy() -> None:
    code = "import kg, sys; print(sorted({'torch', 'spacy', 'prefect', 'duckdb', 'neo4j'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
