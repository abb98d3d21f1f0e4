"""From a Document to its sentences, tokens and abbreviations; runs before recognition."""

from kg.text.abbreviations import find_abbreviations
from kg.text.segment import Segmenter

__all__ = ["Segmenter", "find_abbreviations"]
