"""Generate kg/schema/ from the YAML in this folder.

``python schemas/generate.py`` writes the files; ``--check`` exits 1 if a file differs from what would be written;
``--check-biolink`` exits 1 if a category or predicate is not in the installed Biolink Model.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "kg" / "schema"


def load() -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Read the three YAML files: categories, predicates with labels, prefixes."""
    medkg, predicates, prefixes = (
        yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
        for name in ("medkg.yaml", "predicates.yaml", "prefixes.yaml")
    )
    return medkg, predicates, prefixes


def vocabulary(medkg: dict[str, Any], rules: dict[str, Any], prefixes: dict[str, str]) -> str:
    """The Python module that the package imports."""
    lines = [
        '"""GENERATED from schemas/ by schemas/generate.py: the words that the graph may use. Do not edit."""',
        "",
        "from __future__ import annotations",
        "",
        "from kg.schema.terms import Category, Label, Predicate, ReaderKind",
        "",
        f"SCHEMA_VERSION = {json.dumps(medkg['version'])}",
        f"BIOLINK_VERSION = {json.dumps(medkg['biolink'])}",
        "",
        "PREFIXES: dict[str, str] = {",
        *(f"    {json.dumps(name)}: {json.dumps(iri)}," for name, iri in prefixes.items()),
        "}",
        "",
        "CATEGORIES: dict[str, Category] = {",
    ]
    for name, item in medkg["categories"].items():
        lines.append(f"    {json.dumps(name)}: Category(")
        lines.append(f"        {json.dumps(name)}, {json.dumps(item['description'])}, {_tuple(item['prefer'])}")
        lines.append("    ),")
    covered = {narrow: name for name, item in medkg["categories"].items() for narrow in item.get("covers", ())}
    lines += ["}", "", *_table("COVERED: dict[str, str]", covered)]
    lines += ["", "PREDICATES: dict[str, Predicate] = {"]
    for name, item in rules["predicates"].items():
        lines += [
            f"    {json.dumps(name)}: Predicate(",
            f"        {json.dumps(name)},",
            f"        {bool(item.get('symmetric', False))},",
            f"        {bool(item.get('studied', False))},",
            f"        {_tuple(item['subject'])},",
            f"        {_tuple(item['object'])},",
            "    ),",
        ]
    lines += ["}", "", "LABELS: dict[str, Label] = {"]
    said_in_biolink = {f"biolink:{name}": {"predicate": name} for name in rules["predicates"]}
    for name, item in (rules["labels"] | said_in_biolink).items():
        qualifiers = tuple(sorted(item.get("qualifiers", {}).items()))
        kinds = tuple(sorted(item.get("kinds", {}).items()))
        lines += [
            f"    {json.dumps(name)}: Label(",
            f"        {json.dumps(name)},",
            f"        {json.dumps(item['predicate'])},",
            f"        {_pairs(kinds)},",
            f"        {_pairs(qualifiers)},",
            "    ),",
        ]
    lines += ["}", "", "READERS: dict[str, ReaderKind] = {"]
    for name, item in medkg["readers"].items():
        words = ", ".join(json.dumps(word) for word in (name, item["knowledge_level"], item["agent_type"]))
        lines.append(f"    {json.dumps(name)}: ReaderKind({words}),")
    lines += ["}", "", f"KNOWLEDGE_LEVELS = {_tuple(medkg['knowledge_levels'])}"]
    lines += ["", f"AGENT_TYPES = {_tuple(medkg['agent_types'])}", ""]
    lines += _table(
        "FREQUENCIES: dict[str, tuple[float, float]]", {k: tuple(v) for k, v in medkg["frequencies"].items()}
    )
    return "\n".join([*lines, ""])


def constraints(rules: dict[str, Any]) -> str:
    """The constraints and indexes of the property graph; what is merged by id is unique by id."""
    nodes = ("Concept", "Statement", "Evidence", "Document", "Projection")
    looked_up = (("Statement", "subject"), ("Statement", "object"), ("Statement", "predicate"), ("Document", "work"))
    lines = ["// GENERATED from schemas/ by schemas/generate.py: what `kg publish` makes first. Do not edit."]
    for label in nodes:
        name = label.lower()
        lines.append(f"CREATE CONSTRAINT {name}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE;")
    for name in rules["predicates"]:
        kind = name.upper()
        lines.append(f"CREATE CONSTRAINT {name}_id IF NOT EXISTS FOR ()-[r:{kind}]-() REQUIRE r.id IS UNIQUE;")
    for label, name in looked_up:
        lines.append(f"CREATE INDEX {label.lower()}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name});")
    lines.append("CREATE FULLTEXT INDEX `Concept[names]` IF NOT EXISTS FOR (n:Concept) ON EACH [n.names];")
    return "\n".join([*lines, ""])


def _table(name: str, values: dict[str, Any]) -> list[str]:
    rows = (f"    {json.dumps(key)}: {json.dumps(v) if isinstance(v, str) else v}," for key, v in values.items())
    return [f"{name} = {{", *rows, "}"]


def _tuple(values: list[str]) -> str:
    inner = ", ".join(json.dumps(value) for value in values)
    return f"({inner},)" if len(values) == 1 else f"({inner})"


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return "(" + "".join(f"({json.dumps(key)}, {json.dumps(value)}), " for key, value in pairs).rstrip(" ") + ")"


_SHAPES = """\
# GENERATED from schemas/ by schemas/generate.py: what an RDF export must be like (SHACL). Do not edit.
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix biolink: <{biolink}> .
@prefix mkv: <{medkg}vocab/> .
@prefix shape: <{medkg}shape/> .

shape:Concept a sh:NodeShape ; sh:targetClass {classes} ;
    sh:property [ sh:path dcterms:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path rdfs:label ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path biolink:category ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {categories} ) ] ;
    sh:nodeKind sh:IRI .

shape:Association a sh:NodeShape ; sh:targetClass biolink:Association ;
    sh:property [ sh:path rdf:subject ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path rdf:object ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path rdf:predicate ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {predicates} ) ] ,
        [ sh:path mkv:belief ; sh:minCount 1 ; sh:maxCount 1 ; sh:node shape:Share ] ,
        [ sh:path mkv:support ; sh:minCount 1 ; sh:maxCount 1 ; sh:node shape:Share ] ,
        [ sh:path mkv:refute ; sh:minCount 1 ; sh:maxCount 1 ; sh:node shape:Share ] ,
        [ sh:path biolink:knowledge_level ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {levels} ) ] ,
        [ sh:path biolink:agent_type ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {agents} ) ] ,
        [ sh:path biolink:publications ; sh:class biolink:Publication ] ,
        [ sh:path biolink:has_evidence ; sh:minCount 1 ; sh:class oa:Annotation ] ;
    sh:nodeKind sh:IRI .

shape:Share a sh:NodeShape ; sh:datatype xsd:decimal ; sh:minInclusive 0.0 ; sh:maxInclusive 1.0 .

shape:Evidence a sh:NodeShape ; sh:targetClass oa:Annotation ;
    sh:property [ sh:path oa:hasBody ; sh:minCount 1 ; sh:maxCount 1 ; sh:class biolink:Association ] ,
        [ sh:path oa:hasTarget ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path prov:wasAttributedTo ; sh:minCount 1 ; sh:maxCount 1 ; sh:class prov:SoftwareAgent ] ,
        [ sh:path prov:wasDerivedFrom ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Document ] ,
        [ sh:path mkv:polarity ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( "supports" "refutes" ) ] ,
        [ sh:path mkv:certainty ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( "asserted" "hedged" "hypothesis" ) ] ,
        [ sh:path mkv:score ; sh:minCount 1 ; sh:maxCount 1 ; sh:node shape:Share ] ;
    sh:nodeKind sh:IRI .

shape:Sentence a sh:NodeShape ; sh:targetClass oa:SpecificResource ;
    sh:property [ sh:path oa:hasSource ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Document ] ,
        [ sh:path oa:hasSelector ; sh:minCount 1 ; sh:maxCount 2 ] .

shape:Quotation a sh:NodeShape ; sh:targetClass oa:TextQuoteSelector ;
    sh:property [ sh:path oa:exact ; sh:minCount 1 ; sh:maxCount 1 ] .

shape:Place a sh:NodeShape ; sh:targetClass oa:TextPositionSelector ;
    sh:property [ sh:path oa:start ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 0 ;
        sh:lessThanOrEquals oa:end ] ,
        [ sh:path oa:end ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ] .

shape:Document a sh:NodeShape ; sh:targetClass foaf:Document ;
    sh:property [ sh:path prov:specializationOf ; sh:minCount 1 ; sh:maxCount 1 ; sh:class biolink:Publication ] ,
        [ sh:path dcterms:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path mkv:textHash ; sh:minCount 1 ; sh:maxCount 1 ] .

shape:Work a sh:NodeShape ; sh:targetClass biolink:Publication ;
    sh:property [ sh:path dcterms:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
        [ sh:path mkv:state ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( "current" "retracted" ) ] .
"""

_ALLOWED = """
shape:{name} a sh:NodeShape ; sh:targetClass biolink:Association ;
    sh:or (
        [ sh:not [ sh:property [ sh:path rdf:predicate ; sh:hasValue biolink:{name} ] ] ]
        [ sh:property [ sh:path ( rdf:subject biolink:category ) ; sh:minCount 1 ; sh:in ( {subject} ) ] ,
            [ sh:path ( rdf:object biolink:category ) ; sh:minCount 1 ; sh:in ( {object} ) ] ]
    ) ;
    sh:message "biolink:{name} does not join these categories" .
"""


def shapes(medkg: dict[str, Any], rules: dict[str, Any], prefixes: dict[str, str]) -> str:
    """The SHACL shapes of an RDF export: every node's own, and which categories a predicate may join."""

    def words(names: Any, joined: str = " ") -> str:
        return joined.join(f"biolink:{name}" for name in names)

    def values(names: list[str]) -> str:
        return " ".join(f'"{name}"' for name in sorted(names))

    categories = list(medkg["categories"])
    general = _SHAPES.format(
        biolink=prefixes["biolink"],
        medkg=prefixes["medkg"],
        classes=words(categories, " , "),
        categories=words(categories),
        predicates=words(rules["predicates"]),
        levels=values(medkg["knowledge_levels"]),
        agents=values(medkg["agent_types"]),
    )
    return general + "".join(
        _ALLOWED.format(name=name, subject=words(item["subject"]), object=words(item["object"]))
        for name, item in rules["predicates"].items()
    )


def check_consistent(medkg: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    """Say which names in the YAML point at nothing."""
    problems = []
    for name, item in rules["predicates"].items():
        for side in ("subject", "object"):
            problems += [f"{name}: unknown category {c}" for c in item[side] if c not in medkg["categories"]]
        if item.get("symmetric") and item["subject"] != item["object"]:
            problems.append(f"{name}: symmetric, but subject and object differ")
    for name, item in medkg["readers"].items():
        for slot in ("knowledge_level", "agent_type"):
            if item[slot] not in medkg[f"{slot}s"]:
                problems.append(f"reader {name}: {item[slot]} is not among the {slot}s")
    for name, item in rules["labels"].items():
        for predicate in [item["predicate"], *item.get("kinds", {}).values()]:
            if predicate not in rules["predicates"]:
                problems.append(f"label {name}: unknown predicate {predicate}")
    return problems


def check_biolink(medkg: dict[str, Any], rules: dict[str, Any]) -> list[str]:
    """Say which categories and predicates the installed Biolink Model does not have, deprecates or contradicts."""
    import biolink_model

    folder = Path(next(iter(biolink_model.__path__)))
    model = yaml.safe_load((folder / "schema" / "biolink_model.yaml").read_text(encoding="utf-8"))
    classes = {_class(name) for name in model["classes"]}
    problems = [f"category {name} is not in Biolink" for name in medkg["categories"] if name not in classes]
    if model["version"] != medkg["biolink"]:
        problems.append(f"schemas/ say Biolink {medkg['biolink']}, installed is {model['version']}")
    for slot in ("knowledge_level", "agent_type"):
        enum = model["slots"][slot.replace("_", " ")]["range"]
        if set(medkg[f"{slot}s"]) != set(model["enums"][enum]["permissible_values"]):
            problems.append(f"{slot}s are not the values that Biolink has")
    above = {_class(name): _class(item.get("is_a") or "") for name, item in model["classes"].items()}
    for name, item in medkg["categories"].items():
        for narrow in item.get("covers", ()):
            up = above.get(narrow, "")
            while up and up != name:
                up = above[up]
            if not up:
                problems.append(f"category {narrow} is no {name} in Biolink")
    for name, item in rules["predicates"].items():
        slot = model["slots"].get(name.replace("_", " "))
        if slot is None:
            problems.append(f"predicate {name} is not in Biolink")
        elif slot.get("deprecated"):
            problems.append(f"predicate {name} is deprecated in Biolink")
        elif bool(slot.get("symmetric")) != bool(item.get("symmetric", False)):
            problems.append(f"predicate {name}: symmetric in one of schemas/ and Biolink only")
    return problems


def _class(name: str) -> str:
    """A Biolink class as a CURIE has it: ``SmallMolecule`` of "small molecule"."""
    return "".join(part[:1].upper() + part[1:] for part in name.split())


def main(arguments: list[str]) -> int:
    """Write, or check; return the exit status."""
    medkg, rules, prefixes = load()
    problems = check_consistent(medkg, rules)
    if "--check-biolink" in arguments:
        problems += check_biolink(medkg, rules)
    files = {
        "vocabulary.py": vocabulary(medkg, rules, prefixes),
        "constraints.cypher": constraints(rules),
        "shapes.ttl": shapes(medkg, rules, prefixes),
    }
    for name, text in files.items():
        path = TARGET / name
        if "--check" in arguments:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                problems.append(f"kg/schema/{name} is not what schemas/ give: run python schemas/generate.py")
        elif not problems:
            path.write_text(text, encoding="utf-8")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
