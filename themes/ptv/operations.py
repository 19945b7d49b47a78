"""Writing what PTV tells: one service with all that it refers to, and the account of a run.

Each operation works inside the transaction of its caller (``jobs.import_from``) and flushes.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from servicetray.core.db import db
from themes.directory.operations import (
    Change,
    known_channels,
    upsert_channel,
    upsert_provider,
    upsert_service,
)
from themes.directory.own import standing_against
from themes.directory.queries import provider_names
from themes.ptv.mapping import County, channel_record, provider_record, service_record
from themes.ptv.model import ImportedChannel, ImportedOrganisation, ImportedService
from themes.ptv.models import ImportRun, Retirement
from themes.ptv.sources import Problem, SourceKind
from themes.ptv.theme_rules import ThemeRules

_MOST_PROBLEMS_KEPT = 1000
_LONGEST_ADDRESS = 500


@dataclass(frozen=True, kw_only=True)
class ServiceBundle:
    """A service with those of its channels and organisations that could be had.

    ``organisations`` are the service's own and those of the channels, each once. Channels that could not be
    had this time are ``unheard``: the catalogue keeps what it knows of them.
    """

    service: ImportedService
    channels: Sequence[ImportedChannel]
    unheard_channel_ids: Sequence[UUID]
    organisations: Sequence[ImportedOrganisation]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What became of a service, and what of it stays as it was changed here though the catalogue says otherwise."""

    change: Change
    kept: Sequence[str]


def store_service(bundle: ServiceBundle, *, county: County, rules: ThemeRules, now: dt.datetime) -> Stored:
    """Write a service, its providers and its channels to the directory; say what became of the service.

    A change of a channel or a provider counts as a change of the service: it is what a reader sees.

    Raises:
        OtherSourceError: an id belongs to content of another source.
    """
    known = {organisation.id for organisation in bundle.organisations}
    changes = [
        upsert_provider(provider_record(organisation), keep_existing=organisation.is_stub)
        for organisation in bundle.organisations
    ]
    changes += [
        upsert_channel(
            channel_record(
                channel, provider_id=channel.organisation_id if channel.organisation_id in known else None
            )
        )
        for channel in bundle.channels
    ]
    record = service_record(
        bundle.service,
        channels=bundle.channels,
        known_channels=known_channels(bundle.unheard_channel_ids),
        has_provider=_is_known(bundle.service.organisation_id, known),
        county=county,
        rules=rules,
    )
    kept = standing_against(record)
    change = upsert_service(record, now=now)
    if change is Change.UNCHANGED and Change.CHANGED in changes:
        change = Change.CHANGED
    return Stored(change=change, kept=kept)


def _is_known(organisation_id: UUID | None, known: Collection[UUID]) -> bool:
    """Whether a service can be linked to its organisation: it came, or the directory has it from before."""
    if organisation_id is None:
        return False
    return organisation_id in known or bool(provider_names([organisation_id]))


def start_run(*, source_kind: SourceKind, address: str, now: dt.datetime) -> ImportRun:
    """Write down that an import begins."""
    run = ImportRun(
        source_kind=source_kind,
        address=address[:_LONGEST_ADDRESS],
        started_at=now,
        counts={},
        problems=[],
        retired=[],
        returned=[],
        kept=[],
    )
    db.session.add(run)
    db.session.flush()
    return run


def finish_run(
    run_id: int,
    *,
    counts: Mapping[str, int],
    problems: Sequence[Problem],
    retirement: Retirement,
    retired: Sequence[UUID],
    returned: Sequence[UUID],
    kept: Mapping[UUID, Sequence[str]] | None = None,
    now: dt.datetime,
) -> ImportRun:
    """Write down what an import did; ``kept`` are names of what was changed here and stays, by service."""
    run = db.session.get_one(ImportRun, run_id)
    run.finished_at = now
    run.counts = dict(counts)
    run.problems = [
        {"kind": problem.kind.value, "id": problem.record_id, "reason": problem.reason}
        for problem in problems[:_MOST_PROBLEMS_KEPT]
    ]
    run.retirement = retirement
    run.retired = [str(service_id) for service_id in retired[:_MOST_PROBLEMS_KEPT]]
    run.kept = [
        {"id": str(service_id), "fields": list(fields)}
        for service_id, fields in list((kept or {}).items())[:_MOST_PROBLEMS_KEPT]
    ]
    run.returned = [str(service_id) for service_id in returned[:_MOST_PROBLEMS_KEPT]]
    db.session.flush()
    return run
