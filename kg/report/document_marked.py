"""A read document for a person: its sentences with the names marked in them, and under each what was read there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rich.text import Text

from kg.model import Span
from kg.report.document import Name, Relation, names, relations, sentence_of
from kg.stores.ledger import DocumentReading

_STYLES = {"affirmed": "bold cyan", "negated": "bold red", "family": "bold magenta"}
_UNSURE = "bold yellow"


def marked(reading: DocumentReading) -> Iterator[Text]:
    """Yield lines: ``[name|category id, status "cue"]`` in the sentences, each followed by its relations."""
    document = reading.document
    yield Text(f"{document.id}  {document.kind}  {document.title}".rstrip(), style="bold")
    if reading.unread:
        yield Text(f"not read: {reading.unread}", style="yellow")
    said: dict[Span, list[Relation]] = defaultdict(list)
    for relation in relations(reading):
        first = min(relation.reading.subject.span, relation.reading.object.span)
        sentence = sentence_of(first, reading.sentences)
        said[sentence.span if sentence else first].append(relation)
    waiting = list(names(reading))
    section = None
    for sentence in reading.sentences:
        if sentence.section != section:
            section = sentence.section
            yield Text(f"\n{section}", style="dim")
        inside = [name for name in waiting if sentence.span.start <= name.mention.span.start < sentence.span.end]
        yield _sentence(document.text, sentence.span, inside)
        for relation in said.pop(sentence.span, ()):
            yield _relation(relation, document.text)
    for rejection in reading.rejections:
        yield Text(f"rejected: {rejection.subject}: {rejection.reason} ({rejection.code})", style="red")


def _sentence(text: str, span: Span, inside: list[Name]) -> Text:
    line, at = Text(), span.start
    for name in inside:
        mention = name.mention
        line.append(_flat(text[at : mention.span.start]))
        ids = "+".join(candidate.concept.id for candidate in name.concepts) or "not linked"
        status = "" if mention.status == "affirmed" else f", {mention.status}"
        cue = f' "{_flat(mention.cue.of(text))}"' if mention.cue else ""
        style = _STYLES.get(mention.status, _UNSURE)
        line.append(f"[{_flat(mention.text)}", style=style)
        line.append(f"|{mention.category} {ids}{status}{cue}", style="dim")
        line.append("]", style=style)
        at = max(at, mention.span.end)
    line.append(_flat(text[at : span.end]))
    return line


def _relation(relation: Relation, text: str) -> Text:
    one = relation.reading
    line = Text("    ")
    style = "red" if one.polarity == "refutes" else "green" if one.certainty == "asserted" else "yellow"
    line.append(f"{_flat(one.subject.text)} {relation.kind} {_flat(one.object.text)}", style=style)
    cue = f' "{_flat(one.cue.of(text))}"' if one.cue else ""
    counted = "" if one.total is None else f", {one.count} of {one.total}"
    refused = f", refused: {relation.refused}" if relation.refused else ""
    tone = f"  {one.polarity}, {one.certainty}{cue}{counted}, {one.score:.3f}, {one.reader.name}{refused}"
    line.append(tone, style="dim")
    return line


def _flat(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text else text
