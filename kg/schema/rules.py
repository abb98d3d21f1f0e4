"""May this be said? From a reader's label and two concepts to a triple, or a refusal."""

from __future__ import annotations

from kg.errors import SchemaError
from kg.model import Candidate, Concept, Reading, Triple
from kg.schema.vocabulary import LABELS, PREDICATES, PREFIXES

# How kg.link finds a concept that means more than the name.
_BROADER = frozenset({"broader name", "without last words", "without cause", "vague word"})
_DENYING = frozenset({"contraindicated_in"})
# The qualifiers that a triple can have.
QUALIFIERS = sorted({key for label in LABELS.values() for key, _ in label.qualifiers})


def claim(
    label: str, kind: str, subject: Concept, obj: Concept, qualifiers: tuple[tuple[str, str], ...] = ()
) -> Triple:
    """Return the triple that ``label`` claims in a document of ``kind``, with its qualifiers and those given.

    A symmetric predicate has its arguments in the order of their ids, so that A-B and B-A are one triple. A directed
    label whose arguments fit only the other way round is refused, never turned.

    Raises SchemaError for an unknown label, a concept with itself, categories that the predicate may not join, unknown
    qualifiers, or one of the object where subject and object are alike.

    >>> aspirin = Concept("MESH:D001241", "Aspirin", "ChemicalEntity")
    >>> bleeding = Concept("MESH:D006470", "Hemorrhage", "PhenotypicFeature")
    >>> claim("CID:CID", "article", aspirin, bleeding).predicate
    'biolink:causes'
    """
    meaning = LABELS.get(label)
    if meaning is None:
        raise SchemaError("schemas/predicates.yaml has no such label", label=label)
    predicate = PREDICATES[dict(meaning.kinds).get(kind, meaning.predicate)]
    if subject.id == obj.id:
        raise SchemaError("a concept is not related to itself", concept=subject.id, predicate=predicate.name)
    if predicate.symmetric and obj.id < subject.id:
        subject, obj = obj, subject
    if subject.category not in predicate.subjects or obj.category not in predicate.objects:
        raise SchemaError(
            f"{predicate.name} may not join {subject.category} and {obj.category}",
            subject=subject.id,
            object=obj.id,
        )
    for key, _ in qualifiers:
        if key not in QUALIFIERS or (predicate.symmetric and key.startswith("object_")):
            raise SchemaError(f"{predicate.name} has no qualifier {key}", subject=subject.id, object=obj.id)
    return Triple(subject.id, predicate.curie, obj.id, (*meaning.qualifiers, *qualifiers))


def claim_of(reading: Reading, kind: str, subject: Candidate, obj: Candidate) -> Triple:
    """Return the triple that a reading in a document of ``kind`` claims of the concepts that its names are linked to.

    What is denied of the special is not denied of the general: where a name is only a kind of its concept
    (``asymptomatic compression fracture``), "contraindicated in" and whatever refutes is refused. Raises SchemaError,
    as ``claim`` does.
    """
    triple = claim(reading.label, kind, subject.concept, obj.concept)
    denies = reading.polarity == "refutes" or triple.predicate.removeprefix("biolink:") in _DENYING
    for mention, one in ((reading.subject, subject), (reading.object, obj)):
        if denies and one.method in _BROADER:
            raise SchemaError(f"{mention.text!r} is only a kind of {one.concept.name}", concept=one.concept.id)
    return triple


def expand(curie: str) -> str:
    """Return the IRI of a CURIE.

    Raises SchemaError when schemas/prefixes.yaml does not know the prefix.

    >>> expand("MESH:D001241")
    'http://id.nlm.nih.gov/mesh/D001241'
    """
    prefix, colon, local = curie.partition(":")
    base = PREFIXES.get(prefix)
    if not colon or base is None:
        raise SchemaError("schemas/prefixes.yaml has no such prefix", curie=curie)
    return base + local
