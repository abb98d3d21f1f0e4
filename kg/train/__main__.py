"""`python -m kg.train DATA --output DIR [--resume] [--recipe FILE]`: the training of kg.cli.train without its imports.

A GPU machine may have torch and little else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.train.recipe import RELEASED, read_recipe
from kg.train.run import train_extractor


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m kg.train")
    parser.add_argument("data", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--recipe", type=Path, default=RELEASED)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    train_extractor(read_recipe(options.recipe), options.data, options.output, options.resume)


if __name__ == "__main__":
    main()
