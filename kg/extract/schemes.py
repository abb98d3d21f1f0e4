"""What each training corpus annotates: its mention types, its relation types, and between which types they hold.

A corpus teaches only its own scheme; what it does not annotate is unknown, not absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# what kinds of argument the relation head tells apart; the order is part of the weights
KINDS = ("disease", "chemical", "gene", "variant", "other")


@dataclass(frozen=True, slots=True)
class Scheme:
    """One corpus's way of annotating.

    `types`: mention types of the tag head. `spellings`: the corpus's type name -> one of `types`; types that are in
    neither are not annotated by this scheme. `kinds`: type -> one of KINDS, for arguments of relations.
    `relations`: relation types. `pairs`: (first type, second type) that are candidates, in this order.
    `names`: whether every name of `types` is marked; if not, only the relations between those marked teach anything.
    """

    name: str
    types: tuple[str, ...]
    spellings: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    relations: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    names: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """BIO labels: O, then B- and I- of every type."""
        return ("O", *(f"{part}-{kind}" for kind in self.types for part in "BI"))

    @property
    def said(self) -> tuple[str, ...]:
        """The labels of its readings, as schemas/predicates.yaml has them: ``CID:CID``, ``BioRED:Bind``."""
        prefix = LABEL_PREFIX.get(self.name, self.name)
        return tuple(f"{prefix}:{relation}" for relation in self.relations)

    def type_of(self, spelling: str) -> str | None:
        """The scheme's type for a corpus's type name, in upper or lower case; None if the scheme does not know it."""
        if spelling in self.types:
            return spelling
        known = {name.lower(): name for name in self.types} | {one.lower(): name for one, name in self.spellings}
        return known.get(spelling.lower())


# the word that schemas/predicates.yaml uses for a scheme's relations
LABEL_PREFIX: Mapping[str, str] = {"BC5CDR": "CID"}

_BIORED = ("DiseaseOrPhenotypicFeature", "ChemicalEntity", "GeneOrGeneProduct", "SequenceVariant")
_D, _C, _G, _V = _BIORED

_NCBI_SUBTYPES = ("SpecificDisease", "Modifier", "DiseaseClass", "CompositeMention")

SCHEMES: tuple[Scheme, ...] = (
    Scheme(
        "BC5CDR",
        ("Chemical", "Disease"),
        kinds=(("Chemical", "chemical"), ("Disease", "disease")),
        relations=("CID",),
        pairs=(("Chemical", "Disease"),),
    ),
    Scheme(
        "NCBI",
        ("Disease",),
        spellings=tuple((name, "Disease") for name in _NCBI_SUBTYPES),
    ),
    Scheme(
        "BioRED",
        (*_BIORED, "OrganismTaxon", "CellLine"),
        kinds=tuple(zip(_BIORED, KINDS, strict=False)),
        relations=(
            "Association", "Positive_Correlation", "Negative_Correlation", "Bind", "Cotreatment", "Comparison",
            "Drug_Interaction", "Conversion",
        ),
        # undirected: the first argument is the one whose type stands first here
        pairs=((_D, _C), (_D, _G), (_D, _V), (_C, _C), (_C, _G), (_C, _V), (_G, _G), (_G, _V), (_V, _V)),
    ),
    Scheme(
        "MACCROBAT",
        (
            "Sign_symptom", "Disease_disorder", "Medication", "Diagnostic_procedure", "Therapeutic_procedure",
            "Biological_structure", "Lab_value",
        ),
    ),
    Scheme("TAC", ("AdverseReaction",)),
    Scheme(
        "DrugProt",
        ("CHEMICAL", "GENE"),
        spellings=(("GENE-Y", "GENE"), ("GENE-N", "GENE")),
        kinds=(("CHEMICAL", "chemical"), ("GENE", "gene")),
        relations=(
            "INHIBITOR", "SUBSTRATE", "DIRECT-REGULATOR", "ACTIVATOR", "ANTAGONIST", "INDIRECT-DOWNREGULATOR",
            "INDIRECT-UPREGULATOR", "PRODUCT-OF", "PART-OF", "AGONIST", "AGONIST-ACTIVATOR", "AGONIST-INHIBITOR",
            "SUBSTRATE_PRODUCT-OF",
        ),
        pairs=(("CHEMICAL", "GENE"),),
    ),
    # Sentences in which two names were marked beforehand; "cause" reads from left to right, "caused_by" the other way.
    Scheme(
        "CrowdTruth",
        ("Chemical", "Disease"),
        kinds=(("Chemical", "chemical"), ("Disease", "disease")),
        relations=("treat", "cause", "caused_by"),
        pairs=(("Chemical", "Disease"), ("Disease", "Disease")),
        names=False,
    ),
)  # fmt: skip

OPTIONAL = frozenset({"CrowdTruth"})  # a network has their heads only where they were trained


def network_schemes(trained: Iterable[str]) -> tuple[Scheme, ...]:
    """The schemes of a network trained on corpora of these schemes, in the order of `SCHEMES`.

    >>> [scheme.name for scheme in network_schemes(["NCBI"])]
    ['BC5CDR', 'NCBI', 'BioRED', 'MACCROBAT', 'TAC', 'DrugProt']
    """
    wanted = set(trained)
    return tuple(one for one in SCHEMES if one.name not in OPTIONAL or one.name in wanted)


def scheme(name: str) -> Scheme:
    """Return the scheme of that name; KeyError if there is none."""
    return {one.name: one for one in SCHEMES}[name]
