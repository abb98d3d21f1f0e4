"""Everything that reads, loaded when it is first needed: a build that finds nothing new loads no weights, and imports
neither torch nor spaCy, which takes longer than all the rest of it.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.config import Settings, bundled
from kg.extract.identity import pattern_reader, released_reader
from kg.link.identity import WEIGHTS, read_about
from kg.model import Reader
from kg.schema import SCHEMA_VERSION
from kg.stores.ledger import reading_key

if TYPE_CHECKING:
    from kg.extract.extractor import Extractor
    from kg.extract.patterns import PatternReader
    from kg.link.linker import Linker
    from kg.link.terminology import Terminology
    from kg.text import Segmenter

_STAGES = ("text", "encode", "extract", "assertion", "link")


class Readers:
    """The segmenter, the extractor, the patterns and the linker that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def segmenter(self) -> Segmenter:
        """Sentences, tokens, abbreviations."""
        from kg.text import Segmenter

        return Segmenter()

    @cached_property
    def extractor(self) -> Extractor:
        """The weights; raises ModelError when they are missing or damaged."""
        from kg.extract.extractor import Extractor

        return Extractor.load(self.settings.extractor, self.settings.device)

    @cached_property
    def patterns(self) -> PatternReader:
        """The token patterns; raises ConfigError when their rules are not sound."""
        from kg.extract.patterns import PatternReader

        return PatternReader.load()

    @cached_property
    def terminology(self) -> Terminology:
        """The names that mentions are linked to; raises VocabularyError when they are missing or damaged."""
        from kg.link.terminology import Terminology

        return Terminology.load(self.settings.terminology)

    @cached_property
    def linker(self) -> Linker:
        """From mentions to concepts."""
        from kg.link.linker import Linker

        return Linker.load(self.terminology)

    @cached_property
    def names(self) -> tuple[Reader, ...]:
        """Who reads, without loading the weights or the patterns."""
        return released_reader(self.settings.extractor), pattern_reader()

    @cached_property
    def terminology_digest(self) -> str:
        """What pins the terminology, without loading it."""
        return str(read_about(self.settings.terminology)["digest"])

    @cached_property
    def key(self) -> str:
        """What a document is read with: when any of it changes, the document is read again."""
        rules = Reader("rules", SCHEMA_VERSION, _rules_digest())
        return reading_key((*self.names, rules), self.terminology_digest, SCHEMA_VERSION, self.settings.digest())


def _rules_digest() -> str:
    """SHA-256 over all that decides a reading and that no reader's own digest covers: the code and rules of the stages
    that read, the vectors of names, and the schema's words.
    """
    package = Path(__file__).parent
    read = [path for stage in _STAGES for path in (package / stage).rglob("*") if path.suffix in (".py", ".yaml")]
    read += [package / "assemble" / "claims.py", package / "schema" / "vocabulary.py"]
    named = {path.relative_to(package).as_posix(): path for path in read}
    named["names"] = bundled("models/names") / WEIGHTS
    digest = hashlib.sha256()
    for name in sorted(named):
        digest.update(name.encode() + hashlib.sha256(named[name].read_bytes()).digest())
    return digest.hexdigest()
