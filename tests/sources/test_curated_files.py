"""Knowledge bases of others as files: told apart by content, flat in memory, and never trusted."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.config import load_settings
from kg.model import Rejection
from kg.sources import CuratedDocument, Item, files, read_file
from kg.sources.curated.rows import Sorter
from kg.sources.recognise import recognise

HEADER = "subject\tpredicate\tobject\n"
EDGE = "MESH:D000755\tbiolink:causes\tMESH:D010146\n"


def read(path: Path) -> list[Item]:
    (file,) = files([path])
    assert not isinstance(file, Rejection)
    return list(read_file(file, load_settings()))


def documents(path: Path) -> list[CuratedDocument]:
    return [item for item in read(path) if isinstance(item, CuratedDocument)]


def told(path: Path) -> list[tuple[str, str]]:
    return [(item.code, item.reason) for item in read(path) if isinstance(item, Rejection)]


@pytest.mark.parametrize(
    ("start", "form"),
    [
        ("subject\tobject\tpredicate\trelation\tprovided_by\nHGNC:1\tHGNC:2\tbiolink:affects\t\tx", "kgx_tsv"),
        ('{"id": "1", "subject": "a:1", "predicate": "biolink:causes", "object": "b:2"}\n', "kgx_json"),
        ('{"id": "a:1", "category": ["biolink:Gene"]}\n', "kgx_nodes"),
        ("id\tname\tcategory\nHGNC:10848\tSHH\tbiolink:Gene", "kgx_nodes"),
        ("#license: x\n#curie_map:\n#  HP: http://x/\nsubject_id\tpredicate_id\tobject_id\n", "sssom"),
        ("disease_id\tdisease_label\tsymptom_id\tsymptom_label\n", "doid_symptoms"),
        ("# Subject, predicate and object\n\nIn every sentence there is a subject.\n\n- one\n- two\n", "markdown"),
        ('{"documents": []}', "bioc_json"),
    ],
)  # fmt: skip
def test_the_columns_tell_what_a_file_is(start: str, form: str) -> None:
    assert recognise(start.encode(), "x") == form


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    """Rows of one disease that lie apart are one document, as if they stood together."""
    rows = ["DOID:1\ta\tSYMP:1\tx", "DOID:2\tb\tSYMP:1\tx", "DOID:1\ta\tSYMP:2\ty"]
    (tmp_path / "pairs.tsv").write_text("\n".join(["disease_id\tdisease_label\tsymptom_id\tsymptom_label", *rows]))
    found = {item.document.id: len(item.said) for item in documents(tmp_path / "pairs.tsv")}
    assert found == {"doid:DOID:1": 2, "doid:DOID:2": 1}


def test_a_break_ends_a_file_after_all_that_came_before(tmp_path: Path) -> None:
    edges = "".join(f"MESH:D{number:06}\tbiolink:causes\tMESH:D010146\n" for number in range(9000))
    whole = gzip.compress((HEADER + edges).encode())
    (tmp_path / "x_edges.tsv.gz").write_bytes(whole[: len(whole) // 2])
    items = read(tmp_path / "x_edges.tsv.gz")
    assert isinstance(items[-1], Rejection)
    assert items[-1].code == "gzip_truncated"
    assert sum(isinstance(item, CuratedDocument) for item in items) > 1000


@pytest.mark.parametrize(
    ("rows", "code", "reason"),
    [
        ("a:1\tbiolink:causes\n", "bad_row", "2 columns instead of 3"),
        ("'; DROP\tbiolink:causes\tb:2\n", "bad_row", 'not the id of subject: "\'; DROP"'),
        ("a:1\tbiolink:causes\tb:<script>\n", "bad_row", "not the id of object: 'b:<script>'"),
        ("a:1\tbiolink:causes `x`\tb:1\n", "unknown_predicate", "causes_`x`: not in schemas/predicates.yaml"),
    ],
)
def test_a_row_that_is_none_is_told_and_the_rest_is_read(tmp_path: Path, rows: str, code: str, reason: str) -> None:
    (tmp_path / "x_edges.tsv").write_text(HEADER + rows + EDGE)
    assert told(tmp_path / "x_edges.tsv") == [(code, reason)]
    assert len(documents(tmp_path / "x_edges.tsv")) == 1


@pytest.mark.parametrize("line", ["[" * 100_000, "{" * 50, '"text"', "[1, 2]", '{"a": ' * 3000])
def test_a_line_that_is_no_edge_is_one_bad_row(tmp_path: Path, line: str) -> None:
    edge = json.dumps({"subject": "MESH:D000755", "predicate": "biolink:causes", "object": "MESH:D010146"})
    (tmp_path / "edges.jsonl").write_text(f"{edge}\n{line}\n{edge}\n")
    assert [code for code, _ in told(tmp_path / "edges.jsonl")] == ["bad_row"]


def test_what_many_rows_share_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "x_edges.tsv").write_text(HEADER + EDGE + "a:1\tbiolink:cures\tb:2\n" * 500)
    assert told(tmp_path / "x_edges.tsv") == [
        ("unknown_predicate", "cures: not in schemas/predicates.yaml (500 rows, this is the first)")
    ]


def test_a_header_that_would_busy_a_yaml_parser_is_text(tmp_path: Path) -> None:
    bomb = "".join(f"#a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
    row = "subject_id\tpredicate_id\tobject_id\tconfidence\nMESH:D000755\tskos:narrowMatch\tMESH:D010146\t{}\n"
    (tmp_path / "m.tsv").write_text(bomb + row.format("0.75"))
    (found,) = documents(tmp_path / "m.tsv")
    (said,) = found.said
    # The object of narrowMatch is the narrower one: it is the subject of broad_match.
    assert (said.subject.id, said.label, said.object.id) == ("MESH:D010146", "biolink:broad_match", "MESH:D000755")
    assert said.score == 0.75
    (tmp_path / "m.tsv").write_text(row.format("nan"))
    assert told(tmp_path / "m.tsv")[0] == ("bad_row", "confidence must lie in [0, 1], not nan")


def test_prefixes_of_a_mapping_set_become_ours_by_their_iris(tmp_path: Path) -> None:
    (tmp_path / "m.tsv").write_text(
        "#curie_map:\n#  m: http://id.nlm.nih.gov/mesh/\nsubject_id\tpredicate_id\tobject_id\tpredicate_modifier\n"
        "m:D000755\tskos:exactMatch\tDOID:10923\tNot\n"
    )
    (found,) = documents(tmp_path / "m.tsv")
    assert (found.said[0].subject.id, found.said[0].polarity) == ("MESH:D000755", "refutes")


def test_nodes_are_looked_up_beside_the_edges_and_links_are_not_followed(tmp_path: Path) -> None:
    nodes = "id\tcategory\tname\nMESH:D000755\tbiolink:Disease\tsickle cell anemia\n"
    (tmp_path / "x_edges.tsv").write_text(HEADER + EDGE)
    assert _name(tmp_path) == ""
    (tmp_path / "elsewhere").write_text(nodes)
    (tmp_path / "x_nodes.tsv").symlink_to(tmp_path / "elsewhere")
    assert _name(tmp_path) == ""
    (tmp_path / "x_nodes.tsv").unlink()
    (tmp_path / "x_nodes.tsv.gz").write_bytes(gzip.compress(nodes.encode()))
    assert _name(tmp_path) == "sickle cell anemia"
    assert told(tmp_path / "x_nodes.tsv.gz") == []
    (tmp_path / "x_edges.tsv").unlink()
    assert told(tmp_path / "x_nodes.tsv.gz") == [
        ("no_edges", "nodes without a file of edges beside them (NAME_nodes, NAME_edges)")
    ]


def _name(folder: Path) -> str:
    (found,) = documents(folder / "x_edges.tsv")
    return found.said[0].subject.name


def test_sorted_rows_come_in_groups_in_the_order_in_which_they_came() -> None:
    def rows() -> Iterator[tuple[str, int]]:
        yield from (("b", 1), ("a", 2), ("b", 3), ("a", 4))

    with Sorter() as kept:
        for key, value in rows():
            kept.add((key,), value)
        assert [(key, list(same)) for key, same in kept.groups()] == [(("a",), [2, 4]), (("b",), [1, 3])]
