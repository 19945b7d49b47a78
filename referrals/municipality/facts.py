"""What is known of a case: its content, and the facts that the table of moves is asked with."""

import datetime as dt
from collections.abc import Sequence

from referrals.moves import AttemptFact, CaseFacts
from referrals.municipality import content as contents
from referrals.municipality import queries
from referrals.municipality.content import CaseContent
from referrals.municipality.models import Attempt, AttemptResult, Case
from servicetray.accounts.queries import User
from servicetray.core import clock

MISSED = frozenset({AttemptResult.NO_SHOW, AttemptResult.CANCELLED})


def content_of(case: Case) -> CaseContent | None:
    """Return what the case tells of the client, or None once it is erased."""
    if case.sealed is None:
        return None
    return contents.unseal(case.sealed, municipality_code=case.municipality_code, case_id=case.id)


def facts_of(case: Case, *, actor: User | None, now: dt.datetime) -> CaseFacts:
    """Return what is known of a case for the checks of the table."""
    attempts = queries.attempts_of(case.id)
    content = content_of(case)
    return CaseFacts(
        today=clock.helsinki_day(now),
        reached=any(attempt.result is AttemptResult.REACHED for attempt in attempts),
        first_contact_recorded=case.first_contact_at is not None,
        ever_active=case.started_at is not None,
        own_case=actor is not None and case.handler_id == actor.id,
        sender=case.sender_kind,
        consent=content is not None and case.withdrawn_at is None,
        outcome=case.outcome,
        attempts=_attempt_facts(attempts),
        allowed_channels=frozenset(content.channels) if content else frozenset(),
        closed_on=clock.helsinki_day(case.closed_at) if case.closed_at else None,
    )


def _attempt_facts(attempts: Sequence[Attempt]) -> tuple[AttemptFact, ...]:
    return tuple(
        AttemptFact(
            day=clock.helsinki_day(attempt.at),
            channel=None if attempt.result in MISSED else attempt.channel,
            reached=attempt.result is AttemptResult.REACHED,
        )
        for attempt in attempts
    )
