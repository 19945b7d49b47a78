"""What has happened in a case, in words: entry by entry, and day by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.moves import CaseStatus, MoveCode
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case.file import Entry, EntryKind
from referrals.municipality.inbox.case.labels import REOPEN_REASONS, VOID_REASONS
from referrals.municipality.models import AttemptResult
from servicetray.core import clock
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text

REASONS: dict[str, Text] = {
    **{f"{MoveCode.C3}.{each}": words for each, words in labels.WAITING_REASONS.items()},
    **{f"{MoveCode.C7}.{each}": words for each, words in labels.RETURN_REASONS.items()},
    **{f"{MoveCode.C8}.{each}": words for each, words in REOPEN_REASONS.items()},
    **{f"{MoveCode.C9}.{each}": words for each, words in VOID_REASONS.items()},
}
"""What a reason says depends on the move that it was given for."""


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """One stone of the river."""

    title: str
    at: dt.datetime
    by: str
    text: str

    @property
    def hours(self) -> str:
        """The time of day in Helsinki, as the page's language writes it."""
        pattern = "HH:mm" if current_language() == "en" else "H.mm"
        return _("at %(hours)s", hours=format_datetime(clock.helsinki(self.at), pattern, rebase=False))


@dataclass(frozen=True, kw_only=True)
class TimelineDay:
    """What happened on one Helsinki day, newest first."""

    day: dt.date
    rows: tuple[TimelineRow, ...]


def timeline_of(entries: Sequence[Entry]) -> tuple[TimelineRow, ...]:
    """Return entries in words; a missed appointment is told by its attempt, not by its move too."""
    return tuple(
        TimelineRow(title=_title(entry), at=entry.at, by=_by(entry), text=entry.text)
        for entry in entries
        if entry.move is not MoveCode.C6
    )


def by_day(rows: Sequence[TimelineRow]) -> tuple[TimelineDay, ...]:
    """Return rows grouped by their Helsinki day, the newest day and row first; equal times keep their order."""
    newest = sorted(rows, key=lambda row: row.at, reverse=True)
    return tuple(
        TimelineDay(day=day, rows=tuple(found))
        for day, found in groupby(newest, key=lambda row: clock.helsinki_day(row.at))
    )


def _by(entry: Entry) -> str:
    if entry.by or entry.move is not MoveCode.C2:
        return entry.by
    # A published time that nobody of the staff entered was chosen by the client.
    return _p("timeline", "the client")


def _title(entry: Entry) -> str:
    if entry.kind is EntryKind.NOTE:
        return _p("timeline", "Note")
    if entry.result in {AttemptResult.NO_SHOW, AttemptResult.CANCELLED}:
        return (
            _("The client did not come")
            if entry.result is AttemptResult.NO_SHOW
            else _("The time was cancelled")
        )
    if entry.channel is not None and entry.result is not None:
        return f"{labels.CHANNELS[entry.channel]}: {labels.RESULTS[entry.result]}"
    return _move_title(entry)


def _move_title(entry: Entry) -> str:
    titles = {
        MoveCode.C1: _p("timeline", "Claimed"),
        MoveCode.C2: _p("timeline", "Time agreed"),
        MoveCode.C3: _p("timeline", "Put to wait"),
        MoveCode.C4: _p("timeline", "Taken up again"),
        MoveCode.C5: _p("timeline", "Counselling started"),
        MoveCode.C7: _p("timeline", "Closed"),
        MoveCode.C8: _p("timeline", "Opened again"),
        MoveCode.C9: _p("timeline", "Entered in error"),
        MoveCode.C10: _p("timeline", "Handed over"),
        MoveCode.C11: _p("timeline", "Question to the sender"),
    }
    default = str(labels.STATUSES[entry.to_status or CaseStatus.CONTACTING])
    title = titles.get(entry.move, default) if entry.move else default
    more = entry.handed_to or _reason(entry)
    return f"{title}: {more}" if more else title


def _reason(entry: Entry) -> str:
    return str(REASONS.get(f"{entry.move}.{entry.reason}", "")) if entry.reason else ""
