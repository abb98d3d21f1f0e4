"""Speed of statuses, and whether a learned head would beat the rules: python benchmarks/assertion.py CORPUS [--learned]

CORPUS is one that `kg evaluate assertion` reads. Prints microseconds a sentence for statuses and, with --learned, F1 of
each status in each half: of the rules, and of a logistic regression that was fitted on the other half. It sees the
rules' answer and cue, the words of the mention, and fifteen words on both sides with how near they are, in pairs too.
"""

import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from kg.assertion import assess
from kg.assertion.places import Sentences
from kg.evaluate.assertion import AssertionEvaluation, Case, evaluate_assertion
from kg.model import Document, Mention, Segmented, Span
from kg.text import Segmenter
from kg.train.corpora import read_corpus

_WINDOW, _NEAR, _FAR = 15, 3, 8


def jobs(corpus: Path, types: tuple[str, ...]) -> Iterator[tuple[Segmented, list[Mention]]]:
    """Yield each document, segmented, with its gold mentions."""
    segmenter = Segmenter()
    for gold in read_corpus(corpus):
        segmented = segmenter.segment(Document(gold.id, gold.id, gold.text, corpus.name, "label"))
        wanted = [one for one in gold.mentions if one.type in types]
        yield segmented, [Mention(gold.id, Span(one.start, one.end), one.text, one.type, 1.0) for one in wanted]


def features(mention: Mention, sentences: Sentences, text: str) -> dict[str, int]:
    """What the learned head sees of an assessed mention."""
    found = {"bias": 1, f"rule={mention.status}": 1}
    if mention.cue:
        found[f"cue={mention.cue.of(text).lower()}"] = 1
    index = sentences.index(mention.span)
    words = sentences.words(index) if index is not None else None
    place = words.place(mention.span) if words else None
    if words is None or place is None:
        return found
    sides = {"before": words.lowered[: place[0]][::-1], "after": words.lowered[place[1] :]}
    for side, beside in sides.items():
        for step, word in enumerate(beside[:_WINDOW], 1):
            found[f"{side} {'near' if step <= _NEAR else 'far' if step <= _FAR else 'very far'} {word}"] = 1
        for one, other in pairwise(beside[: _NEAR + 1]):
            found[f"{side} {one} {other}"] = 1
    return found | {f"inside {word}": 1 for word in words.lowered[slice(*place)]}


def learned(result: AssertionEvaluation, seen: list[dict[str, int]]) -> None:
    """Print F1 of rules and of the learned head, half by half."""
    matrix = FeatureHasher(2**18).transform(seen)

    def share(cases: list[Case], said: list[str]) -> str:
        figures = f1_score([one.gold for one in cases], said, labels=result.statuses, average=None, zero_division=0)
        return "\t".join(f"{name} {100 * figure:.1f}" for name, figure in zip(result.statuses, figures, strict=True))

    for half in ("first", "second"):
        measured = [number for number, one in enumerate(result.mentions) if one.half == half]
        fitted = [number for number, one in enumerate(result.mentions) if one.half != half]
        model = LogisticRegression(C=10, max_iter=300)
        model.fit(matrix[fitted], [result.mentions[number].gold for number in fitted])
        cases = [result.mentions[number] for number in measured]
        print(f"{half} half, rules\t{share(cases, [one.found for one in cases])}")
        print(f"{half} half, learned\t{share(cases, list(model.predict(matrix[measured])))}")


def main() -> None:
    """Time, and compare where asked to."""
    corpus = Path(sys.argv[1])
    result = evaluate_assertion(corpus)
    documents = list(jobs(corpus, result.types))
    seconds, assessed = float("inf"), []
    for _ in range(5):
        began = time.process_time()
        assessed = [assess(segmented, mentions) for segmented, mentions in documents]
        seconds = min(seconds, time.process_time() - began)
    sentences = sum(len(segmented.sentences) for segmented, _ in documents)
    print(f"{sentences} sentences, {len(result.mentions)} mentions\t{1e6 * seconds / sentences:.1f} µs a sentence")
    if "--learned" in sys.argv:
        seen = []
        for (segmented, _), mentions in zip(documents, assessed, strict=True):
            places = Sentences(segmented)
            seen += [features(one, places, segmented.document.text) for one in mentions]
        learned(result, seen)


if __name__ == "__main__":
    main()
