"""Sending the county's record again: its content written anew, its clock from the beginning (R4, R9c)."""

import datetime as dt

from referrals.county import content as contents
from referrals.county.content import ReferralContent
from referrals.county.models import Referral
from referrals.county.operations import NewReferral
from referrals.moves import due
from referrals.municipality.queries import Route
from referrals.spoken import language_code
from referrals.target_times.queries import targets_at
from servicetray.core import clock


def differs(referral: Referral, new: NewReferral, *, route: Route) -> bool:
    """Whether a form holds anything else than the referral it is to mend: content, recipient, kind or haste."""
    stands = (
        _content_of(referral),
        referral.kind_code,
        referral.catchment_id,
        referral.priority,
        referral.protected,
    )
    return stands != (new.content, new.kind_code, route.catchment_id, new.priority, new.protected)


def rewrite(referral: Referral, new: NewReferral, *, route: Route, now: dt.datetime) -> None:
    """Seal what a mended form tells in place of what was told before, and lead it where the form leads."""
    person = new.content
    referral.sealed = contents.seal(person, referral.id)
    referral.person_index = contents.index_of(person)
    referral.language_code = language_code(person.language)
    referral.age_group = contents.age_group(person.birth_year, on=clock.helsinki_day(now))
    referral.kind_code = new.kind_code
    referral.municipality_code, referral.catchment_id = route.municipality_code, route.catchment_id
    referral.priority, referral.protected = new.priority, new.protected


def begin_anew(referral: Referral, *, absence_until: dt.date | None, now: dt.datetime) -> None:
    """Let the clock count from now, and forget what became of the earlier sending.

    ``sent_at`` stays the first time; the history tells the whole.
    """
    referral.clock_from = now
    referral.claim_due_on = due(
        now,
        days=targets_at(now),
        priority=referral.priority,
        absence_until=absence_until,
    ).claim_by
    referral.returned_reason = referral.cancelled_reason = None
    referral.acknowledged_at = referral.stop_requested_at = None
    referral.counselling_started, referral.outcome = False, None


def _content_of(referral: Referral) -> ReferralContent | None:
    return contents.unseal(referral.sealed, referral.id) if referral.sealed is not None else None
