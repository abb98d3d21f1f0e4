"""PMC full text."""

from __future__ import annotations

from source_samples import EXAMPLES, parts

META = (
    '<article-id pub-id-type="pmid">11</article-id><article-id pub-id-type="pmc">PMC22</article-id>'
    '<article-id pub-id-type="doi">10.1/AB</article-id>'
)


def article(body: str = "<p>Text.</p>", meta: str = META, kind: str = "research-article", more: str = "") -> str:
    return (
        '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.0//EN" "JATS.dtd">'
        f'<article article-type="{kind}" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<front><article-meta>{meta}<title-group><article-title>A study<xref>*</xref> of fever</article-title>"
        f"</title-group>{more}</article-meta></front><body>{body}</body></article>"
    )


def texts(reading, body: str) -> list[tuple[str, str, str]]:
    return parts(reading("a.nxml", article(body)).document)[1:]


def test_a_real_article(reading):
    document = reading(EXAMPLES / "articles" / "PMC1187870.nxml.gz").document
    assert (document.id, document.work) == ("PMCID:PMC1187870", "PMID:15982414")
    assert document.identifiers == ("PMID:15982414", "DOI:10.1186/1471-2253-5-9", "PMCID:PMC1187870")
    assert document.title == '"Anxiebo", placebo, and postoperative pain'
    assert (document.published, document.license, document.language) == ("2005-06-27", "CC-BY-2.0", "en")
    assert document.publication_types == ("research-article", "Debate")
    found = parts(document)
    assert document.text == "\n\n".join(text for _, _, text in found)
    assert ("caption", "Figure 1", "Factors influencing postoperative anxiebo or placebo.") in found
    assert "References" not in [title for _, title, _ in found]
    nested = next(text for _, title, text in found if title == "Discussion > The anxiebo-placebo relationship")
    assert nested.startswith("The levels of perceived self-control (self-efficacy) and anticipatory anxiety")
    assert "[" not in nested


def test_nested_sections_keep_their_path_and_kind(reading):
    body = (
        "<sec><title>2. Methods</title><p>One.</p><sec><title>Drugs <italic>in vivo</italic></title><p>Two.</p></sec>"
        "<p>Three.</p></sec><sec><title>Funding</title><p>Four.</p></sec>"
    )
    assert texts(reading, body) == [
        ("methods", "2. Methods", "One.\n\nThree."),
        ("methods", "2. Methods > Drugs in vivo", "Two."),
        ("admin", "Funding", "Four."),
    ]


def test_citation_markers_go_without_gluing_words(reading):
    one = '<xref ref-type="bibr" rid="B1">1</xref>'
    three = '<xref ref-type="bibr" rid="B3">3</xref>'
    body = (
        f"<p>Pain persists [{one}-{three}]. It hurts<sup>{one},{three}</sup> much ({one}, {three}) and<sup>{one}</sup>"
        f" long.{three} See reference {three} and "
        '<xref ref-type="bibr" rid="B2">Smith 2005</xref> (<xref ref-type="fig" rid="F1">Figure 1</xref>).</p>'
    )
    assert texts(reading, body) == [
        ("body", "", "Pain persists. It hurts much and long. See reference 3 and Smith 2005 (Figure 1)."),
    ]


def test_brackets_inside_the_markers_go_too(reading):
    first, second = (f'<xref ref-type="bibr" rid="B">[{number}]</xref>' for number in (5, 6))
    body = f"<p>Seen in papers {first}, {second}. Not in {first}-{second} others (see {second}).</p>"
    assert texts(reading, body) == [("body", "", "Seen in papers. Not in others (see).")]


def test_tables_and_figures_are_sections_of_their_own(reading):
    body = (
        "<sec><title>Results</title><p>Before <fig><label>Figure 1</label><caption><p>Fever curve.</p></caption></fig>"
        "after.</p><table-wrap><label>Table 1</label><caption><title>Doses</title><p>In mg.</p></caption>"
        "<table><thead><tr><th>Drug</th><th>Dose</th></tr></thead><tbody><tr><td>Aspirin</td><td>10<break/>20</td></tr>"
        "<tr><td/><td/></tr></tbody></table><table-wrap-foot><fn><p>Daily.</p></fn></table-wrap-foot></table-wrap></sec>"
    )
    assert texts(reading, body) == [
        ("results", "Results", "Before after."),
        ("caption", "Figure 1", "Fever curve."),
        ("caption", "Table 1", "Doses\n\nIn mg."),
        ("table", "Table 1", "Drug | Dose\n\nAspirin | 10 20\n\nDaily."),
    ]


def test_lists_are_lines_and_references_are_left_out(reading):
    body = (
        "<p>We gave:<list><list-item><label>1</label><p>aspirin</p></list-item><list-item><p>rest</p></list-item>"
        "</list>daily.</p><ref-list><ref><mixed-citation>Doe J. Fever.</mixed-citation></ref></ref-list>"
    )
    assert texts(reading, body) == [("body", "", "We gave:\n\naspirin\n\nrest\n\ndaily.")]


def test_abstracts_in_other_languages_are_documents_of_the_same_work(reading):
    more = (
        "<abstract><p>We studied fever.</p></abstract>"
        '<trans-abstract xml:lang="fr"><p>Nous avons étudié la fièvre.</p></trans-abstract>'
    )
    got = reading("a.nxml", article(more=more))
    assert [(d.id, d.work, d.language) for d in got.documents] == [
        ("PMCID:PMC22", "PMID:11", "en"),
        ("PMCID:PMC22#fr", "PMID:11", "fr"),
    ]
    assert got.documents[0].text == "A study of fever\n\nWe studied fever.\n\nText."
    assert got.documents[1].text == "Nous avons étudié la fièvre."


def test_a_retraction_notice_names_the_retracted_work(reading):
    more = (
        '<related-article related-article-type="retracted-article" ext-link-type="doi" '
        'xlink:href="https://doi.org/10.1000/XYZ"/>'
    )
    got = reading("a.nxml", article(more=more, kind="retraction"))
    assert [(item.work, item.state) for item in got.withdrawals] == [("DOI:10.1000/xyz", "retracted")]
    assert got.documents[0].retracts == ("DOI:10.1000/xyz",)


def test_works_are_named_by_pmid_else_doi_else_pmcid(reading):
    doi, pmc = '<article-id pub-id-type="doi">10.1000/A</article-id>', '<article-id pub-id-type="pmc">22</article-id>'
    assert reading("a.nxml", article(meta=META)).document.work == "PMID:11"
    assert reading("a.nxml", article(meta=doi + pmc)).document.work == "DOI:10.1000/a"
    assert reading("a.nxml", article(meta=pmc)).document.work == "PMCID:PMC22"
    nameless = reading("a.nxml", article(meta="")).document
    assert nameless.work.startswith("text:")
    assert nameless.work != reading("a.nxml", article("<p>Other.</p>", meta="")).document.work


def test_kinds(reading):
    assert reading("a.nxml", article(kind="case-report")).document.kind == "case"
    trial = article().replace("of fever", "of fever: a randomised controlled trial")
    assert reading("a.nxml", trial).document.kind == "trial"
    assert reading("a.nxml", article()).document.kind == "article"


def test_several_articles_in_one_set_and_a_namespace(reading):
    plain = article().split("?>")[-1].split('JATS.dtd">')[-1]
    assert (
        len(reading("a.xml", f"<pmc-articleset>{plain}{plain.replace('PMC22', 'PMC23')}</pmc-articleset>").documents)
        == 2
    )
    spaced = plain.replace("<article ", '<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/" ', 1)
    assert reading("a.xml", spaced).document.text == "A study of fever\n\nText."


def test_a_cut_article_is_rejected_with_its_line(reading):
    got = reading("a.nxml", article()[:-40])
    assert got.documents == []
    assert [(item.code, item.subject) for item in got.rejections] == [("xml_broken", "a.nxml#line 1")]
