"""Suggestions while typing."""

import uuid

import pytest

from tests.factories import catalogue


@pytest.fixture
def services(database):
    catalogue.foundation()
    catalogue.service("Tuolijumppa ikäihmisille", keywords={"fi": ["jumppa", "voimistelu"]})
    catalogue.service("Äitien oma jumppa")


def suggested(client, words: str) -> list[tuple[str, str]]:
    answer = client.get(f"/haku/ehdotukset?q={words}")
    assert answer.mimetype == "application/json"
    return [(each["kind"], each["text"]) for each in answer.json]


def test_services_words_and_themes_are_suggested(client, services):
    assert ("service", "Tuolijumppa ikäihmisille") in suggested(client, "tuoli")
    assert ("word", "tuolijumppa") in suggested(client, "tuoli")
    assert ("theme", "Liikunta") in suggested(client, "liik")


def test_dots_may_be_left_out_and_earlier_words_stay(client, services):
    assert ("service", "Äitien oma jumppa") in suggested(client, "aitien")
    assert ("word", "kevyt voimistelu") in suggested(client, "kevyt+voimis")


@pytest.mark.parametrize("words", ["", "j", "%20", "qwrtzx", "%27%25", "yli" * 60])
def test_where_nothing_fits_the_answer_is_empty(client, services, words):
    assert suggested(client, words) == []


def test_suggestions_lead_to_pages(client, services):
    for each in client.get("/haku/ehdotukset?q=jumppa").json:
        assert client.get(each["url"]).status_code == 200


def test_there_are_eight_at_most(client, services):
    for number in range(12):
        catalogue.service(f"Jumppa {uuid.UUID(int=number).hex[-2:]} jumppatuokio{chr(97 + number)}")

    assert len(suggested(client, "jump")) == 8
