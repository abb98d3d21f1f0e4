"""Helpers for the tests of kg.sources."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from source_samples import DATA, Read

from kg.config import Settings
from kg.sources import read

sys.path.insert(0, str(DATA))  # make_docx lies beside the samples


@pytest.fixture
def reading(tmp_path: Path) -> Callable[..., Read]:
    """Read files: paths, or one file of the given name and content."""

    def run(*given: Path | str | bytes, **settings: Any) -> Read:
        if given and isinstance(given[0], str):
            path = tmp_path / given[0]
            content = given[1]
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else bytes(content))
            paths = [path]
        else:
            paths = [path for path in given if isinstance(path, Path)]
        return Read(list(read(paths, Settings(**settings))))

    return run
