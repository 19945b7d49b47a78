"""Services that their source no longer has: retired, not deleted. They come back when it gives them again."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select

from servicetray.audit.events import Action
from servicetray.audit.operations import record
from servicetray.core.db import db
from themes.directory import indexing
from themes.directory.models import Service, ServiceStatus, Source

_AT_ONCE = 500


def may_retire(*, source: Source) -> frozenset[uuid.UUID]:
    """Return the services that a source has given and that are published: those that could be retired."""
    return frozenset(
        db.session.scalars(
            select(Service.id).where(Service.source == source, Service.status == ServiceStatus.PUBLISHED)
        )
    )


def retire(service_ids: Collection[uuid.UUID], *, now: dt.datetime) -> Sequence[uuid.UUID]:
    """Retire services that their source no longer has; return those that were published until now.

    The address of one says that it has ended and shows ways on. What an editor has hidden stays hidden.
    """
    wanted = sorted(service_ids)
    retired: list[uuid.UUID] = []
    for start in range(0, len(wanted), _AT_ONCE):
        found = db.session.scalars(
            select(Service)
            .where(
                Service.id.in_(wanted[start : start + _AT_ONCE]), Service.status == ServiceStatus.PUBLISHED
            )
            .order_by(Service.id)
            .with_for_update()
        ).all()
        for service in found:
            service.status, service.updated_at = ServiceStatus.RETIRED, now
            db.session.flush()
            indexing.index(service)
            note(service, "retired", now=now)
            retired.append(service.id)
    return retired


def note(service: Service, what: str, *, now: dt.datetime) -> None:
    """Write into the log what a source did to a service."""
    record(
        Action.CONTENT_CHANGED,
        actor=None,
        object_type="service",
        object_id=service.id,
        now=now,
        detail={"what": what, "source": service.source.value},
    )
