"""Call times of three invented units, so that the form has some to offer, and a few that are chosen."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Final

from referrals.call_times import operations, publishing, queries
from referrals.call_times.operations import NotBookableError
from referrals.call_times.publishing import Hours
from referrals.demonstration.units import key
from referrals.municipality.queries import MeetingForm
from servicetray.accounts import queries as accounts
from servicetray.core import clock

CHOSEN: Final = 4
"""How many waiting clients have chosen a time."""

PUBLISHED: Final = (
    # Unit, adviser, weekdays (0 is Monday), hours, minutes, form, place.
    ("kouvola-liikunta", "mikko.rantala@example.org", (0, 2), (9, 11), 20, MeetingForm.PHONE, ""),
    (
        "kouvola-liikunta",
        "liisa.vuori@example.org",
        (1, 3),
        (12, 15),
        45,
        MeetingForm.IN_PERSON,
        "Esimerkkitalo, Keksityntie 1, Kouvola",
    ),
    ("kotka-liikunta", "jari.satama@example.org", (0, 3), (13, 15), 30, MeetingForm.PHONE, ""),
    (
        "kouvola-kulttuuri",
        "outi.lehto@example.org",
        (2,),
        (10, 13),
        60,
        MeetingForm.IN_PERSON,
        "Keksitty kirjasto, Esimerkinkatu 2, Kouvola",
    ),
)


def load(*, now: dt.datetime) -> None:
    """Publish the times, once; later days lay themselves out."""
    known = frozenset(queries.units_with_patterns())
    for unit, email, weekdays, (begins, ends), minutes, form, place in PUBLISHED:
        adviser = accounts.user_by_email(email)
        if key(unit) in known or adviser is None:
            continue
        for weekday in weekdays:
            hours = Hours(
                weekday=weekday,
                from_time=dt.time(begins),
                until_time=dt.time(ends),
                slot_minutes=minutes,
                capacity=1,
                form=form,
                place=place,
                valid_from=clock.helsinki_day(now),
                valid_until=None,
                adviser_id=adviser.id,
            )
            publishing.publish_pattern(key(unit), hours, actor=None, now=now)


def choose(waiting: Iterable[tuple[uuid.UUID, uuid.UUID]], *, now: dt.datetime) -> None:
    """Let the first waiting clients (referral, catchment) choose the next free time."""
    chosen = 0
    for referral_id, catchment_id in waiting:
        free = queries.free_times(catchment_id, now=now, limit=1)
        if not free or chosen == CHOSEN:
            continue
        try:
            operations.book(free[0].id, referral_id=referral_id, now=now)
        except NotBookableError:
            # A protected client.
            continue
        chosen += 1
