"""Sentences of examples/ judged by hand: the rules do not get worse, and the page says where they are wrong."""

from __future__ import annotations

import pytest

from tests.assertion.judged import PAGE, judged, page

FLOOR = {1: 0.97, 2: 0.95}


@pytest.mark.parametrize("half", [1, 2])
def test_the_rules_do_not_get_worse(half: int) -> None:
    part = [one for one in judged() if one.half == half]
    assert len(part) >= 88
    assert sum(one.wanted == one.found for one in part) / len(part) >= FLOOR[half]


def test_the_page_is_what_the_rules_make_of_the_sentences() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), "run python -m tests.assertion.judged and look at it"
