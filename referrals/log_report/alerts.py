"""An account that meets unusually many clients in an hour is reported to the data protection officers."""

import datetime as dt
import uuid

import structlog

from servicetray.accounts import queries as accounts
from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.audit.queries import saw_more_than
from servicetray.core import clock, outbox
from servicetray.core.access import Permission
from servicetray.core.jobs import run_once
from servicetray.core.settings import current_settings

log = structlog.get_logger()

NAME = "log.many_views"
TEMPLATE = "many_views"
HOUR = dt.timedelta(hours=1)


def watch(now: dt.datetime) -> int:
    """Report whoever met too many clients in the last hour, once an hour each; return how many were reported.

    What happened while the worker was down for longer is not reported; the log itself has it.
    """
    reported = 0
    for account_id, clients in saw_more_than(
        current_settings().view_alert_per_hour, since=now - HOUR, until=now
    ):
        period = f"{now.astimezone(dt.UTC):%y%m%d%H}{account_id.hex}"

        def tell(account_id: uuid.UUID = account_id, clients: int = clients) -> None:
            _tell(account_id, clients, now=now)

        reported += run_once(NAME, period, tell, now=lambda: now)
    return reported


def _tell(account_id: uuid.UUID, clients: int, *, now: dt.datetime) -> None:
    # By id alone: neither the line of the log nor the message says who it is.
    log.warning("many_clients_seen", account=str(account_id), clients=clients)
    record(
        Action.EXPOSURE_REPORTED,
        actor=None,
        object_type="user",
        object_id=account_id,
        now=now,
        detail={"clients": str(clients)},
    )
    day = clock.helsinki_day(now).isoformat()
    for person in accounts.all_users():
        if person.active and person.may(Permission.AUDIT_READ):
            outbox.enqueue(
                address=person.email,
                template=TEMPLATE,
                language=person.language,
                context={
                    "clients": str(clients),
                    "path": f"/tietosuoja/loki?alku={day}&loppu={day}&teko={Action.EXPOSURE_REPORTED.value}",
                },
                about="",
                now=now,
            )
