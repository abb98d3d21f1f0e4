"""The BERT reader: mentions and relations from one pass of the encoder."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from kg.encode.compute import Compute
from kg.encode.device import Precision, describe_speeds, pick_device, pick_precision
from kg.encode.encoder import States
from kg.encode.lexicon import fold
from kg.encode.words import split_words
from kg.extract.calibration import calibrated
from kg.extract.candidates import Argument, as_tensors, candidates, nearest, neighbours, word_sentences
from kg.extract.consistency import consistent
from kg.extract.encoded import Encoded, Encoding, silent_words
from kg.extract.found import Found, decode
from kg.extract.hgvs import mend_variants
from kg.extract.identity import READER
from kg.extract.identity import released_reader as released_reader
from kg.extract.merge import CATEGORIES, GROUPS, KIND_OF, begin_columns, is_symptom, merge
from kg.extract.network import Concepts
from kg.extract.package import Package, load_package
from kg.extract.repair import repair
from kg.extract.schemes import LABEL_PREFIX, Scheme
from kg.extract.weighing import features, weigh
from kg.model import SCORE_DIGITS, Link, Mention, Reader, Reading, Segmented, Span

_VARIANTS = ("SequenceVariant", "variant")  # BioRED's type and the product's group
_SPECIFIC = frozenset({"BC5CDR"})  # schemes that annotate only the most specific second argument


class Extractor:
    """Recognises names and relations. Scores are calibrated probabilities, rounded to three decimals.

    `precision`: the number format to compute in; by default the fastest on this device, as measured.
    """

    def __init__(self, package: Package, device: torch.device, precision: Precision | None = None) -> None:
        self.package = package
        self.reader = Reader(READER, package.version, package.digest)
        self.device = device
        self.precision: Precision = precision or pick_precision(device)
        network = package.network.to(device)
        if self.precision == "bf16":
            for module in network.modules():
                if isinstance(module, torch.nn.Linear):
                    module.bfloat16()  # cast once, not at every window
        self._compute = Compute(device, self.precision)
        self._encoding = Encoding(network, package.pieces, package.lexicon, self._compute)
        self._columns = begin_columns(package.schemes, network.tag_slices)

    @property
    def arithmetic(self) -> str:
        """Where and in which number format this extractor computes, with the measurement that chose it."""
        chosen = f"{self.device.type}, {self.precision}"
        return f"{chosen} ({describe_speeds()})" if self.device.type == "cpu" else chosen

    @classmethod
    def load(cls, folder: Path, device: str = "auto") -> Extractor:
        """Load a model folder. Raises ModelError when it is missing, damaged or of another format."""
        return cls(load_package(Path(folder)), pick_device(device))

    def encode(self, documents: Iterable[Segmented]) -> Iterator[Encoded]:
        """Read documents in order, a few windows ahead of the caller, so that memory does not grow with their number.

        A document's numbers depend neither on its place nor on its neighbours.
        """
        return self._encoding.encode(documents)

    def log_probabilities(self, encoded: Encoded) -> np.ndarray:
        """Calibrated log-probabilities of all tag heads, [words, labels], as names are decoded from them."""
        logs = np.empty(encoded.scores.shape, dtype=np.float64)
        for number, scheme in enumerate(self.package.schemes):
            part = self.package.network.tag_slices[number]
            scaled = encoded.scores[:, part].astype(np.float64)
            scaled /= self.package.calibration.tag_temperature.get(scheme.name, 1.0)
            scaled[:, 0] += self.package.calibration.outside.get(scheme.name, 0.0)
            scaled -= scaled.max(1, keepdims=True, initial=-np.inf)
            logs[:, part] = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        return logs

    def _decode(self, encoded: Encoded, logs: np.ndarray, types: Sequence[str], silent: np.ndarray) -> list[Found]:
        text = encoded.segmented.document.text
        words = [text[start:end] for start, end in encoded.words]
        heard = consistent(logs, words, ~silent, self.package.calibration.consistency)
        found = decode(logs, types, encoded.words, heard)
        repaired = repair(found, text, encoded.segmented.abbreviations)
        kind = next((one for one in types if one in _VARIANTS), None)
        return mend_variants(repaired, text, kind) if kind else repaired

    def recognise_as(self, encoded: Encoded, scheme: str) -> list[Found]:
        """The names that one corpus would annotate, with that corpus's types; abbreviations repaired."""
        names = [one.name for one in self.package.schemes]
        number = names.index(scheme)
        logs = self.log_probabilities(encoded)[:, self.package.network.tag_slices[number]]
        silent = silent_words(encoded.segmented.document.sections, encoded.words)
        found = self._decode(encoded, logs, self.package.schemes[number].types, silent)
        lines = self.package.calibration.names
        return [replace(one, score=calibrated(one.score, lines, scheme)) for one in found]

    def recognise(self, encoded: Encoded) -> tuple[Mention, ...]:
        """The names of a document in the product's categories, in the order of the text, none overlapping another."""
        document = encoded.segmented.document
        logs = self.log_probabilities(encoded)
        starts = [start for start, _ in encoded.words]
        silent = silent_words(document.sections, encoded.words)
        mentions = []
        for one in self._decode(encoded, merge(logs, self._columns), tuple(GROUPS), silent):
            if silent[bisect_right(starts, one.start) - 1]:
                continue  # a short form in a reference
            category = CATEGORIES[one.type]
            if category == "Disease":
                words = range(bisect_right(starts, one.start) - 1, bisect_left(starts, one.end))
                category = "PhenotypicFeature" if is_symptom(logs, self._columns, words) else category
            span = Span(one.start, one.end)
            score = round(calibrated(one.score, self.package.calibration.names, one.type), SCORE_DIGITS)
            mentions.append(Mention(document.id, span, span.of(document.text), category, score))
        return tuple(mentions)

    def relate(
        self, encoded: Encoded, links: Sequence[Link], broader: Callable[[str, str], bool] = lambda one, two: False
    ) -> tuple[Reading, ...]:
        """Relations between linked mentions of a document, the best reading for each pair of concepts and label.

        Mentions with the same best concept are one argument, unlinked ones with the same words (a short form counts
        as its long form). Only pairs within one window are judged. A reading is given when the probability of its
        label, which is its score, reaches what can be trusted; outside abstracts the two mentions also have to stand
        in one section, at most three sentences apart. `broader` says whether the first concept id is an ancestor of
        the second: see `most_specific`.
        """
        names = concept_names(encoded)
        arguments = []
        for link in links:
            kind = KIND_OF.get(link.mention.category)
            if kind is not None:
                concept = link.best.concept.id if link.best else names(link.mention.text)
                arguments += place(encoded, link.mention, concept, kind)
        readings = []
        near = neighbours(encoded.segmented)
        for scheme in self.package.schemes:
            trusted = self.package.calibration.trusted_score.get(scheme.name, 0.5)
            prefix = LABEL_PREFIX.get(scheme.name, scheme.name)
            said = [one for one in self.judge(encoded, arguments, scheme, near=near) if one.score >= trusted]
            readings += [
                Reading(one.subject.document, one.subject, f"{prefix}:{one.type}", one.object, one.score, self.reader)
                for one in most_specific(said, scheme, broader)
            ]
        return tuple(sorted(readings, key=lambda one: (one.subject.span, one.object.span, one.label)))

    def _chances(self, states: States, concepts: Concepts, part: slice, temperature: float) -> np.ndarray:
        scores = self.package.network.relations(states.hidden, states.query, states.key, concepts)
        return np.asarray((scores[:, part].float() / temperature).softmax(-1).cpu().numpy())

    def judge(
        self,
        encoded: Encoded,
        arguments: Sequence[Argument],
        scheme: Scheme,
        near: Callable[[Mention, Mention], bool] = lambda one, two: True,
    ) -> list[Judged]:
        """The relations of one scheme, from the best window where a pair of concepts stands in several.

        A pair is related when the probability of its likeliest type reaches the threshold with the best F1, and its
        nearest mentions are `near`.

        Undirected relations have their arguments in the order of the scheme's pairs.
        """
        if not scheme.relations:
            return []
        part = self.package.network.relation_slices[[one.name for one in self.package.schemes].index(scheme.name)]
        threshold = self.package.calibration.relation_threshold.get(scheme.name, 0.5)
        temperature = self.package.calibration.relation_temperature.get(scheme.name, 1.0)
        weights = self.package.calibration.relation_weights
        sentence_starts = [sentence.span.start for sentence in encoded.segmented.sentences]
        ordered = sorted(arguments, key=lambda one: (one.first, one.last, one.concept))
        sentences = word_sentences(encoded.words, sentence_starts, ordered)
        best: dict[tuple[str, str], Judged] = {}
        for number, read in enumerate(encoded.reads):
            found = candidates(ordered, read.window, scheme)
            if not found.pairs:
                continue
            states = encoded.states.get(number) or next(iter(self._encoding.states([read])))
            tensors = as_tensors(found, read.window.start, read.first, read.last).to(self.device)
            chances = self._compute.here(self._chances, states, tensors, part, temperature)
            if scheme.name in weights:
                arrays = (one.cpu().numpy() for one in (tensors.pairs, tensors.concept, tensors.kind))
                chances = weigh(chances, features(1 - chances[:, 0], *arrays), weights[scheme.name])
            for (one, two), row in zip(found.pairs, chances, strict=True):
                kind = int(row[1:].argmax())
                likely = float(row[kind + 1])
                if likely < threshold:
                    continue
                subject, target = nearest(found.members[one], found.members[two], sentences)
                key = (subject.concept, target.concept)
                if not near(subject.mention, target.mention):
                    continue
                if key not in best or likely > best[key].likely:
                    score = round(calibrated(likely, self.package.calibration.pairs, scheme.name), SCORE_DIGITS)
                    best[key] = Judged(*key, scheme.relations[kind], subject.mention, target.mention, score, likely)
        return list(best.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """A relation between two concepts. `score`: probability of the type; `likely`: the same before calibration."""

    first: str
    second: str
    type: str
    subject: Mention
    object: Mention
    score: float
    likely: float


def most_specific(judged: Sequence[Judged], scheme: Scheme, broader: Callable[[str, str], bool]) -> list[Judged]:
    """Without what a more specific relation of the same document says already, with as high a score.

    BC5CDR annotates the most specific disease only: a chemical that induces torsades de pointes is not also said to
    induce arrhythmia. Other corpora annotate what each sentence says. Without the condition on the score the figure
    with gold mentions gains twice as much and the one end to end loses 0.6: found narrower diseases are less certain.
    """
    if scheme.name not in _SPECIFIC:
        return list(judged)
    return [
        one
        for one in judged
        if not any(
            one.first == other.first and other.likely >= one.likely and broader(one.second, other.second)
            for other in judged
        )
    ]


def place(encoded: Encoded, mention: Mention, concept: str, kind: str) -> list[Argument]:
    """The mention as an argument over words; none where it touches no word."""
    starts = [start for start, _ in encoded.words]
    first = max(bisect_right(starts, mention.span.start) - 1, 0)
    last = bisect_left(starts, mention.span.end) - 1
    return [Argument(mention, concept, kind, first, last)] if first <= last else []


def concept_names(encoded: Encoded) -> Callable[[str], str]:
    """Names of unlinked concepts: words in lower case without plural, a short form as its long form."""
    text = encoded.segmented.document.text
    long = {pair.short.of(text): pair.long.of(text) for pair in encoded.segmented.abbreviations}

    def name(words: str) -> str:
        whole = long.get(words, words)
        return "text:" + " ".join(fold(whole[start:end]) for start, end in split_words(whole))

    return name
