"""What the answers of the form must hold together: the form by itself, without pages and database."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from referrals.county.sending import checks
from referrals.county.sending.fields import without_codes
from referrals.county.sending.forms import Offer, ReferralForm
from referrals.county.sending.openings import Opening
from referrals.kinds.queries import Choice
from referrals.municipality.queries import Route
from servicetray.app import create_app
from tests import database as databases
from tests.referrals.county.filling import ANSWERS, TEXTS

TODAY = dt.date(2026, 3, 10)
CODE = "131052-308T"
"""The example code of the Digital and Population Data Services Agency: nobody's."""

ROUTE = Route(
    catchment_id=uuid.uuid4(),
    unit_id=uuid.uuid4(),
    municipality_code="286",
    kind_code="exercise",
    is_open=True,
    opens_on=dt.date(2023, 9, 1),
    closed_since=None,
    languages=("fi",),
    usual_wait_days=5,
    min_age=7,
    max_age=100,
    absence_until=None,
)


def choice(code: str, *, unspecified: bool = False) -> Choice:
    """Make a reason."""
    return Choice(code=code, name={"fi": code}, unspecified=unspecified)


OFFER = Offer(
    openings=[
        Opening(code="286", name="Kouvola", note="", unit_name="Neuvonta", unit_phone="", route=ROUTE),
        Opening(code="285", name="Kotka", note="Tauolla.", unit_name="", unit_phone="", route=None),
    ],
    reasons=[
        choice("inactivity"),
        choice("musculoskeletal"),
        choice("unspecified", unspecified=True),
    ],
    interests=[],
    language="fi",
)
READY = {**ANSWERS, "priority": "normal", "method": "oral", "giver": "client", "language": "fi"}


@pytest.fixture(scope="module", autouse=True)
def request_() -> Iterator[None]:
    """A request in Finnish, in an application that never meets its database."""
    app = create_app(databases.settings_for("sqlite://"))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/"):
        yield


def filled(**changes: Any) -> ReferralForm:
    """Return a form with these answers; None leaves a question unanswered."""
    answers = {name: value for name, value in {**READY, **changes}.items() if value is not None}
    pairs = [
        (name, each)
        for name, value in answers.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    return ReferralForm(offer=OFFER, formdata=MultiDict(pairs))


def faults(**changes: Any) -> dict[str, str]:
    """Return what is said beside each field of a form with these answers."""
    form = filled(**changes)
    ready = checks.is_ready(form, today=TODAY)
    found = {name: " ".join(str(error) for error in errors) for name, errors in form.errors.items()}
    assert ready is not bool(found)
    return found


def test_a_whole_form_is_ready():
    assert faults() == {}


@pytest.mark.parametrize("question", ["feedback", "follow_up", "transfer", "consent_given", "method"])
def test_each_question_of_the_permission_wants_its_own_answer(question):
    assert set(faults(**{question: None})) == {question}


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        ("51", "Kirjoita vuosi neljällä numerolla, esimerkiksi 1951."),
        ("１９５１", "Kirjoita vuosi neljällä numerolla, esimerkiksi 1951."),
        ("1851", "Tarkista syntymävuosi: 1851 ei voi olla oikein."),
        ("2951", "Tarkista syntymävuosi: 2951 ei voi olla oikein."),
        ("2022", "Neuvonta on 7–100-vuotiaille."),
    ],
)
def test_a_year_of_birth_is_one_in_which_such_a_client_may_be_born(year, sentence):
    assert faults(birth_year=year, giver="guardian", basis="custody")["birth_year"] == sentence


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
        ({"contact_name": "Aila"}, {"contact_name"}),
        ({"phone": "soita vaan"}, {"phone"}),
        ({"phone": "+358 40 000 0174"}, set()),
        ({"channels": ["email"], "phone": "", "email": "veikko"}, {"email"}),
        ({"channels": ["email"], "phone": "", "email": "veikko@example.org"}, set()),
        ({"channels": []}, {"channels"}),
        ({"channels": ["pigeon"]}, {"channels"}),
        ({"language": "other"}, {"other_language"}),
        ({"reasons": []}, {"reasons"}),
        ({"reasons": ["horoscope"]}, {"reasons"}),
        ({"reasons": ["inactivity", "unspecified"]}, {"reasons"}),
        ({"reasons": ["unspecified"]}, set()),
        ({"own_wish": "ä" * 300}, set()),
        ({"own_wish": "ä" * 301}, {"own_wish"}),
        ({"own_wish": "\r\n".join(["a" * 99] * 3)}, set()),
        ({"municipality": "285"}, {"municipality"}),
        ({"municipality": "999"}, {"municipality"}),
    ],
)
def test_answers_that_do_not_go_together_are_told_beside_their_field(changes, wrong):
    assert set(faults(**changes)) == wrong


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, {"basis", "contact", "guardians_may_be_told"}),
        ({"basis": "understands", "contact": "client"}, {"guardians_may_be_told"}),
        ({"basis": "understands", "contact": "client", "guardians_may_be_told": "no"}, set()),
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
def test_under_18_it_is_asked_who_decides_and_whom_to_contact(changes, wrong):
    assert set(faults(birth_year="2011", **changes)) == wrong


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"giver": "guardian", "basis": "custody", "contact": "client"}, {"giver"}),
        ({"giver": "representative"}, {"basis", "contact"}),
        ({"giver": "representative", "basis": "legal_guardian", "contact": "client"}, set()),
        ({"contact": "guardian"}, {"contact", "channels"}),
    ],
)
def test_an_adult_may_have_a_representative_but_no_guardian(changes, wrong):
    assert set(faults(**changes)) == wrong


@pytest.mark.parametrize("field", TEXTS)
def test_an_identity_code_is_refused_in_every_text_and_never_kept(field):
    form = filled(**{field: f"alku {CODE} loppu"})
    assert not checks.is_ready(form, today=TODAY)
    assert "henkilötunnuksen" in form.errors[field][0]
    assert form[field].data == "alku loppu"
    assert CODE not in str(form.typed)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Portaat hankalia. Hetu {CODE}.", "Portaat hankalia. Hetu."),
        (CODE, ""),
        (f"{CODE} ja {CODE}", "ja"),
        (f"eka rivi\n{CODE}\ntoka rivi", "eka rivi\n\ntoka rivi"),
        ("Portaat hankalia.", "Portaat hankalia."),
    ],
)
def test_what_is_left_of_a_text_reads_well(text, left):
    assert without_codes(text) == left


def test_control_characters_do_not_get_in():
    assert filled(last_name="Tiai\x00nen\x1b").last_name.data == "Tiainen"
