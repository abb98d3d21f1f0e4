"""Variants have the borders of their notation, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from kg.extract.found import Found
from kg.extract.hgvs import mend_variants


def mended(text: str, *names: tuple[str, str]) -> list[tuple[str, str]]:
    found = [Found(text.index(words), text.index(words) + len(words), kind, 0.6) for words, kind in names]
    return [(text[one.start : one.end], one.type) for one in mend_variants(found, text, "variant")]


@pytest.mark.parametrize(
    "notation",
    [
        "c.123A>G", "c.436_436+1delAG", "c.*557G>A", "c.899-1142del", "g.80_87delT", "c.94 C>T", "c.2406C-->A",
        "p.Arg117His", "p.(Arg117His)", "p.R117H", "p.Glu177LysfsX44", "p.W24*", "p.Lys23_Val25del", "rs4810424",
        "IVS8 -2A>G", "IVS9+459, A/G", "IVS16+1G>A", "657del5", "912delTA", "2238-9del AG",
    ],
)  # fmt: skip
def test_a_plain_notation_is_a_name_of_its_own(notation: str) -> None:
    for text in (notation, f"The variant ({notation}), and more", f"with {notation}. It was"):
        assert mended(text) == [(notation, "variant")]


@pytest.mark.parametrize(
    ("text", "part", "whole"),
    [
        ("the R117H mutation", "R117", "R117H"),
        ("Glu 272 to stop in exon 4", "Glu", "Glu 272 to stop"),
        ("links between -1082(G/A) and", "-1082", "-1082(G/A)"),
        ("the -3279 AC+AA genotype", "AC", "-3279 AC+AA"),
        ("a 677 C>T exchange", "677", "677 C>T"),
        ("arginine at amino acid position 229 by glycine", "229 by", "arginine at amino acid position 229 by glycine"),
    ],
)
def test_an_ambiguous_notation_only_says_how_far_a_found_name_reaches(text: str, part: str, whole: str) -> None:
    assert mended(text) == []
    assert mended(text, (part, "variant")) == [(whole, "variant")]


def test_pieces_of_one_notation_become_one_name_with_the_best_score() -> None:
    text = "the IVS9+459, A/G genotype"
    pieces = [Found(4, 8, "variant", 0.5), Found(14, 17, "variant", 0.8)]
    assert mend_variants(pieces, text, "variant") == [Found(4, 17, "variant", 0.8)]


@pytest.mark.parametrize(
    "text",
    [
        "T47D and U87MG cells", "a pH of 7.4, 10 A/G", "5 mg p.o. and 3 g i.v.", "CD4 and H1N1", "HLA-A2", "p < 0.05",
        "c. 12 patients", "rs = 0.45", "Fig. 2A/B", "asparagine into aspartate", "doi:10.1002/humu.22981", "p.R",
    ],
)  # fmt: skip
def test_cell_lines_doses_and_statistics_are_no_variants(text: str) -> None:
    assert mended(text) == []


def test_names_of_other_types_stay_unless_a_plain_notation_touches_them() -> None:
    text = "T47D cells with BRCA1 c.68_69delAG"
    names = ("T47D", "cell line"), ("BRCA1", "gene"), ("68", "chemical")
    assert mended(text, *names) == [("T47D", "cell line"), ("BRCA1", "gene"), ("c.68_69delAG", "variant")]


@pytest.mark.parametrize("piece", ["c.1", "(", "1-", "A>", "p.A1", "IVS1", "stop codon ", "- ", "arginine codon "])
def test_hostile_text_is_read_to_its_end(piece: str) -> None:
    assert mended(piece * 100_000) == []
