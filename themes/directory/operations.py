"""Writing to the directory: one upsert for each kind of record, whatever its source.

Each compares what it is given with what is stored, changes only what differs and says which it was, so that
an import can be repeated and tell what it did. Nothing here commits; the search index follows in the same
transaction. What a source leaves out of a later list is never removed here.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError
from themes.directory import indexing
from themes.directory.models import (
    Area,
    Channel,
    ChannelKind,
    Classification,
    ClassificationKind,
    Facet,
    Price,
    Provider,
    ProviderKind,
    Service,
    ServiceChannel,
    ServiceClassification,
    ServiceFacet,
    ServiceStatus,
    ServiceTheme,
    Source,
)
from themes.directory.own import CHANNELS, own_facet
from themes.directory.records import (
    Change,
    ChannelRecord,
    ClassificationRecord,
    ProviderRecord,
    ServiceRecord,
)
from themes.directory.retiring import note
from themes.topics.queries import theme_ids

__all__ = [
    "MADE_HERE",
    "Area",
    "Change",
    "ChannelKind",
    "ChannelRecord",
    "ClassificationKind",
    "ClassificationRecord",
    "Facet",
    "OtherSourceError",
    "Price",
    "ProviderKind",
    "ProviderRecord",
    "ServiceRecord",
    "ServiceStatus",
    "Source",
    "UnknownThemeError",
    "drop_unused_channels",
    "known_channels",
    "own_facet",
    "set_facet_values",
    "set_themes",
    "upsert_channel",
    "upsert_provider",
    "upsert_service",
]


MADE_HERE = (Source.EDITOR, Source.PROVIDER)
"""Sources of what was written here; all others write over what they gave."""
_HANGING = ("facets", "themes", "suggested_themes", "classifications", "channel_ids")
_MAY_BE_UNTOLD = (
    *("provider_id", "whenabouts", "whereabouts", "easy"),
    *("kaikukortti", "referral_kind", "checked_on"),
)


class OtherSourceError(ConflictError):
    """A record of this id is there already, and belongs to another source."""

    def __init__(self, record_id: uuid.UUID, source: Source) -> None:
        super().__init__(f"{record_id} belongs to {source}")
        self.record_id = record_id
        self.source = source


class UnknownThemeError(DomainError):
    """A service was given a theme that does not exist."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


def upsert_provider(record: ProviderRecord, *, keep_existing: bool = False) -> Change:
    """Make or mend a provider.

    Args:
        record: the provider.
        keep_existing: leave it alone if it is there: the record is only a name heard elsewhere.

    Raises:
        OtherSourceError: the id belongs to another source.
    """
    provider = db.session.get(Provider, record.id)
    if provider is None:
        db.session.add(Provider(**_values(record)))
        db.session.flush()
        return Change.NEW
    _same_source(provider, record)
    if keep_existing:
        return Change.UNCHANGED
    renamed = provider.name != record.name
    if not _assign(provider, _values(record)):
        return Change.UNCHANGED
    db.session.flush()
    if renamed:
        indexing.index_services_of(provider.id)
    return Change.CHANGED


def upsert_channel(record: ChannelRecord) -> Change:
    """Make or mend a channel; raise OtherSourceError if the id belongs to another source."""
    channel = db.session.get(Channel, record.id)
    if channel is None:
        db.session.add(Channel(**_values(record)))
        db.session.flush()
        return Change.NEW
    _same_source(channel, record)
    values = _values(record)
    if record.provider_id is None:
        del values["provider_id"]
    if not _assign(channel, values):
        return Change.UNCHANGED
    db.session.flush()
    return Change.CHANGED


def known_channels(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ChannelKind]:
    """Return the kinds of those of these channels that the directory has: an importer may have to rely on them."""
    if not ids:
        return {}
    found = select(Channel.id, Channel.kind).where(Channel.id.in_(ids)).order_by(Channel.id)
    return dict(db.session.execute(found).all())


def upsert_service(record: ServiceRecord, *, now: dt.datetime) -> Change:
    """Make or mend a service with all that hangs on it, and keep the search index in step.

    A retired service that its source gives again is published again; a hidden one stays hidden.

    Raises:
        OtherSourceError: the id belongs to another source.
        UnknownThemeError: one of ``themes`` does not exist (a suggested one is passed over).
    """
    service = _loaded(record.id)
    is_new = service is None
    if service is None:
        service = _blank(record, now=now)
        db.session.add(service)
    _same_source(service, record)
    own = frozenset(service.own_fields or ())
    changes = [
        _assign(service, {name: value for name, value in _own_values(record).items() if name not in own}),
        _set_facets(service, record),
        _set_themes(service, record),
        _set_classifications(service, record.classifications),
        _set_channels(service, record.channel_ids),
    ]
    is_back = service.status is ServiceStatus.RETIRED
    if is_back:
        service.status = ServiceStatus.PUBLISHED
        note(service, "returned", now=now)
    if is_back or any(changes):
        service.updated_at = now
    db.session.flush()
    indexing.index(service)
    if is_new:
        return Change.NEW
    if is_back:
        return Change.RETURNED
    return Change.CHANGED if any(changes) else Change.UNCHANGED


def _loaded(service_id: uuid.UUID) -> Service | None:
    found: Service | None = db.session.scalars(
        select(Service)
        .where(Service.id == service_id)
        .options(
            selectinload(Service.facets),
            selectinload(Service.themes),
            selectinload(Service.classifications),
            selectinload(Service.channels),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    return found


def _blank(record: ServiceRecord, *, now: dt.datetime) -> Service:
    return Service(
        id=record.id,
        source=record.source,
        status=ServiceStatus.PUBLISHED,
        whenabouts={},
        whereabouts={},
        easy={},
        kaikukortti=False,
        own_fields=[],
        created_at=now,
        updated_at=now,
        facets=[],
        themes=[],
        classifications=[],
        channels=[],
    )


def _own_values(record: ServiceRecord) -> dict[str, Any]:
    values = _values(record)
    for other in _HANGING:
        del values[other]
    values["keywords"] = {code: list(words) for code, words in record.keywords.items()}
    for name in _MAY_BE_UNTOLD:
        if values[name] is None:
            del values[name]
    return values


def _values(record: ProviderRecord | ChannelRecord | ServiceRecord) -> dict[str, Any]:
    """Return a record's fields as columns want them: sequences as lists, which is what JSON gives back."""
    return {
        name: [dict(item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, tuple)
        else value
        for name, value in vars(record).items()
    }


def _assign(row: Provider | Channel | Service, values: dict[str, Any]) -> bool:
    """Set what differs; return whether anything did."""
    changed = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _same_source(
    row: Provider | Channel | Service, record: ProviderRecord | ChannelRecord | ServiceRecord
) -> None:
    if row.source is not record.source:
        raise OtherSourceError(record.id, row.source)


def _set_facets(service: Service, record: ServiceRecord) -> bool:
    told = {
        facet: values
        for facet, values in record.facets.items()
        if own_facet(facet) not in (service.own_fields or ())
    }
    return set_facet_values(service, told)


def set_facet_values(service: Service, told: Mapping[Facet, Collection[str]]) -> bool:
    """Give a service these values of these facets and no others of them; return whether anything differed."""
    wanted = {(facet, value) for facet, values in told.items() for value in values}
    known = {(row.facet, row.value): row for row in service.facets if row.facet in told}
    for key in known.keys() - wanted:
        service.facets.remove(known[key])
    for facet, value in sorted(wanted - known.keys()):
        service.facets.append(ServiceFacet(facet=facet, value=value))
    return wanted != known.keys()


def _set_themes(service: Service, record: ServiceRecord) -> bool:
    if "themes" in (service.own_fields or ()):
        return False
    if record.themes is not None:
        return set_themes(service, record.themes)
    if service.themes:
        return False
    known = theme_ids(record.suggested_themes)
    return set_themes(service, [slug for slug in record.suggested_themes if slug in known])


def set_themes(service: Service, themes: Sequence[str]) -> bool:
    """Give a service these themes, the main one first; return whether anything differed.

    Raises:
        UnknownThemeError: one of them does not exist.
    """
    slugs = list(dict.fromkeys(themes))
    ids = theme_ids(slugs)
    for slug in slugs:
        if slug not in ids:
            raise UnknownThemeError(slug)
    wanted = [ids[slug] for slug in slugs]
    known = {row.theme_id: row for row in service.themes}
    if wanted == [row.theme_id for row in sorted(service.themes, key=lambda row: row.position)]:
        return False
    for theme_id in known.keys() - set(wanted):
        service.themes.remove(known[theme_id])
    for position, theme_id in enumerate(wanted):
        if theme_id in known:
            known[theme_id].position = position
        else:
            service.themes.append(ServiceTheme(theme_id=theme_id, position=position))
    return True


def _set_classifications(service: Service, records: Sequence[ClassificationRecord]) -> bool:
    terms = {record.uri: record for record in records}
    _upsert_terms(terms)
    known = {row.uri: row for row in service.classifications}
    for uri in known.keys() - terms.keys():
        service.classifications.remove(known[uri])
    for uri in sorted(terms.keys() - known.keys()):
        service.classifications.append(ServiceClassification(uri=uri))
    return terms.keys() != known.keys()


def _upsert_terms(terms: dict[str, ClassificationRecord]) -> None:
    """Make the missing terms and bring the others up to date: no change of the service itself.

    Names are merged, not replaced: one record may tell a term in three languages, the next in one.
    """
    known = {
        row.uri: row
        for row in db.session.scalars(select(Classification).where(Classification.uri.in_(terms)))
    }
    for uri, term in terms.items():
        row = known.get(uri)
        if row is None:
            db.session.add(Classification(uri=uri, kind=term.kind, code=term.code, name=term.name))
            continue
        name, code = {**row.name, **term.name}, term.code or row.code
        if (row.name, row.code) != (name, code):
            row.name, row.code = name, code
    db.session.flush()


def _set_channels(service: Service, channel_ids: Sequence[uuid.UUID]) -> bool:
    if CHANNELS in (service.own_fields or ()):
        return False
    wanted = list(dict.fromkeys(channel_ids))
    known = {row.channel_id: row for row in service.channels}
    if wanted == [row.channel_id for row in sorted(service.channels, key=lambda row: row.position)]:
        return False
    gone = known.keys() - set(wanted)
    for channel_id in gone:
        service.channels.remove(known[channel_id])
    for position, channel_id in enumerate(wanted):
        if channel_id in known:
            known[channel_id].position = position
        else:
            service.channels.append(ServiceChannel(channel_id=channel_id, position=position))
    drop_unused_channels(gone)
    return True


def drop_unused_channels(channel_ids: Collection[uuid.UUID]) -> None:
    """Delete those of these channels that were made here and by which no service is reached any more."""
    if not channel_ids:
        return
    db.session.flush()
    used = select(ServiceChannel.channel_id).where(ServiceChannel.channel_id.in_(channel_ids))
    for channel in db.session.scalars(
        select(Channel).where(
            Channel.id.in_(channel_ids), Channel.source.in_(MADE_HERE), Channel.id.not_in(used)
        )
    ).all():
        db.session.delete(channel)
    db.session.flush()
