"""Curated knowledge bases: who says what of which concepts, with a reference instead of a sentence."""
