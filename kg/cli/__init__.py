"""The command ``kg``. Exit codes: 0 ok, 1 a check failed or the data cannot be used, 2 usage, 3 try again."""

from __future__ import annotations

import sys

from kg.cli.output import talk
from kg.errors import ConfigError, KGError, Transient


def main() -> None:
    """Run one command and exit with its code."""
    from kg.cli.app import app

    try:
        app()
    except KGError as error:
        talk.print(f"kg: {error}", style="bold red", markup=False)
        sys.exit(3 if isinstance(error, Transient) else 2 if isinstance(error, ConfigError) else 1)
    except KeyboardInterrupt:
        talk.print("kg: stopped; what was recorded is kept, and the same command goes on from there")
        sys.exit(130)
    except Exception as error:
        talk.print_exception()
        talk.print(f"kg: this is a fault of medkg, please report it: {type(error).__name__}", markup=False)
        sys.exit(1)
