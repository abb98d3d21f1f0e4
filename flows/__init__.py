"""Prefect flows: when things run, and what happens when they fail. Tasks get paths and ids, never texts."""
