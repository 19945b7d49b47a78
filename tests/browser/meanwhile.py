"""States that come of a press: looked up, changed by somebody else meanwhile, restricted, sent to the wrong person."""

import uuid
from functools import partial

from sqlalchemy import select

from referrals import handover
from referrals.breaches.models import Breach
from referrals.moves import VoidReason, Who
from referrals.ready_texts import operations as ready_texts
from servicetray.core.db import db, transaction
from tests.browser.officers import COUNTY_OFFICER, TOWN_OFFICER
from tests.browser.states import ADVISER, LEAD, SENDER, Builder, Stop, person, place, row
from tests.referrals.scenes import locked


def add(builder: Builder) -> None:
    """Have all of them looked at."""
    changed(builder)
    looked_up(builder)
    misdirected(builder)
    ready_text(builder)
    cards(builder)


def cards(builder: Builder) -> None:
    """A wellbeing card: by its code, changed on the way, empty, shown, with a code made for it."""
    builder.stage.add("/k", "", "open")
    builder.stage.add("/kortti?k=x", "", "changed by somebody", status=404)
    builder.stage.add("/kortti/kokoa?teema=liikunta", "", "empty")
    builder.stage.add("/kortti/lisaa?teema=liikunta", "", "shown", press=".hand a.ds-button")
    builder.stage.add(
        "/kortti/lisaa?teema=liikunta", "", "coded", press="form[action$='/kortti/koodi'] button"
    )


def changed(builder: Builder) -> None:
    """A case that a colleague wrote to while its page was open, and one whose use is restricted: both 409."""
    _, case_id = builder.case("Kilpailtu")
    builder.stage.stops.append(
        Stop(
            path=f"/asiakkuudet/{case_id}",
            by=ADVISER,
            state="changed meanwhile",
            press="form[action$='/yritys']:not(:has(textarea, [type=radio])) [type=submit]",
            meanwhile=partial(builder.tried, case_id),
            status=409,
        )
    )
    _, restricted_id = builder.case("Rajoitettu")
    with transaction():
        row(restricted_id).restricted_at = builder.now
    builder.stage.add(f"/asiakkuudet/{restricted_id}", ADVISER, "restricted", status=409)


def looked_up(builder: Builder) -> None:
    """What an officer finds by a reference: the rows that lead on, and the log report of the client."""
    referral_id, _ = builder.case("Haettu")
    reference = locked(referral_id).reference
    db.session.rollback()
    for page in ("oikeudet", "lokiraportti"):
        form = f"form[action$='/{page}/viite']"
        typed = ((f"{form} [name=reference]", reference),)
        for officer in (COUNTY_OFFICER, TOWN_OFFICER):
            builder.stage.stops.append(
                Stop(
                    path=f"/tietosuoja/{page}",
                    by=officer,
                    state="found",
                    typed=typed,
                    press=f"{form} [type=submit]",
                )
            )
    builder.stage.add(f"/tietosuoja/lokiraportti/tulos?lahete={referral_id}", COUNTY_OFFICER, "found")


def misdirected(builder: Builder) -> None:
    """A breach, as it was opened and with its forms sent empty."""
    referral_id = builder.send("Vaara")
    with transaction():
        handover.hold_cases(referral_id)
        handover.void(
            locked(referral_id),
            reason=VoidReason.WRONG_PERSON,
            who=Who.SENDER,
            actor=person(SENDER),
            now=builder.now,
        )
    at = f"/tietosuoja/loukkaukset/{_breach_of(referral_id)}"
    builder.stage.add(at, COUNTY_OFFICER, "breach")
    builder.stage.empty(at, COUNTY_OFFICER, "form[action$='/arvio']")


def ready_text(builder: Builder) -> None:
    """A ready text of the unit's own: those that every unit begins with stay, for the tests that come after."""
    unit_id = place().unit_id
    with transaction():
        text_id = ready_texts.adopt(unit_id)[0].id
    at = f"/hallinta/valmiit-tekstit/{unit_id}/{text_id}"
    builder.stage.add(at, LEAD, "ready text")


def _breach_of(referral_id: uuid.UUID) -> uuid.UUID:
    return db.session.scalars(select(Breach.id).where(Breach.referral_id == referral_id)).one()
