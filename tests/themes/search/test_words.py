"""The editable word lists."""

import pytest

from themes.search.analysis import LANGUAGES, analyse
from themes.search.words import read, standard


def test_the_lists_are_whole_in_every_language():
    words = standard()

    assert set(words.synonyms) == set(LANGUAGES)
    assert len(words.synonyms["fi"]) >= 60
    assert {"ja", "och", "and"} <= words.stop


AS_TYPED = {"raskaana", "häät"}
"""Words of the list that mean another thing in their dictionary form, and are met only as they stand."""


def test_every_finnish_word_stands_in_its_dictionary_form():
    # Another form would never be met: a query is looked up by its lemmas.
    bent = {word for word in standard().synonyms["fi"] if word not in analyse(word).lemmas}

    assert bent == AS_TYPED


def test_a_need_is_met_when_all_of_its_words_are_said_and_the_fuller_one_comes_first():
    words = read("", "", needs='[fi]\n"omaishoito" = ["hoitaa äiti"]\n"hengähdys" = ["hoitaa jaksaa äiti"]')

    assert [need.official for need in words.needs_in({"hoitaa", "äiti", "jaksaa"}, "fi")] == [
        "hengähdys",
        "omaishoito",
    ]
    assert words.needs_in({"hoitaa", "isä"}, "fi") == ()
    assert words.needs_in({"hoitaa", "äiti"}, "sv") == ()


def test_a_group_in_a_need_stands_for_each_of_its_words():
    words = read("", "", needs='[any-of.fi]\nvanhus = "äiti isä"\n[fi]\n"turva" = ["@vanhus kaatua"]')

    assert [need.official for need in words.needs_in({"isä", "kaatua"}, "fi")] == ["turva"]
    assert words.needs_in({"kaatua", "vanhus"}, "fi") == ()


def test_a_word_of_another_language_crosses_to_what_finnish_texts_call_it():
    words = standard()

    assert "suun terveydenhuolto" in words.crossed(analyse("tandläkaren", "sv"), "sv")
    assert "kirjasto" in words.crossed(analyse("libraries", "en"), "en")
    assert words.crossed(analyse("kirjasto"), "fi") == ()


@pytest.mark.parametrize(
    "needs",
    ['[fi]\n"omaishoito" = ["hoitaa"]', '[xx]\n"a" = ["b c"]', '[fi]\n"turva" = ["@vanhus kaatua"]'],
)
def test_a_need_that_cannot_be_met_is_refused(needs):
    with pytest.raises(ValueError):
        read("", "", needs=needs)


@pytest.mark.parametrize(
    ("word", "language", "official"),
    [
        ("vanhuksille", "fi", "ikääntynyt"),
        ("mummolle", "fi", "ikäihminen"),
        ("jumppaan", "fi", "liikunta"),
        ("masennuksesta", "fi", "mieliala"),
        ("viinan", "fi", "päihde"),
        ("pensionärer", "sv", "äldre"),
        ("unemployed", "en", "employment"),
    ],
)
def test_an_everyday_word_leads_to_official_ones(word, language, official):
    assert official in standard().synonyms_of(analyse(word, language), language)


@pytest.mark.parametrize(
    "synonyms",
    ['[xx]\n"a" = ["b"]', '[fi]\n"kaksi sanaa" = ["b"]', '[fi]\n"yksin" = []'],
)
def test_a_list_that_cannot_work_is_refused(synonyms):
    with pytest.raises(ValueError):
        read(synonyms, 'fi = "ja"')
