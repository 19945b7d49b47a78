"""What stands around a referral that waits: questions, the client's messages, a time, an offer."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask_babel import gettext as _

from referrals import handover
from referrals.call_times import queries as call_times
from referrals.client import queries as client
from referrals.client.labels import CALL_TIMES, CLAIMS, CallTime
from referrals.client.messages import Message
from referrals.county.disclosed import WaitingReferral
from referrals.municipality import queries
from referrals.municipality.inbox.referral_forms import Around, Asked, Claim
from referrals.transfers import queries as transfers
from servicetray.accounts import queries as accounts
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality


def around(row: WaitingReferral, *, now: dt.datetime) -> Around:
    """Return what has been said and agreed; of a protected client nothing but the time and the offer."""
    booked = call_times.booked_time(row.id)
    offer = transfers.open_offer_of(row.id)
    return Around(
        asked=() if row.content is None else _asked(row),
        claims=() if row.content is None else tuple(_claim(each) for each in client.messages_of(row.id)),
        booked=booked if booked and booked.starts_at > now else None,
        offered_to=_town_of(offer.to_catchment_id) if offer else "",
        offered_until=transfers.last_day(offer.offered_at) if offer else None,
        has_code=row.content is not None and client.has_code(row.id),
    )


def targets_for(row: WaitingReferral, *, today: dt.date) -> Sequence[tuple[str, str]]:
    """Return the catchments elsewhere that take this client today: id, and municipality with its unit."""
    if row.content is None or transfers.open_offer_of(row.id) is not None:
        return ()
    age, language = today.year - row.content.birth_year, current_language()
    found = [
        each
        for each in handover.transfer_targets(row.kind_code, but=row.municipality_code, on=today)
        if each.takes_age(age)
    ]
    units = {
        unit.id: in_language(unit.name, language).text
        for unit in accounts.units(each.unit_id for each in found)
    }
    named = []
    for each in found:
        town = municipality(each.municipality_code)
        place = in_language(town.name, language).text if town else ""
        named.append((str(each.catchment_id), ", ".join(filter(None, (place, units.get(each.unit_id))))))
    return sorted(named, key=lambda pair: pair[1])


def _asked(row: WaitingReferral) -> tuple[Asked, ...]:
    questions = handover.questions_of(row.id)
    names = accounts.names_of(
        person for each in questions for person in (each.asked_by, each.answered_by) if person
    )
    return tuple(
        Asked(
            question=each,
            by=names.get(each.asked_by, ""),
            answered_by=names.get(each.answered_by, "") if each.answered_by else "",
        )
        for each in questions
    )


def _claim(message: Message) -> Claim:
    hours = message.said.best_time
    known = hours in set(CallTime)
    return Claim(
        id=message.id,
        title=CLAIMS[message.kind],
        at=message.at,
        phone=message.said.phone,
        best_time=CALL_TIMES[CallTime(hours)]
        if known and hours
        else (hours and _("at %(hours)s", hours=hours)),
        handled=message.handled_at is not None,
    )


def _town_of(catchment_id: uuid.UUID) -> str:
    place = queries.catchment(catchment_id)
    town = municipality(place.municipality_code) if place else None
    return in_language(town.name, current_language()).text if town else ""
