// The words of the page: what categories, kinds of documents and predicates are called, and which lines help or harm.

export const CATEGORIES = {
  Disease: "disease", PhenotypicFeature: "sign or symptom", ChemicalEntity: "drug or chemical", Gene: "gene",
  Treatment: "treatment", DiagnosticAid: "test", SequenceVariant: "variant", OrganismTaxon: "organism",
  CellLine: "cell line", Procedure: "procedure", AnatomicalEntity: "part of the body",
};
export const KINDS = ["article", "guideline", "trial", "label", "case", "knowledge_base"];

const WORDS = {
  treats_or_applied_or_studied_to_treat: "studied or applied to treat", preventative_for_condition: "prevents",
  has_phenotype: "shows as", has_adverse_event: "has the adverse event",
  gene_associated_with_condition: "gene associated with", directly_physically_interacts_with: "binds",
};
const HELPS = new Set(["treats", "treats_or_applied_or_studied_to_treat", "preventative_for_condition"]);
const HARMS = new Set(["causes", "contributes_to", "has_adverse_event", "contraindicated_in"]);
const SYMMETRIC = new Set([
  "directly_physically_interacts_with", "interacts_with", "positively_correlated_with", "negatively_correlated_with",
  "associated_with", "related_to",
]);

// What is said of a concept, by the part it plays: [heading, predicates, the concept's part in them].
export const GROUPS = [
  ["Treated with", ["treats", "treats_or_applied_or_studied_to_treat"], "object"],
  ["Treats", ["treats", "treats_or_applied_or_studied_to_treat"], "subject"],
  ["Contraindicated", ["contraindicated_in"], "object"],
  ["Contraindicated in", ["contraindicated_in"], "subject"],
  ["Signs and symptoms", ["has_phenotype"], "subject"],
  ["A sign or symptom of", ["has_phenotype"], "object"],
  ["Caused by", ["causes", "contributes_to", "has_adverse_event"], "object"],
  ["Causes", ["causes", "contributes_to", "has_adverse_event"], "subject"],
  ["Prevented by", ["preventative_for_condition"], "object"],
  ["Prevents", ["preventative_for_condition"], "subject"],
  ["Diagnosed with", ["diagnoses"], "object"],
  ["Diagnoses", ["diagnoses"], "subject"],
  ["Genes", ["gene_associated_with_condition"], "object"],
  ["Diseases", ["gene_associated_with_condition"], "subject"],
];

export const bare = (predicate) => predicate.replace("biolink:", "");
export const says = (predicate) => WORDS[bare(predicate)] ?? bare(predicate).replaceAll("_", " ");
export const tone = (predicate) => (HELPS.has(bare(predicate)) ? "helps" : HARMS.has(bare(predicate)) ? "harms" : "");
export const symmetric = (predicate) => SYMMETRIC.has(bare(predicate));
export const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
