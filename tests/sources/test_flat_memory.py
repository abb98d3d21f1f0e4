"""Memory does not grow with the number of documents."""

from __future__ import annotations

import re

import pytest
from source_samples import DATA, read_apart

SIZES = (600, 30_000)


@pytest.fixture(scope="module")
def citations() -> list[str]:
    """The real citations of the sample, as XML."""
    return re.findall(r"<MedlineCitation .*?</MedlineCitation>\n", (DATA / "medline16n0902.xml").read_text(), re.DOTALL)


def test_600_and_30_000_citations_take_the_same_memory(tmp_path, citations):
    peaks = []
    for size in SIZES:
        path = tmp_path / f"{size}.xml"
        with open(path, "w") as handle:
            handle.write('<?xml version="1.0"?>\n<MedlineCitationSet>\n')
            for number in range(size):
                citation = citations[number % len(citations)]
                handle.write(re.sub(r">\d+</PMID>", f">{number + 1}</PMID>", citation, count=1))
            handle.write("</MedlineCitationSet>\n")
        counts, megabytes = read_apart(path)
        assert counts == {"Document": size // 2 * 3}  # half of the six are Italian, with a document in either language
        peaks.append(megabytes)
    assert peaks[1] < 1.2 * peaks[0], peaks


def test_600_and_30_000_pubtator_articles_take_the_same_memory(tmp_path):
    peaks = []
    for size in SIZES:
        path = tmp_path / f"{size}.txt"
        with open(path, "w") as handle:
            for number in range(10_000, 10_000 + size):
                handle.write(f"{number}|t|Fever {number}\n{number}|a|{'Cough and fever. ' * 60}\n\n")
        counts, megabytes = read_apart(path)
        assert counts == {"Document": size}
        peaks.append(megabytes)
    assert peaks[1] < 1.2 * peaks[0], peaks


def test_600_and_30_000_bioc_documents_take_the_same_memory(tmp_path):
    peaks = []
    for size in SIZES:
        path = tmp_path / f"{size}.json"
        with open(path, "w") as handle:
            handle.write('{"source": "PubMed", "documents": [')
            for number in range(10_000, 10_000 + size):
                passage = f'{{"offset": 0, "infons": {{"type": "abstract"}}, "text": "{"Cough and fever. " * 60}"}}'
                handle.write(f'{"," if number > 10_000 else ""}{{"id": "{number}", "passages": [{passage}]}}')
            handle.write("]}")
        counts, megabytes = read_apart(path)
        assert counts == {"Document": size}
        peaks.append(megabytes)
    assert peaks[1] < 1.2 * peaks[0], peaks
