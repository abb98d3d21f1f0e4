"""Which language a text is in: by script, then by its commonest words. Enough to leave unread what nobody can read."""

from __future__ import annotations

import re

_SAMPLE = 8_000
_MIN_HITS = 3
_WORD = re.compile(r"[^\W\d_]+")

_STOPWORDS = {
    "en": "the of and in to with was were for is are that from by on this be as or not have has which their these",
    "fr": "le la les des et du une est dans pour par sur avec que qui aux ont été sont cette ces au ou chez plus",
    "de": "der die und das den mit von für ist des im dem ein eine zu auf bei wurde wurden nicht sich werden nach oder",
    "es": "el la los las del y en una con por para que se es fue fueron su sus como más entre pacientes este esta",
    "it": "il lo gli della di e del che per con una nel dei delle sono è alla da come più tra stato dal degli nella",
    "pt": "o os as da do dos das e em um uma com para por que não foi foram ao na no como mais entre são pela",
    "nl": "de het een en van in is op te met voor zijn werd werden bij niet aan door ook als worden uit naar",
    "pl": "i w na z do się jest nie oraz od przez po dla u są za o jak było został badania leczenia",
    "sv": "och i att det som en på är av för med till den har inte om ett var vid från eller",
    "tr": "ve bir bu ile için olarak da de olan hastalarda daha veya sonra göre en çok",
}
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _code, _text in _STOPWORDS.items():
    for _word in _text.split():
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _code)
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
# ISO 639-2 as MEDLINE writes it.
_THREE = {
    "eng": "en", "fre": "fr", "fra": "fr", "ger": "de", "deu": "de", "spa": "es", "ita": "it", "por": "pt",
    "dut": "nl", "nld": "nl", "pol": "pl", "swe": "sv", "tur": "tr", "jpn": "ja", "kor": "ko", "chi": "zh",
    "zho": "zh", "rus": "ru", "gre": "el", "ell": "el", "ara": "ar", "heb": "he", "tha": "th", "hin": "hi",
    "dan": "da", "nor": "no", "fin": "fi", "cze": "cs", "ces": "cs", "slo": "sk", "slk": "sk", "hun": "hu",
    "rum": "ro", "ron": "ro", "bul": "bg", "hrv": "hr", "srp": "sr", "slv": "sl", "ukr": "uk", "lit": "lt",
    "lav": "lv", "est": "et", "ice": "is", "isl": "is", "cat": "ca", "per": "fa", "fas": "fa", "baq": "eu",
    "afr": "af", "vie": "vi", "ind": "id", "geo": "ka", "arm": "hy", "mac": "mk", "alb": "sq", "bos": "bs",
}  # fmt: skip


def iso639_1(code: str, default: str = "en") -> str:
    """Return the two-letter code of a language tag (``eng``, ``en-GB``, ``FR``); ``und`` for an unknown one.

    >>> iso639_1("ita"), iso639_1("en-GB"), iso639_1("")
    ('it', 'en', 'en')
    """
    first = re.split(r"[-_]", code.strip().lower())[0]
    if not first:
        return default
    return first if len(first) == 2 else _THREE.get(first, "und")


def settled(declared: str, text: str) -> str:
    """Return the language of a text whose source declares one: templates often say English, so the words may overrule.

    >>> settled("en-GB", "Die Patienten wurden mit Aspirin behandelt und das Fieber war nach zwei Tagen weg.")
    'de'
    """
    code = iso639_1(declared, "und")
    if code == "und":
        return detect(text)
    return detect(text, code) if code in _STOPWORDS else code


def detect(text: str, default: str = "en") -> str:
    """Return the ISO 639-1 code of the language that a text is most likely in; ``default`` where it cannot be told.

    >>> detect("Il trattamento della febbre nei bambini con una infezione del tratto urinario")
    'it'
    >>> detect("Aspirin 100 mg")
    'en'
    """
    sample = text[:_SAMPLE]
    if not sample.isascii():
        letters = sum(map(str.isalpha, sample))
        for code, script in _SCRIPTS:
            share = len(script.findall(sample))
            # Japanese mixes in Chinese characters, so a fifth is enough there; elsewhere most letters must agree.
            if letters and share * (5 if code == "ja" else 2) > letters:
                return code
    hits = dict.fromkeys(_STOPWORDS, 0)
    for word in _WORD.findall(sample.lower()):
        for code in _LANGUAGES.get(word, ()):
            hits[code] += 1
    best = max(hits, key=lambda code: (hits[code], code == default))
    if hits[best] < _MIN_HITS or hits[best] < 1.2 * hits.get(default, 0):
        return default
    return best
