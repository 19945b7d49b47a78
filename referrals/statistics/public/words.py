"""What is said about a release beside its tables: headlines, notes, sources and how to cite it."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from referrals.statistics.public import labels
from referrals.statistics.public.changes import changes, shown_months
from referrals.statistics.public.contents import Contents, quarter_label
from referrals.statistics.public.names import Names
from referrals.statistics.public.pages import CorrectionLine, Headline
from referrals.statistics.publication.tables import LoopRow, PublicTable, Release, ReleaseHead
from referrals.statistics.suppression import Mark
from referrals.statistics.tables import month_label
from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.periods import Month
from servicetray.core.settings import current_settings

DECEMBER: Final = 12


def headlines(shown: Contents, releases: Mapping[int, Release], names: Names) -> list[Headline]:
    """Return what is said of each kind, from shown numbers alone.

    Args:
        shown: the tables of the year.
        releases: the year's release and those of the years before, by year.
        names: what the codes are called.
    """
    colours = {kind.code: kind.colour for kind in names.kinds}
    found = []
    for kind in shown.kinds:
        total, since, until = _so_far(kind, releases)
        headline = Headline(
            name=names.kind_names.get(kind, kind),
            colour=colours.get(kind, "accent"),
            total=total,
            since=since,
            until=until,
            changes=[each.text for each in changes(kind, releases, shown.release.year)],
            health=_health(kind, shown.release),
        )
        if headline.total is not None or headline.changes or headline.health:
            found.append(headline)
    return found


def _so_far(kind: str, releases: Mapping[int, Release]) -> tuple[int | None, str, str]:
    """Return all referrals of a kind up to the newest year that is over, and from when until when."""
    months = shown_months(kind, releases)
    over = {
        year: release.tables[PublicTable.MONTHS].total.get(kind, Mark.NOT_IN_USE)
        for year, release in sorted(releases.items())
        if is_over(release)
    }
    totals = [total for total in over.values() if total is not Mark.NOT_IN_USE]
    numbers = [total for total in totals if isinstance(total, int)]
    if not numbers or len(numbers) != len(totals):
        return None, "", ""
    return sum(numbers), month_label(min(months)), month_label(Month(max(over), DECEMBER))


def is_over(release: ReleaseHead) -> bool:
    """Return whether all months of a release's year are published."""
    return release.until == Month(release.year, DECEMBER)


def _health(kind: str, release: Release) -> list[str]:
    loop = release.tables[PublicTable.LOOP]
    in_time = loop.cells.get((LoopRow.CLAIMED_IN_TIME.value, kind))
    heard = loop.cells.get((LoopRow.LOOPS_CLOSED.value, kind))
    said = []
    if isinstance(in_time, int):
        said.append(_("%(share)s %% of accepted referrals were taken up within 7 days.", share=in_time))
    if isinstance(heard, int):
        said.append(
            _("%(share)s %% of those that ended came to an end that the sender heard of.", share=heard)
        )
    return said


def notes(shown: Contents) -> list[str]:
    """Return how to read the tables, sentence by sentence."""
    release = shown.release
    said = []
    if shown.has(Mark.HIDDEN):
        said.append(
            _(
                "We don't show numbers below %(threshold)s, nor numbers from which they could be worked out. "
                "So nobody can be recognised.",
                threshold=release.threshold,
            )
        )
        said.append(_("A hidden number may also be zero."))
    if shown.has(Mark.NOT_IN_USE):
        said.append(_("A dash (–) means that the referral was not in use yet."))
    if not is_over(release):
        said.append(_("The total of a year is published when the year is over."))
    return said


def withheld(release: Release, names: Names) -> list[str]:
    """Return what was left out of a release, and why."""
    return [
        _(
            "%(table)s, %(kind)s, %(period)s: %(reason)s.",
            table=str(labels.HEADINGS[each.table]),
            kind=names.kind_names.get(each.kind, each.kind),
            period=_period(each.period),
            reason=str(labels.WITHHELD[each.reason_code]),
        )
        for each in release.withheld
    ]


def sources(release: Release) -> list[str]:
    """Return the earlier systems that months come from, each with its months."""
    months: dict[str, list[str]] = {}
    for period, source in sorted(release.sources.items()):
        months.setdefault(source, []).append(month_label(Month.parse(period)))
    return [
        _("%(months)s: from an earlier system, %(source)s", months=", ".join(each), source=source)
        for source, each in months.items()
    ]


def corrections(release: Release) -> list[CorrectionLine]:
    """Return the months of a release that were frozen anew."""
    return [
        CorrectionLine(
            month=month_label(Month.parse(each.period)),
            version=each.version,
            reason=each.reason,
            day=each.frozen_at,
        )
        for each in release.corrections
    ]


def title(release: ReleaseHead) -> str:
    """Return what a year's figures are called."""
    return _("Referrals in figures %(year)s", year=release.year)


def permanent_address(release: ReleaseHead) -> str:
    """Return the whole address of this version in the language of the request."""
    path = url_for("public_figures.version", year=release.year, version=release.version)
    return current_settings().public_url + path


def citation(release: ReleaseHead) -> str:
    """Return how to name a version as a source."""
    settings = current_settings()
    return _(
        "%(county)s: %(title)s, version %(version)s, published %(day)s. %(service)s. %(address)s",
        county=in_language(settings.county_name, current_language()).text,
        title=title(release),
        version=release.version,
        day=format_date(clock.helsinki(release.published_at).date(), "d.M.yyyy"),
        service=settings.service_name,
        address=permanent_address(release),
    )


def said_beside(shown: Contents, names: Names) -> Sequence[str]:
    """Return everything that a file says beside its tables: how to read them, what is missing, how to cite."""
    demo = (
        [
            _(
                "Demonstration: the totals to the end of 2024 (937 and 59) are true, how they fall on months is "
                "invented, and so is everything later."
            )
        ]
        if current_settings().demo
        else []
    )
    return [
        *demo,
        *notes(shown),
        *withheld(shown.release, names),
        *sources(shown.release),
        *(
            _(
                "%(month)s, version %(version)s, %(day)s: %(reason)s",
                month=each.month,
                version=each.version,
                day=format_date(clock.helsinki(each.day).date(), "d.M.yyyy"),
                reason=each.reason,
            )
            for each in corrections(shown.release)
        ),
        citation(shown.release),
    ]


def _period(code: str) -> str:
    if "-Q" in code:
        return quarter_label(code)
    return month_label(Month.parse(code)) if "-" in code else code
