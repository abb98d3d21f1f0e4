"""The page of hard sentences says what the system does."""

from __future__ import annotations

from tests.pipeline.hard_sentences import PAGE, SENTENCES, page


def test_the_page_is_what_the_readers_make_of_the_sentences() -> None:
    assert len(SENTENCES.read_text(encoding="utf-8").splitlines()) == 20
    assert page() == PAGE.read_text(encoding="utf-8"), "run python -m tests.pipeline.hard_sentences and look at it"
