"""The page in a real Chromium: search, look around, read the evidence, filter; hostile texts stay texts."""

from __future__ import annotations

import pytest

from kg.query import KnowledgeGraph
from tests.browser import Browser
from tests.query.clinic import ARTHROSIS, DUODENAL, HOSTILE, IBUPROFEN, PAIN

READY = "!document.body.classList.contains('asking') && document.querySelector('#panel h1')?.textContent"


@pytest.fixture
def page(browser: Browser, served: str) -> Browser:
    """The explorer's first page, newly opened."""
    browser.open("about:blank")
    browser.said.clear()
    browser.asked.clear()
    browser.open(served)
    browser.wait(f"{READY} === 'Explore the graph'")
    return browser


def at(page: Browser, address: str, heading: str) -> None:
    page.run(f"location.hash = '{address}'")
    page.wait(f"{READY} === '{heading}'")


def test_from_a_name_to_the_sentence_by_keyboard_alone(page: Browser) -> None:
    page.run("document.activeElement.blur()")
    page.press("/")
    page.type("joint pa")
    page.wait("document.querySelectorAll('#matches [role=option]').length === 1")
    page.press("ArrowDown")
    page.press("Enter")
    page.wait(f"{READY} === 'Arthralgia'")
    assert page.run("[...document.querySelectorAll('#panel h2')].map(one => one.textContent)") == [
        "A sign or symptom of"
    ]
    page.run("document.querySelector('#panel .rows a').focus()")
    page.press("Enter")
    page.wait(f"{READY} === 'Osteoarthritis shows as Arthralgia'")
    quoted = page.run("[...document.querySelectorAll('blockquote p')].map(one => one.textContent)")
    assert sorted(quoted) == ["34 of 40 with osteoarthritis had joint pain.", "Joint pain in 12 of 20, osteoarthritis."]
    marks = page.run(
        "[...document.querySelectorAll('blockquote mark')].map(one => `${one.className} ${one.textContent}`)"
    )
    assert sorted(marks) == [
        "object Joint pain",
        "object joint pain",
        "subject osteoarthritis",
        "subject osteoarthritis",
    ]
    page.run("document.activeElement.blur()")
    page.press("Escape")
    page.wait(f"{READY} === 'Arthralgia'")


def test_an_edge_that_is_clicked_shows_its_evidence(page: Browser) -> None:
    at(page, f"concept={PAIN}", "Arthralgia")
    # Two concepts: the middle of the edge lies between the middle of the picture and the only neighbour above it.
    x, y = page.run(
        "(() => { const box = document.querySelector('#graph').getBoundingClientRect();"
        "return [box.left + box.width / 2, box.top + box.height / 2]; })()"
    )
    page.click(x, y)
    page.wait(f"{READY} === 'Osteoarthritis shows as Arthralgia'")


def test_filters_are_part_of_the_address_and_of_every_answer(page: Browser) -> None:
    at(page, f"concept={ARTHROSIS}", "Osteoarthritis")
    names = "[...document.querySelectorAll('#panel .rows .concept')].map(one => one.textContent).sort()"
    assert page.run(names) == ["Acetaminophen", "Arthralgia", "Ibuprofen", "Joint stiffness", "PTGS2"]
    page.run("document.querySelector('#kinds input[value=guideline]').click()")
    page.wait(f"{names}.join() === 'Ibuprofen'")
    page.run("document.querySelector('#kinds input[value=guideline]').click()")
    page.run("(since => { since.value = 2017; since.dispatchEvent(new Event('change', {bubbles: true})); })"
             "(document.querySelector('#since'))")  # fmt: skip
    page.wait(f"{names}.join() === 'Arthralgia,Joint stiffness'")
    assert "since=2017" in page.run("location.hash")
    page.run("document.querySelector('#reset').click()")
    page.wait(f"{names}.length === 5")


def test_kinds_of_a_concept_are_included_when_asked_for(page: Browser) -> None:
    at(page, "concept=MESH:D004066", "Digestive System Diseases")
    page.wait("document.querySelector('#panel .empty') !== null")
    page.run("document.querySelector('#narrower').click()")
    page.wait("document.querySelectorAll('#panel .rows a').length === 2")


def test_hostile_texts_are_shown_as_they_are(page: Browser, graph: KnowledgeGraph) -> None:
    page.run("window.alert = () => { window.harmed = true; }")
    (statement,) = graph.statements(subject=IBUPROFEN, object=DUODENAL)
    at(page, f"concept={IBUPROFEN}&statement={statement.id}", "Ibuprofen causes Duodenal Ulcer")
    assert (
        page.run("document.querySelector('blockquote p').textContent") == f"{HOSTILE} ibuprofen causes duodenal ulcer."
    )
    assert page.run("[...document.querySelectorAll('blockquote mark')].map(one => one.textContent)") == [
        "ibuprofen",
        "duodenal ulcer",
    ]
    assert page.run("document.querySelectorAll('#panel img, #panel script').length") == 0
    page.run("location.hash = 'concept=' + encodeURIComponent('<img src=x onerror=alert(1)>')")
    page.wait(f"{READY} === 'That did not work'")
    assert page.run("window.harmed") is None


def test_the_page_complains_of_nothing_and_asks_nobody_else(page: Browser, served: str) -> None:
    at(page, f"concept={ARTHROSIS}", "Osteoarthritis")
    assert page.said == []
    assert {address for address in page.asked if not address.startswith((served, "data:", "about:"))} == set()
    assert page.run("document.querySelector('#boundary').textContent") == "Evidence, not a diagnosis and not advice."
