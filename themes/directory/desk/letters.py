"""What is written to whom of services that are written here: to those who wrote one, and to those who publish it.

A letter on one service is a row of the transaction that it tells of (``outbox``): it leaves once that has committed,
and once only, since what it tells of happens once. Whoever did it gets none.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select

from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import MessageWish
from servicetray.audit.operations import Actor
from servicetray.core import outbox
from servicetray.core.access import Permission
from servicetray.core.db import db, in_language
from servicetray.core.digest import working_day_due
from themes.directory.desk.queries import Pile
from themes.directory.desk.scope import editors_of, may_edit
from themes.directory.models import Service, ServiceStage

JOB_NAME: Final = "directory.tell_what_waits"
HOUR: Final = dt.time(6)
"""Before the morning's letters are gathered."""
GIVEN_BACK: Final = "service_given_back"
PUBLISHED: Final = "service_published"
WAITING: Final = "services_waiting"


def tell_writers(service: Service, template: str, *, actor: Actor, now: dt.datetime) -> int:
    """Tell the editors of a service's provider what became of it; return how many letters were written.

    Args:
        service: one that is given back, with what to mend, or published.
        template: ``GIVEN_BACK`` or ``PUBLISHED``.
        actor: who did it, and needs no letter.
        now: the time of this.
    """
    take_back(service.id)
    editors = editors_of(service.provider_id) if service.provider_id else ()
    told = [user for user in editors if may_edit(user) and user.id != actor.id]
    for user in told:
        outbox.enqueue(
            address=user.email,
            template=template,
            language=user.language,
            context={
                "path": f"/sisalto/palvelut/{service.id}",
                # The subject is one line.
                "name": " ".join(in_language(service.name, user.language).text.split()),
                "to_mend": service.to_mend,
            },
            about=_about(service.id),
            now=now,
            held=user.message_wish is MessageWish.DAILY,
        )
    return len(told)


def take_back(service_id: uuid.UUID) -> None:
    """Cancel what has not left yet about a service: it no longer holds."""
    outbox.cancel(about=_about(service_id))


def due(now: dt.datetime) -> Sequence[str]:
    """Return today, on a working day whose hour has struck, if it is not done."""
    return working_day_due(JOB_NAME, now, at=HOUR)


def work(period: str, now: dt.datetime) -> None:
    """Write the letters of a day, inside the job's transaction."""
    del period
    tell_what_waits(now=now)


def tell_what_waits(*, now: dt.datetime) -> int:
    """Tell the editors of content how many services wait for them, if any; return how many letters were written.

    It stands in each editor's letter of this morning, whatever they have chosen: one a day, however much waits.
    """
    number = db.session.scalar(
        select(func.count()).select_from(Service).where(Service.stage == ServiceStage.WAITING)
    )
    told = [user for user in accounts.all_users() if user.active and user.may(Permission.CONTENT_EDIT)]
    for user in told:
        about = f"{WAITING}:{user.id}"
        # What was written of another number and has not left would be a second letter.
        outbox.cancel(about=about)
        if number:
            outbox.enqueue(
                address=user.email,
                template=WAITING,
                language=user.language,
                context={"path": f"/sisalto/palvelut?tila={Pile.WAITING.value}", "count": str(number)},
                about=about,
                now=now,
                held=True,
            )
    return len(told) if number else 0


def _about(service_id: uuid.UUID) -> str:
    return f"service:{service_id}"
