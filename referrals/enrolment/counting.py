"""Counting by month how many enrolled and how many came for the first time. The counts tell of nobody, and stay."""

import datetime as dt

from sqlalchemy.dialects import postgresql, sqlite

from referrals.enrolment.models import Enrolment, GroupUptake
from servicetray.core import clock
from servicetray.core.db import db, is_sqlite
from themes.happenings import queries as happenings
from themes.happenings.queries import Happening


def enrolled(group: Happening, *, now: dt.datetime) -> None:
    """Count that somebody has enrolled, for a place or for the waiting list."""
    _count(group, clock.helsinki_day(now), enrolled=1)


def begin(group: Happening, row: Enrolment, first: dt.date | None) -> None:
    """Let somebody's first day be this one, or none, and the month's counts follow."""
    if row.first_attended_on == first:
        return
    before, row.first_attended_on = row.first_attended_on, first
    for day, more in ((before, -1), (first, 1)):
        if day is not None:
            _count(group, day, participants=more)
    db.session.flush()


def _count(group: Happening, day: dt.date, *, participants: int = 0, enrolled: int = 0) -> None:
    insert = sqlite.insert if is_sqlite(db.session()) else postgresql.insert
    themes = happenings.theme_ids_of([group.id]).get(group.id, ())
    # One statement: two who write at once lose neither's.
    db.session.execute(
        insert(GroupUptake)
        .values(
            month=f"{day:%Y-%m}",
            theme_id=themes[0] if themes else 0,
            municipality_code=group.municipality_code or "",
            participants=participants,
            enrolled=enrolled,
        )
        .on_conflict_do_update(
            index_elements=["month", "theme_id", "municipality_code"],
            set_={
                "participants": GroupUptake.participants + participants,
                "enrolled": GroupUptake.enrolled + enrolled,
            },
        )
    )
