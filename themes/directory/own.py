"""What was changed here and stays when its source comes again: its names, and what of it stood against a source."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from servicetray.core.db import db
from themes.directory.models import Facet, Service
from themes.directory.records import ServiceRecord

CHECKED: Final = "checked_on"
CHANNELS: Final = "channels"
"""The list of channels as a whole: which they are, in which order."""
_FACET: Final = "facet:"


def own_facet(facet: Facet) -> str:
    """Return the name by which a facet stands among a service's ``own_fields``."""
    return f"{_FACET}{facet.value}"


def standing_against(record: ServiceRecord) -> Sequence[str]:
    """Return the names of what was changed here and is told otherwise by this record: an import leaves it as it is."""
    own = db.session.scalar(select(Service.own_fields).where(Service.id == record.id))
    if not own:
        return ()
    service = db.session.scalars(
        select(Service)
        .where(Service.id == record.id)
        .options(selectinload(Service.facets), selectinload(Service.channels))
        .execution_options(populate_existing=True)
    ).one()
    return [name for name in own if name != CHECKED and _differs(service, record, name)]


def _differs(service: Service, record: ServiceRecord, name: str) -> bool:
    if name == CHANNELS:
        ordered = sorted(service.channels, key=lambda row: row.position)
        return [row.channel_id for row in ordered] != list(record.channel_ids)
    if name.startswith(_FACET):
        facet = Facet(name.removeprefix(_FACET))
        told = record.facets.get(facet)
        return told is not None and set(told) != {row.value for row in service.facets if row.facet is facet}
    if name == "themes":
        # A source that only suggests themes says nothing against ours.
        return record.themes is not None
    told_here = getattr(record, name)
    return told_here is not None and told_here != getattr(service, name)
