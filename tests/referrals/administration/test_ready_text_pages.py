"""The administration of ready texts: whose they are, what they may hold, and that two changes never mix."""

import uuid

import pytest

from referrals.ready_texts import queries
from referrals.ready_texts.models import ReadyText
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from tests.factories import people
from tests.referrals.administration.test_setup_pages import administrator as administrator
from tests.referrals.administration.test_setup_pages import lead as lead
from tests.referrals.administration.test_setup_pages import place as place
from tests.referrals.administration.test_setup_pages import press, told
from tests.referrals.county.filling import signed_in

LIST = "/en/hallinta/valmiit-tekstit"
WORDS = {
    **{f"title_{code}": f"Otsikko {code}" for code in ("fi", "sv", "en")},
    **{f"body_{code}": "Hei! {unit_phone} {adviser} {date}" for code in ("fi", "sv", "en")},
}


def text_of(text_id: uuid.UUID, unit_id: uuid.UUID) -> ReadyText:
    row = queries.text_of(text_id, unit_id=unit_id)
    assert row is not None
    return row


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_the_pages_are_there_in_every_language(administrator, place, prefix):
    assert administrator.read(f"{prefix}/hallinta/valmiit-tekstit").h1
    assert administrator.read(f"{prefix}/hallinta/valmiit-tekstit/{place.unit_id}/uusi").h1


def test_a_lead_sees_the_texts_of_their_own_units_alone(lead, place):
    other = people.unit(UnitKind.COUNSELLING, name="Muu")
    assert lead.read(LIST).h1
    assert lead.get(f"{LIST}?yksikko={other.id}").status_code == 404
    assert lead.get(f"{LIST}/{other.id}/uusi").status_code == 404


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.ADVISER, Role.COORDINATOR])
def test_nobody_else_finds_them(place, new_client, role):
    outsider = signed_in(new_client, people.user(role))
    assert outsider.get(LIST).status_code == 404
    assert outsider.get(f"{LIST}/{place.unit_id}/uusi").status_code == 404


def test_the_shared_ones_are_taken_changed_and_retired_and_the_log_tells(lead, place):
    unit_id = place.unit_id
    press(lead, lead.read(LIST), "Take these as our own")
    own = queries.own_texts(unit_id)
    assert len(own) == len(queries.first_texts()) == len(told())
    first = own[0].id
    path = f"{LIST}/{unit_id}/{first}"
    lead.send(lead.read(path).form("Keep"), **WORDS)
    assert text_of(first, unit_id).title["en"] == "Otsikko en"
    assert "Hei!" not in str(told()[-1].detail)
    press(lead, lead.read(LIST), "Retire: Otsikko en")
    assert not text_of(first, unit_id).active
    assert told()[-1].detail == {"active": "True → False"}
    press(lead, lead.read(LIST), "Take into use again: Otsikko en")
    assert text_of(first, unit_id).active


def test_a_text_of_its_own_takes_the_place_of_the_shared_ones_which_is_said(lead, place):
    page = lead.read(f"{LIST}/{place.unit_id}/uusi")
    assert "no longer has the shared ones" in page.text
    lead.send(page.form("Keep"), use="letter", kind="exercise", **WORDS)
    [offered] = queries.texts_for(place.unit_id, kind_code="exercise")
    assert (offered.use.value, offered.body["sv"]) == ("letter", WORDS["body_sv"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hei {client_name}", "Nothing is filled into “client_name”."),
        ("Tunnus 131052-308T", "Take the personal identity code out"),
        ("", "Write it in this language too."),
    ],
)
def test_what_can_t_be_kept_says_why(lead, place, body, said):
    form = lead.read(f"{LIST}/{place.unit_id}/uusi").form("Keep")
    page = lead.send(form, status=422, **{**WORDS, "body_sv": body})
    assert said in page.text
    assert queries.own_texts(place.unit_id) == []


def test_two_changes_at_once_never_mix(lead, place):
    lead.send(lead.read(f"{LIST}/{place.unit_id}/uusi").form("Keep"), **WORDS)
    [row] = queries.own_texts(place.unit_id)
    form = lead.read(f"{LIST}/{place.unit_id}/{row.id}").form("Keep")
    lead.send(form, **{**WORDS, "title_en": "One"})
    page = lead.send(form, status=409, **{**WORDS, "title_en": "Two"})
    assert "Somebody has changed this since you opened it" in page.text
    assert page.form("Keep").data()["title_en"] == "Two"
    [row] = queries.own_texts(place.unit_id)
    assert row.title["en"] == "One"
