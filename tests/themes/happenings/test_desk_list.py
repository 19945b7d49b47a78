"""The editors' lists of events and groups: piles, words and pages, as the list of services has them."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
import time_machine

from servicetray.accounts.permissions import Role
from servicetray.core.db import transaction
from tests.factories import catalogue, happenings, people
from themes.directory.desk.lists import PAGE_SIZE
from themes.happenings import operations, queries
from themes.happenings.desk_list import Pile, pile_of
from themes.happenings.desk_queries import DeskRow
from themes.happenings.models import State

DAY = dt.timedelta(days=1)
TODAY = happenings.TODAY
ROW = DeskRow(id=uuid.UUID(int=1), name={}, state=State.PUBLISHED, cancelled=False, last=TODAY)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Pile.COMING),
        ({"last": None}, Pile.COMING),
        ({"last": TODAY - DAY}, Pile.OVER),
        ({"cancelled": True}, Pile.CANCELLED),
        ({"cancelled": True, "last": TODAY - DAY}, Pile.OVER),
        ({"state": State.DRAFT, "last": TODAY - DAY}, Pile.DRAFTS),
    ],
)
def test_each_lies_in_one_pile(changed, expected):
    assert pile_of(replace(ROW, **changed), TODAY) is expected


@pytest.fixture
def editor(client, database):
    with time_machine.travel(happenings.NOW, tick=False):
        catalogue.foundation()
        catalogue.provider()
        yield people.sign_in(client, people.user(Role.CONTENT_EDITOR))


def names(page) -> list[str]:
    return [row["Nimi"] for row in page.table()]


def test_a_pile_a_name_and_an_address_narrow_the_list(editor):
    happenings.event("Kuoro")
    draft = happenings.event({"fi": "Kesäkuoro", "sv": "Sommarkören"}, state=State.DRAFT)
    cancelled = happenings.event("Retki")
    happenings.group("Ryhmä ei ole tapahtuma")
    person = people.user(Role.CONTENT_EDITOR)
    with transaction():
        operations.cancel(queries.required(cancelled), reason={}, actor=person, now=happenings.NOW)
    page = editor.read("/sisalto/tapahtumat")
    for words in ("Kaikki 3", "Tulossa 1", "Luonnokset 1", "Perutut 1"):
        assert words in page.text
    assert "Menneet" not in page.text, "a pile with nothing in it is no choice"
    assert names(editor.read(page.link("Luonnokset 1"))) == ["Kesäkuoro"]
    found = editor.send(page.form("Näytä"), button="Näytä", q="sommar")
    assert names(found) == ["Kesäkuoro"]
    assert names(editor.read(f"/sisalto/tapahtumat?q=https://example.org/tapahtumat/{draft}")) == [
        "Kesäkuoro"
    ]
    assert "Tapahtumaa ei löytynyt" in editor.read("/sisalto/tapahtumat?q=laulu").text
    in_pile = editor.read("/sisalto/tapahtumat?tila=perutut").form("Näytä")
    assert in_pile.data()["tila"] == "perutut"


def test_many_are_on_several_pages_with_few_questions(editor, query_budget):
    for number in range(PAGE_SIZE + 1):
        happenings.group(f"Piiri {number}")
    with query_budget(20):
        page = editor.read("/sisalto/ryhmat?tila=tulossa")
    assert len(names(page)) == PAGE_SIZE
    assert "tila=tulossa" in page.link("Seuraava sivu")
    assert len(names(editor.read(page.link("Seuraava sivu")))) == 1
