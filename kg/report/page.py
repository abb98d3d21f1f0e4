"""ReportData as one HTML page: styles and pictures inside, no script, nothing fetched. Every text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from kg.model import Span
from kg.report import charts
from kg.report.data import Quote, ReportData, Shown
from kg.report.picture import panel

_STYLE = Path(__file__).with_name("style.css")
_QUOTE = 420
_CATEGORIES = {
    "Disease": "disease",
    "PhenotypicFeature": "sign or symptom",
    "ChemicalEntity": "drug or chemical",
    "Gene": "gene",
    "Treatment": "treatment",
    "DiagnosticAid": "test",
    "OrganismTaxon": "organism",
}
_LINES = {"helps": "treats or prevents", "harms": "causes, raises the risk, or forbids", "": "another tie"}
_BOUNDARY = (
    "This page lists what documents say, with the sentences they say it in. It is evidence for clinicians and "
    "researchers to weigh; it is not a diagnosis and not advice for any patient. Belief measures how far the evidence "
    "read here goes, not whether a statement is true."
)


def render(data: ReportData) -> str:
    """Return the page. Equal data give equal bytes."""
    sections = [
        _section("Statements", "What is claimed, and how far the evidence goes", _statement_charts(data)),
        _section("Densest neighbourhoods", _PICTURE_NOTE, _pictures(data)),
        _section("Strongest statements", "With their best sentence", _cards(data.strongest)),
        _section("Contradictions", _contradiction_note(data), _cards(data.contradictions)),
        _section("Documents and mentions", "What was read", _reading_charts(data)),
        _section("Retracted works", "Kept, shown, and without a vote", _retracted(data)),
        _section("Rejections", _rejection_note(data), _rejections(data)),
        _section("Readers and terminologies", "Who read, with which weights, rules and names", _readers(data)),
    ]
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="color-scheme" content="light dark">'
        f"<title>medkg: run report</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>"
        f"{_header(data)}<main>{''.join(sections)}</main>"
        "<footer>Made by medkg. One file, no scripts, nothing loaded from elsewhere.</footer></body></html>\n"
    )


_PICTURE_NOTE = (
    "The concepts with the strongest ties, each with its nearest. The thicker a line, the larger the belief; "
    "arrows point from subject to object. Rest the pointer on a line to read it."
)


def _header(data: ReportData) -> str:
    totals, new = data.totals, data.new
    tiles = [
        _tile("documents", totals.documents, new.documents),
        _tile("works", totals.works, new.works),
        _tile("mentions", totals.mentions, new.mentions),
        _tile("concepts", totals.concepts, new.concepts),
        _tile("evidence", totals.evidence, new.evidence),
        _tile("statements", totals.statements, new.statements),
    ]
    run = f"This run read {data.read:,} documents in {data.seconds:,.1f} seconds."
    unread = f" {totals.unread:,} documents have no reader for their language." if totals.unread else ""
    return (
        "<header><div><h1>Run report</h1>"
        f"<p class='run'>{run}{unread}</p></div>"
        f"<div class='tiles'>{''.join(tiles)}</div>"
        f"<p class='boundary'><strong>Evidence, not a diagnosis.</strong> {_BOUNDARY}</p></header>"
    )


def _tile(name: str, total: int, new: int) -> str:
    change = f"{new:+,} in this run" if new else "unchanged"
    return f"<div class='tile'><b>{total:,}</b><span>{name}</span><small>{change}</small></div>"


def _section(title: str, note: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2><p class='note'>{escape(note)}</p>{body}</section>"


def _figure(title: str, chart: str) -> str:
    return f"<figure><figcaption>{escape(title)}</figcaption>{chart}</figure>"


def _grid(figures: Iterable[str]) -> str:
    return f"<div class='grid'>{''.join(figures)}</div>"


def _statement_charts(data: ReportData) -> str:
    predicates = [(name.replace("_", " "), number) for name, number in data.predicates]
    bins = [(f"{at / 10:.1f}", number) for at, number in enumerate(data.beliefs)]
    return _nothing(data.predicates, "No statements.") or _grid(
        [
            _figure("Statements by predicate", charts.bars(predicates, "Statements by predicate")),
            _figure("Statements by belief", charts.columns(bins, "Statements by belief", "belief, from")),
            _figure(
                "Evidence per work",
                charts.columns(data.evidence_per_work, "Works by evidence", "pieces of evidence in one work"),
            ),
            _figure("Evidence by reader", charts.bars(data.evidence_per_reader, "Evidence by reader")),
        ]
    )


def _reading_charts(data: ReportData) -> str:
    kinds = [(kind.replace("_", " "), number) for kind, number in data.documents]
    linked = "Mentions by category (solid: linked to a concept)"
    return _nothing(data.documents, "No documents.") or _grid(
        [
            _figure("Documents by kind", charts.bars(kinds, "Documents by kind")),
            _figure("Documents by language", charts.bars(data.languages, "Documents by language")),
            _figure(linked, charts.split_bars(data.mentions, linked)),
        ]
    )


def _pictures(data: ReportData) -> str:
    shown = {category for near in data.neighbourhoods for _, _, category in near.nodes}
    legend = "".join(
        f"<span class='key {category}'><i></i>{word}</span>"
        for category, word in _CATEGORIES.items()
        if category in shown
    )
    legend += "".join(f"<span class='key line {kind}'><i></i>{word}</span>" for kind, word in _LINES.items())
    panels = "".join(f"<figure>{panel(near)}</figure>" for near in data.neighbourhoods)
    return _nothing(data.neighbourhoods, "No concept has two ties yet.") or (
        f"<p class='legend'>{legend}</p><div class='grid pictures'>{panels}</div>"
    )


def _cards(statements: Sequence[Shown]) -> str:
    return _nothing(statements, "None.") or f"<div class='cards'>{''.join(map(_card, statements))}</div>"


def _card(shown: Shown) -> str:
    subject, obj = (
        f"<span class='concept {escape(category)}' title='{escape(category)}'>{escape(name)}</span>"
        for name, category in ((shown.subject, shown.subject_category), (shown.object, shown.object_category))
    )
    refuted = f" &middot; refuted {shown.refute:.2f}" if shown.refute else ""
    works, pieces = _count(shown.works, "work"), f"{_count(shown.evidence, 'piece')} of evidence"
    width = f"{100 * shown.belief:.0f}%"
    return (
        f"<article><h3>{subject} <em>{escape(shown.predicate.replace('_', ' '))}</em> {obj}</h3>"
        f"<p class='belief'><i class='gauge'><i style='width:{width}'></i></i><b>{shown.belief:.2f}</b>"
        f"<span>belief &middot; support {shown.support:.2f}{refuted} &middot; {works} &middot; {pieces}</span></p>"
        f"{''.join(map(_quote, shown.quotes))}<code>{escape(shown.id)}</code></article>"
    )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _quote(quote: Quote) -> str:
    said = (quote.title, quote.section, f"read by {quote.reader}, score {quote.score:.2f}", quote.document)
    source = " &middot; ".join(escape(_cut(part, 90)) for part in said if part)
    badges = [quote.strength, "" if quote.certainty == "asserted" else quote.certainty]
    source += "".join(f" <span class='badge'>{escape(_cut(badge, 60))}</span>" for badge in badges if badge)
    words = _marked(quote) if quote.text else "<i>A curated source: no sentence.</i>"
    refutes = "<b class='refutes'>refutes</b> " if quote.polarity == "refutes" else ""
    return f"<blockquote class='{quote.polarity}'>{refutes}{words}<cite>{source}</cite></blockquote>"


def _marked(quote: Quote) -> str:
    """Return the sentence with subject and object marked, cut about them where it is long."""
    marks = sorted((span, name) for span, name in ((quote.subject, "s"), (quote.object, "o")) if span)
    if len(marks) == 2 and marks[0][0].overlaps(marks[1][0]):
        marks = marks[:1]
    first, last = _window(quote.text, [span for span, _ in marks])
    parts, at = ["… " if first else ""], first
    for span, name in marks:
        parts.append(escape(quote.text[at : span.start]))
        parts.append(f"<mark class='{name}'>{escape(span.of(quote.text))}</mark>")
        at = span.end
    parts.append(escape(quote.text[at:last]))
    return "".join(parts) + (" …" if last < len(quote.text) else "")


def _window(text: str, spans: Sequence[Span]) -> tuple[int, int]:
    if len(text) <= _QUOTE:
        return 0, len(text)
    low = min((span.start for span in spans), default=0)
    high = max((span.end for span in spans), default=0)
    first = max(0, min(low - 80, len(text) - _QUOTE))
    last = min(len(text), max(first + _QUOTE, high + 80))
    return first, last


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _contradiction_note(data: ReportData) -> str:
    shown = len(data.contradictions)
    more = f"; the {shown} sharpest are shown" if data.contradicted > shown else ""
    return f"{_count(data.contradicted, 'statement')} with evidence on both sides{more}"


def _retracted(data: ReportData) -> str:
    return _table(("work", "title", "reason"), data.retracted, "None.")


def _rejection_note(data: ReportData) -> str:
    more = f"; the first {len(data.rejections)} are shown" if data.rejected > len(data.rejections) else ""
    return f"{_count(data.rejected, 'input')} that could not be used{more}. Everything else was built."


def _rejections(data: ReportData) -> str:
    rows = [(item.subject, item.stage, item.code, item.reason) for item in data.rejections]
    return _table(("what", "stage", "code", "why"), rows, "None.")


def _readers(data: ReportData) -> str:
    rows = [(reader.name, reader.version, reader.digest) for reader in data.readers]
    rows += [("terminology", "", digest) for digest in data.terminologies]
    return _table(("name", "version", "digest"), rows, "None.", code=2)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], empty: str, code: int | None = None) -> str:
    cell: Callable[[int, str], str] = lambda at, text: (  # noqa: E731
        f"<td><code>{escape(text)}</code></td>" if at == code else f"<td>{escape(_cut(text, 400))}</td>"
    )
    body = "".join(f"<tr>{''.join(cell(at, text) for at, text in enumerate(row))}</tr>" for row in rows)
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    table = f"<div class='table'><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"
    return _nothing(body, empty) or table


def _nothing(things: object, words: str) -> str:
    return "" if things else f"<p class='empty'>{escape(words)}</p>"
