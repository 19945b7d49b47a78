"""A municipality among the words of a query."""

import pytest

from themes.finding.places import named_place, terms_of_places

KNOWN = terms_of_places(
    {
        "285": {"fi": "Kotka", "sv": "Kotka", "en": "Kotka"},
        "286": {"fi": "Kouvola", "sv": "Kouvola", "en": "Kouvola"},
        "624": {"fi": "Pyhtää", "sv": "Pyttis", "en": "Pyhtää"},
        "935": {"fi": "Virolahti", "sv": "Vederlax", "en": "Virolahti"},
    }
)


@pytest.mark.parametrize(
    ("query", "code", "word", "others"),
    [
        ("mummolle jumppaa kouvolassa", "286", "kouvolassa", "mummolle jumppaa"),
        ("Kotkan kuorot", "285", "Kotkan", "kuorot"),
        ("uimaan Pyhtäälle!", "624", "Pyhtäälle", "uimaan"),
        ("gympa i Pyttis", "624", "Pyttis", "gympa i"),
        ("virolahti", "935", "virolahti", ""),
        ("kotka kuoro kotkassa", "285", "kotka", "kuoro"),
    ],
)
def test_a_named_municipality_is_told_from_the_other_words(query, code, word, others):
    place = named_place(query, KNOWN)

    assert place is not None
    assert (place.code, place.word, place.other_words) == (code, word, others)


@pytest.mark.parametrize(
    "query",
    ["", "jumppaa", "kouvolan ja kotkan kuorot", "kotka-kouvola", "helsingissä", "\0", "kouvolankatu"],
)
def test_none_or_several_municipalities_are_words_like_others(query):
    assert named_place(query, KNOWN) is None
