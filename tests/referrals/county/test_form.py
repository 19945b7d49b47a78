"""The form before it is sent: what is offered, what is refused and how it says so, what stays typed."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from referrals.county import queries
from referrals.county.models import ConsentText, Referral
from referrals.moves import ContactChannel
from referrals.municipality.models import Catchment
from servicetray.accounts.models import UnitKind
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people, referrals
from tests.referrals.county.filling import (
    ANSWERS,
    FORM,
    PREVIEW,
    SEND,
    TEXTS,
    fill,
    form_of,
    ground,
    signed_in,
)

pytestmark = pytest.mark.usefixtures("database")

CODE = "131052-308T"
"""The example code of the Digital and Population Data Services Agency: nobody's."""


def sent() -> list[Referral]:
    """Return every referral there is."""
    return list(db.session.scalars(select(Referral).order_by(Referral.sent_at)).all())


# ------------------------------------------------------------------------------- what is offered


def test_each_municipality_says_what_to_expect_before_anything_is_filled_in(new_client):
    ground()
    office = people.unit(UnitKind.COUNSELLING, name="Kotkan liikuntaneuvonta", municipality_code="285")
    people.municipality("285", "Kotka")
    away = referrals.catchment(office, municipality_code="285")
    today = clock.helsinki_day(clock.now())
    referrals.absence(away, first_day=today, last_day=today + dt.timedelta(days=10))
    text = signed_in(new_client).read(FORM).text
    assert "Odotus noin 5 työpäivää. Neuvontaa suomeksi ja ruotsiksi." in text
    assert "Vastataan" in text


def test_a_closed_municipality_says_why_and_cannot_be_chosen(new_client):
    ground()
    people.municipality("285", "Kotka")
    office = people.unit(UnitKind.COUNSELLING, name="Kotkan liikuntaneuvonta", municipality_code="285")
    referrals.catchment(office, municipality_code="285", closes_on=dt.date(2024, 12, 31))
    client = signed_in(new_client)
    page = client.read(FORM)
    form = form_of(page)
    assert "Kotkan liikuntaneuvonta päättyi 31.12.2024." in page.text
    assert [choice.value for choice in form.choices["municipality"]] == ["286"]

    answers = form.data(button=SEND, **ANSWERS) | {"municipality": "285"}
    refused = client.post(FORM, data=answers)
    assert refused.status_code == 422
    assert "Kotkan liikuntaneuvonta päättyi" in refused.get_data(as_text=True)
    assert sent() == []


def test_where_nobody_takes_referrals_there_is_no_form_but_a_phone_number(new_client):
    ground(closes_on=dt.date(2024, 12, 31))
    page = signed_in(new_client).read(FORM)
    assert page.headings() == ["Mikään kunta ei ota tänään vastaan näitä lähetteitä"]
    assert "päättyi 31.12.2024" in page.text
    assert "040 000 0100" in page.text
    assert list(page.main.iter("form")) == []


def test_a_client_of_another_age_is_told_before_sending(new_client):
    place_id = ground().id
    with transaction():
        place = db.session.get_one(Catchment, place_id)
        place.min_age = 18
    page = fill(signed_in(new_client), birth_year=str(clock.helsinki_day(clock.now()).year - 10), status=422)
    assert page.errors["birth_year"] == "Testilän liikuntaneuvonta on 18 vuotta täyttäneille."


def test_an_unknown_kind_is_nowhere(new_client):
    ground()
    signed_in(new_client).read("/lahetteet/uusi/horoskooppi", status=404)


def test_culture_asks_for_interests(new_client):
    ground(kind_code="culture")
    client = signed_in(new_client)
    fill(client, path="/lahetteet/uusi/culture", reasons=["loneliness"], interests=["music", "companion"])
    content = queries.content_of(sent()[0])
    assert content.interests == ("music", "companion")
    assert sent()[0].reference.startswith("KUL-")


# ------------------------------------------------------------------------------ what is required


def test_an_empty_form_says_everything_that_is_missing_and_links_there(new_client):
    ground()
    client = signed_in(new_client)
    page = client.send(form_of(client.read(FORM)), button=SEND, status=422)
    assert form_of(page).fields["municipality"] == "286", "where the sender works"
    assert set(page.errors) == {
        "first_name",
        "last_name",
        "birth_year",
        "channels",
        "reasons",
        "consent_given",
        "feedback",
        "follow_up",
        "transfer",
    }
    assert len(page.error_summary) == len(page.errors)
    assert page.title.startswith("Korjattavaa: ")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (FORM, "Kirjoita sukunimi."),
        (f"/sv{FORM}", "Skriv efternamnet."),
        (f"/en{FORM}", "Write the last name."),
    ],
)
def test_errors_come_in_the_language_of_the_page_and_keep_what_was_typed(new_client, path, sentence):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(path))
    page = client.send(form, status=422, **{**ANSWERS, "last_name": ""})
    assert page.errors == {"last_name": sentence}
    kept = form_of(page).fields
    for name, value in ANSWERS.items():
        wanted = [value] if name == "consent_given" else value
        assert kept[name] == ("" if name == "last_name" else wanted), name
    assert kept["form_key"] == form.fields["form_key"]


def test_only_what_the_client_allowed_is_disclosed(new_client):
    ground()
    fill(
        signed_in(new_client),
        channels=["email", "contact_person"],
        phone="",
        email="veikko@example.org",
        contact_name="Aila Tiainen",
        contact_relation="tytär",
        contact_phone="+358 40 000 0175",
        language="other",
        other_language="arabia",
        interpreter="tulkki arabiaksi",
    )
    row = sent()[0]
    content = queries.content_of(row)
    assert set(row.consent.channels) == {ContactChannel.EMAIL, ContactChannel.CONTACT_PERSON}
    assert content.contact_person is not None
    assert content.contact_person.name == "Aila Tiainen"
    assert (content.language, content.interpreter, content.phone) == ("arabia", "tulkki arabiaksi", "")


# -------------------------------------------------------------------------------- identity codes


def test_identity_codes_are_taken_out_of_every_text_and_the_rest_is_kept(new_client):
    ground()
    page = fill(signed_in(new_client), status=422, **dict.fromkeys(TEXTS, f"alku {CODE} loppu"))
    for name in TEXTS:
        assert page.errors[name].startswith("Otimme kohdasta"), name
        assert form_of(page).fields[name] == "alku loppu", name
    assert CODE not in page.response.get_data(as_text=True)
    assert sent() == []


def test_no_text_field_is_forgotten(new_client):
    ground()
    form = form_of(signed_in(new_client).read(FORM))
    typed = {
        control.get("name")
        for control in form.element.iter("input", "textarea")
        if control.tag == "textarea" or control.get("type") in {"text", "tel", "email"}
    }
    assert typed == set(TEXTS)


def test_a_preview_shows_no_identity_code_either(new_client):
    ground()
    page = fill(signed_in(new_client), button=PREVIEW, status=422, own_wish=f"{CODE} uimaan")
    assert "Toive: uimaan" in page.text
    assert CODE not in page.response.get_data(as_text=True)


# ------------------------------------------------------------------------------- minors and others


def test_under_18_the_questions_about_who_decides_stand_open(new_client):
    ground()
    year = str(clock.helsinki_day(clock.now()).year - 15)
    page = fill(signed_in(new_client), birth_year=year, status=422)
    assert set(page.errors) == {"basis", "contact", "guardians_may_be_told"}
    assert any("open" in fold.attrib for fold in page.main.iter("details"))


def test_a_guardian_consents_for_a_child_and_is_contacted(new_client):
    ground()
    fill(
        signed_in(new_client),
        birth_year=str(clock.helsinki_day(clock.now()).year - 9),
        giver="guardian",
        basis="custody",
        contact="guardian",
        guardians_may_be_told="yes",
        channels=["contact_person"],
        phone="",
        contact_name="Aila Tiainen",
        contact_relation="äiti",
        contact_phone="040 000 0175",
    )
    given = sent()[0].consent
    assert (given.giver, given.basis, given.contact) == ("guardian", "custody", "guardian")
    assert given.guardians_may_be_told is True
    assert sent()[0].age_group == "0-17"


def test_a_protected_client_is_named_in_no_list(new_client):
    ground()
    client = signed_in(new_client)
    fill(client, protected="y")
    page = client.read("/lahetteet")
    assert page.headings(3) == ["Suojattu asiakas"]
    assert "Tiainen" not in page.text


# --------------------------------------------------------------------------- text and preview


def test_the_consent_text_changes_its_language_and_nothing_else_does(new_client):
    ground()
    client = signed_in(new_client)
    page = fill(client, button="svenska")
    assert "Får jag" in page.text
    assert page.h1 == "Uusi liikuntalähete"
    assert form_of(page).fields["own_wish"] == ANSWERS["own_wish"]
    client.send(form_of(page), button=SEND)
    assert sent()[0].consent.text_language == "sv"


def test_a_text_that_changed_meanwhile_is_read_again(new_client):
    ground()
    client = signed_in(new_client)
    opened = form_of(client.read(FORM))
    with transaction() as session:
        session.add(
            ConsentText(
                kind_code="exercise",
                language="fi",
                version="2026-2",
                body="Uusi teksti",
                valid_from=dt.date(2024, 1, 1),
            )
        )
    page = client.send(opened, button=SEND, status=422, **ANSWERS)
    assert "Uusi teksti" in page.text
    assert any("teksti on muuttunut" in error for error in page.errors.values())
    assert sent() == []
    client.send(form_of(page), button=SEND, consent_given="y")
    assert sent()[0].consent.text_version == "2026-2"


def test_the_preview_shows_what_the_municipality_will_see(new_client):
    ground()
    page = fill(signed_in(new_client), button=PREVIEW, protected="y")
    for words in ("Veikko Tiainen", "s. 1948", "Puhelu: 040 000 0174", "Toive: Haluaisin", "Suojattu"):
        assert words in page.text
    assert sent() == []


def test_pressing_enter_in_a_field_never_sends(new_client):
    ground()
    form = form_of(signed_in(new_client).read(FORM))
    first = next(form.element.iter("button"))
    assert (first.get("name"), first.get("value")) == ("step", "preview")


def test_a_referral_at_midnight_is_of_the_helsinki_day(new_client):
    """Half past midnight in Helsinki is still yesterday in UTC: the catchment that ended yesterday is closed."""
    ground(closes_on=dt.date(2026, 3, 9))
    client = new_client()
    person = referrals.professional()
    with time_machine.travel(dt.datetime(2026, 3, 9, 21, 30, tzinfo=dt.UTC), tick=False):
        people.sign_in(client, person)
        assert list(client.read(FORM).main.iter("form"))
    with time_machine.travel(dt.datetime(2026, 3, 9, 22, 30, tzinfo=dt.UTC), tick=False):
        people.sign_in(client, person)
        assert not list(client.read(FORM).main.iter("form"))
