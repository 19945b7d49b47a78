"""The facts of a breach: whose data an account, or one sign-in of it, has seen (GDPR, article 33)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.log_report import queries
from referrals.log_report.labels import ACTIONS
from referrals.log_report.queries import Found
from referrals.log_report.scope import Reach
from servicetray.audit.queries import Part, Seen, Wanted, seen_in
from servicetray.core import clock
from servicetray.core.tables import UNICODE_MARK, neutral

WHOLE = Part(all_but=frozenset())
"""The whole log: for whoever runs the installation, at the command line."""


@dataclass(frozen=True, kw_only=True)
class Exposed:
    """One client whose data were seen."""

    seen: Seen
    found: Found | None
    """The referral that the key stands for; None if it is gone."""
    name: str = ""

    @property
    def reference(self) -> str:
        """The referral's reference, or an empty text."""
        return self.found.reference if self.found else ""


def exposure(wanted: Wanted, *, part: Part) -> tuple[Exposed, ...]:
    """Return whose data were seen, listed or changed; the first seen first, without names."""
    seen = seen_in(wanted, part=part)
    found = queries.referrals_of_keys({each.subject_key for each in seen})
    return tuple(Exposed(seen=each, found=found.get(each.subject_key)) for each in seen)


def with_names(rows: Sequence[Exposed], *, reach: Reach) -> tuple[Exposed, ...]:
    """Add the names that the officer's own controller still has."""
    keys = queries.keys_at_hand(reach)
    named = tuple(
        Exposed(
            seen=row.seen,
            found=row.found,
            name=queries.name_of(row.found, reach=reach) if row.found else "",
        )
        for row in rows
    )
    del keys
    return named


def as_csv(rows: Sequence[Exposed]) -> str:
    """Return an examination for spreadsheets, without names."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _p("log", "Referral"),
            _p("log", "Key"),
            _p("log", "First"),
            _p("log", "Last"),
            _p("log", "Times"),
            _("What was done"),
        ]
    )
    for row in rows:
        moments = [f"{clock.helsinki(at):%Y-%m-%d %H:%M:%S}" for at in (row.seen.first_at, row.seen.last_at)]
        acts = ", ".join(str(ACTIONS[action]) for action in row.seen.actions)
        writer.writerow(
            [neutral(row.reference), row.seen.subject_key, *moments, row.seen.times, neutral(acts)]
        )
    return UNICODE_MARK + text.getvalue()
