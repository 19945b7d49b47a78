"""Every message in every language: a subject, a reference, a way in, and nothing of anybody."""

import datetime as dt
import re
import uuid
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from referrals import handover, notifications
from referrals.consent import ConsentTerms
from referrals.county import operations as county
from referrals.county.content import ContactPerson
from referrals.moves import EventName, Priority, Who
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind
from servicetray.accounts.operations import set_box_wish, set_message_wish
from servicetray.accounts.permissions import Role
from servicetray.accounts.queries import MessageWish
from servicetray.core.db import db, transaction
from servicetray.core.i18n import LANGUAGES
from servicetray.core.letters import BOTH, Matter, letter
from servicetray.core.outbox import DIGEST, MessageState, OutboxMessage
from tests.architecture import sources
from tests.factories import people, referrals
from tests.referrals.scenes import Scene, locked, scene, user, withdrawn

pytestmark = pytest.mark.usefixtures("database")

TEMPLATES = sorted(
    path.stem for path in Path(sources.ROOT / "templates" / "email").glob("*.txt") if path.stem != "layout"
)
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CONTEXT = {
    "reference": "LIK-4F7K2M",
    "path": "/saapuneet/6d0f9b1e",
    "by": "13.3.2026",
    "clients": "62",
    "due": "13.3.2026",
    "months": "2026-02",
    "count": "2",
    "name": "Tuolijumppa",
    "to_mend": "Kerro, mitä se maksaa.",
}
MARKERS = (
    "Qvarnzell",
    "Zachriel",
    "1933",
    "0400 000 199",
    "Zwitterling",
    "Pilwax",
    "Trolléus",
    "yx@example.org",
)


def made(template: str, language: str):
    gathered = [Matter(template="referral_arrived", context=CONTEXT)] if template == DIGEST else []
    return letter(
        Matter(template=template, context={} if template == DIGEST else CONTEXT),
        gathered=gathered,
        address="neuvonta@example.org",
        language=language,
        key=1,
        at=dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize("language", [*LANGUAGES, BOTH])
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_has_a_subject_and_a_text_in_each_language(template, language):
    found = made(template, language)
    text = found.get_content()
    subjects = found["Subject"].split(" / ")
    assert len(subjects) == len(set(subjects)) == len(language.split("+"))
    assert all(subjects)
    assert "%(" not in found["Subject"] + text
    assert "\n\n\n\n" not in text


@pytest.mark.parametrize("template", TEMPLATES)
def test_finnish_and_swedish_are_not_left_in_english(template):
    english = made(template, "en")
    for language in ("fi", "sv"):
        found = made(template, language)
        assert found["Subject"] != english["Subject"]
        lines = set(found.get_content().splitlines()) & set(english.get_content().splitlines())
        # What somebody wrote stays as they wrote it.
        told = {line for line in lines if line and "://" not in line and line != CONTEXT["to_mend"]}
        assert told == {"Hyvinvointia"}


def marked(now: dt.datetime, **more: object) -> tuple[uuid.UUID, uuid.UUID, uuid.UUID]:
    """Send a referral in which everything that tells of the client is a marker; return it, adviser and unit."""
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", mailbox="neuvonta@example.org")
    adviser = people.user(Role.ADVISER, units=[unit], language="sv")
    unit_id, adviser_id = unit.id, adviser.id
    referral = referrals.sent(
        referrals.catchment(unit),
        now=now,
        sender=referrals.professional(),
        first_name="Zachriel",
        last_name="Qvarnzell",
        birth_year=1933,
        phone="0400 000 199",
        own_wish="Zwitterling",
        what_to_heed="Pilwax",
        contact_person=ContactPerson(name="Trolléus", relation="sisko", phone="0400 000 198"),
        transfer=True,
        **more,  # type: ignore[arg-type]  # any field, by its name
    )
    return referral.id, adviser_id, unit_id


def everything_told(
    referral_id: uuid.UUID, adviser_id: uuid.UUID, unit_id: uuid.UUID, now: dt.datetime
) -> None:
    """Let every function that tells somebody do so about one referral."""
    with transaction():
        referral, adviser, unit = locked(referral_id), user(adviser_id), accounts.unit(unit_id)
        assert unit is not None
        terms: ConsentTerms = county.terms_of(referral.consent)
        case_id = uuid.uuid4()
        receiver = {"unit_id": unit_id, "handler_id": adviser_id}
        notifications.tell_unit(referral, unit=unit, now=now)
        notifications.tell_sender(referral, EventName.ACCEPTED, terms=terms, now=now)
        notifications.tell_receiver_withdrawn(referral, **receiver, now=now)
        notifications.tell_stop_requested(referral, **receiver, case_id=case_id, now=now)
        notifications.tell_handler(adviser, case_id=case_id, referral_id=referral.id, now=now)
        notifications.tell_target_of_offer(unit_id, referral_id=referral.id, now=now)
        notifications.tell_leads_offer_ended(referral, unit_id=unit_id, also=adviser_id, now=now)
        notifications.tell_offer_taken(referral, to=adviser_id, now=now)
        notifications.tell_sender_of_question(referral, now=now)
        notifications.tell_adviser_of_answer(referral, adviser_id=adviser_id, case_id=None, now=now)
        notifications.tell_receiver_voided(referral, **receiver, now=now)
        notifications.tell_return_waits(referral, now=now)
        referral.entered_unit_id = unit_id
        notifications.tell_unit_of_returned_paper(referral, now=now)
        notifications.tell_of_referral_handed_on(referral, to=adviser, now=now)
        notifications.tell_receiver_asked(referral, **receiver, case_id=case_id, now=now)


def test_no_message_holds_anything_of_the_client_in_any_language(now, figure):
    """Nothing of a client is in any message, in any language, whatever it tells."""
    everything_told(*marked(now), now)
    rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    scanned = 0
    for row in rows:
        for language in (*LANGUAGES, BOTH):
            found = letter(
                Matter(template=row.template, context=row.context),
                address=row.address,
                language=language,
                key=row.id,
                at=row.created_at,
            )
            text = f"{found.as_string()} {found.get_content()} {found['Subject']} {row.context}".lower()
            # Random numbers of referrals and cases, in which a year could stand by chance.
            text = UUIDS.sub("", text)
            assert [marker for marker in (*MARKERS, "kouvola") if marker.lower() in text] == []
            kinds = ("liikuntaneuvon", "kulttuurineuvon", "motionsrådg", "kulturrådg", "exercise")
            assert [kind for kind in kinds if kind in text] == []
            scanned += 1
    figure("letters read", scanned)
    figure("markers found", 0)
    assert len({row.template for row in rows}) >= 11


def messages() -> dict[tuple[str, str], MessageState]:
    """Return where each message is, by address and template."""
    db.session.expire_all()
    return {(row.address, row.template): row.state for row in db.session.scalars(select(OutboxMessage)).all()}


def wish_daily(it: Scene, now: dt.datetime) -> None:
    """Let sender, adviser and box hear once a day."""
    ids = (it.sender.id, it.adviser.id)
    unit_id = it.unit.id
    with transaction():
        for user_id in ids:
            set_message_wish(user(user_id), wish=MessageWish.DAILY, actor=user(user_id), now=now)
        unit = accounts.unit(unit_id)
        assert unit is not None
        set_box_wish(unit, wish=MessageWish.DAILY, actor=user(ids[0]), now=now)


def test_who_wants_one_letter_a_day_has_news_held_and_a_withdrawal_at_once(now):
    it = scene("accepted", now=now, mailbox="neuvonta@example.org")
    wish_daily(it, now)
    adviser, sender = it.adviser.email, it.sender.email
    case_id = it.case_id
    assert case_id is not None
    with transaction():
        handover.tell_started(it.case(), now=now)
    assert messages()[sender, "referral_news"] is MessageState.HELD
    withdrawn(it, who=Who.SENDER, now=now)
    found = messages()
    assert found[sender, "referral_news"] is MessageState.CANCELLED
    assert found[adviser, "referral_withdrawn"] is MessageState.WAITING
    assert found["neuvonta@example.org", "referral_withdrawn"] is MessageState.WAITING


@pytest.mark.parametrize(
    ("priority", "state"), [(Priority.NORMAL, MessageState.HELD), (Priority.SOON, MessageState.WAITING)]
)
def test_box_that_wants_one_letter_a_day_hears_at_once_of_what_is_wanted_soon(now, priority, state):
    it = scene("sent", now=now, mailbox="neuvonta@example.org")
    wish_daily(it, now)
    with transaction():
        referral, unit = locked(it.referral_id), accounts.unit(it.unit.id)
        assert unit is not None
        referral.priority = priority
        db.session.execute(delete(OutboxMessage))
        notifications.tell_unit(referral, unit=unit, now=now)
    assert messages() == {("neuvonta@example.org", "referral_arrived"): state}


def test_letters_are_in_the_language_of_each_reader(now):
    referral_id, adviser_id, unit_id = marked(now)
    everything_told(referral_id, adviser_id, unit_id, now)
    rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    languages = {(row.address == "neuvonta@example.org", row.language) for row in rows}
    assert (True, BOTH) in languages
    assert {language for is_box, language in languages if is_box} == {BOTH}
    assert "sv" in {language for is_box, language in languages if not is_box}
