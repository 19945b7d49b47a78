"""The form before it is sent: what is offered, what is refused and how it says so, what stays typed."""

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from referrals.county import queries
from referrals.county.models import Referral
from referrals.county.sending.fields import without_codes
from referrals.moves import ContactChannel
from servicetray.accounts.models import UnitKind
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.factories import people, referrals
from tests.referrals.county.filling import ANSWERS, FORM, PREVIEW, SEND, fill, form_of, ground, signed_in

pytestmark = pytest.mark.usefixtures("database")

CODE = "131052-308T"
"""The example code of the Digital and Population Data Services Agency: nobody's."""
TEXTS = (
    "first_name",
    "last_name",
    "birth_year",
    "other_language",
    "interpreter",
    "phone",
    "email",
    "address",
    "contact_name",
    "contact_relation",
    "contact_phone",
    "own_wish",
    "what_to_heed",
    "interpreted_by",
)


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
        place = db.session.get_one(referrals.Catchment, place_id)
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
    assert set(page.errors) == {
        "municipality",
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


@pytest.mark.parametrize("question", ["feedback", "follow_up", "transfer", "consent_given"])
def test_consent_is_never_chosen_beforehand(new_client, question):
    ground()
    client = signed_in(new_client)
    form = form_of(client.read(FORM))
    assert not any(choice.chosen for choice in form.choices[question])
    answers = {name: value for name, value in ANSWERS.items() if name != question}
    assert list(client.send(form, button=SEND, status=422, **answers).errors) == [question]


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        ("51", "Kirjoita vuosi neljällä numerolla, esimerkiksi 1951."),
        ("1851", "Tarkista syntymävuosi: 1851 ei voi olla oikein."),
        ("2951", "Tarkista syntymävuosi: 2951 ei voi olla oikein."),
        ("１９５１", "Kirjoita vuosi neljällä numerolla, esimerkiksi 1951."),
    ],
)
def test_a_year_of_birth_is_a_year_that_somebody_may_be_born_in(new_client, year, sentence):
    ground()
    assert fill(signed_in(new_client), birth_year=year, status=422).errors == {"birth_year": sentence}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"channels": ["phone"], "phone": ""}, {"phone"}),
        ({"channels": ["text_message"], "phone": ""}, {"phone"}),
        ({"channels": ["email"], "phone": ""}, {"email"}),
        ({"channels": ["letter"], "phone": ""}, {"address"}),
        (
            {"channels": ["contact_person"], "phone": ""},
            {"contact_name", "contact_phone", "contact_relation"},
        ),
        ({"channels": ["email"], "email": "veikko@example.org"}, {"phone"}),
        ({"email": "veikko@example.org"}, {"email"}),
        ({"phone": "soita vaan"}, {"phone"}),
        ({"channels": ["email"], "phone": "", "email": "veikko"}, {"email"}),
        ({"language": "other"}, {"other_language"}),
        ({"reasons": ["inactivity", "unspecified"]}, {"reasons"}),
        ({"own_wish": "a" * 301}, {"own_wish"}),
    ],
)
def test_answers_that_do_not_go_together_are_told_beside_their_field(new_client, changes, wrong):
    ground()
    assert set(fill(signed_in(new_client), status=422, **changes).errors) == wrong
    assert sent() == []


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


@pytest.mark.parametrize("field", TEXTS)
def test_an_identity_code_is_taken_out_of_every_text_and_the_rest_is_kept(new_client, field):
    ground()
    page = fill(signed_in(new_client), status=422, **{field: f"alku {CODE} loppu"})
    label = form_of(page).labels[field].removesuffix(" (vapaaehtoinen)")
    assert page.errors[field].startswith(f"Otimme kohdasta ”{label}” pois henkilötunnuksen")
    assert form_of(page).fields[field] == "alku loppu"
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


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Portaat hankalia. Hetu {CODE}.", "Portaat hankalia. Hetu."),
        (CODE, ""),
        (f"{CODE} ja {CODE}", "ja"),
        ("Portaat hankalia.", "Portaat hankalia."),
    ],
)
def test_what_is_left_of_a_text_reads_well(text, left):
    assert without_codes(text) == left


def test_a_preview_shows_no_identity_code_either(new_client):
    ground()
    page = fill(signed_in(new_client), button=PREVIEW, status=422, own_wish=f"{CODE} uimaan")
    assert "Toive: uimaan" in page.text
    assert CODE not in page.response.get_data(as_text=True)


# ------------------------------------------------------------------------------- minors and others


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, {"basis", "contact", "guardians_may_be_told"}),
        ({"basis": "understands", "contact": "client"}, {"guardians_may_be_told"}),
        (
            {
                "giver": "guardian",
                "basis": "understands",
                "contact": "client",
                "guardians_may_be_told": "yes",
            },
            {"basis"},
        ),
        (
            {"basis": "understands", "contact": "guardian", "guardians_may_be_told": "no"},
            {"contact", "channels"},
        ),
    ],
)
def test_under_18_it_is_asked_who_decides_and_whom_to_contact(new_client, changes, wrong):
    ground()
    year = str(clock.helsinki_day(clock.now()).year - 15)
    page = fill(signed_in(new_client), birth_year=year, status=422, **changes)
    assert set(page.errors) == wrong
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


def test_nobody_is_the_guardian_of_an_adult(new_client):
    ground()
    page = fill(signed_in(new_client), giver="guardian", basis="custody", contact="client", status=422)
    assert page.errors == {"giver": "Asiakas on täysi-ikäinen. Valitse asiakas tai muu edustaja."}


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
