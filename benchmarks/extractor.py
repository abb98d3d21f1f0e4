"""How fast the extractor reads, beside what a user would pick: transformers' token-classification pipeline.

`python benchmarks/extractor.py CORPUS.PubTator [--documents 40]`: same encoder weights, same machine, one run. The
pipeline finds entities with one head; the extractor finds entities with all heads, decodes, repairs abbreviations and
judges relations. The matrix limit is a 512 x 384 x 1536 product, one a core.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch

from kg.config import bundled
from kg.encode.device import Precision, matrix_speeds
from kg.evaluate.extractor import segment
from kg.extract.extractor import Extractor
from kg.extract.package import load_package
from kg.model import Link
from kg.train.corpora import GoldDocument, read_corpus

MODEL = bundled("models/extractor")
_FLOP = 2 * 12 * 384 * 384 * 6  # of the linear layers, a token


def as_transformers() -> Any:
    """The released encoder with the BC5CDR head as a transformers pipeline in its default form."""
    from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast, pipeline

    package = load_package(MODEL)
    sizes = package.network.encoder.config
    part = package.network.tag_slices[0]
    model = BertForTokenClassification(
        BertConfig(
            vocab_size=sizes.vocab_size, hidden_size=sizes.hidden_size, num_hidden_layers=sizes.num_hidden_layers,
            num_attention_heads=sizes.num_attention_heads, intermediate_size=sizes.intermediate_size,
            max_position_embeddings=sizes.max_position_embeddings, num_labels=part.stop - part.start,
        )
    )  # fmt: skip
    state = package.network.state_dict()
    theirs = {
        "bert.embeddings.word_embeddings.weight": state["encoder.words.weight"],
        "bert.embeddings.position_embeddings.weight": state["encoder.positions.weight"],
        "bert.embeddings.LayerNorm.weight": state["encoder.norm.weight"],
        "bert.embeddings.LayerNorm.bias": state["encoder.norm.bias"],
        "classifier.weight": state["tags.weight"][part],
        "classifier.bias": state["tags.bias"][part],
        "bert.embeddings.token_type_embeddings.weight": torch.zeros(2, sizes.hidden_size),
    }
    renamed = {
        "attend": "attention.output.dense", "attend_norm": "attention.output.LayerNorm",
        "expand": "intermediate.dense", "contract": "output.dense", "norm": "output.LayerNorm",
    }  # fmt: skip
    for number in range(sizes.num_hidden_layers):
        for kind in ("weight", "bias"):
            ours = f"encoder.layers.{number}."
            there = f"bert.encoder.layer.{number}."
            for name, chunk in zip(("query", "key", "value"), state[f"{ours}project.{kind}"].chunk(3), strict=True):
                theirs[f"{there}attention.self.{name}.{kind}"] = chunk.contiguous()
            for name, other in renamed.items():
                theirs[f"{there}{other}.{kind}"] = state[f"{ours}{name}.{kind}"]
    model.load_state_dict(theirs, strict=False)
    tokenizer = BertTokenizerFast(tokenizer_file=str(MODEL / "tokenizer.json"), model_max_length=512)
    return pipeline("token-classification", model=model.eval(), tokenizer=tokenizer, device=-1)


def matrix_limit(precision: Precision) -> float:
    """GFLOP/s of one matrix product a core, all cores at once."""
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    left, right = torch.randn(512, 384).to(kind), torch.randn(384, 1536).to(kind)
    cores, rounds = len(os.sched_getaffinity(0)), 300

    def work() -> None:
        torch.set_num_threads(1)
        for _ in range(rounds):
            left @ right

    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(lambda _: left @ right, range(cores)))
        began = time.perf_counter()
        list(pool.map(lambda _: work(), range(cores)))
    return cores * rounds * 2 * 512 * 384 * 1536 / (time.perf_counter() - began) / 1e9


def device_limit(device: torch.device) -> float:
    """GFLOP/s of a large bf16 product on a GPU. Not measured by us yet: no GPU was at hand when this was written."""
    left, right = (torch.randn(8192, 8192, device=device, dtype=torch.bfloat16) for _ in range(2))
    rounds = 20
    torch.mm(left, right)
    torch.cuda.synchronize(device)
    began = time.perf_counter()
    for _ in range(rounds):
        torch.mm(left, right)
    torch.cuda.synchronize(device)
    return rounds * 2 * 8192**3 / (time.perf_counter() - began) / 1e9


def timed(work: Callable[[], object]) -> float:
    """Seconds of the second of two runs."""
    work()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def extract(extractor: Extractor, documents: list[GoldDocument]) -> int:
    """Entities and relations of all documents; returns the number of word pieces."""
    tokens = 0
    for encoded in extractor.encode([segment(one) for one in documents]):
        extractor.relate(encoded, [Link(one) for one in extractor.recognise(encoded)])
        tokens += sum(len(read.ids) for read in encoded.reads)
    return tokens


def measure(extractor: Extractor, documents: list[GoldDocument], pipeline_seconds: float) -> dict[str, float | None]:
    """One row of the table: a number format, its speed, and its share of what the matrix products allow."""
    tokens = extract(extractor, documents)
    seconds = timed(lambda: extract(extractor, documents))
    on_cpu = extractor.device.type == "cpu"
    limit = matrix_limit(extractor.precision) if on_cpu else device_limit(extractor.device)
    return {
        "abstracts_per_second": round(len(documents) / seconds, 2),
        "tokens_per_second": round(tokens / seconds),
        "times_the_pipeline": round(pipeline_seconds / seconds, 2),
        "matrix_limit_gflops": round(limit),
        "share_of_limit": round(tokens * _FLOP / seconds / 1e9 / limit, 3),
    }


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=40)
    options = parser.parse_args()
    documents = list(read_corpus(options.corpus))[: options.documents]
    cores = len(os.sched_getaffinity(0))
    torch.set_num_threads(cores)
    theirs = as_transformers()
    # before the extractor sets one thread a window
    pipeline_seconds = timed(lambda: [theirs(one.text) for one in documents])
    chosen = Extractor.load(MODEL)
    rows = {f"{chosen.device.type} {chosen.precision} (chosen)": measure(chosen, documents, pipeline_seconds)}
    others: set[Precision] = set(matrix_speeds()) - ({chosen.precision} if chosen.device.type == "cpu" else set())
    for precision in sorted(others):
        extractor = Extractor(load_package(MODEL), torch.device("cpu"), precision)
        rows[f"cpu {precision}"] = measure(extractor, documents, pipeline_seconds)
    print(
        json.dumps(
            {
                "documents": len(documents),
                "cores": cores,
                "pipeline": {"abstracts_per_second": round(len(documents) / pipeline_seconds, 2)},
                "extractor": rows,
                "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
