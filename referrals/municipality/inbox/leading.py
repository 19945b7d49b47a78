"""What a lead sees of the units that they lead: who works there, and who is away."""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import select

from referrals.municipality.inbox.pages import Choice, Notice, Words
from referrals.municipality.inbox.scope import Scope
from referrals.municipality.models import Absence, Catchment
from servicetray.accounts import queries as accounts
from servicetray.core.access import Permission
from servicetray.core.db import db

AHEAD = dt.timedelta(days=14)
"""How long before it begins an absence is told of."""


def workers_of(scope: Scope) -> Mapping[uuid.UUID, str]:
    """Return the active people of the units that somebody leads, by name; each may be given work."""
    units = sorted({scope.units[catchment_id] for catchment_id in scope.led})
    people = {
        person.id: person.name
        for unit_id in units
        for person in accounts.workers_of(unit_id, Permission.INBOX_WORK)
    }
    return dict(sorted(people.items(), key=lambda item: (item[1], item[0])))


def workers_under(scope: Scope) -> tuple[Choice, ...]:
    """Return the same as choices of a form."""
    return tuple(Choice(value=str(key), label=name) for key, name in workers_of(scope).items())


def notices_of(scope: Scope, words: Words, *, today: dt.date) -> tuple[Notice, ...]:
    """Return the absences of the catchments that somebody leads, of today and of the next two weeks."""
    rows = db.session.execute(
        select(
            Absence.first_day,
            Absence.last_day,
            Absence.substitute_id,
            Catchment.kind_code,
            Catchment.municipality_code,
        )
        .join(Catchment, Catchment.id == Absence.catchment_id)
        .where(
            Absence.catchment_id.in_(scope.led),
            Absence.last_day >= today,
            Absence.first_day <= today + AHEAD,
        )
        .order_by(Absence.first_day, Absence.id)
    ).all()
    names = accounts.names_of(row.substitute_id for row in rows)
    return tuple(
        Notice(
            where=f"{words.municipality(row.municipality_code)}, {words.kind(row.kind_code)}",
            first_day=row.first_day,
            last_day=row.last_day,
            substitute=names.get(row.substitute_id, "") if row.substitute_id else "",
        )
        for row in rows
    )
