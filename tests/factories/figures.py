"""Random events as the figures read them, and their rows in the database."""

import datetime as dt
import random
import uuid
from collections.abc import Iterable

from sqlalchemy import insert

from referrals.moves import EventDirection, EventName, Outcome
from referrals.statistics.counting import Happening
from referrals.statistics.models import StatisticsEvent
from servicetray.core.db import db, transaction

PLACES = ("075", "142", "285", "286", "489", "624")
AREAS = ("vastaanottopalvelut", "perhepalvelut", "ikääntyneiden palvelut")
AGES = ("0-17", "18-29", "30-64", "65-74", "75+")
REASONS = ("inactivity", "overweight", "loneliness", "mood", "pain", "sleep")


def happenings(rng: random.Random, number: int, *, start: dt.datetime, end: dt.datetime) -> list[Happening]:
    """Return so many random events of a half-open time: any of every name, whatever a referral could really do."""
    span = end - start
    made = []
    for _ in range(number):
        name = rng.choice(tuple(EventName))
        closed = name is EventName.CLOSED
        made.append(
            Happening(
                at=start + span * rng.random(),
                name=name,
                direction=rng.choice(tuple(EventDirection)),
                kind=rng.choice(("exercise", "exercise", "culture")),
                municipality=rng.choice(PLACES),
                service_area=rng.choice(AREAS),
                # Twice the same at times: it counts once.
                reasons=tuple(rng.choices(REASONS, k=rng.randint(0, 4))),
                age_group=rng.choice(AGES),
                outcome=rng.choice((None, *Outcome)) if closed else None,
                working_days=rng.choice((None, rng.randint(0, 30))),
                sender_told=rng.choice((True, False, None)) if closed else None,
            )
        )
    return sorted(made, key=lambda each: each.at)


def write(events: Iterable[Happening]) -> None:
    """Write events into the database at once, in a transaction of its own."""
    with transaction():
        rows = [
            {
                "recorded_at": each.at,
                "name": each.name,
                "direction": each.direction,
                "kind_code": each.kind,
                "municipality_code": each.municipality,
                "service_area": each.service_area,
                "reasons": list(each.reasons),
                "age_group": each.age_group,
                "origin": "professional",
                "outcome": each.outcome,
                "working_days": each.working_days,
                "sender_told": each.sender_told,
                "referral_id": uuid.uuid4(),
            }
            for each in events
        ]
        if rows:
            db.session.execute(insert(StatisticsEvent), rows)
