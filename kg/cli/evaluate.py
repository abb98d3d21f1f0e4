"""``kg evaluate``: gold -> numbers, with the protocol said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DEFAULT_GRAPH, GraphOption, JsonOption
from kg.cli.output import print_json, talk

app = typer.Typer(help="Measure the readers on annotated corpora.", no_args_is_help=True)
_EVERY = 50
PageOption = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Also write a page with the reliability plot.")
]


@app.callback()
def evaluate() -> None:
    """Measure the readers on annotated corpora."""


@app.command()
def extractor(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="PubTator, BioC, TAC label, TSV, brat folder.")],
    model: Annotated[Path | None, typer.Option("--model", help="A model folder; the settings' one by default.")] = None,
    output: PageOption = None,
    as_json: JsonOption = False,
    link: Annotated[bool, typer.Option(help="Also match relation arguments by concept id.")] = True,
) -> None:
    """Mentions and relations of the extractor against a corpus: P, R, F1, confusion, calibration, worst errors."""
    from kg.config import load_settings
    from kg.evaluate.extractor import evaluate_extractor
    from kg.evaluate.extractor_text import page, report

    settings = load_settings()

    def progress(done: int, total: int) -> None:
        if done % _EVERY == 0 or done == total:
            talk.print(f"read {done} of {total} documents")

    terminology = settings.terminology if link and settings.terminology.exists() else None
    if link and terminology is None:
        talk.print("no terminology: nothing is matched by id", markup=False)
    result = evaluate_extractor(corpus, model or settings.extractor, terminology, settings.device, progress)
    if output is not None:
        output.write_text(page(result), encoding="utf-8")
        talk.print(f"wrote {output}", markup=False)
    if as_json:
        print_json(result.as_json())
    else:
        print(report(result))


@app.command()
def linking(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="PubTator or BioC XML with ids.")],
    terminology: Annotated[
        Path | None, typer.Option("--terminology", metavar="DIR", help="A built terminology.")
    ] = None,
    learned: Annotated[bool, typer.Option(help="Count names that were learned from training documents.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Gold mentions against their gold ids: accuracy where the id is in the vocabulary, and NIL."""
    from kg.cli.output import print_table
    from kg.config import load_settings
    from kg.evaluate.linking import evaluate_linking
    from kg.link.terminology import Terminology

    loaded = Terminology.load(terminology or load_settings().terminology)
    result = evaluate_linking(corpus, loaded, learned=learned)
    if as_json:
        print_json(result)
    else:
        columns = (
            "accuracy_at_1", "as_biosyn", "any_vocabulary", "overall", "in_vocabulary", "nil_precision", "nil_recall",
            "support",
        )  # fmt: skip
        print_table(("type", *columns), [(n, *(row[c] for c in columns)) for n, row in result["types"].items()])


@app.command()
def assertion(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="TAC labels, or a brat folder with attributes.")],
    errors: Annotated[int, typer.Option(min=0, help="Show so many errors of the first half.")] = 15,
    as_json: JsonOption = False,
) -> None:
    """Gold mentions: is their status (negated, hedged, ...) found, and what a drug label says of drug and reaction?"""
    from kg.evaluate.assertion import evaluate_assertion
    from kg.evaluate.assertion_text import report

    def progress(done: int, total: int) -> None:
        if done % _EVERY == 0 or done == total:
            talk.print(f"read {done} of {total} documents")

    result = evaluate_assertion(corpus, progress)
    if as_json:
        print_json(result.as_json())
    else:
        print(report(result, errors))


@app.command()
def differential(
    knowledge: Annotated[
        list[Path],
        typer.Option("--knowledge", metavar="FILE", help="phenotype.hpoa or cases (one JSON a line); repeatable."),
    ],
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE", help="Cases with their diagnosis, to be ranked.")
    ] = None,
    folds: Annotated[
        int, typer.Option(min=2, help="Without --cases: hold each of so many parts of the known cases out in turn.")
    ] = 5,
    uniform: Annotated[bool, typer.Option("--uniform", help="Every disease is equally likely beforehand.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Patient cases whose diagnosis is known: how high it ranks among all diseases. Shares in [0, 1]."""
    from kg.cli.output import print_table
    from kg.config import load_settings
    from kg.evaluate.differential import cross_validate, evaluate_files, read_knowledge
    from kg.link.terminology import Terminology

    terminology = Terminology.load(load_settings().terminology)
    if cases is None:
        result = cross_validate(read_knowledge(knowledge), terminology, folds, prior=not uniform)
    else:
        result = evaluate_files(knowledge, cases, terminology, prior=not uniform)
    if as_json:
        print_json(result)
    else:
        columns = ("cases", "candidates", "top1", "top3", "top10", "mrr", "seconds")
        print_table(columns, [[part[name] for name in columns] for part in (*result.get("folds", ()), result)])


@app.command()
def card(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="The data folder with corpora/.")],
    model: Annotated[Path | None, typer.Option("--model", help="A model folder; the settings' one by default.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write README.md into the model folder.")] = False,
) -> None:
    """The model card of the extractor, with its figures measured anew on the dev halves of its recipe."""
    from kg.config import load_settings
    from kg.evaluate.extractor_card import card as render
    from kg.evaluate.extractor_card import evaluate_dev
    from kg.link.linker import Linker
    from kg.link.terminology import Terminology

    settings = load_settings()
    folder = model or settings.extractor
    linker = Linker.load(Terminology.load(settings.terminology)) if settings.terminology.exists() else None
    text = render(folder, evaluate_dev(folder, data, linker, settings.device))
    if write:
        (folder / "README.md").write_text(text, encoding="utf-8")
        talk.print(f"wrote {folder / 'README.md'}", markup=False)
    else:
        print(text, end="")


@app.command()
def belief(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="The data folder with corpora/.")],
    output: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Statements of the dev abstracts against their gold relations: is belief as often right as it says?"""
    from kg.config import load_settings
    from kg.evaluate.belief import CORPORA, evaluate_belief
    from kg.evaluate.belief_report import page, report
    from kg.evaluate.extractor_card import read_dev
    from kg.pipeline import read_documents
    from kg.readers import Readers

    readers = Readers(load_settings())
    dev = read_dev(readers.settings.extractor, data)

    def progress(done: int, total: int) -> None:
        talk.print(f"read {done} of {total} documents")

    gold = {name: dev[name] for name in CORPORA if name in dev}
    result = evaluate_belief(gold, lambda documents: read_documents(documents, readers), progress)
    if output is not None:
        output.write_text(page(result), encoding="utf-8")
        talk.print(f"wrote {output}", markup=False)
    if as_json:
        print_json(result.as_json())
    else:
        print(report(result))


@app.command()
def evidence(
    judgements: Annotated[Path, typer.Argument(metavar="VERDICTS", help="Verdicts on evidence, tab-separated.")],
    graph: GraphOption = DEFAULT_GRAPH,
    unjudged: Annotated[
        Path | None, typer.Option("--unjudged", metavar="FILE", help="Write what nobody judged, to be filled in.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Evidence of a graph against a person's verdicts: how much of it is right, by reader and predicate."""
    from kg.cli.output import print_table
    from kg.evaluate.judged import judged_graph, write_rows
    from kg.opening import open_graph

    with open_graph(graph) as opened:
        result = judged_graph(opened, judgements)
    if unjudged is not None:
        rows = list(result.unjudged())
        write_rows(rows, unjudged)
        talk.print(f"wrote {len(rows)} rows to {unjudged}", markup=False)
    found = result.as_json()
    if as_json:
        print_json(found)
        return
    columns = ("right", "judged", "of", "precision", "low", "high", "mean_belief")
    for part in ("evidence", "statements"):
        print_table((part, *columns), [(n, *(row.get(c, "") for c in columns)) for n, row in found[part].items()])
    kinds = sorted({kind for errors in found["errors"].values() for kind in errors})
    print_table(("errors", *kinds), [(n, *(e.get(k, 0) for k in kinds)) for n, e in found["errors"].items()])
