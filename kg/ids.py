"""Ids made from content: the same claim, wherever and whenever it is read, has the same id."""

from __future__ import annotations

import hashlib


def content_id(*parts: str) -> str:
    """Return 128 bits of SHA-256 over the length-prefixed parts, as 32 hexadecimal digits.

    The length prefix keeps ("ab", "c") and ("a", "bc") apart.

    >>> content_id("ab", "c") == content_id("a", "bc")
    False
    >>> len(content_id("a"))
    32
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()[:32]


def text_hash(text: str) -> str:
    """Return the id of a text: the same text has the same hash, whatever file it came from."""
    return content_id("text", text)
