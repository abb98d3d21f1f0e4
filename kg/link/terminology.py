"""The terminology in use: concepts by any of their ids, names by their keys; strings are decoded when asked for."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from kg.errors import VocabularyError
from kg.link.fuzzy import NameIndex
from kg.link.identity import DATA, read_about
from kg.link.normalise import key_hash
from kg.link.vocabulary import Origin, prefix, table
from kg.model import SCORE_DIGITS, Candidate, Concept


class Terminology:
    """Concepts and their names, read from a folder that ``kg terminology build`` wrote.

    Rows and names are numbered; kg.link works with the numbers and asks for strings at the end.
    """

    def __init__(self, data: pa.Table, about: dict[str, Any]) -> None:
        self._about = about
        self._ids = _plain(data, "id")
        self._category = data["category"].combine_chunks()
        self._lists = {name: _plain(data, name) for name in ("ids", "xrefs", "parents", "names", "origins", "keys")}
        names = self._lists["names"]
        self.offsets: npt.NDArray[np.int32] = names.offsets.to_numpy(zero_copy_only=False)
        self.texts = names.values
        self.origins_of: npt.NDArray[np.uint8] = self._lists["origins"].values.to_numpy(zero_copy_only=False)
        keys = self._lists.pop("keys").values.to_numpy(zero_copy_only=False)
        self._order: npt.NDArray[np.int32] = np.argsort(keys, kind="stable").astype(np.int32)
        self._keys: npt.NDArray[np.uint64] = keys[self._order]
        fields = ("vocabulary", "version", "scope", "licence")
        self.origins = tuple(Origin(*(one[field] for field in fields)) for one in about["origins"])
        known = table()["vocabularies"]
        self.learned = np.array([bool(known.get(o.vocabulary, {}).get("corpus")) for o in self.origins])
        self._concepts: dict[int, Concept] = {}
        self._above: dict[int, frozenset[int]] = {}

    @classmethod
    def load(cls, folder: Path) -> Terminology:
        """Read a terminology. Raises VocabularyError when it is missing, damaged, or of another format."""
        described = read_about(folder)
        data = folder / DATA
        content = data.read_bytes()
        if hashlib.sha256(content).hexdigest() != described["digest"]:
            raise VocabularyError("terminology is damaged: its digest differs from terminology.json", file=str(data))
        return cls(pq.read_table(io.BytesIO(content)), described)

    @property
    def digest(self) -> str:
        """The SHA-256 of the built file: part of the key that a document is read under."""
        return str(self._about["digest"])

    def info(self) -> dict[str, Any]:
        """Return what terminology.json says: counts, categories, vocabularies with licences, origins of names."""
        return dict(self._about)

    def __len__(self) -> int:
        return len(self._ids)

    def concept(self, curie: str) -> Concept:
        """Return the concept that has this id or an equivalent one; VocabularyError if there is none."""
        row = self.row(curie)
        if row is None:
            raise VocabularyError("no such concept in the terminology", concept=curie)
        return self.at(row)

    def row(self, curie: str) -> int | None:
        """Return the number of the concept with this id, an equivalent id or a cross-reference; None if none has."""
        return self._rows.get(curie)

    @cached_property
    def _rows(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for column in ("xrefs", "ids"):
            values = self._lists[column]
            owners = np.repeat(np.arange(len(self._ids)), np.diff(values.offsets.to_numpy(zero_copy_only=False)))
            pairs = zip(reversed(values.values.to_pylist()), owners[::-1].tolist(), strict=True)
            found.update((curie, row) for curie, row in pairs if curie)
        found.update(zip(self._ids.to_pylist(), range(len(self._ids)), strict=True))
        return found

    def at(self, row: int) -> Concept:
        """Return the concept of a row; the same object every time."""
        known = self._concepts.get(row)
        if known is None:
            first, last = int(self.offsets[row]), int(self.offsets[row + 1])
            names = self.texts[first:last].to_pylist()
            known = Concept(
                id=self._ids[row].as_py(),
                name=names[0],
                category=self.category(row),
                synonyms=tuple(sorted(set(names[1:]) - {names[0]})),
                parents=tuple(self._ids[up].as_py() for up in self._lists["parents"][row].as_py()),
                xrefs=(*self._lists["ids"][row].as_py(), *self._lists["xrefs"][row].as_py()),
                source=self.origins[self.origins_of[first]].source,
            )
            self._concepts[row] = known
        return known

    def id(self, row: int) -> str:
        """Return the id of a row."""
        return str(self._ids[row].as_py())

    def category(self, row: int) -> str:
        """Return the Biolink category of a row."""
        return str(self._category[row].as_py())

    def in_categories(self, wanted: tuple[str, ...]) -> npt.NDArray[np.bool_]:
        """Return for every row whether its category is one of those."""
        names = self._category.dictionary.to_pylist()
        chosen = np.array([name in wanted for name in names])
        found: npt.NDArray[np.bool_] = chosen[self._category.indices.to_numpy(zero_copy_only=False)]
        return found

    def prefixes(self) -> frozenset[str]:
        """Return what stands before the colon of any id or cross-reference."""
        columns = self._ids, *(self._lists[column].values for column in ("ids", "xrefs"))
        return frozenset(prefix(one) for column in columns for one in column.to_pylist() if one)

    def within(self, prefixes: frozenset[str]) -> npt.NDArray[np.bool_]:
        """Return for every row whether one of its ids or cross-references has one of the prefixes."""
        found = np.array([prefix(one) in prefixes for one in self._ids.to_pylist()])
        for column in ("ids", "xrefs"):
            values = self._lists[column]
            owners = np.repeat(np.arange(len(self)), np.diff(values.offsets.to_numpy(zero_copy_only=False)))
            fitting = np.array([prefix(one) in prefixes for one in values.values.to_pylist()], dtype=bool)
            found[owners[fitting]] = True
        return found

    def parents(self, row: int) -> tuple[int, ...]:
        """Return the rows of the is-a parents of a row."""
        return tuple(self._lists["parents"][row].as_py())

    def ancestors(self, curies: Iterable[str]) -> tuple[Concept, ...]:
        """Return all that the concepts with these ids are a kind of, by id; an id that is not known has none."""
        rows = {row for curie in curies if (row := self.row(curie)) is not None}
        found = frozenset[int]().union(*map(self._rows_above, rows))
        return tuple(sorted((self.at(row) for row in found), key=lambda concept: concept.id))

    def broader(self, one: str, two: str) -> bool:
        """Return whether the first id is an ancestor of the second; an unknown id has no ancestors."""
        first, second = self.row(one), self.row(two)
        return first is not None and second is not None and first in self._rows_above(second)

    def _rows_above(self, row: int) -> frozenset[int]:
        known = self._above.get(row)
        if known is None:
            level, found = {row}, set[int]()
            while level:
                level = {up for one in level for up in self.parents(one)} - found
                found |= level
            known = self._above[row] = frozenset(found)
        return known

    def owner(self, name: int) -> int:
        """Return the row whose name this number is."""
        return int(self.offsets.searchsorted(np.int32(name), side="right")) - 1  # an int would copy the offsets

    def has_name(self, row: int, name: int) -> bool:
        """Return whether a name is one of the row's own."""
        return bool(self.offsets[row] <= name < self.offsets[row + 1])

    def text(self, name: int) -> str:
        """Return a name by its number."""
        return str(self.texts[name].as_py())

    def named(self, text: str) -> list[int]:
        """Return the numbers of the names that share the key of ``text``, in ascending order."""
        wanted = np.uint64(key_hash(text))
        first = int(np.searchsorted(self._keys, wanted, side="left"))
        last = int(np.searchsorted(self._keys, wanted, side="right"))
        return [int(name) for name in self._order[first:last]]

    def search(self, text: str, limit: int = 10) -> tuple[Candidate, ...]:
        """Return concepts of any category whose names are, or look like, ``text``; best first.

        Names of the same key come before names that merely look alike. For mentions in a document use kg.link.linker.
        """
        found: dict[int, Candidate] = {}
        exact = ((name, 1.0 if self.text(name).casefold() == text.casefold() else 0.965) for name in self.named(text))
        alike = ((name, round(0.95 * score, SCORE_DIGITS)) for name, score in self._index.like(text, limit=4 * limit))
        for method, pairs in (("same name", exact), ("similar spelling", alike)):
            for name, score in pairs:
                row = self.owner(name)
                if row not in found or found[row].score < score:
                    found[row] = Candidate(self.at(row), score, self.text(name), method)
        return tuple(sorted(found.values(), key=lambda one: (-one.score, one.concept.id))[:limit])

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(self.texts, np.arange(len(self.texts), dtype=np.int32))

    def names(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield every name with its concept's id, category, and the source of the name, in the order of the ids."""
        ids, categories = self._ids.to_pylist(), self._category.to_pylist()
        texts, sources = self.texts.to_pylist(), [origin.source for origin in self.origins]
        for row, (identifier, category) in enumerate(zip(ids, categories, strict=True)):
            for name in range(int(self.offsets[row]), int(self.offsets[row + 1])):
                yield texts[name], identifier, category, sources[self.origins_of[name]]


def _plain(data: pa.Table, column: str) -> Any:
    """Return a column as one array."""
    chunked = data[column]
    return chunked.chunk(0) if chunked.num_chunks == 1 else chunked.combine_chunks()
