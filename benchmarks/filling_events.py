"""A month of very many events, made inside the database: spread over what a county has, like nobody's in particular."""

import datetime as dt
import itertools
import json
from typing import Final

from sqlalchemy import text

from referrals.moves import EventName
from servicetray.core.db import db, is_sqlite, transaction
from servicetray.core.periods import Month

PLACES: Final = ("075", "142", "285", "286", "489", "624")
AREAS: Final = ("acute", "family", "older", "oral", "mental")
AGES: Final = ("0-17", "18-29", "30-64", "65-74", "75+")
REASONS: Final = ("inactivity", "overweight", "loneliness", "mood", "pain", "sleep", "balance", "stress")
COURSE: Final = (
    (EventName.SENT, "in"),
    (EventName.ACCEPTED, "none"),
    (EventName.FIRST_CONTACT, "none"),
    (EventName.STARTED, "none"),
    (EventName.CLOSED, "out"),
)
"""Each referral has all of these in one month, so that the month balances."""
OUTCOMES: Final = ("completed", "not_reached", "did_not_want", "interrupted", "moved", "other")


def fill(events: int, month: Month) -> None:
    """Write about so many events into a month, in one statement; one in nine referrals stays open."""
    start, end = month.bounds
    sets = [list(some) for size in (1, 2, 3) for some in itertools.combinations(REASONS, size)]
    sqlite = is_sqlite(db.session())
    referrals = events // len(COURSE)
    numbers = (
        f"WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {referrals - 1})"  # noqa: S608 - a number of our own
        if sqlite
        else f"WITH s(n) AS (SELECT n FROM generate_series(0, {referrals - 1}) AS g(n))"  # noqa: S608 - as above
    )
    seconds = int((end - start).total_seconds()) - 1
    statement = f"""
        INSERT INTO statistics_event (recorded_at, name, direction, kind_code, municipality_code, service_area,
            reasons, age_group, origin, outcome, working_days, sender_told)
        {numbers},
        course(step, name, direction) AS (VALUES {_listed(enumerate_(COURSE))}),
        place(i, code) AS (VALUES {_listed(enumerate(PLACES))}),
        area(i, code) AS (VALUES {_listed(enumerate(AREAS))}),
        age(i, code) AS (VALUES {_listed(enumerate(AGES))}),
        outcome(i, code) AS (VALUES {_listed(enumerate(OUTCOMES))}),
        reasons(i, list) AS (VALUES {_listed((i, json.dumps(some)) for i, some in enumerate(sets))})
        SELECT {_instant(start, seconds, referrals, sqlite=sqlite)}, course.name, course.direction,
            CASE WHEN n % 10 = 0 THEN 'culture' ELSE 'exercise' END, place.code, area.code,
            {"reasons.list" if sqlite else "reasons.list::jsonb"}, age.code, 'professional',
            CASE WHEN course.name = 'closed' THEN outcome.code END,
            CASE WHEN course.step > 0 THEN (n / 11) % 17 + course.step END,
            CASE WHEN course.name = 'closed' THEN {"n % 7 > 0" if sqlite else "(n % 7 > 0)"} END
        FROM s JOIN place ON place.i = (n / 3) % {len(PLACES)} JOIN area ON area.i = (n / 5) % {len(AREAS)}
            JOIN age ON age.i = (n / 7) % {len(AGES)} JOIN outcome ON outcome.i = (n / 13) % {len(OUTCOMES)}
            JOIN reasons ON reasons.i = (n / 2) % {len(sets)} CROSS JOIN course
        WHERE NOT (course.name = 'closed' AND n % 9 = 0)
        """  # noqa: S608 - our own words and numbers alone
    with transaction() as session:
        # A colon in it would be taken for a parameter.
        session.execute(text(statement.replace(":", r"\:")))
    if not sqlite:
        # As PostgreSQL does by itself after a while.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE statistics_event"))


def enumerate_(course: tuple[tuple[EventName, str], ...]) -> list[tuple[int, str, str]]:
    """Return the steps with their numbers."""
    return [(step, name.value, direction) for step, (name, direction) in enumerate(course)]


def _listed(rows: object) -> str:
    assert hasattr(rows, "__iter__")
    return ", ".join(
        "(" + ", ".join(str(each) if isinstance(each, int) else f"'{each}'" for each in row) + ")"
        for row in rows
    )


def _instant(start: dt.datetime, seconds: int, referrals: int, *, sqlite: bool) -> str:
    # Evenly over the month; in whole numbers of 64 bits on both.
    at = f"({int(start.timestamp())} + CAST(n AS bigint) * {seconds} / {referrals})"
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', {at}, 'unixepoch')" if sqlite else f"to_timestamp({at})"
