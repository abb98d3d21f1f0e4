"""The model card: what the weights are, made from their config and from evaluations on dev."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.evaluate.extractor import Evaluation, evaluate_documents
from kg.evaluate.extractor_counts import ece
from kg.evaluate.extractor_text import figures
from kg.extract.extractor import Extractor
from kg.extract.identity import read_config
from kg.link.linker import Linker
from kg.train.corpora import GoldDocument
from kg.train.data import read_split
from kg.train.recipe import CorpusRecipe, Recipe

_HEAD = """# The extractor of medkg, version {version}

A BERT encoder (MiniLM, {layers} layers, {width} wide) with a tag head for each of six annotation schemes and one
relation head, read in one pass. It names diseases, signs and symptoms, chemicals and drugs, genes, variants, species,
cell lines, procedures and anatomy in English biomedical text, and relations between chemicals, diseases, genes and
variants.

**Use**: evidence for people who read it. Not a diagnosis, not advice; every reading can be wrong at the rates below.

**Made from** {encoder} (all-MiniLM-L6-v2, Apache-2.0), fine-tuned on the training halves only of: {documents}.
No document of any dev half was in training; no test split was seen. The lexicon holds hashes of names from MeSH (NLM),
the Disease Ontology (CC0), the Symptom Ontology (CC0), HPO (HPO licence), HGNC (CC0); it contains no names.

**Files**: `model.safetensors` (fp16, embeddings int8), `lexicon.safetensors`, `tokenizer.json`, `config.json` (label
maps, calibration, recipe, digest `{digest}`). The digest is checked at load.

**Made with** `kg train release DATA --output DIR`, recipe in config.json, {steps} steps.{remark}
**Repeat the figures**: `kg evaluate card DATA`, or `kg evaluate extractor CORPUS` for one corpus.

Strict F1 in percent unless said otherwise, on dev (which also chose thresholds and temperatures, so relation figures
are a little kind).
"""

_LIMITS = """
## Limits
- English only. Trained on abstracts, case reports and drug labels: guidelines and tables are another kind of text.
- MACCROBAT (20 cases), TAC (4 labels) and DrugProt (35 abstracts) are held-out samples of training corpora.
- Relations are judged within one window of 512 word pieces. In the product they are given only from a score at which
  75 % (of CID 80 %) were right on dev with gold mentions, and outside abstracts only within a section and three
  sentences. Outside texts on adverse effects that share is lower: the head of CID confuses what a drug treats with what
  it causes.
- BioRED relations say that two things are associated or correlated, never that one treats or causes the other.
"""


def split_recipe(facts: Mapping[str, Any]) -> Recipe:
    """The recipe that the weights were made with, as their config tells it."""
    values = dict(facts["recipe"])
    corpora = tuple(CorpusRecipe(**one) for one in values.pop("corpora"))
    return Recipe(corpora, **values)


def read_dev(model: Path, data: Path) -> dict[str, tuple[GoldDocument, ...]]:
    """The documents of every dev half of a model folder's own recipe, by scheme; training has seen none of them."""
    return read_split(split_recipe(read_config(model)["facts"]), data).dev


def evaluate_dev(model: Path, data: Path, linker: Linker | None, device: str = "auto") -> list[Evaluation]:
    """Evaluate a model folder on every dev half of its own recipe. Raises ModelError, SourceFormatError."""
    extractor = Extractor.load(model, device)
    return [
        evaluate_documents(extractor, documents, f"{name} dev", linker if name in ("BC5CDR", "BioRED") else None)
        for name, documents in read_dev(model, data).items()
    ]


def card(model: Path, evaluations: Sequence[Evaluation]) -> str:
    """The text of README.md in a model folder."""
    config = read_config(model)
    facts = config["facts"]
    documents = ", ".join(f"{name} ({count})" for name, count in facts["documents"].items())
    lines = [
        _HEAD.format(
            version=config["version"],
            layers=config["encoder"]["num_hidden_layers"],
            width=config["encoder"]["hidden_size"],
            encoder=facts["recipe"]["encoder"],
            documents=documents,
            digest=config["digest"][:16],
            steps=facts["step"],
            remark=f" {facts['remark']}" if facts.get("remark") else "",
        )
    ]
    for result in evaluations:
        lines += [f"## {result.corpus}: {result.documents} documents", "", *figures(result)]
        found = f"Calibration: ECE of mentions {ece(result.answers):.3f}"
        if result.scheme.relations:
            found += f", of relations {ece(result.gold_mentions.answers):.3f}"
        lines += ["", f"{found}.", ""]
    lines.append(_LIMITS.lstrip())
    return "\n".join(lines)
