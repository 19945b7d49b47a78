"""Ways to reach a service, as editors add, change, order and remove them. Nothing here commits.

Whoever changes one changes the service's own list of them, which the next import leaves alone. A way that an import
gave, or that leads to services of others too, is never written over: the service gets one of its own in its place.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from servicetray.audit.operations import Actor
from servicetray.core.db import Texts, db, in_language
from servicetray.core.errors import NotFoundError
from servicetray.core.municipalities import municipalities
from themes.directory.desk import hours
from themes.directory.desk.operations import done, nothing_lost, own
from themes.directory.desk.scope import Scope
from themes.directory.models import Channel, ChannelKind, Service, ServiceChannel, ServiceStatus, Source
from themes.directory.operations import MADE_HERE, drop_unused_channels
from themes.directory.own import CHANNELS

_PLACE: Final = ("street", "postal_code", "municipality_code")
_WHERE: Final = "whereabouts"


@dataclass(frozen=True, kw_only=True)
class ChannelEdit:
    """How a channel shall be; the fields are the columns of ``Channel``."""

    kind: ChannelKind
    name: Texts
    description: Texts
    phones: Sequence[Mapping[str, Any]]
    emails: Sequence[str]
    urls: Texts
    street: Texts
    postal_code: str
    municipality_code: str | None
    hours: Sequence[Mapping[str, Any]]


def channels_of(service: Service) -> Sequence[Channel]:
    """Return the channels of a service (with its links loaded) in their order."""
    ids = [row.channel_id for row in _in_order(service)]
    found = {row.id: row for row in db.session.scalars(select(Channel).where(Channel.id.in_(ids)))}
    return [found[each] for each in ids]


def required(service: Service, channel_id: uuid.UUID) -> Channel:
    """Return a channel of a service; raise NotFoundError where that has no such channel."""
    found = next((each for each in channels_of(service) if each.id == channel_id), None)
    if found is None:
        raise NotFoundError(str(channel_id))
    return found


def others_with(channel_id: uuid.UUID, service: Service, *, scope: Scope) -> Sequence[Service]:
    """Return the other services that the person keeps and that are reached by a channel, with all that is changed."""
    rows = db.session.scalars(
        select(Service)
        .join(ServiceChannel, ServiceChannel.service_id == Service.id)
        .where(
            ServiceChannel.channel_id == channel_id,
            Service.id != service.id,
            Service.status != ServiceStatus.RETIRED,
        )
        .options(selectinload(Service.facets), selectinload(Service.themes), selectinload(Service.channels))
        .order_by(Service.id)
        .execution_options(populate_existing=True)
    ).all()
    return [each for each in rows if scope.holds(each.provider_id)]


def add(service: Service, edit: ChannelEdit, *, actor: Actor, now: dt.datetime) -> Channel:
    """Give a service another way to reach it, as its last one."""
    before = _only_place(channels_of(service))
    made = _made(edit, service)
    position = max((row.position for row in service.channels), default=-1) + 1
    service.channels.append(ServiceChannel(channel_id=made.id, position=position))
    _changed(service, before, {"what": "channel_added", "kind": edit.kind.value}, actor=actor, now=now)
    return made


def change(
    service: Service,
    channel: Channel,
    edit: ChannelEdit,
    *,
    also: Sequence[Service] = (),
    actor: Actor,
    now: dt.datetime,
) -> Channel:
    """Change a channel of a service, and of others that have it too; return the one that they have now.

    Args:
        service: the one that is edited, locked, with its links loaded.
        channel: one of its channels.
        edit: how it shall be.
        also: other services of the same channel for which the change holds.
        actor: who does it.
        now: the instant.

    Raises:
        LackingError: if residents could no longer go on from a service that they see.
    """
    values = _values(edit)
    names = [name for name, value in values.items() if _told(channel, name) != value]
    if not names:
        return channel
    changed = [service, *also]
    before = {each.id: _only_place(channels_of(each)) for each in changed}
    kept = _kept_place(channel, values)
    may_be_written = channel.source in MADE_HERE and not _has_more(channel.id, changed)
    with nothing_lost(service):
        if may_be_written:
            for name, value in {**values, **kept}.items():
                setattr(channel, name, value)
            held = channel
        else:
            held = _made(edit, service, **kept)
            for each in changed:
                _swap(each, channel.id, held.id)
        db.session.flush()
    for each in changed:
        detail = {"what": "channel_changed", "fields": " ".join(names)}
        _changed(each, before[each.id], detail, actor=actor, now=now)
    drop_unused_channels([channel.id])
    return held


def move(service: Service, channel: Channel, *, earlier: bool, actor: Actor, now: dt.datetime) -> bool:
    """Let a channel change places with the one before it, or after it; return whether there was one.

    The first number and the first page are those that residents are offered before all others.
    """
    rows = _in_order(service)
    at = next(at for at, row in enumerate(rows) if row.channel_id == channel.id)
    to = at - 1 if earlier else at + 1
    if not 0 <= to < len(rows):
        return False
    rows[at], rows[to] = rows[to], rows[at]
    for position, row in enumerate(rows):
        row.position = position
    own(service, [CHANNELS])
    detail = {"what": "channel_moved", "kind": channel.kind.value, "to": str(to + 1)}
    done(service, detail, actor=actor, now=now)
    return True


def remove(service: Service, channel: Channel, *, actor: Actor, now: dt.datetime) -> None:
    """Take a way to reach it from a service.

    Raises:
        LackingError: if residents could no longer go on from a service that they see.
    """
    kind, before = channel.kind, _only_place(channels_of(service))
    with nothing_lost(service):
        service.channels.remove(next(row for row in service.channels if row.channel_id == channel.id))
    _changed(service, before, {"what": "channel_removed", "kind": kind.value}, actor=actor, now=now)
    drop_unused_channels([channel.id])


def _in_order(service: Service) -> list[ServiceChannel]:
    return sorted(service.channels, key=lambda row: (row.position, row.channel_id))


def _values(edit: ChannelEdit) -> dict[str, Any]:
    values = dict(vars(edit))
    return {
        **values,
        "phones": [dict(each) for each in edit.phones],
        "emails": list(edit.emails),
        "hours": hours.canonical(edit.hours),
    }


def _told(channel: Channel, name: str) -> Any:
    if name == "hours":
        return hours.canonical(channel.hours)
    told = getattr(channel, name)
    return list(told or ()) if name in {"phones", "emails"} else told


def _kept_place(channel: Channel, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the post office and the point on the map, which go with an address that is another one now."""
    stays = all(getattr(channel, name) == values[name] for name in _PLACE)
    return {
        "post_office": channel.post_office if stays else {},
        "latitude": channel.latitude if stays else None,
        "longitude": channel.longitude if stays else None,
    }


def _made(edit: ChannelEdit, service: Service, **more: Any) -> Channel:
    made = Channel(
        id=uuid.uuid4(),
        source=service.source if service.source in MADE_HERE else Source.EDITOR,
        provider_id=service.provider_id,
        **{"post_office": {}, "latitude": None, "longitude": None, **_values(edit), **more},
    )
    db.session.add(made)
    db.session.flush()
    return made


def _has_more(channel_id: uuid.UUID, services: Collection[Service]) -> bool:
    """Whether a channel leads to other services than these."""
    others = select(ServiceChannel.service_id).where(
        ServiceChannel.channel_id == channel_id,
        ServiceChannel.service_id.not_in([each.id for each in services]),
    )
    return db.session.scalar(others.limit(1)) is not None


def _swap(service: Service, old: uuid.UUID, new: uuid.UUID) -> None:
    row = next(row for row in service.channels if row.channel_id == old)
    position = row.position
    service.channels.remove(row)
    service.channels.append(ServiceChannel(channel_id=new, position=position))


def _changed(
    service: Service, before: Texts, detail: Mapping[str, str], *, actor: Actor, now: dt.datetime
) -> None:
    """Note a change; ``before`` is the place in one line as it was."""
    db.session.flush()
    names, place = [CHANNELS], _only_place(channels_of(service))
    if service.source is Source.PTV and _WHERE not in service.own_fields and place != before:
        # The import tells the place of the only channel that is one: so does this.
        service.whereabouts = place
        names.append(_WHERE)
    own(service, names)
    done(service, detail, actor=actor, now=now)


def _only_place(found: Sequence[Channel]) -> Texts:
    places = [each for each in found if each.kind is ChannelKind.LOCATION and each.street]
    if len(places) != 1:
        return {}
    place = places[0]
    towns = next((each.name for each in municipalities() if each.code == place.municipality_code), {})
    return {
        code: ", ".join(filter(None, (street, in_language(towns, code).text)))
        for code, street in place.street.items()
    }
