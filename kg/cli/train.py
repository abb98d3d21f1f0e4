"""``kg train``: the project's own training. Progress on stderr; a killed run goes on with --resume."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Train the readers from annotated corpora.", no_args_is_help=True)


@app.callback()
def train() -> None:
    """Train the readers from annotated corpora."""


@app.command()
def extractor(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="The data folder with corpora/ and vocabularies/.")],
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Checkpoints, metrics and the model folder.")],
    recipe: Annotated[Path | None, typer.Option("--recipe", help="A recipe; the released one by default.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint in DIR.")] = False,
    version: Annotated[str, typer.Option("--version", help="The version that the model will carry.")] = "0.1.0",
) -> None:
    """Fine-tune the extractor on all corpora of a recipe and write DIR/model."""
    from kg.train.recipe import RELEASED, read_recipe
    from kg.train.release import export
    from kg.train.run import train_extractor

    training = train_extractor(read_recipe(recipe or RELEASED), data, output, resume)
    export(training, output / "model", version)
    print(output / "model")
