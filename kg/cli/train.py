"""``kg train``: the project's own training. Progress on stderr; a killed run goes on with --resume."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
    data: DataArgument, output: OutputOption, recipe: RecipeOption = None, resume: ResumeOption = False
) -> None:
    """Make the weights that ship, from the base encoder to DIR/model."""
    from kg.train.commands import train_release
    from kg.train.recipe import RELEASED

    print(train_release(recipe or RELEASED, data, output, resume))
