"""Words that are suggested while one types."""

import pytest

from tests.factories import catalogue
from themes.search.operations import remove_service
from themes.search.vocabulary import beginnings


@pytest.fixture
def services(database):
    catalogue.foundation()
    catalogue.service("Kuntosali kahdelle", keywords={"fi": ["kuntosali"]})
    catalogue.service("Kuorossa laulaminen", keywords={"fi": ["kuoro", "laulaa"]})
    catalogue.service({"fi": "Kuoron kevät", "sv": "Körens vårgrupp"}, keywords={"sv": ["grupp", "grupper"]})
    return catalogue.service("Kuvataidetta", summary={"fi": "Kuntosalilla kuullaan kurssista."})


def test_the_words_of_most_services_come_first_in_the_form_to_type(services):
    assert beginnings("ku", "fi", most=8) == ["kuoro", "kuntosali", "kuvataide"]
    assert beginnings("la", "fi", most=8) == ["laulaminen"]
    assert beginnings("ku", "fi", most=1) == ["kuoro"]


def test_numbers_small_words_and_words_of_texts_alone_are_not_suggested(services):
    assert beginnings("ka", "fi", most=8) == []
    assert beginnings("kurs", "fi", most=8) == []


def test_of_one_stem_there_is_one_word(services):
    assert beginnings("gr", "sv", most=8) == ["grupp"]
    assert beginnings("ko", "sv", most=8) == ["körens", "kouvola"]


def test_a_word_that_no_service_has_any_more_is_not_suggested(services):
    assert beginnings("kuva", "fi", most=8) == ["kuvataide"]
    remove_service(services)
    assert beginnings("kuva", "fi", most=8) == []


@pytest.mark.parametrize("beginning", ["", "k", "qw"])
def test_where_nothing_begins_so_there_is_nothing(services, beginning):
    assert list(beginnings(beginning, "fi", most=8)) == []
