"""Keys of names: spellings of one name share a key, different names do not.

Two forms. ``fold`` evens out what is mere typing (case, accents, Greek letters, hyphens, possessives, spaces) and
keeps the order of words. ``key`` goes on to spelling (British, plural, Roman numerals), drops words that carry no
meaning and forgets the order of words, but never the order of what is written together: ``IL-2 receptor 1`` and
``IL-1 receptor 2`` stay apart, because numbers and single letters belong to the word that they follow.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "ß": "beta",
}  # fmt: skip
_GREEK_TABLE = str.maketrans({letter: f" {name} " for letter, name in _GREEK.items()})
_POSSESSIVE = re.compile(r"(?<=[a-z])(?:'s|s')(?![a-z])")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'"})
_WORD = re.compile(r"[a-z]+|[0-9]+(?:[.,][0-9]+)*|[+]")
_NOTHING = frozenset({"of", "the", "in", "an", "to", "and", "or", "by", "with", "for", "nos", "due"})
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}
_ROMAN_AFTER = frozenset({"type", "stage", "grade", "class", "factor", "phase", "group", "angiotensin", "collagen"})
_ROMAN_SHORT = {"i": "1", "v": "5", "x": "10"}
_FORWARD = frozenset({
    "anti", "pre", "post", "non", "co", "hyper", "hypo", "sub", "semi", "multi", "poly", "di", "tri", "mono", "micro",
    "macro", "neuro", "cardio", "cerebro", "inter", "intra", "extra", "peri", "para", "pseudo", "re", "un", "over",
    "under", "broncho", "gastro", "hemo", "thrombo", "immuno", "auto", "iso", "meta", "ortho", "endo", "per",
})  # fmt: skip
_GREEK_NAMES = frozenset(_GREEK.values())
_SPELLING = (
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"aluminium"), "aluminum"),
    (re.compile(r"our(?=s?$|al|l?ess)"), "or"),
    (re.compile(r"is(?=ations?$|e[ds]?$|ing$)"), "iz"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"(?<=e)l{2}(?=ing$|ed$)"), "l"),
)
_PLURAL = {
    "metastases": "metastasis", "anastomoses": "anastomosis", "doses": "dose", "noses": "nose", "bases": "base",
    "children": "child", "women": "woman", "men": "man", "mice": "mouse", "feet": "foot", "teeth": "tooth",
    "viruses": "virus", "biopsies": "biopsy", "bacterium": "bacteria", "diabetes": "diabetes", "herpes": "herpes",
    "rabies": "rabies", "scabies": "scabies", "caries": "caries", "species": "species", "series": "series",
    "crises": "crisis", "glucoses": "glucose", "septa": "septum", "polyposes": "polyposis",
    "calculi": "calculus", "nevi": "nevus", "diverticula": "diverticulum", "sepses": "sepsis",
    "candidiases": "candidiasis",
}  # fmt: skip
KEY_BITS = 48


def fold(text: str) -> str:
    """Return the text without what is mere typing: lower case, plain letters, single spaces, no punctuation.

    Folding twice changes nothing.

    >>> fold("Parkinson’s  Disease"), fold("TNF-α"), fold("Sjögren syndrome")
    ('parkinson disease', 'tnf alpha', 'sjogren syndrome')
    """
    return " ".join(words(text))


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Return the folded words and numbers of a text, in their order.

    >>> words("1,2-dichloroethane")
    ('1,2', 'dichloroethane')
    """
    if not text.isascii():
        text = text.translate(_APOSTROPHES).lower().translate(_GREEK_TABLE)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = text.lower()
    if "'" in text:
        text = _POSSESSIVE.sub("", text).replace("'", "")
    return tuple(_WORD.findall(text))


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """Return a word in American spelling and singular.

    >>> [stem(w) for w in ("tumours", "anaemias", "biopsies", "metastases", "arthritides", "virus", "stress")]
    ['tumor', 'anemia', 'biopsy', 'metastasis', 'arthritis', 'virus', 'stress']
    """
    if len(word) < 4:
        return word
    for pattern, instead in _SPELLING:
        word = pattern.sub(instead, word)
    if word in _PLURAL:
        return _PLURAL[word]
    if word.endswith("omata"):
        return word[:-2]
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("oses", "eses", "yses")) and len(word) > 6:
        return word[:-2] + "is"
    if word.endswith("itides"):
        return word[:-4] + "is"
    if word.endswith(("sses", "xes", "ches", "shes", "uses")):
        return word[:-2]
    return word[:-1]


def roman(word: str) -> str:
    """Return a word, a Roman numeral of two letters or more as a number.

    >>> roman("iv"), roman("eye")
    ('4', 'eye')
    """
    return _ROMAN.get(word, word)


def units(text: str) -> tuple[str, ...]:
    """Return the meaningful words of a name, each with the numbers and letters that belong to it, in their order.

    >>> units("Type II diabetes mellitus"), units("Hepatitis B"), units("5-fluorouracil")
    (('type2', 'diabetes', 'mellitus'), ('hepatitisb',), ('5fluorouracil',))
    """
    found: list[str] = []
    pending = ""
    previous = ""
    for raw in words(text):
        if raw in _NOTHING:
            continue
        word = _ROMAN.get(raw) or (_ROMAN_SHORT.get(raw, raw) if previous in _ROMAN_AFTER else raw)
        previous = raw
        if len(word) == 1 or not word[0].isalpha() or word in _GREEK_NAMES:
            if found and not pending:
                found[-1] += word
            else:
                pending += word
        elif word in _FORWARD:
            pending += word
        else:
            found.append(stem(pending + word))
            pending = ""
    if pending:
        found.append(pending)
    return tuple(found)


def particulars(text: str) -> tuple[str, ...]:
    """Return the numbers and single letters of a name, sorted: names that differ in them are never the same.

    >>> particulars("vitamin C"), particulars("type II diabetes"), particulars("vitamins")
    (('c',), ('2',), ())
    """
    found = map(roman, words(text))
    return tuple(sorted(word for word in found if len(word) == 1 or not word[0].isalpha()))


@lru_cache(maxsize=8192)
def key(text: str) -> str:
    """Return the key that all spellings of a name share; empty for a text without letters and digits.

    >>> key("Carcinoma, Non-Small-Cell Lung") == key("non-small cell lung carcinomas")
    True
    >>> key("IL-2 receptor 1") == key("IL-1 receptor 2")
    False
    """
    return " ".join(sorted(units(text)))


def key_hash(text: str) -> int:
    """Return the key as a number of 48 bits, as the built terminology keeps it."""
    return int.from_bytes(blake2b(key(text).encode(), digest_size=KEY_BITS // 8).digest(), "big")
