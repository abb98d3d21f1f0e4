"""Readers of further vocabularies.

Every sample here (OWL, MeSH descriptors and supplementary records, RxNorm, UMLS, SNOMED CT, UNII) is written by hand
from the published description of its format; none is a cut of a published file.
"""

import gzip
from pathlib import Path

import pytest

from kg.errors import VocabularyError
from kg.link.added import join
from kg.link.readers.recognise import read_any
from kg.link.vocabulary import Mapping, Term, Vocabulary

OWL = """<?xml version="1.0"?>
<rdf:RDF xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">
  <owl:Ontology rdf:about="http://purl.obolibrary.org/obo/hp.owl">
    <owl:versionIRI rdf:resource="http://purl.obolibrary.org/obo/hp/releases/2026-06-23/hp.owl"/>
  </owl:Ontology>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/HP_0000002">
    <rdfs:subClassOf rdf:resource="http://purl.obolibrary.org/obo/HP_0000118"/>
    <rdfs:subClassOf><owl:Restriction/></rdfs:subClassOf>
    <oboInOwl:hasDbXref>UMLS:C4025901</oboInOwl:hasDbXref>
    <oboInOwl:hasExactSynonym>Abnormality of body
      height</oboInOwl:hasExactSynonym>
    <rdfs:label>Abnormal body height</rdfs:label>
  </owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/HP_0000057">
    <rdfs:label>obsolete Clitoromegaly</rdfs:label><owl:deprecated>true</owl:deprecated>
  </owl:Class>
  <owl:Class rdf:about="http://purl.obolibrary.org/obo/UBERON_0000001"><rdfs:label>other</rdfs:label></owl:Class>
</rdf:RDF>"""

DESCRIPTORS = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20250101.dtd">
<DescriptorRecordSet LanguageCode="eng">
{}</DescriptorRecordSet>"""
DESCRIPTOR = """<DescriptorRecord DescriptorClass="1"><DescriptorUI>{ui}</DescriptorUI>
<DescriptorName><String>{name}</String></DescriptorName>
<TreeNumberList><TreeNumber>{tree}</TreeNumber></TreeNumberList>
<ConceptList><Concept PreferredConceptYN="Y"><ConceptUI>M1{ui}</ConceptUI><RegistryNumber>{number}</RegistryNumber>
<ConceptRelationList><ConceptRelation RelationName="NRW"><Concept1UI>M1{ui}</Concept1UI>
<Concept2UI>M2{ui}</Concept2UI></ConceptRelation></ConceptRelationList>
<TermList><Term><String>{name}</String></Term><Term><String>{exact}</String></Term></TermList></Concept>
<Concept PreferredConceptYN="N"><ConceptUI>M2{ui}</ConceptUI>
<TermList><Term><String>{narrow}</String></Term></TermList></Concept></ConceptList></DescriptorRecord>
"""
SUPPLEMENTARY = """<SupplementalRecordSet LanguageCode="eng"><SupplementalRecord SCRClass="3">
<SupplementalRecordUI>C535300</SupplementalRecordUI>
<SupplementalRecordName><String>Odd disease</String></SupplementalRecordName>
<HeadingMappedToList><HeadingMappedTo><DescriptorReferredTo><DescriptorUI>*D003920</DescriptorUI>
<DescriptorName><String>Diabetes Mellitus</String></DescriptorName></DescriptorReferredTo></HeadingMappedTo>
</HeadingMappedToList>
<ConceptList><Concept PreferredConceptYN="Y"><ConceptUI>M1</ConceptUI>
<TermList><Term><String>Odd disease</String></Term><Term><String>Oddity</String></Term></TermList></Concept>
</ConceptList></SupplementalRecord>
<SupplementalRecord SCRClass="2"><SupplementalRecordUI>C1</SupplementalRecordUI>
<SupplementalRecordName><String>CHOP protocol</String></SupplementalRecordName></SupplementalRecord>
</SupplementalRecordSet>"""


Row = dict[int, str]


def rrf(*rows: Row, columns: int = 18) -> str:
    return "".join("|".join(row.get(i, "") for i in range(columns)) + "|\n" for row in rows)


def atom(
    cui: str, source: str, kind: str, code: str, text: str, form: str = "PF", suppressed: str = "N"
) -> dict[int, str]:
    return {
        0: cui, 1: "ENG", 2: "P", 4: form, 6: "Y", 11: source, 12: kind, 13: code, 14: text, 16: suppressed,
    }  # fmt: skip


def names(term: Term) -> dict[str, str]:
    return {name.text: name.origin.scope for name in term.names}


def test_owl(tmp_path: Path) -> None:
    path = tmp_path / "hp.owl"
    path.write_text(OWL)
    (term,) = read_any(path, "HPO").terms
    assert (term.id, term.category, term.parents, term.xrefs) == (
        "HP:0000002", "PhenotypicFeature", ("HP:0000118",), ("UMLS:C4025901",),
    )  # fmt: skip
    assert names(term) == {"Abnormal body height": "label", "Abnormality of body height": "exact"}
    assert term.names[0].origin.source == "HPO 2026-06-23"


def test_mesh_descriptors_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "desc2025.xml.gz"
    ill = {"tree": "C18.452", "number": "0", "exact": "sugar sickness", "narrow": "brittle sugar"}
    rows = [
        DESCRIPTOR.format(ui="D003920", name="Diabetes Mellitus", **ill),
        DESCRIPTOR.format(ui="D003924", name="Type 2", **{**ill, "tree": "C18.452.394", "exact": "adult onset"}),
        DESCRIPTOR.format(
            ui="D001241",
            name="Aspirin",
            tree="D02.455",
            number="R16CO5Y76E",
            exact="Acetylsalicylic Acid",
            narrow="Bufferin",
        ),
        DESCRIPTOR.format(ui="D000003", name="Abattoirs", tree="J01.576", number="0", exact="a", narrow="b"),
    ]
    path.write_bytes(gzip.compress(DESCRIPTORS.format("".join(rows)).encode()))
    found = {term.id: term for term in read_any(path, "MeSH").terms}
    assert sorted(found) == ["MESH:D001241", "MESH:D003920", "MESH:D003924"]
    assert names(found["MESH:D003920"]) == {
        "Diabetes Mellitus": "label", "sugar sickness": "exact", "brittle sugar": "narrow",
    }  # fmt: skip
    assert found["MESH:D003924"].parents == ("MESH:D003920",)
    assert (found["MESH:D001241"].category, found["MESH:D001241"].xrefs) == ("ChemicalEntity", ("UNII:R16CO5Y76E",))
    assert found["MESH:D001241"].names[0].origin.source == "MeSH 2025"


def test_mesh_supplementary_records(tmp_path: Path) -> None:
    path = tmp_path / "supp2025.xml"
    path.write_text(SUPPLEMENTARY)
    (term,) = read_any(path, "MeSH").terms
    assert (term.id, term.category, term.parents) == ("MESH:C535300", "Disease", ("MESH:D003920",))
    assert names(term) == {"Odd disease": "label", "Oddity": "exact"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('<!DOCTYPE a [<!ENTITY x "y">]><SupplementalRecordSet>&x;</SupplementalRecordSet>', "declares entities"),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><SupplementalRecordSet><a>&x;</a></SupplementalRecordSet>',
            "declares entities",
        ),
        ("<SupplementalRecordSet><a></SupplementalRecordSet>", "cannot be read"),
        ("<html/>", "neither OWL"),
    ],
)
def test_hostile_and_broken_xml_is_refused(tmp_path: Path, body: str, message: str) -> None:
    path = tmp_path / "x.xml"
    path.write_text(body)
    with pytest.raises(VocabularyError, match=message):
        read_any(path, "MeSH")


def test_rxnorm(tmp_path: Path) -> None:
    atoms = [
        atom("1191", "RXNORM", "IN", "1191", "aspirin"),
        atom("1191", "RXNORM", "SY", "1191", "acetylsalicylic acid"),
        atom("1191", "MSH", "MH", "D001241", "Aspirin"),
        atom("1191", "RXNORM", "SY", "1191", "old name", suppressed="O"),
        atom("203169", "RXNORM", "PIN", "203169", "aspirin lysine"),
        atom("215568", "RXNORM", "BN", "215568", "Bayer Aspirin"),
        atom("99", "RXNORM", "BN", "99", "Two in One"),
    ]
    related = [("1191", "215568", "tradename_of"), ("1191", "203169", "form_of"), ("1191", "99", "tradename_of"),
               ("203169", "99", "tradename_of")]  # fmt: skip
    (tmp_path / "RXNCONSO.RRF").write_text(rrf(*atoms))
    (tmp_path / "RXNREL.RRF").write_text(rrf(*({0: a, 4: b, 7: kind} for a, b, kind in related), columns=16))
    read = read_any(tmp_path, "RxNorm", version="2026-11")
    assert [(term.id, names(term), term.parents) for term in read.terms] == [
        ("RXCUI:1191", {"aspirin": "label", "acetylsalicylic acid": "exact", "Bayer Aspirin": "narrow"}, ()),
        ("RXCUI:203169", {"aspirin lysine": "label"}, ("RXCUI:1191",)),
    ]
    assert read.mappings == (Mapping("RXCUI:1191", "MESH:D001241", 2),)


def test_umls_subset(tmp_path: Path) -> None:
    atoms = [
        atom("C0020538", "MSH", "MH", "D006973", "Hypertension", form="VO"),
        atom("C0020538", "HPO", "PT", "HP:0000822", "Hypertensive disease"),
        atom("C0000001", "MSH", "MH", "D000003", "Abattoirs"),
        {**atom("C0020538", "MSHGER", "MH", "D006973", "Hypertonie"), 1: "GER"},
    ]
    (tmp_path / "MRCONSO.RRF").write_text(rrf(*atoms))
    (tmp_path / "MRSTY.RRF").write_text(
        "C0020538|T047|B2.2.1.2.1|Disease or Syndrome|AT1||\nC0000001|T073|A1|Object|AT2||\n"
    )
    (tmp_path / "MRREL.RRF").write_text(rrf({0: "C0020538", 3: "PAR", 4: "C0042373"}, columns=16))
    read = read_any(tmp_path, "UMLS")
    (term,) = read.terms
    assert (term.id, term.category, term.parents) == ("UMLS:C0020538", "Disease", ("UMLS:C0042373",))
    assert names(term) == {"Hypertensive disease": "label", "Hypertension": "exact"}
    assert {mapping.right for mapping in read.mappings} == {"MESH:D006973", "HP:0000822"}


def test_snomed_release(tmp_path: Path) -> None:
    folder = tmp_path / "Snapshot" / "Terminology"
    folder.mkdir(parents=True)
    (folder / "sct2_Concept_Snapshot_INT_20260101.txt").write_text(
        "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n22298006\t2\t1\tm\td\n1\t2\t0\tm\td\n57809008\t2\t1\tm\td\n"
    )
    descriptions = [
        ("22298006", "1", "900000000000003001", "Myocardial infarction (disorder)"),
        ("22298006", "1", "900000000000013009", "Heart attack"),
        ("22298006", "0", "900000000000013009", "Infarct"),
        ("57809008", "1", "900000000000003001", "Something (qualifier value)"),
        ("1", "1", "900000000000003001", "Gone (disorder)"),
    ]
    lines = [f"0\t2\t{active}\tm\t{concept}\ten\t{kind}\t{text}\tc" for concept, active, kind, text in descriptions]
    head = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId"
    (folder / "sct2_Description_Snapshot-en_INT_20260101.txt").write_text("\n".join([head, *lines]) + "\n")
    (folder / "sct2_Relationship_Snapshot_INT_20260101.txt").write_text(
        "id\tactive\tsourceId\tdestinationId\ttypeId\n1\t1\t22298006\t57809008\t116680003\n2\t1\t22298006\t1\t363698007\n"
    )
    (term,) = read_any(tmp_path, "SNOMED CT").terms
    assert (term.id, term.category, term.parents) == ("SNOMEDCT:22298006", "Disease", ("SNOMEDCT:57809008",))
    assert names(term) == {"Myocardial infarction": "label", "Heart attack": "exact"}
    assert term.names[0].origin.source == "SNOMED CT 20260101"


def test_obo_graph_of_any_ontology(tmp_path: Path) -> None:
    path = tmp_path / "symp.json"
    path.write_text(
        """{"graphs": [{"meta": {"version": "http://x/2026-07-30/symp.json"}, "nodes": [
        {"id": "http://purl.obolibrary.org/obo/SYMP_0000613", "lbl": "fever", "meta": {
          "synonyms": [{"pred": "hasExactSynonym", "val": "pyrexia"}], "xrefs": [{"val": "UMLS_CUI:C0015967"}]}},
        {"id": "http://purl.obolibrary.org/obo/SYMP_1", "lbl": "gone", "meta": {"deprecated": true}}],
        "edges": [{"sub": "http://purl.obolibrary.org/obo/SYMP_0000613", "pred": "is_a",
                   "obj": "http://purl.obolibrary.org/obo/SYMP_0000001"}]}]}"""
    )
    (term,) = read_any(path, "SYMP").terms
    assert (term.id, term.parents, term.xrefs) == ("SYMP:0000613", ("SYMP:0000001",), ("UMLS_CUI:C0015967",))
    assert names(term) == {"fever": "label", "pyrexia": "exact"}


def test_unii_names(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "UNII_Names.txt"
    path.write_text(
        "Name\tTYPE\tUNII\tDisplay Name\n"
        "ASPIRIN [INN]\tcn\tR16CO5Y76E\tASPIRIN\nECOTRIN\tbn\tR16CO5Y76E\tASPIRIN\nASA-22\tcd\tR16CO5Y76E\tASPIRIN\n"
        "CEROUS SALICYLATE\tcn\t0001H6R5H1\tCEROUS SALICYLATE\n"
    )
    both = join(vocabulary, read_any(path, "UNII", version="2025-06"))
    (added,) = [term for term in both.terms if term.id.startswith("UNII:")]
    assert sorted(names(added)) == ["ASA-22", "ecotrin"]
    assert Mapping("UNII:R16CO5Y76E", "MESH:D001241", 10) in both.mappings


def test_a_table_of_ones_own_adds_names_and_concepts(vocabulary: Vocabulary, tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(
        "id\tname\tscope\tcategory\tparents\n"
        "MESH:D006973\tpressure trouble\t\t\t\n"
        "MESH:D006973\theart attack\t\t\t\n"
        "HOUSE:1\thouse fever\tlabel\tPhenotypicFeature\tHP:0001945\n"
    )
    both = join(vocabulary, read_any(path, "House"))
    new = both.terms[len(vocabulary.terms) :]
    assert [(term.id, term.category, list(names(term)), term.parents) for term in new] == [
        ("HOUSE:1", "PhenotypicFeature", ["house fever"], ("HP:0001945",)),
        ("MESH:D006973", "Disease", ["pressure trouble"], ()),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id\tname\n17\tfever\n", "id with a prefix"),
        ("id\tname\tscope\nHP:1\tfever\tsimilar\n", "as its scope"),
        ("what\tever\n", "no known vocabulary"),
        ("format-version: 1.2\n\n[Term]\nid: X:1\nname: x\n", "say the category"),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad"
    path.write_text(text)
    with pytest.raises(VocabularyError, match=message):
        read_any(path, "Own")
