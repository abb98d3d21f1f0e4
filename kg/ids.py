"""Ids made from content: the same claim, wherever and whenever it is read, has the same id."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_CURIE = re.compile(r"([a-z][a-z0-9.]*):(\S+)")
_WORD = re.compile(r"[^\W_]+")
_NOT_WORD = re.compile(r"\W")


def content_id(*parts: str) -> str:
    """Return 128 bits of SHA-256 over the length-prefixed parts, as 32 hexadecimal digits.

    The length prefix keeps ("ab", "c") and ("a", "bc") apart.

    >>> content_id("ab", "c") == content_id("a", "bc")
    False
    >>> len(content_id("a"))
    32
    """
    chunks: list[bytes] = []
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        chunks += (len(data).to_bytes(8, "big"), data)
    return hashlib.sha256(b"".join(chunks)).hexdigest()[:32]


def text_hash(text: str) -> str:
    """Return the id of a text: the same text has the same hash, whatever file it came from."""
    return content_id("text", text)


def name_words(text: str) -> tuple[str, ...]:
    """Return the words under which a name is stored and looked up: folded, without punctuation, in order.

    A CURIE is one word, so that a cross-reference is found like a name.

    >>> name_words("Crohn's Disease (β-blocker)")
    ('crohn', 's', 'disease', 'β', 'blocker')
    >>> name_words("MESH:D003424")
    ('mesh_d003424',)
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    curie = _CURIE.fullmatch(folded)
    return (f"{curie[1]}_{_NOT_WORD.sub('_', curie[2])}",) if curie else tuple(_WORD.findall(folded))
