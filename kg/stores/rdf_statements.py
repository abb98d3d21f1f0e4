"""The lines of N-Quads of a statement with its evidence.

The plain triple stands in one named graph per source that supports it. An association node (``rdf:Statement``, as
Biolink has it; in RDF 1.2 a reifier of the triple) carries the belief and points to its evidence; each evidence is a
Web Annotation whose target is a sentence of a document, and names the reader that found it.

Nearly all lines of a graph are these. So each is part of a text with the words in their places, which takes a third of
the time that pairs of words and terms (``rdf_terms.lines``) take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.model import Evidence, Span, Statement
from kg.stores import rdf_terms as rdf
from kg.stores.knowledge import knowledge, negated
from kg.stores.ledger import Origin
from kg.stores.rdf_terms import decimal, integer, literal, repeated, term

Naming = Callable[[Statement, str, str], str]
"""The lines by which an association node says of which triple it speaks; it takes the node and the end of a line."""

(
    _TYPE, _HAS_BODY, _HAS_TARGET, _HAS_SOURCE, _HAS_SELECTOR, _EXACT, _START, _END, _ATTRIBUTED_TO, _DERIVED_FROM,
    _SUBJECT, _PREDICATE, _OBJECT, _REIFIES, _BELIEF, _SUPPORT, _REFUTE, _COUNT, _TOTAL, _QUOTIENT, _LOW, _HIGH,
    _LEVEL, _AGENT, _NEGATED, _PUBLICATIONS, _HAS_EVIDENCE, _POLARITY, _CERTAINTY, _SCORE, _SECTION, _TERMINOLOGY,
    _STRENGTH, _WORDS,
) = (
    f" {term(word)} "
    for word in (
        "rdf:type", "oa:hasBody", "oa:hasTarget", "oa:hasSource", "oa:hasSelector", "oa:exact", "oa:start", "oa:end",
        "prov:wasAttributedTo", "prov:wasDerivedFrom", "rdf:subject", "rdf:predicate", "rdf:object", "rdf:reifies",
        "mkv:belief", "mkv:support", "mkv:refute", "biolink:has_count", "biolink:has_total", "biolink:has_quotient",
        "mkv:frequencyLow", "mkv:frequencyHigh", "biolink:knowledge_level", "biolink:agent_type", "biolink:negated",
        "biolink:publications", "biolink:has_evidence", "mkv:polarity", "mkv:certainty", "mkv:score", "mkv:section",
        "mkv:terminology", "mkv:strength", "mkv:words",
    )
)  # fmt: skip
_AT = {role: f" {term(f'mkv:{role}At')} " for role in ("subject", "object", "cue")}
_REIFIED, _ASSOCIATION = term("rdf:Statement"), term("biolink:Association")
_ANNOTATION, _RESOURCE = term("oa:Annotation"), term("oa:SpecificResource")
_QUOTE, _POSITION = term("oa:TextQuoteSelector"), term("oa:TextPositionSelector")
_TRUE = f'"true"^^<{rdf.XSD}boolean>'


def claimed(statement: Statement, said: Iterable[tuple[Evidence, Origin]]) -> str:
    """Return the plain triple, once for each source that supports it; nothing for what is only refuted or supposed."""
    if not statement.belief:
        return ""
    subject, predicate, obj = spo(statement)
    sources = {o.source for e, o in said if e.polarity == "supports" and e.certainty != "hypothesis"}
    return "".join([f"{subject} {predicate} {obj} {rdf.graph(source)} .\n" for source in sorted(sources)])


def association(statement: Statement, said: list[tuple[Evidence, Origin]], named: Naming) -> str:
    """Return the association node of a statement, and its evidence."""
    node = rdf.statement(statement.id)
    about = facts(statement, said, node, rdf.graph("statements"), named)
    return about + "".join([told(evidence, node, rdf.graph(origin.source)) for evidence, origin in said])


def reified(statement: Statement, node: str, end: str) -> str:
    """Say of which triple an association node speaks as RDF 1.1 says it."""
    subject, predicate, obj = spo(statement)
    return (
        f"{node}{_TYPE}{_REIFIED}{end}{node}{_TYPE}{_ASSOCIATION}{end}"
        f"{node}{_SUBJECT}{subject}{end}{node}{_PREDICATE}{predicate}{end}{node}{_OBJECT}{obj}{end}"
    )


def reifier(statement: Statement, node: str, end: str) -> str:
    """Say of which triple an association node speaks as RDF 1.2 says it: with a triple term, never asserting it."""
    return f"{node}{_TYPE}{_ASSOCIATION}{end}{node}{_REIFIES}<<( {' '.join(spo(statement))} )>>{end}"


def facts(statement: Statement, said: list[tuple[Evidence, Origin]], node: str, graph: str, named: Naming) -> str:
    """Return what is known of a statement: its triple as ``named`` says it, belief, counts, works and evidence."""
    end, known = f" {graph} .\n", knowledge(statement, said)
    about = named(statement, node, end)
    for key, value in statement.triple.qualifiers:
        if value:
            about += f"{node} {term(f'mkv:{key}')} {literal(value)}{end}"
    about += (
        f"{node}{_BELIEF}{decimal(statement.belief)}{end}{node}{_SUPPORT}{decimal(statement.support)}{end}"
        f"{node}{_REFUTE}{decimal(statement.refute)}{end}"
    )
    if counted := statement.frequency:
        about += (
            f"{node}{_COUNT}{integer(counted.count)}{end}{node}{_TOTAL}{integer(counted.total)}{end}"
            f"{node}{_QUOTIENT}{decimal(counted.share)}{end}"
            f"{node}{_LOW}{decimal(counted.low)}{end}{node}{_HIGH}{decimal(counted.high)}{end}"
        )
    about += f"{node}{_LEVEL}{repeated(known.knowledge_level)}{end}{node}{_AGENT}{repeated(known.agent_type)}{end}"
    if negated(statement):
        about += f"{node}{_NEGATED}{_TRUE}{end}"
    for work in statement.works:
        about += f"{node}{_PUBLICATIONS}{rdf.work(work)}{end}"
    for evidence, _ in said:
        about += f"{node}{_HAS_EVIDENCE}{rdf.evidence(evidence.id)}{end}"
    return about


def spo(statement: Statement) -> tuple[str, str, str]:
    """Return the IRIs of subject, predicate and object."""
    triple = statement.triple
    return rdf.concept(triple.subject), rdf.concept(triple.predicate), rdf.concept(triple.object)


def told(evidence: Evidence, statement: str, graph: str) -> str:
    """Return an evidence: who says the statement, where, in which words."""
    node, document, end = rdf.evidence(evidence.id), rdf.document(evidence.document), f" {graph} .\n"
    own, words, sentence = node[:-1], literal(evidence.text), evidence.sentence
    about = (
        f"{node}{_TYPE}{_ANNOTATION}{end}{node}{_HAS_BODY}{statement}{end}"
        f"{node}{_HAS_TARGET}{f'{own}#target>' if sentence else document}{end}"
        f"{node}{_ATTRIBUTED_TO}{rdf.reader(evidence.reader)}{end}{node}{_DERIVED_FROM}{document}{end}"
        f"{node}{_POLARITY}{repeated(evidence.polarity)}{end}{node}{_CERTAINTY}{repeated(evidence.certainty)}{end}"
        f"{node}{_SCORE}{decimal(evidence.score)}{end}"
    )
    if evidence.section:
        about += f"{node}{_SECTION}{repeated(evidence.section)}{end}"
    if evidence.terminology:
        about += f"{node}{_TERMINOLOGY}{repeated(evidence.terminology)}{end}"
    if evidence.strength:
        about += f"{node}{_STRENGTH}{repeated(evidence.strength)}{end}"
    if evidence.count is not None:
        about += f"{node}{_COUNT}{integer(evidence.count)}{end}"
    if evidence.total is not None:
        about += f"{node}{_TOTAL}{integer(evidence.total)}{end}"
    places = ""
    for role, span in (("subject", evidence.subject_span), ("object", evidence.object_span), ("cue", evidence.cue)):
        if span is not None:
            about += f"{node}{_AT[role]}{own}#{role}>{end}"
            places += _position(f"{own}#{role}>", span, end)
    if sentence:
        target, quote, position = f"{own}#target>", f"{own}#quote>", f"{own}#position>"
        about += f"{target}{_TYPE}{_RESOURCE}{end}{target}{_HAS_SOURCE}{document}{end}"
        quoted = f"{target}{_HAS_SELECTOR}{quote}{end}" if words else ""
        about += f"{quoted}{target}{_HAS_SELECTOR}{position}{end}"
        if words:
            about += f"{quote}{_TYPE}{_QUOTE}{end}{quote}{_EXACT}{words}{end}"
        about += _position(position, sentence, end)
    elif words:
        # A curated source says it in words of its own, at no place of a text.
        about += f"{node}{_WORDS}{words}{end}"
    return about + places


def _position(node: str, span: Span, end: str) -> str:
    """Offsets count Unicode code points of the document's text, as the Web Annotation model asks."""
    return f"{node}{_TYPE}{_POSITION}{end}{node}{_START}{integer(span.start)}{end}{node}{_END}{integer(span.end)}{end}"
