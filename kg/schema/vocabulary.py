"""GENERATED from schemas/ by schemas/generate.py: the words that the graph may use. Do not edit."""

from __future__ import annotations

from kg.schema.terms import Category, Label, Predicate, ReaderKind

SCHEMA_VERSION = "1"
BIOLINK_VERSION = "4.4.6"

PREFIXES: dict[str, str] = {
    "biolink": "https://w3id.org/biolink/vocab/",
    "MESH": "http://id.nlm.nih.gov/mesh/",
    "DOID": "http://purl.obolibrary.org/obo/DOID_",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "SYMP": "http://purl.obolibrary.org/obo/SYMP_",
    "UBERON": "http://purl.obolibrary.org/obo/UBERON_",
    "CLO": "http://purl.obolibrary.org/obo/CLO_",
    "HGNC": "http://identifiers.org/hgnc/",
    "NCBIGene": "http://identifiers.org/ncbigene/",
    "NCBITaxon": "http://purl.obolibrary.org/obo/NCBITaxon_",
    "DBSNP": "http://identifiers.org/dbsnp/",
    "OMIM": "http://purl.obolibrary.org/obo/OMIM_",
    "ORPHANET": "http://www.orpha.net/ORDO/Orphanet_",
    "DECIPHER": "https://www.deciphergenomics.org/syndrome/",
    "ICD10CM": "http://purl.bioontology.org/ontology/ICD10CM/",
    "UMLS": "http://identifiers.org/umls/",
    "SCTID": "http://snomed.info/id/",
    "NCIT": "http://purl.obolibrary.org/obo/NCIT_",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "RXCUI": "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm=",
    "PMID": "http://www.ncbi.nlm.nih.gov/pubmed/",
    "PMCID": "http://www.ncbi.nlm.nih.gov/pmc/",
    "DOI": "https://doi.org/",
    "NGC": "https://w3id.org/medkg/guideline/ngc/",
    "medkg": "https://w3id.org/medkg/",
}

CATEGORIES: dict[str, Category] = {
    "Disease": Category(
        "Disease", "A disorder with a course and causes of its own.", ("MESH", "MONDO", "DOID", "OMIM")
    ),
    "PhenotypicFeature": Category(
        "PhenotypicFeature", "A sign, a symptom or a finding.", ("HP", "MESH", "SYMP")
    ),
    "ChemicalEntity": Category(
        "ChemicalEntity", "A chemical substance or a drug.", ("MESH",)
    ),
    "Gene": Category(
        "Gene", "A gene or its product.", ("HGNC", "NCBIGene")
    ),
    "SequenceVariant": Category(
        "SequenceVariant", "A change in a sequence, as named in the text.", ("DBSNP",)
    ),
    "OrganismTaxon": Category(
        "OrganismTaxon", "A species, a group of species, or patients as a group.", ("NCBITaxon", "MESH")
    ),
    "CellLine": Category(
        "CellLine", "A line of cells kept in culture.", ("CLO", "MESH")
    ),
    "Treatment": Category(
        "Treatment", "A therapeutic procedure, surgical or not.", ("MESH",)
    ),
    "DiagnosticAid": Category(
        "DiagnosticAid", "A test, an examination or an image that tells diseases apart.", ("MESH",)
    ),
    "Procedure": Category(
        "Procedure", "A procedure that is neither clearly therapeutic nor clearly diagnostic.", ("MESH",)
    ),
    "AnatomicalEntity": Category(
        "AnatomicalEntity", "A part of the body.", ("UBERON", "MESH")
    ),
}

COVERED: dict[str, str] = {
    "BehavioralFeature": "PhenotypicFeature",
    "ClinicalFinding": "PhenotypicFeature",
    "MolecularEntity": "ChemicalEntity",
    "SmallMolecule": "ChemicalEntity",
    "NucleicAcidEntity": "ChemicalEntity",
    "ChemicalMixture": "ChemicalEntity",
    "MolecularMixture": "ChemicalEntity",
    "ComplexMolecularMixture": "ChemicalEntity",
    "ProcessedMaterial": "ChemicalEntity",
    "Drug": "ChemicalEntity",
    "EnvironmentalFoodContaminant": "ChemicalEntity",
    "FoodAdditive": "ChemicalEntity",
    "Food": "ChemicalEntity",
    "Snv": "SequenceVariant",
    "GrossAnatomicalStructure": "AnatomicalEntity",
    "PathologicalAnatomicalStructure": "AnatomicalEntity",
    "Cell": "AnatomicalEntity",
    "CellularComponent": "AnatomicalEntity",
}

PREDICATES: dict[str, Predicate] = {
    "causes": Predicate(
        "causes",
        False,
        False,
        ("ChemicalEntity", "Disease", "OrganismTaxon", "Gene", "SequenceVariant", "Treatment"),
        ("Disease", "PhenotypicFeature"),
    ),
    "contributes_to": Predicate(
        "contributes_to",
        False,
        False,
        ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene", "SequenceVariant", "OrganismTaxon", "Treatment", "Procedure"),
        ("Disease", "PhenotypicFeature"),
    ),
    "has_adverse_event": Predicate(
        "has_adverse_event",
        False,
        False,
        ("ChemicalEntity", "Treatment"),
        ("Disease", "PhenotypicFeature"),
    ),
    "treats": Predicate(
        "treats",
        False,
        False,
        ("ChemicalEntity", "Treatment"),
        ("Disease", "PhenotypicFeature"),
    ),
    "treats_or_applied_or_studied_to_treat": Predicate(
        "treats_or_applied_or_studied_to_treat",
        False,
        True,
        ("ChemicalEntity", "Treatment"),
        ("Disease", "PhenotypicFeature"),
    ),
    "preventative_for_condition": Predicate(
        "preventative_for_condition",
        False,
        False,
        ("ChemicalEntity", "Treatment"),
        ("Disease", "PhenotypicFeature"),
    ),
    "contraindicated_in": Predicate(
        "contraindicated_in",
        False,
        False,
        ("ChemicalEntity", "Treatment"),
        ("Disease", "PhenotypicFeature"),
    ),
    "diagnoses": Predicate(
        "diagnoses",
        False,
        False,
        ("DiagnosticAid",),
        ("Disease", "PhenotypicFeature"),
    ),
    "has_phenotype": Predicate(
        "has_phenotype",
        False,
        False,
        ("Disease",),
        ("PhenotypicFeature", "Disease"),
    ),
    "gene_associated_with_condition": Predicate(
        "gene_associated_with_condition",
        False,
        False,
        ("Gene",),
        ("Disease", "PhenotypicFeature"),
    ),
    "affects": Predicate(
        "affects",
        False,
        False,
        ("ChemicalEntity",),
        ("Gene",),
    ),
    "directly_physically_interacts_with": Predicate(
        "directly_physically_interacts_with",
        True,
        False,
        ("ChemicalEntity", "Gene", "SequenceVariant"),
        ("ChemicalEntity", "Gene", "SequenceVariant"),
    ),
    "interacts_with": Predicate(
        "interacts_with",
        True,
        False,
        ("ChemicalEntity", "Gene"),
        ("ChemicalEntity", "Gene"),
    ),
    "positively_correlated_with": Predicate(
        "positively_correlated_with",
        True,
        False,
        ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene", "SequenceVariant"),
        ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene", "SequenceVariant"),
    ),
    "negatively_correlated_with": Predicate(
        "negatively_correlated_with",
        True,
        False,
        ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene", "SequenceVariant"),
        ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene", "SequenceVariant"),
    ),
    "associated_with": Predicate(
        "associated_with",
        True,
        False,
        ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene", "SequenceVariant"),
        ("ChemicalEntity", "Disease", "PhenotypicFeature", "Gene", "SequenceVariant"),
    ),
    "related_to": Predicate(
        "related_to",
        True,
        False,
        ("ChemicalEntity", "Gene", "SequenceVariant"),
        ("ChemicalEntity", "Gene", "SequenceVariant"),
    ),
    "exact_match": Predicate(
        "exact_match",
        True,
        False,
        ("Disease", "PhenotypicFeature", "ChemicalEntity", "Gene", "SequenceVariant", "OrganismTaxon", "CellLine", "Treatment", "DiagnosticAid", "Procedure", "AnatomicalEntity"),
        ("Disease", "PhenotypicFeature", "ChemicalEntity", "Gene", "SequenceVariant", "OrganismTaxon", "CellLine", "Treatment", "DiagnosticAid", "Procedure", "AnatomicalEntity"),
    ),
    "close_match": Predicate(
        "close_match",
        True,
        False,
        ("Disease", "PhenotypicFeature", "ChemicalEntity", "Gene", "SequenceVariant", "OrganismTaxon", "CellLine", "Treatment", "DiagnosticAid", "Procedure", "AnatomicalEntity"),
        ("Disease", "PhenotypicFeature", "ChemicalEntity", "Gene", "SequenceVariant", "OrganismTaxon", "CellLine", "Treatment", "DiagnosticAid", "Procedure", "AnatomicalEntity"),
    ),
    "broad_match": Predicate(
        "broad_match",
        False,
        False,
        ("Disease", "PhenotypicFeature", "ChemicalEntity", "Gene", "SequenceVariant", "OrganismTaxon", "CellLine", "Treatment", "DiagnosticAid", "Procedure", "AnatomicalEntity"),
        ("Disease", "PhenotypicFeature", "ChemicalEntity", "Gene", "SequenceVariant", "OrganismTaxon", "CellLine", "Treatment", "DiagnosticAid", "Procedure", "AnatomicalEntity"),
    ),
}

LABELS: dict[str, Label] = {
    "CID:CID": Label(
        "CID:CID",
        "causes",
        (),
        (),
    ),
    "BioRED:Positive_Correlation": Label(
        "BioRED:Positive_Correlation",
        "positively_correlated_with",
        (),
        (),
    ),
    "BioRED:Negative_Correlation": Label(
        "BioRED:Negative_Correlation",
        "negatively_correlated_with",
        (),
        (),
    ),
    "BioRED:Association": Label(
        "BioRED:Association",
        "associated_with",
        (),
        (),
    ),
    "BioRED:Bind": Label(
        "BioRED:Bind",
        "directly_physically_interacts_with",
        (),
        (),
    ),
    "BioRED:Drug_Interaction": Label(
        "BioRED:Drug_Interaction",
        "interacts_with",
        (),
        (),
    ),
    "BioRED:Cotreatment": Label(
        "BioRED:Cotreatment",
        "related_to",
        (),
        (("relation_kind", "cotreatment"),),
    ),
    "BioRED:Comparison": Label(
        "BioRED:Comparison",
        "related_to",
        (),
        (("relation_kind", "comparison"),),
    ),
    "BioRED:Conversion": Label(
        "BioRED:Conversion",
        "related_to",
        (),
        (("relation_kind", "conversion"),),
    ),
    "CrowdTruth:treat": Label(
        "CrowdTruth:treat",
        "treats_or_applied_or_studied_to_treat",
        (),
        (),
    ),
    "CrowdTruth:cause": Label(
        "CrowdTruth:cause",
        "contributes_to",
        (),
        (),
    ),
    "CrowdTruth:caused_by": Label(
        "CrowdTruth:caused_by",
        "contributes_to",
        (),
        (),
    ),
    "DrugProt:ACTIVATOR": Label(
        "DrugProt:ACTIVATOR",
        "affects",
        (),
        (("causal_mechanism", "activation"), ("object_aspect", "activity"), ("object_direction", "increased"),),
    ),
    "DrugProt:INHIBITOR": Label(
        "DrugProt:INHIBITOR",
        "affects",
        (),
        (("causal_mechanism", "inhibition"), ("object_aspect", "activity"), ("object_direction", "decreased"),),
    ),
    "DrugProt:AGONIST": Label(
        "DrugProt:AGONIST",
        "affects",
        (),
        (("causal_mechanism", "agonism"), ("object_aspect", "activity"), ("object_direction", "increased"),),
    ),
    "DrugProt:AGONIST-ACTIVATOR": Label(
        "DrugProt:AGONIST-ACTIVATOR",
        "affects",
        (),
        (("causal_mechanism", "agonism"), ("object_aspect", "activity"), ("object_direction", "increased"),),
    ),
    "DrugProt:AGONIST-INHIBITOR": Label(
        "DrugProt:AGONIST-INHIBITOR",
        "affects",
        (),
        (("causal_mechanism", "agonism"), ("object_aspect", "activity"), ("object_direction", "decreased"),),
    ),
    "DrugProt:ANTAGONIST": Label(
        "DrugProt:ANTAGONIST",
        "affects",
        (),
        (("causal_mechanism", "antagonism"), ("object_aspect", "activity"), ("object_direction", "decreased"),),
    ),
    "DrugProt:DIRECT-REGULATOR": Label(
        "DrugProt:DIRECT-REGULATOR",
        "affects",
        (),
        (("object_aspect", "activity"),),
    ),
    "DrugProt:INDIRECT-UPREGULATOR": Label(
        "DrugProt:INDIRECT-UPREGULATOR",
        "affects",
        (),
        (("object_aspect", "expression"), ("object_direction", "increased"),),
    ),
    "DrugProt:INDIRECT-DOWNREGULATOR": Label(
        "DrugProt:INDIRECT-DOWNREGULATOR",
        "affects",
        (),
        (("object_aspect", "expression"), ("object_direction", "decreased"),),
    ),
    "DrugProt:SUBSTRATE": Label(
        "DrugProt:SUBSTRATE",
        "related_to",
        (),
        (("relation_kind", "substrate"),),
    ),
    "DrugProt:PRODUCT-OF": Label(
        "DrugProt:PRODUCT-OF",
        "related_to",
        (),
        (("relation_kind", "product"),),
    ),
    "DrugProt:SUBSTRATE_PRODUCT-OF": Label(
        "DrugProt:SUBSTRATE_PRODUCT-OF",
        "related_to",
        (),
        (("relation_kind", "substrate"),),
    ),
    "DrugProt:PART-OF": Label(
        "DrugProt:PART-OF",
        "related_to",
        (),
        (("relation_kind", "part"),),
    ),
    "pattern:treats": Label(
        "pattern:treats",
        "treats_or_applied_or_studied_to_treat",
        (("guideline", "treats"), ("label", "treats"),),
        (),
    ),
    "pattern:prevents": Label(
        "pattern:prevents",
        "preventative_for_condition",
        (),
        (),
    ),
    "pattern:prophylaxis": Label(
        "pattern:prophylaxis",
        "treats_or_applied_or_studied_to_treat",
        (("guideline", "preventative_for_condition"), ("label", "preventative_for_condition"),),
        (),
    ),
    "pattern:contraindicated": Label(
        "pattern:contraindicated",
        "contraindicated_in",
        (),
        (),
    ),
    "pattern:has_phenotype": Label(
        "pattern:has_phenotype",
        "has_phenotype",
        (),
        (),
    ),
    "pattern:causes": Label(
        "pattern:causes",
        "causes",
        (),
        (),
    ),
    "pattern:risk_factor": Label(
        "pattern:risk_factor",
        "contributes_to",
        (),
        (),
    ),
    "pattern:diagnoses": Label(
        "pattern:diagnoses",
        "diagnoses",
        (),
        (),
    ),
    "pattern:interacts": Label(
        "pattern:interacts",
        "interacts_with",
        (),
        (),
    ),
    "pattern:adverse_event": Label(
        "pattern:adverse_event",
        "has_adverse_event",
        (),
        (),
    ),
    "pattern:gene_disease": Label(
        "pattern:gene_disease",
        "gene_associated_with_condition",
        (),
        (),
    ),
    "curated:has_phenotype": Label(
        "curated:has_phenotype",
        "has_phenotype",
        (),
        (),
    ),
    "biolink:causes": Label(
        "biolink:causes",
        "causes",
        (),
        (),
    ),
    "biolink:contributes_to": Label(
        "biolink:contributes_to",
        "contributes_to",
        (),
        (),
    ),
    "biolink:has_adverse_event": Label(
        "biolink:has_adverse_event",
        "has_adverse_event",
        (),
        (),
    ),
    "biolink:treats": Label(
        "biolink:treats",
        "treats",
        (),
        (),
    ),
    "biolink:treats_or_applied_or_studied_to_treat": Label(
        "biolink:treats_or_applied_or_studied_to_treat",
        "treats_or_applied_or_studied_to_treat",
        (),
        (),
    ),
    "biolink:preventative_for_condition": Label(
        "biolink:preventative_for_condition",
        "preventative_for_condition",
        (),
        (),
    ),
    "biolink:contraindicated_in": Label(
        "biolink:contraindicated_in",
        "contraindicated_in",
        (),
        (),
    ),
    "biolink:diagnoses": Label(
        "biolink:diagnoses",
        "diagnoses",
        (),
        (),
    ),
    "biolink:has_phenotype": Label(
        "biolink:has_phenotype",
        "has_phenotype",
        (),
        (),
    ),
    "biolink:gene_associated_with_condition": Label(
        "biolink:gene_associated_with_condition",
        "gene_associated_with_condition",
        (),
        (),
    ),
    "biolink:affects": Label(
        "biolink:affects",
        "affects",
        (),
        (),
    ),
    "biolink:directly_physically_interacts_with": Label(
        "biolink:directly_physically_interacts_with",
        "directly_physically_interacts_with",
        (),
        (),
    ),
    "biolink:interacts_with": Label(
        "biolink:interacts_with",
        "interacts_with",
        (),
        (),
    ),
    "biolink:positively_correlated_with": Label(
        "biolink:positively_correlated_with",
        "positively_correlated_with",
        (),
        (),
    ),
    "biolink:negatively_correlated_with": Label(
        "biolink:negatively_correlated_with",
        "negatively_correlated_with",
        (),
        (),
    ),
    "biolink:associated_with": Label(
        "biolink:associated_with",
        "associated_with",
        (),
        (),
    ),
    "biolink:related_to": Label(
        "biolink:related_to",
        "related_to",
        (),
        (),
    ),
    "biolink:exact_match": Label(
        "biolink:exact_match",
        "exact_match",
        (),
        (),
    ),
    "biolink:close_match": Label(
        "biolink:close_match",
        "close_match",
        (),
        (),
    ),
    "biolink:broad_match": Label(
        "biolink:broad_match",
        "broad_match",
        (),
        (),
    ),
}

READERS: dict[str, ReaderKind] = {
    "hpoa": ReaderKind("hpoa", "knowledge_assertion", "manual_agent"),
    "doid": ReaderKind("doid", "knowledge_assertion", "manual_agent"),
    "cases": ReaderKind("cases", "observation", "manual_agent"),
    "extractor": ReaderKind("extractor", "not_provided", "text_mining_agent"),
    "patterns": ReaderKind("patterns", "not_provided", "text_mining_agent"),
}

KNOWLEDGE_LEVELS = ("knowledge_assertion", "logical_entailment", "observation", "statistical_association", "prediction", "text_co_occurrence", "not_provided")

AGENT_TYPES = ("manual_agent", "manual_validation_of_automated_agent", "automated_agent", "data_analysis_pipeline", "computational_model", "text_mining_agent", "image_processing_agent", "not_provided")

FREQUENCIES: dict[str, tuple[float, float]] = {
    "HP:0040280": (1.0, 1.0),
    "HP:0040281": (0.8, 0.99),
    "HP:0040282": (0.3, 0.79),
    "HP:0040283": (0.05, 0.29),
    "HP:0040284": (0.01, 0.04),
    "HP:0040285": (0.0, 0.0),
}
