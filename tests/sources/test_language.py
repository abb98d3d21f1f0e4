"""Languages: texts that nobody here can read are named, not misread."""

from __future__ import annotations

import pytest

from kg.sources.language import detect, iso639_1

SAMPLES = {
    "en": "The patients were treated with aspirin and the fever was gone in two days.",
    "fr": "Les patients ont été traités avec de l'aspirine et la fièvre était partie dans les deux jours.",
    "de": "Die Patienten wurden mit Aspirin behandelt und das Fieber war nach zwei Tagen nicht mehr da.",
    "es": "Los pacientes fueron tratados con aspirina y la fiebre se fue en los dos días siguientes.",
    "it": "I pazienti sono stati trattati con la aspirina e la febbre è passata nel giro di due giorni.",
    "pt": "Os pacientes foram tratados com aspirina e a febre não foi vista em dois dias, como as dores.",
    "nl": "De patiënten werden behandeld met aspirine en de koorts was na twee dagen niet meer aanwezig bij hen.",
    "pl": "Pacjenci byli leczeni aspiryną i gorączka nie była obecna po dwóch dniach, jak również ból w badania.",
    "ru": "Пациенты получали аспирин, и лихорадка прошла через два дня.",
    "zh": "患者接受阿司匹林治疗，两天后退烧。",
    "ja": "患者はアスピリンで治療され、二日後に熱が下がった。",
    "ar": "عولج المرضى بالأسبرين واختفت الحمى بعد يومين.",
}


@pytest.mark.parametrize("code", SAMPLES)
def test_detection(code):
    assert detect(SAMPLES[code]) == code


def test_too_little_to_tell_is_the_default():
    assert detect("Aspirin 100 mg") == "en"
    assert detect("", default="fr") == "fr"


def test_names_of_languages():
    assert [iso639_1(code) for code in ("eng", "ger", "pt-BR", "EN", "", "xxx")] == [
        "en",
        "de",
        "pt",
        "en",
        "en",
        "und",
    ]


def test_what_a_page_declares_can_be_overruled_by_its_words(reading):
    page = "<html lang={}><body><p>" + SAMPLES["de"] + "</p></body></html>"
    assert reading("a.html", page.format("en")).document.language == "de"
    assert reading("a.html", page.format("english")).document.language == "de"
    assert reading("a.html", page.format("da")).document.language == "da"


def test_a_file_in_another_language_is_kept_with_its_language(reading):
    document = reading("a.txt", SAMPLES["it"] + "\n\n" + SAMPLES["it"]).document
    assert document.language == "it"
