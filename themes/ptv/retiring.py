"""After an import: what the catalogue no longer has is retired, if the run can be believed.

A run that asked for one area, broke off, or could not read some services proves nothing of what it did not see;
nor is it believed that a fifth of everything has gone at once. Such a run retires nothing and says why.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from themes.directory.operations import Source
from themes.directory.retiring import may_retire, retire
from themes.ptv.models import Retirement
from themes.ptv.reading import identifier
from themes.ptv.sources import Kind, Problem

MOST_GONE: Final = 0.2
"""The share of our services that may be gone at once before somebody has to say that it is so."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of the services that a run did not see."""

    retirement: Retirement
    missing: int
    """How many there are."""
    retired: Sequence[UUID] = ()


def retire_missing(
    *,
    heard_of: Collection[UUID],
    problems: Sequence[Problem],
    was_cut_short: bool,
    is_whole: bool,
    allow: bool,
    now: dt.datetime,
) -> Verdict:
    """Retire the services of the catalogue that a run has not heard of, unless it proves nothing.

    Args:
        heard_of: the services that it saw.
        problems: what it could not have or read; channels and organisations don't matter here.
        was_cut_short: whether it broke off.
        is_whole: whether its source gives everything.
        allow: whether to retire more than ``MOST_GONE``, and in spite of single services that were unreadable
            (those themselves stay).
        now: when.
    """
    ours = may_retire(source=Source.PTV)
    unread = [problem for problem in problems if problem.kind is Kind.SERVICE]
    known = {found for problem in unread if (found := identifier(problem.record_id))}
    missing = ours - set(heard_of) - known
    refusal = _refusal(
        is_whole=is_whole,
        was_cut_short=was_cut_short,
        nothing_read=not heard_of,
        unread=len(unread),
        nameless=len(unread) > len(known),
        share=len(missing) / len(ours) if ours else 0.0,
        allow=allow,
    )
    if refusal is not None:
        return Verdict(retirement=refusal, missing=len(missing))
    return Verdict(retirement=Retirement.DONE, missing=len(missing), retired=retire(missing, now=now))


def _refusal(
    *,
    is_whole: bool,
    was_cut_short: bool,
    nothing_read: bool,
    unread: int,
    nameless: bool,
    share: float,
    allow: bool,
) -> Retirement | None:
    if was_cut_short:
        return Retirement.CUT_SHORT
    if not is_whole:
        return Retirement.PARTIAL
    if nothing_read:
        return Retirement.NOTHING_READ
    # What has no id may be any of ours: a page of the list that did not come.
    if nameless or (unread and not allow):
        return Retirement.PROBLEMS
    if share > MOST_GONE and not allow:
        return Retirement.TOO_MANY
    return None
