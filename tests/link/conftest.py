"""A real terminology, built from the samples."""

from pathlib import Path

import pytest

from kg.link.build import write_terminology
from kg.link.linker import Linker
from kg.link.merge import Merged, merge
from kg.link.readers.shipped import read_shipped
from kg.link.terminology import Terminology
from kg.link.vocabulary import Vocabulary

SAMPLES = Path(__file__).parents[1] / "data" / "link" / "vocabularies"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return read_shipped(SAMPLES, SAMPLES / "hpo" / "current" / "hp.obo")


@pytest.fixture(scope="session")
def concepts(vocabulary: Vocabulary) -> tuple[Merged, ...]:
    return merge(vocabulary.terms, vocabulary.mappings)


@pytest.fixture(scope="session")
def folder(concepts: tuple[Merged, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminology")
    write_terminology(concepts, folder)
    return folder


@pytest.fixture(scope="session")
def terminology(folder: Path) -> Terminology:
    return Terminology.load(folder)


@pytest.fixture(scope="session")
def linker(terminology: Terminology) -> Linker:
    return Linker.load(terminology)
