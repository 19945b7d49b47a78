"""Setting up who receives what, by the administrator or a unit's lead; each change is written down."""

import datetime as dt
import uuid
from dataclasses import dataclass

from referrals.changes import Facts, changed
from referrals.municipality import routing
from referrals.municipality.models import Absence, Catchment
from servicetray.audit.operations import Actor
from servicetray.core.db import db


@dataclass(frozen=True, kw_only=True)
class Terms:
    """On what terms a catchment takes referrals: all of it that may be changed later."""

    languages: tuple[str, ...]
    closes_on: dt.date | None
    usual_wait_days: int | None
    min_age: int
    max_age: int | None
    takes_non_residents: bool


def facts_of(row: Catchment) -> Facts:
    """Return how a catchment stands."""
    return {
        "municipality": row.municipality_code,
        "kind": row.kind_code,
        "unit": str(row.unit_id),
        "opens_on": str(row.opens_on),
        "closes_on": str(row.closes_on or ""),
        "ages": f"{row.min_age}–{'' if row.max_age is None else row.max_age}",
        "languages": ",".join(row.languages),
        "usual_wait_days": "" if row.usual_wait_days is None else str(row.usual_wait_days),
        "takes_non_residents": str(row.takes_non_residents),
    }


def open_catchment(
    *,
    unit_id: uuid.UUID,
    municipality_code: str,
    kind_code: str,
    opens_on: dt.date,
    terms: Terms,
    actor: Actor | None,
    now: dt.datetime,
) -> Catchment:
    """Let a unit take a municipality's referrals of a kind.

    Raises:
        BackwardsError: if it closes before it opens.
        OverlapError: if another takes them on some of the days.
    """
    made = routing.open_catchment(
        unit_id=unit_id,
        municipality_code=municipality_code,
        kind_code=kind_code,
        opens_on=opens_on,
        closes_on=terms.closes_on,
        languages=terms.languages,
        usual_wait_days=terms.usual_wait_days,
        min_age=terms.min_age,
        max_age=terms.max_age,
        takes_non_residents=terms.takes_non_residents,
    )
    changed("catchment", made.id, {}, facts_of(made), actor=actor, now=now)
    return made


def change_catchment(row: Catchment, terms: Terms, *, actor: Actor, now: dt.datetime) -> None:
    """Change on what terms a catchment takes referrals; what has been sent stays as it is.

    Raises:
        EndedError: if it has ended.
        LongPastError, BackwardsError, OverlapError: if it can't end on that day.
    """
    before = facts_of(row)
    if terms.closes_on != row.closes_on:
        routing.move_end(row, last_day=terms.closes_on, now=now)
    row.languages = list(terms.languages)
    row.usual_wait_days = terms.usual_wait_days
    row.min_age, row.max_age = terms.min_age, terms.max_age
    row.takes_non_residents = terms.takes_non_residents
    db.session.flush()
    changed("catchment", row.id, before, facts_of(row), actor=actor, now=now)


def close_catchment(row: Catchment, *, last_day: dt.date, actor: Actor | None, now: dt.datetime) -> None:
    """Let a catchment take its last referrals on a day; its other terms stay.

    Raises:
        EndedError, LongPastError, BackwardsError, OverlapError: as ``routing.close_catchment``.
    """
    before = facts_of(row)
    routing.close_catchment(row, last_day=last_day, now=now)
    changed("catchment", row.id, before, facts_of(row), actor=actor, now=now)


def add_absence(
    catchment_id: uuid.UUID,
    *,
    first_day: dt.date,
    last_day: dt.date,
    substitute_id: uuid.UUID | None,
    actor: Actor,
    now: dt.datetime,
) -> Absence:
    """Write down an absence, with who stands in or with nobody.

    Raises:
        BackwardsError: if it would end before it begins.
        AbsenceOverlapError: if another takes some of the days.
    """
    made = routing.add_absence(
        catchment_id, first_day=first_day, last_day=last_day, substitute_id=substitute_id
    )
    changed("absence", made.id, {}, _absence_facts(made), actor=actor, now=now)
    return made


def end_absence(row: Absence, *, actor: Actor, now: dt.datetime) -> None:
    """Let an absence be over; one that has not begun is taken away.

    Raises:
        EndedError: if it is over already.
    """
    absence_id, before = row.id, _absence_facts(row)
    routing.end_absence(row, now=now)
    is_left = db.session.get(Absence, absence_id) is not None
    after = _absence_facts(row) if is_left else {}
    changed("absence", absence_id, before, after, actor=actor, now=now)


def _absence_facts(row: Absence) -> Facts:
    return {
        "catchment": str(row.catchment_id),
        "first_day": str(row.first_day),
        "last_day": str(row.last_day),
        "substitute": str(row.substitute_id or ""),
    }
