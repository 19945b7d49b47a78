"""The import: walk a source, fetch what its services refer to, write each service in a transaction of its own.

Everything is fetched before the transaction is opened: no lock is held while a server is waited for. A record
that can't be had, read or stored becomes a problem of the run; the rest goes on. Only a run that has seen
everything to its end retires what was not there (``retiring``): a list that came in part looks the same as one
from which services are gone.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from servicetray.core.db import transaction
from servicetray.core.errors import DomainError
from servicetray.core.municipalities import municipalities
from servicetray.core.settings import current_settings
from themes.directory.operations import Change
from themes.ptv import operations, retiring
from themes.ptv.mapping import County
from themes.ptv.model import ImportedChannel, ImportedOrganisation, ImportedService, OrganisationType
from themes.ptv.models import Retirement
from themes.ptv.operations import ServiceBundle
from themes.ptv.reading import UnreadableError
from themes.ptv.retiring import Verdict
from themes.ptv.sources import Kind, Problem, Source, SourceUnavailableError, UnavailableError
from themes.ptv.theme_rules import ThemeRules

log = structlog.get_logger()

T = TypeVar("T")

AT_A_TIME = 50
"""Services read ahead, so that their channels can be asked for together."""

# How PTV names a region without its name; the wellbeing county's number is from memory (U).
_AREA_CODES = frozenset({("Province", "08"), ("Region", "08"), ("WellbeingServiceCounties", "10")})


class Outcome(StrEnum):
    """What became of a service of the source."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RETURNED = "returned"
    SKIPPED = "skipped"


@dataclass
class ImportReport:
    """The account of a run, also while it goes on."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    was_cut_short: bool = False
    """The source could not be read to its end."""
    heard_of: set[UUID] = field(default_factory=set)
    """Services that are there, whether they could be read or not."""
    returned: list[UUID] = field(default_factory=list)
    kept: dict[UUID, Sequence[str]] = field(default_factory=dict)
    """Where a change made here stands against what the source says, with the names of what was left as it is."""
    verdict: Verdict = field(default_factory=lambda: Verdict(retirement=Retirement.CUT_SHORT, missing=0))
    """What became of services that the source no longer has; until the end, nothing."""

    @property
    def services(self) -> int:
        """How many services could be read, whatever became of them."""
        return self.counts.total()


def import_from(
    source: Source,
    *,
    clock: Callable[[], dt.datetime],
    rules: ThemeRules | None = None,
    allow: bool = False,
    on_progress: Callable[[ImportReport], None] | None = None,
) -> ImportReport:
    """Import every service of a source, in a run that is written down (``ImportRun``).

    Args:
        source: a folder or an API.
        clock: gives the time of each step.
        rules: themes of services; those of ``theme_rules.toml`` if not given.
        allow: retire also where many are gone, or where single services could not be read.
        on_progress: called after each service.

    Returns:
        The counts and the problems. They are stored with the run even if the import is interrupted.
    """
    county = _county()
    with transaction():
        run_id = operations.start_run(source_kind=source.kind, address=source.address, now=clock()).id
    walk = _Walk(source=source, county=county, rules=rules or ThemeRules.load(), clock=clock)
    try:
        for _ in walk.services():
            if on_progress:
                on_progress(walk.report)
        with transaction():
            verdict = retiring.retire_missing(
                heard_of=walk.report.heard_of,
                problems=walk.report.problems,
                was_cut_short=walk.report.was_cut_short,
                is_whole=source.is_whole,
                allow=allow,
                now=clock(),
            )
        walk.report.verdict = verdict
    finally:
        report = walk.report
        counts = {outcome.value: report.counts[outcome] for outcome in Outcome}
        with transaction():
            operations.finish_run(
                run_id,
                counts={
                    **counts,
                    "problems": len(report.problems),
                    "missing": report.verdict.missing,
                    "kept": len(report.kept),
                },
                problems=report.problems,
                retirement=report.verdict.retirement,
                retired=report.verdict.retired,
                returned=report.returned,
                kept=report.kept,
                now=clock(),
            )
    return report


def _county() -> County:
    """Return the county of this installation, as areas of PTV may mean it."""
    names = {name.lower() for name in current_settings().county_region.values()}
    return County(
        names=tuple(sorted(names)),
        codes=_AREA_CODES,
        municipalities=frozenset(row.code for row in municipalities()),
    )


class _Walk:
    """One walk through a source; remembers what it has fetched, so that nothing is asked for twice."""

    def __init__(
        self, *, source: Source, county: County, rules: ThemeRules, clock: Callable[[], dt.datetime]
    ) -> None:
        self.report = ImportReport()
        self._source = source
        self._county = county
        self._rules = rules
        self._clock = clock
        # None: it is not for the public, or could not be had.
        self._channels: dict[UUID, ImportedChannel | None] = {}
        self._organisations: dict[UUID, ImportedOrganisation | None] = {}
        # Could not be had this time: what the catalogue knows of these stays.
        self._unheard: set[UUID] = set()

    def services(self) -> Iterator[None]:
        """Import one service a step."""
        for batch in _batches(self._read(), AT_A_TIME):
            channel_ids = [channel_id for service in batch for channel_id in service.channel_ids]
            self._fetch(Kind.CHANNEL, channel_ids, self._source.adapter.channel, self._channels)
            organisation_ids = [service.organisation_id for service in batch]
            organisation_ids += [
                channel.organisation_id for service in batch for channel in self._channels_of(service)
            ]
            self._fetch(
                Kind.ORGANISATION,
                filter(None, organisation_ids),
                self._source.adapter.organisation,
                self._organisations,
            )
            for service in batch:
                self._store(service)
                yield

    def _read(self) -> Iterator[ImportedService]:
        seen: set[UUID] = set()
        try:
            for told in self._source.services():
                service = self._service(told)
                if service is None:
                    continue
                if service.published and service.id not in seen:
                    seen.add(service.id)
                    self.report.heard_of.add(service.id)
                    yield service
                else:
                    self.report.counts[Outcome.SKIPPED] += 1
        except SourceUnavailableError as error:
            self._cut_short(error)

    def _service(self, told: object) -> ImportedService | None:
        if isinstance(told, Problem):
            self._problem(told)
            return None
        try:
            return self._source.adapter.service(told)
        except UnreadableError as error:
            self._problem(Problem(kind=Kind.SERVICE, record_id=error.record_id, reason=error.reason))
            return None

    def _fetch(
        self,
        kind: Kind,
        ids: Iterable[UUID],
        read: Callable[[object], T],
        known: dict[UUID, T | None],
    ) -> None:
        """Fetch those of the channels or organisations that are not known yet, each once."""
        wanted = [record_id for record_id in dict.fromkeys(ids) if record_id not in known]
        known.update(dict.fromkeys(wanted))
        left = set(wanted)
        try:
            if not self.report.was_cut_short:
                self._source.prefetch(kind, wanted)
                for record_id in wanted:
                    known[record_id] = self._fetch_one(kind, record_id, read)
                    left.discard(record_id)
        except SourceUnavailableError as error:
            self._cut_short(error)
        self._unheard |= left

    def _fetch_one(self, kind: Kind, record_id: UUID, read: Callable[[object], T]) -> T | None:
        try:
            return read(self._source.fetch(kind, record_id))
        except UnavailableError as error:
            if not error.is_gone:
                self._unheard.add(record_id)
            self._problem(error.problem)
        except UnreadableError as error:
            self._unheard.add(record_id)
            self._problem(Problem(kind=kind, record_id=str(record_id), reason=error.reason))
        return None

    def _channels_of(self, service: ImportedService) -> list[ImportedChannel]:
        found = (self._channels.get(channel_id) for channel_id in service.channel_ids)
        return [channel for channel in found if channel is not None and channel.published]

    def _bundle(self, service: ImportedService) -> ServiceBundle:
        channels = self._channels_of(service)
        ids = dict.fromkeys((service.organisation_id, *(channel.organisation_id for channel in channels)))
        found = [self._organisations.get(organisation_id) for organisation_id in ids if organisation_id]
        organisations = [organisation for organisation in found if organisation is not None]
        if service.organisation_id and self._organisations.get(service.organisation_id) is None:
            stub = _stub(service.organisation_id, service.organisation_name)
            organisations += [stub] if stub else []
        return ServiceBundle(
            service=service,
            channels=channels,
            unheard_channel_ids=tuple(i for i in service.channel_ids if i in self._unheard),
            organisations=organisations,
        )

    def _store(self, service: ImportedService) -> None:
        try:
            with transaction():
                stored = operations.store_service(
                    self._bundle(service), county=self._county, rules=self._rules, now=self._clock()
                )
        except (DomainError, SQLAlchemyError) as error:
            log.exception("ptv_service_not_stored", service_id=str(service.id))
            reason = f"could not be stored ({type(error).__name__})"
            self._problem(Problem(kind=Kind.SERVICE, record_id=str(service.id), reason=reason))
            return
        self.report.counts[Outcome(stored.change.value)] += 1
        if stored.change is Change.RETURNED:
            self.report.returned.append(service.id)
        if stored.kept:
            self.report.kept[service.id] = stored.kept

    def _cut_short(self, error: SourceUnavailableError) -> None:
        self.report.was_cut_short = True
        self._problem(Problem(kind=Kind.SERVICE, record_id="", reason=error.reason))

    def _problem(self, problem: Problem) -> None:
        self.report.problems.append(problem)


def _stub(organisation_id: UUID, name: str) -> ImportedOrganisation | None:
    """Return an organisation of which only the name is known (services give it in Finnish)."""
    if not name:
        return None
    return ImportedOrganisation(
        id=organisation_id,
        type=OrganisationType.UNKNOWN,
        name={"fi": name},
        business_code=None,
        municipality_code=None,
        phone="",
        email="",
        web={},
        modified=None,
        is_stub=True,
    )


def _batches(services: Iterable[ImportedService], size: int) -> Iterator[list[ImportedService]]:
    batch: list[ImportedService] = []
    for service in services:
        batch.append(service)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
