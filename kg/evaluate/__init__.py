"""Evaluation: gold -> numbers."""
