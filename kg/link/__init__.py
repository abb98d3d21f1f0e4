"""Linking: from a name in a text to a concept of a terminology, with candidates, scores and reasons."""
