"""``kg train``: the project's own training. Progress on stderr; a killed run goes on with --resume."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import JsonOption

app = typer.Typer(help="Train the readers: pretraining, fine-tuning, the release, a classifier.", no_args_is_help=True)

DataArgument = Annotated[Path, typer.Argument(metavar="DATA", help="The data folder with corpora/ and vocabularies/.")]
OutputOption = Annotated[Path, typer.Option("--output", metavar="DIR", help="Checkpoints, curves and the result.")]
RecipeOption = Annotated[Path | None, typer.Option("--recipe", help="A recipe; the released one by default.")]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint in DIR.")]


@app.callback()
def train() -> None:
    """Train the readers: pretraining, fine-tuning, the release, a classifier."""


@app.command()
def mlm(data: DataArgument, output: OutputOption, recipe: RecipeOption = None, resume: ResumeOption = False) -> None:
    """Pretrain the encoder on the texts in DATA and write DIR/encoder, which a recipe's `encoder` can name."""
    from kg.train.commands import train_mlm
    from kg.train.recipe import RELEASED

    print(train_mlm(recipe or RELEASED, data, output, resume))


@app.command()
def extractor(
    data: DataArgument,
    output: OutputOption,
    recipe: RecipeOption = None,
    resume: ResumeOption = False,
    version: Annotated[str, typer.Option("--version", help="The version that the model will carry.")] = "0.0.0",
) -> None:
    """Fine-tune the extractor on all corpora of a recipe and write DIR/model."""
    from kg.train.commands import train_extractor
    from kg.train.recipe import RELEASED

    print(train_extractor(recipe or RELEASED, data, output, resume, version))


@app.command()
def release(
    data: DataArgument,
    output: OutputOption,
    recipe: RecipeOption = None,
    resume: ResumeOption = False,
    run: Annotated[int, typer.Option("--run", min=0, help="Only this run (from 1) of the next stage; 0: all.")] = 0,
) -> None:
    """Make the weights that ship, from the base encoder to DIR/model."""
    from kg.train.commands import train_release
    from kg.train.recipe import RELEASED

    print(train_release(recipe or RELEASED, data, output, resume, run))


@app.command()
def names(
    output: OutputOption,
    terminology: Annotated[
        Path | None, typer.Option("--terminology", metavar="DIR", help="A built terminology; the settings' by default.")
    ] = None,
) -> None:
    """Learn vectors of names from the synonyms of a terminology: the linker finds by them what it has no name for."""
    from kg.config import load_settings
    from kg.link.terminology import Terminology
    from kg.train.synonyms import train_names

    print(train_names(Terminology.load(terminology or load_settings().terminology), output))


@app.command()
def classifier(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="A .csv, .tsv or .jsonl with text, label and perhaps split.")
    ],
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="The classifier and its report.")],
    model: Annotated[Path | None, typer.Option("--model", help="A model folder; the settings' one by default.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Train a text classifier on the extractor's encoder and report precision, recall and F1 of every class."""
    from kg.cli.output import print_json
    from kg.config import load_settings
    from kg.train.classifier import train_classifier
    from kg.train.classifier_report import as_text

    settings = load_settings()
    report = train_classifier(data, output, model or settings.extractor, settings.device)
    if as_json:
        print_json(report)
    else:
        print(as_text(report))
