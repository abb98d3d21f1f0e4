"""PubMed and MEDLINE citations."""

from __future__ import annotations

import gzip

from source_samples import DATA, parts

HEAD = '<?xml version="1.0"?><PubmedArticleSet>'
TAIL = "</PubmedArticleSet>"


def citation(
    pmid: int = 1, article: str = "<ArticleTitle>Fever.</ArticleTitle>", after: str = "", data: str = ""
) -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="2">{pmid}</PMID><DateRevised><Year>2020</Year>'
        f"<Month>01</Month><Day>05</Day></DateRevised><Article><Journal><JournalIssue><PubDate><Year>2019</Year><Month>Feb</Month>"
        f"</PubDate></JournalIssue></Journal>{article}</Article>{after}</MedlineCitation>{data}</PubmedArticle>"
    )


def test_real_baseline_excerpt(reading):
    got = reading(DATA / "medline16n0902.xml")
    assert got.rejections == []
    assert [(item.work, item.state) for item in got.withdrawals] == [("PMID:26432306", "deleted")]
    by_id = {document.id: document for document in got.documents}
    assert sorted(by_id) == [
        "PMID:17942999",
        "PMID:26407462",
        "PMID:26407462#it",
        "PMID:26407469",
        "PMID:26407469#it",
        "PMID:26407471",
        "PMID:26407471#it",
        "PMID:26702342",
        "PMID:26702360",
    ]
    tones = by_id["PMID:17942999"]
    assert tones.title.startswith("Neuroplasticity in the processing of pitch dimensions")
    assert [(kind, title) for kind, title, _ in parts(tones)] == [
        ("title", ""),
        ("objective", "PURPOSE"),
        ("methods", "METHODS"),
        ("results", "RESULTS"),
        ("conclusions", "CONCLUSIONS"),
    ]
    assert tones.mesh[:2] == ("MESH:D000161", "MESH:D000328")
    assert tones.publication_types[0] == "Journal Article"
    assert (tones.published, tones.version) == ("2007", "001|2015-12-26|16n0902")


def test_a_foreign_article_has_an_english_and_a_vernacular_document(reading):
    by_id = {document.id: document for document in reading(DATA / "medline16n0902.xml").documents}
    english, italian = by_id["PMID:26407462"], by_id["PMID:26407462#it"]
    assert (english.language, english.text) == ("en", "Vaccines are drugs.")
    assert (italian.language, italian.text) == ("it", "I vaccini sono farmaci.")
    assert english.work == italian.work == "PMID:26407462"


def test_a_placeholder_is_no_abstract(reading):
    ids = {document.id for document in reading(DATA / "medline16n0902.xml").documents}
    assert "PMID:26702360" in ids
    assert "PMID:26702360#fr" not in ids  # "Abstract available from the publisher."


def test_sections_are_joined_by_an_empty_line_and_partition_the_text(reading):
    for document in reading(DATA / "medline16n0902.xml", DATA / "pubmed_current.xml.gz").documents:
        assert document.text == "\n\n".join(text for _, _, text in parts(document))
        assert document.text.startswith(document.title)


def test_current_dtd_gives_identifiers_and_kind(reading):
    by_id = {document.id: document for document in reading(DATA / "pubmed_current.xml.gz").documents}
    review = by_id["PMID:28786991"]
    assert review.identifiers == ("PMID:28786991", "DOI:10.1371/journal.pone.0180707", "PMCID:PMC5546677")
    assert review.url == "https://pubmed.ncbi.nlm.nih.gov/28786991/"
    assert review.kind == "article"


def test_inline_markup_is_kept_as_text(reading):
    article = (
        "<ArticleTitle>Role of <i>in vivo</i> H<sub>2</sub>O<sub>2</sub>.</ArticleTitle>"
        "<Abstract><AbstractText>Ca<sup>2+</sup> rose in <i>E. coli</i>&#xa0;cells.</AbstractText></Abstract>"
    )
    document = reading("a.xml", HEAD + citation(article=article) + TAIL).document
    assert document.text == "Role of in vivo H2O2.\n\nCa2+ rose in E. coli cells."


def test_other_abstracts_are_documents_of_the_same_work(reading):
    article = "<ArticleTitle>Fever.</ArticleTitle><Language>eng</Language>"
    other = '<OtherAbstract Type="Publisher" Language="fre"><AbstractText>La fièvre.</AbstractText></OtherAbstract>'
    got = reading("a.xml", HEAD + citation(article=article, after=other) + TAIL)
    assert [(d.id, d.work, d.language, d.text) for d in got.documents] == [
        ("PMID:1", "PMID:1", "en", "Fever."),
        ("PMID:1#fr", "PMID:1", "fr", "La fièvre."),
    ]


def test_an_abstract_in_the_articles_own_language_is_not_called_english(reading):
    article = (
        "<ArticleTitle>La fiebre en los niños con infección de las vías urinarias.</ArticleTitle>"
        "<Abstract><AbstractText>El tratamiento de la fiebre en los niños con una infección de las vías urinarias fue "
        "estudiado en el hospital.</AbstractText></Abstract><Language>spa</Language>"
    )
    assert reading("a.xml", HEAD + citation(article=article) + TAIL).document.language == "es"


def test_retraction_on_both_sides(reading):
    def related(relation: str, pmid: int) -> str:
        return (
            f'<CommentsCorrectionsList><CommentsCorrections RefType="{relation}"><RefSource>J Med. 2020</RefSource>'
            f"<PMID>{pmid}</PMID></CommentsCorrections></CommentsCorrectionsList>"
        )

    retracted = citation(7, after=related("RetractionIn", 8))
    notice = citation(8, article="<ArticleTitle>Retraction.</ArticleTitle>", after=related("RetractionOf", 7))
    got = reading("a.xml", HEAD + retracted + notice + TAIL)
    assert [(item.work, item.state, item.reason) for item in got.withdrawals] == [
        ("PMID:7", "retracted", "RetractionIn: J Med. 2020 PMID:8"),
        ("PMID:7", "retracted", "RetractionOf: notice PMID:8"),
    ]
    assert [(document.id, document.retracts) for document in got.documents] == [("PMID:7", ()), ("PMID:8", ("PMID:7",))]


def test_a_partial_retraction_withdraws_nothing(reading):
    after = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="PartialRetractionIn"><PMID>8</PMID>'
        "</CommentsCorrections></CommentsCorrectionsList>"
    )
    assert reading("a.xml", HEAD + citation(after=after) + TAIL).withdrawals == []


def test_kinds_follow_publication_types(reading):
    for name, kind in [
        ("Randomized Controlled Trial", "trial"),
        ("Clinical Trial, Phase II", "trial"),
        ("Practice Guideline", "guideline"),
        ("Case Reports", "case"),
        ("Letter", "article"),
    ]:
        article = (
            f"<ArticleTitle>Fever.</ArticleTitle><PublicationTypeList><PublicationType>{name}</PublicationType>"
            "</PublicationTypeList>"
        )
        assert reading("a.xml", HEAD + citation(article=article) + TAIL).document.kind == kind


def test_versions_order_as_text(reading):
    first = reading("pubmed24n0001.xml", HEAD + citation() + TAIL).document.version
    later = reading("pubmed24n1300.xml", HEAD + citation() + TAIL).document.version
    assert (first, later) == ("002|2020-01-05|24n0001", "002|2020-01-05|24n1300")
    assert first < later


def test_what_has_no_pmid_or_no_text_is_rejected_and_the_rest_goes_on(reading):
    nameless = citation(1).replace('<PMID Version="2">1</PMID>', "")
    empty = citation(2, article="<ArticleTitle></ArticleTitle>")
    got = reading("a.xml", HEAD + nameless + empty + citation(3) + TAIL)
    assert got.codes == ["no_pmid", "no_text"]
    assert got.rejections[1].subject == "a.xml#PMID 2"
    assert [document.id for document in got.documents] == ["PMID:3"]


def test_a_break_keeps_what_was_complete(reading):
    whole = HEAD + citation(1) + citation(2) + citation(3) + TAIL
    broken = reading("a.xml", whole[: whole.index(">3<") + 40])
    assert [document.id for document in broken.documents] == ["PMID:1", "PMID:2"]
    assert broken.codes == ["xml_broken"]
    assert broken.rejections[0].subject == "a.xml#line 1"


def test_a_truncated_gz_keeps_what_was_complete(reading):
    whole = HEAD + "".join(citation(n) for n in range(1, 3000)) + TAIL
    packed = gzip.compress(whole.encode(), mtime=0)
    got = reading("a.xml.gz", packed[: len(packed) // 2])
    assert got.codes == ["gzip_truncated"]
    assert 100 < len(got.documents) < 2999
    assert [document.id for document in got.documents[:2]] == ["PMID:1", "PMID:2"]
