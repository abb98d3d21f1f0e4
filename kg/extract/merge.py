"""From the heads of all schemes to the categories of the product, by one declared table.

A name is decided once: the heads that annotate a group are averaged, and one decoding over all groups gives names
that do not overlap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kg.extract.schemes import Scheme

# group -> (scheme, types that count for the group, weight). A weight says how far the corpus is to be trusted on
# general medical prose: NCBI leaves out symptoms, MACCROBAT and TAC know one kind of text each.
GROUPS: Mapping[str, tuple[tuple[str, tuple[str, ...], float], ...]] = {
    "condition": (
        ("BC5CDR", ("Disease",), 1.0),
        ("BioRED", ("DiseaseOrPhenotypicFeature",), 1.0),
        ("NCBI", ("Disease",), 0.25),
        ("MACCROBAT", ("Disease_disorder", "Sign_symptom"), 0.5),
        ("TAC", ("AdverseReaction",), 0.25),
    ),
    "chemical": (
        ("BC5CDR", ("Chemical",), 1.0),
        ("BioRED", ("ChemicalEntity",), 0.5),
        ("DrugProt", ("CHEMICAL",), 0.5),
        ("MACCROBAT", ("Medication",), 0.25),
    ),
    "gene": (("BioRED", ("GeneOrGeneProduct",), 1.0), ("DrugProt", ("GENE",), 0.5)),
    "variant": (("BioRED", ("SequenceVariant",), 1.0),),
    "species": (("BioRED", ("OrganismTaxon",), 1.0),),
    "cell line": (("BioRED", ("CellLine",), 1.0),),
    "treatment": (("MACCROBAT", ("Therapeutic_procedure",), 1.0),),
    "diagnostic": (("MACCROBAT", ("Diagnostic_procedure",), 1.0),),
    "anatomy": (("MACCROBAT", ("Biological_structure",), 1.0),),
}

CATEGORIES: Mapping[str, str] = {
    "condition": "Disease",
    "chemical": "ChemicalEntity",
    "gene": "Gene",
    "variant": "SequenceVariant",
    "species": "OrganismTaxon",
    "cell line": "CellLine",
    "treatment": "Treatment",
    "diagnostic": "DiagnosticAid",
    "anatomy": "AnatomicalEntity",
}

# kinds of argument that the relation head knows, by category
KIND_OF: Mapping[str, str] = {
    "Disease": "disease",
    "PhenotypicFeature": "disease",
    "ChemicalEntity": "chemical",
    "Gene": "gene",
    "SequenceVariant": "variant",
}

SYMPTOM = ("MACCROBAT", "Sign_symptom")
DISORDER = ("MACCROBAT", "Disease_disorder")


def begin_columns(schemes: Sequence[Scheme], slices: Sequence[slice]) -> dict[tuple[str, str], int]:
    """(scheme, type) -> the column of its begin label, for heads at `slices`; inside follows."""
    return {
        (scheme.name, kind): part.start + 1 + 2 * place
        for scheme, part in zip(schemes, slices, strict=True)
        for place, kind in enumerate(scheme.types)
    }


def merge(scores: np.ndarray, columns: Mapping[tuple[str, str], int]) -> np.ndarray:
    """Log-probabilities [words, 1 + 2 x groups] from those of all heads [words, labels].

    `columns`: as `begin_columns` gives them. What the groups leave over is "O".
    """
    words = len(scores)
    merged = np.zeros((words, 1 + 2 * len(GROUPS)), dtype=np.float64)
    for number, heads in enumerate(GROUPS.values()):
        total = sum(weight for _, _, weight in heads)
        for scheme, types, weight in heads:
            for kind in types:
                begin = columns[scheme, kind]
                for part in (0, 1):
                    merged[:, 1 + 2 * number + part] += weight / total * np.exp(scores[:, begin + part])
    spent = merged[:, 1:].sum(1)
    # Heads of different schemes may claim more than everything for one word (a drug that is also a treatment).
    merged[:, 1:] /= np.maximum(spent, 1.0)[:, None]
    merged[:, 0] = np.maximum(1.0 - spent, 1e-6)
    logs: np.ndarray = np.log(np.maximum(merged, 1e-9))
    return logs


def is_symptom(scores: np.ndarray, columns: Mapping[tuple[str, str], int], words: Sequence[int]) -> bool:
    """Whether the words of a condition read as a sign or symptom rather than a disease."""
    rows = list(words)

    def mass(head: tuple[str, str]) -> float:
        begin = columns[head]
        return float(np.exp(scores[rows][:, begin : begin + 2]).sum())

    return mass(SYMPTOM) > mass(DISORDER)
