"""What a string is at one place of a document tells what it is at the others.

A reader sees each occurrence in its own window; the document means one thing by them. Worth 0.5 to 1.3 points of F1
on dev (docs/extractor.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from kg.extract.tags import best_path, decode_tags

_LONGEST = 8  # words of a name; longer ones hardly return, and a bound keeps the work linear in the text
_MOST = 3.0  # log-odds that one place may add: no place outvotes all others


def as_said(word: str) -> str:
    """A word as it is compared: "Aspirin" at the start of a sentence is aspirin, CHF and "A" stay themselves.

    >>> [as_said(word) for word in ("Aspirin", "CHF", "A", "p53")]
    ['aspirin', 'CHF', 'A', 'p53']
    """
    return word.lower() if word[1:].islower() else word


def consistent(scores: np.ndarray, words: Sequence[str], spoken: np.ndarray, weight: float) -> np.ndarray:
    """Log-scores [words, labels] to which each place of a name has added `weight` times what the others say.

    Names are those that the scores decode to, places all occurrences of their words that no longer name overlaps and
    that stand where something is read (`spoken`, bool [words]). A place says the mean log-odds of its words between
    the name's type and outside; it hears the mean of the others, so that a name may be found where its own place was
    undecided, and dropped where all other places say that it is none.
    """
    names: dict[tuple[str, ...], set[int]] = defaultdict(set)
    lengths: dict[str, set[int]] = defaultdict(set)
    begin, after = np.arange(len(words)), np.arange(1, len(words) + 1)  # of the name over each word
    said = [as_said(word) for word in words]
    for start, end, kind in decode_tags(best_path(scores)):
        begin[start:end], after[start:end] = start, end
        if end - start <= _LONGEST:
            names[tuple(said[start:end])].add(kind)
            lengths[said[start]].add(end - start)
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for start, word in enumerate(said):
        for length in lengths.get(word, ()):
            name = tuple(said[start : start + length])
            whole = begin[start] == start and after[start + len(name) - 1] == start + len(name)
            if name in names and spoken[start] and whole:
                places[name].append(start)
    heard = scores.copy()
    for name, starts in places.items():
        rows = np.asarray(starts)[:, None] + np.arange(len(name))
        for kind in sorted(names[name]) if len(starts) > 1 else ():
            columns = np.full(len(name), 2 + 2 * kind)
            columns[0] -= 1
            odds = (scores[rows, columns] - scores[rows, 0]).mean(1).clip(-_MOST, _MOST)
            others = (odds.sum() - odds) / (len(starts) - 1)
            np.add.at(heard, (rows, columns), weight * others[:, None])
    return heard
