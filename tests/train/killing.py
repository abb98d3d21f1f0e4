"""`python -m kg.train` in a process of its own, killed with SIGKILL at a step."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

_KILLED = """
import os, signal, sys
from kg.train import __main__ as command
from kg.train.loop import Loop
left, train = int(sys.argv.pop(1)), Loop.train
def killed(self, *arguments):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    train(self, *arguments)
Loop.train = killed
command.main()
"""


def run_and_kill(arguments: Sequence[str], steps: int) -> None:
    """Run the command and kill it when it is about to take another step after `steps`."""
    done = subprocess.run([sys.executable, "-c", _KILLED, str(steps), *arguments], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()
