"""Asking providers whether what is told of their services still holds.

The editors of a provider are written to on a working morning when something has gone unconfirmed for six months,
and again every six months until somebody confirms it. Where nobody edits for a provider, its services lie on the
editors' own pile from the same day on.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import or_, select

from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import MessageWish, User
from servicetray.core import clock, outbox
from servicetray.core.db import db
from servicetray.core.digest import working_day_due
from themes.directory.desk.queries import Pile
from themes.directory.desk.scope import editors_by_provider, may_edit
from themes.directory.models import Service, ServiceStatus
from themes.directory.shown import STALE_MONTHS, months_before

JOB_NAME: Final = "directory.ask_providers"
HOUR: Final = dt.time(6)
"""Before the morning's letters are gathered."""


def due(now: dt.datetime) -> Sequence[str]:
    """Return today, on a working day whose hour has struck, if it is not done."""
    return working_day_due(JOB_NAME, now, at=HOUR)


def work(period: str, now: dt.datetime) -> None:
    """Write the letters of a day, inside the job's transaction."""
    del period
    ask(now=now)


def ask(*, now: dt.datetime) -> int:
    """Ask the editors of providers to look over what has gone unconfirmed; return how many letters were written.

    One letter a person, whatever the number of services and providers; it tells no more than the number.
    """
    today = clock.helsinki_day(now)
    editors = _working_editors()
    found = db.session.scalars(
        select(Service)
        .where(
            Service.status == ServiceStatus.PUBLISHED,
            Service.checked_on < months_before(today, STALE_MONTHS),
            Service.provider_id.in_(editors),
            or_(
                Service.reminded_on.is_(None),
                Service.reminded_on <= Service.checked_on,
                Service.reminded_on <= months_before(today, STALE_MONTHS),
            ),
        )
        .order_by(Service.id)
        .with_for_update()
    ).all()
    numbers: dict[uuid.UUID, int] = {}
    people: dict[uuid.UUID, User] = {}
    for service in found:
        assert service.provider_id is not None
        for user in editors[service.provider_id]:
            numbers[user.id] = numbers.get(user.id, 0) + 1
            people[user.id] = user
        service.reminded_on = today
    for user_id, number in sorted(numbers.items()):
        user = people[user_id]
        outbox.enqueue(
            address=user.email,
            template="services_to_check",
            language=user.language,
            context={"path": f"/sisalto/palvelut?tila={Pile.TO_CHECK.value}", "count": str(number)},
            about=f"services_to_check:{user_id}",
            now=now,
            held=user.message_wish is MessageWish.DAILY,
        )
    db.session.flush()
    return len(numbers)


def _working_editors() -> Mapping[uuid.UUID, Sequence[User]]:
    by_provider = editors_by_provider()
    known: dict[uuid.UUID, User] = {}
    for user_id in {user_id for ids in by_provider.values() for user_id in ids}:
        user = accounts.user(user_id)
        if user is not None and may_edit(user):
            known[user_id] = user
    return {
        provider_id: here
        for provider_id, ids in by_provider.items()
        if (here := [known[user_id] for user_id in ids if user_id in known])
    }
