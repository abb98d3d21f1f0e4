"""`python -m kg.train mlm|extractor|release DATA --output DIR [--resume] [--recipe FILE]`: the trainings of `kg train`

where torch and transformers are installed and little else; `split` and `join` carry files to and from such a machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from kg.errors import KGError
from kg.train.commands import train_extractor, train_mlm, train_release
from kg.train.parts import SIZE, join_parts, split_folder
from kg.train.recipe import RELEASED

_TRAININGS: dict[str, Callable[..., Path]] = {"mlm": train_mlm, "extractor": train_extractor, "release": train_release}


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m kg.train")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in _TRAININGS:
        command = commands.add_parser(name)
        command.add_argument("data", type=Path)
        command.add_argument("--output", type=Path, required=True)
        command.add_argument("--recipe", type=Path, default=RELEASED)
        command.add_argument("--resume", action="store_true")
        if name == "release":
            command.add_argument("--run", type=int, default=0, help="only this run of the next stage")
    split = commands.add_parser("split", help="a file or folder as parts of at most 15 MiB")
    join = commands.add_parser("join", help="parts as files again")
    for command in (split, join):
        command.add_argument("source", type=Path)
        command.add_argument("target", type=Path)
    split.add_argument("--size", type=int, default=SIZE, help="bytes")
    options = parser.parse_args()
    try:
        if options.command == "split":
            print(*split_folder(options.source, options.target, options.size), sep="\n")
        elif options.command == "join":
            print(*join_parts(options.source, options.target), sep="\n")
        else:
            more = {"only": options.run} if options.command == "release" else {}
            train = _TRAININGS[options.command]
            print(train(options.recipe, options.data, options.output, options.resume, **more))
    except KGError as error:
        sys.exit(f"kg.train: {error}")


if __name__ == "__main__":
    main()
