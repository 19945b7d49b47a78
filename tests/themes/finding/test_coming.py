"""Events and groups among what a search finds."""

import datetime as dt

import pytest
from flask import current_app

from servicetray.core.municipalities import municipalities
from tests.factories import catalogue, happenings
from tests.factories.happenings import TODAY
from themes.finding.coming import coming
from themes.search.plan import plan


def found(words: str, municipality: str | None = None) -> list[str]:
    with current_app.test_request_context():
        cards = coming(
            plan(words, language="fi"),
            municipality=municipality,
            language="fi",
            today=TODAY,
            places=municipalities(),
        )
    return [card.name.text for card in cards]


def on(day: int) -> dict[str, object]:
    return {"rule": happenings.rule(TODAY + dt.timedelta(days=day))}


@pytest.fixture
def known(database):
    catalogue.foundation()
    happenings.event("Kuntopäivä", summary={"fi": "Jumppaa ja kahvit."}, **on(0))
    happenings.group("Tuolijumppa", **on(6))
    happenings.group("Vesijumppa", **on(2))
    happenings.group("Tasapainojumppa", municipality_code="285", **on(1))
    happenings.event("Etäjumppa", municipality_code=None, **on(4))
    happenings.event("Kuoroilta", **on(0))


def test_named_so_comes_before_told_of_and_then_the_soonest(known):
    assert found("jumppaan") == ["Tasapainojumppa", "Vesijumppa", "Etäjumppa", "Tuolijumppa"]
    assert found("kahvit") == ["Kuntopäivä"]


def test_in_a_municipality_with_what_is_for_the_whole_county(known):
    assert found("jumppa", "286") == ["Vesijumppa", "Etäjumppa", "Tuolijumppa", "Kuntopäivä"]


def test_every_needed_word_must_be_there(known):
    assert found("jumppa kuoro") == []
    assert found("") == []
