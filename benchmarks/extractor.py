"""How fast the extractor reads, beside what a user would pick: transformers' token-classification pipeline.

`python -m benchmarks.extractor CORPUS.PubTator [--documents 40]`: same encoder weights, same machine, one run, each
format in a process of its own. The pipeline finds entities with one head; the extractor finds entities with all heads,
decodes, repairs abbreviations and judges relations. Torch and, with the extra `bench`, onnxruntime (fp32, dynamic int8)
encode in turn; the F1 of each is that of the documents read. The matrix limit is a 512 x 384 x 1536 product.

Seconds tell only on a quiet machine (`load` says how quiet it was). Shares of the limit and milliseconds of processor
time are told per core, and hold on a busy one too.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from benchmarks import extractor_onnx
from kg.config import bundled
from kg.encode.device import Precision, matrix_speeds, pick_device, pick_precision
from kg.evaluate.extractor import evaluate_documents, segment
from kg.extract.extractor import Extractor
from kg.extract.package import load_package
from kg.model import Link
from kg.train.corpora import GoldDocument, read_corpus

Row = dict[str, float]
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
    """GFLOP/s of matrix products on one core, all cores at once, by their own processor time."""
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    left, right = torch.randn(512, 384).to(kind), torch.randn(384, 1536).to(kind)
    cores, rounds = len(os.sched_getaffinity(0)), 300

    def work(_: int) -> float:
        torch.set_num_threads(1)
        left @ right
        began = time.thread_time()
        for _ in range(rounds):
            left @ right
        return time.thread_time() - began

    with ThreadPoolExecutor(cores) as pool:
        seconds = sum(pool.map(work, range(cores)))
    return cores * rounds * 2 * 512 * 384 * 1536 / seconds / 1e9


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


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds and seconds of processor time of the second of two runs."""
    work()
    began, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - busy


def extract(extractor: Extractor, documents: list[GoldDocument]) -> int:
    """Entities and relations of all documents; returns the number of word pieces."""
    tokens = 0
    for encoded in extractor.encode([segment(one) for one in documents]):
        extractor.relate(encoded, [Link(one) for one in extractor.recognise(encoded)])
        tokens += sum(len(read.ids) for read in encoded.reads)
    return tokens


def pipeline_row(corpus: Path, count: int, threads: int) -> Row:
    """What the pipeline takes for entities alone, with so many threads in a matrix product."""
    documents = read_corpus(corpus)[:count]
    torch.set_num_threads(threads)
    theirs = as_transformers()
    return _row(len(documents), *timed(lambda: [theirs(one.text) for one in documents]))


def extractor_row(corpus: Path, count: int, device: str, precision: Precision, exported: Path | None) -> Row:
    """What the extractor takes for everything, and what it finds, in one number format; `exported`: an ONNX encoder."""
    documents = list(read_corpus(corpus)[:count])
    package = load_package(MODEL)
    if exported is not None:
        extractor_onnx.encode_with(package.network, exported)
    extractor = Extractor(package, torch.device(device), precision)
    tokens = extract(extractor, documents)
    seconds, busy = timed(lambda: extract(extractor, documents))
    row = _row(len(documents), seconds, busy)
    limit = matrix_limit(precision) if device == "cpu" else device_limit(extractor.device)
    spent = busy if device == "cpu" else seconds
    found = evaluate_documents(extractor, documents, corpus.name)
    return row | {
        "tokens_per_second": round(tokens / seconds),
        "matrix_limit_gflops": round(limit),
        "share_of_limit": round(tokens * _FLOP / spent / 1e9 / limit, 3),
        "names_f1": round(100 * found.strict["all"].f1, 2),
        "relations_f1": round(100 * found.gold_mentions.type.f1, 2),
    }


def _row(documents: int, seconds: float, busy: float) -> Row:
    return {
        "abstracts_per_second": round(documents / seconds, 2),
        "cpu_ms_per_abstract": round(1000 * busy / documents, 1),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def alone(work: Callable[..., Row], *arguments: object) -> Row:
    """Do a measurement in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=40)
    options = parser.parse_args()
    asked = options.corpus, options.documents
    device = pick_device()
    chosen = device.type, pick_precision(device)
    load = os.getloadavg()[0]
    cores = len(os.sched_getaffinity(0))
    rows = {
        "pipeline, entities alone, default": alone(pipeline_row, *asked, cores),
        "pipeline, entities alone, one thread": alone(pipeline_row, *asked, 1),
    }
    formats = [chosen, *(("cpu", one) for one in sorted(matrix_speeds()) if ("cpu", one) != chosen)]
    for kind, precision in formats:
        mark = " (chosen)" if (kind, precision) == chosen else ""
        rows[f"{kind} torch {precision}{mark}"] = alone(extractor_row, *asked, kind, precision, None)
    if find_spec("onnxruntime"):
        with tempfile.TemporaryDirectory() as folder:
            for name, path in extractor_onnx.export(load_package(MODEL).network, Path(folder)).items():
                rows[f"cpu onnxruntime {name}"] = alone(extractor_row, *asked, "cpu", "fp32", path)
    default, single = list(rows.values())[:2]
    for row in rows.values():
        row["times_the_pipeline"] = round(row["abstracts_per_second"] / default["abstracts_per_second"], 2)
        # threads that wait for each other on a busy machine burn processor time: the one thread is the fair measure
        row["times_the_pipeline_by_cpu"] = round(single["cpu_ms_per_abstract"] / row["cpu_ms_per_abstract"], 2)
    loads = [round(one, 1) for one in (load, os.getloadavg()[0])]
    print(json.dumps({"documents": options.documents, "cores": cores, "load": loads, "rows": rows}, indent=2))


if __name__ == "__main__":
    main()
