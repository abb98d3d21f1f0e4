"""``kg classify``: which of its labels a classifier gives to texts and documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import JsonOption
from kg.cli.output import print_json, print_table, talk
from kg.errors import SourceError

_LONGEST = 4096  # characters of an argument that may be a path


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(classify)


def classify(
    inputs: Annotated[list[str], typer.Argument(metavar="TEXT|PATH...", help="Texts, files of any format, folders.")],
    classifier: Annotated[
        Path, typer.Option("--classifier", metavar="PATH", help="What `kg train classifier` wrote: its folder or file.")
    ],
    model: Annotated[Path | None, typer.Option("--model", help="A model folder; the settings' one by default.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Classify texts and documents: the label, and the probability of every label. Long texts are read whole."""
    from kg.config import load_settings
    from kg.extract.classifier import Classifier
    from kg.extract.package import load_package

    settings = load_settings()
    reader = Classifier.load(classifier, load_package(model or settings.extractor), settings.device)
    found = []
    for name, text in _texts(inputs):
        chances = next(reader.classify([text]))
        found.append((name, next(iter(chances)), chances))
    if as_json:
        print_json([{"text": name, "label": label, "probabilities": chances} for name, label, chances in found])
    else:
        print_table(("text", "label", "probability"), [(name, label, chances[label]) for name, label, chances in found])


def _texts(inputs: list[str]) -> Iterator[tuple[str, str]]:
    """(name, text) of every input: an existing path is read as documents, anything else is the text itself."""
    from kg.config import load_settings
    from kg.model import Document, Rejection
    from kg.sources import read

    for one in inputs:
        if len(one) > _LONGEST or "\n" in one or "\0" in one or not Path(one).exists():
            if not any(letter.isspace() for letter in one) and Path(one).suffix:
                raise SourceError("no such file", path=one)
            yield one, one
            continue
        for item in read([Path(one)], load_settings()):
            if isinstance(item, Document):
                yield item.id, item.text
            elif isinstance(item, Rejection):
                talk.print(f"not read: {item.subject}: {item.reason}", markup=False)
