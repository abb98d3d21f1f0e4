"""Eight threads ask while a build publishes: what they opened answers the same until they open the next."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kg.opening import open_graph
from kg.query import KnowledgeGraph
from kg.stores.embedded import publish_embedded
from kg.stores.ledger import Ledger
from tests.query.clinic import ARTHROSIS, COX2, IBUPROFEN, PAIN, clinic_ledger, reading
from tests.stores.ledger_samples import build

MORE = ("Ibuprofen causes arthralgia.", IBUPROFEN, "Ibuprofen", "causes", PAIN, "arthralgia", None, None)
QUESTIONS: tuple[Callable[[KnowledgeGraph], object], ...] = (
    lambda graph: graph.find("diabetes"),
    lambda graph: graph.treatments_of(ARTHROSIS, ["peptic ulcer"]),
    lambda graph: graph.neighbourhood(IBUPROFEN),
    lambda graph: graph.mechanisms(IBUPROFEN, ARTHROSIS),
    lambda graph: graph.differential([PAIN]),
    lambda graph: graph.path(COX2, PAIN),
    lambda graph: graph.documents_about([IBUPROFEN, COX2]),
    lambda graph: graph.causes_of(PAIN),
)


def answers(graph: KnowledgeGraph) -> list[object]:
    return [ask(graph) for ask in QUESTIONS]


def test_answers_stay_the_same_while_a_build_publishes(tmp_path: Path) -> None:
    folder = clinic_ledger(tmp_path)
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
    with open_graph(folder) as graph, ThreadPoolExecutor(len(QUESTIONS) + 2) as pool:
        before = answers(graph)
        publishing = pool.submit(publish_more, folder)

        def ask(number: int) -> int:
            rounds = 0
            while not publishing.done() or rounds < 2:
                for at in range(len(QUESTIONS)):
                    chosen = (at + number) % len(QUESTIONS)
                    assert QUESTIONS[chosen](graph) == before[chosen]
                rounds += 1
            return rounds

        asking = [pool.submit(ask, number) for number in range(len(QUESTIONS))]
        opened = set()
        while not publishing.done():
            with open_graph(folder) as newest:
                opened.add(len(newest.causes_of(PAIN)))
        assert all(one.result() >= 2 for one in asking)
        publishing.result()
        assert opened <= {0, 1}
    with open_graph(folder) as graph:
        (cause,) = graph.causes_of(PAIN)
    assert cause.concept.id == IBUPROFEN


def publish_more(folder: Path) -> None:
    """Build one more document and publish it."""
    build(folder, [reading("PMID:30", "article", "2021", *MORE)])
    with Ledger.open(folder) as ledger:
        publish_embedded(ledger, folder)
