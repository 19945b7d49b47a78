"""The county's corrections as tests make them: one act on a referral, everything held as the screens hold it."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import TypeVar

from referrals import handover
from referrals.consent import Giver, Method
from referrals.county import operations as county
from referrals.county import queries as county_queries
from referrals.county.content import ReferralContent
from referrals.county.models import Referral
from referrals.county.operations import ConsentGiven, NewReferral
from referrals.moves import ContactChannel, MoveCode, Priority, ReferralFacts, VoidReason, Who
from referrals.municipality import queries as municipality
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import User
from servicetray.core import clock
from servicetray.core.db import transaction
from tests.referrals.scenes import Scene, locked, scene, user, withdrawn

Answer = TypeVar("Answer")


def act(it: Scene, who: Who, work: Callable[[Referral, User], Answer]) -> Answer:
    """Do something to a referral in a transaction of its own, its cases and itself held."""
    actor_id = it.actor(who)
    with transaction():
        handover.hold_cases(it.referral_id)
        return work(locked(it.referral_id), user(actor_id))


def given(*, feedback: bool = True) -> ConsentGiven:
    """A consent given anew, by letter alone, so that it is told from the first one."""
    return ConsentGiven(
        giver=Giver.CLIENT,
        method=Method.ORAL,
        text_version="2026-2",
        text_language="fi",
        feedback=feedback,
        follow_up=False,
        transfer=False,
        channels=frozenset({ContactChannel.LETTER}),
    )


def mended(row: Referral, *, kind_code: str = "exercise", **changes: object) -> NewReferral:
    """The form of a referral as it stands, with changes of its content."""
    content = county_queries.content_of(row).model_copy(update=changes)
    return new_form(content, kind_code=kind_code)


def new_form(content: ReferralContent, *, kind_code: str = "exercise") -> NewReferral:
    """A form with this content."""
    return NewReferral(
        form_key=uuid.uuid4(),
        kind_code=kind_code,
        prefix="LIK",
        content=content,
        consent=given(),
        priority=Priority.NORMAL,
    )


def resend(
    it: Scene,
    *,
    now: dt.datetime,
    consent: ConsentGiven | None = None,
    code: str = "286",
    changes: dict[str, object] | None = None,
) -> None:
    """Send a returned referral again, with another phone number unless told otherwise."""

    def work(row: Referral, actor: User) -> None:
        route = municipality.route("exercise", code, on=clock.helsinki_day(now))
        assert route is not None
        receiver = accounts.unit(route.unit_id)
        assert receiver is not None
        new = mended(row, **({"phone": "040 000 0175"} if changes is None else changes))
        handover.resend(row, new=new, route=route, receiver=receiver, consent=consent, actor=actor, now=now)

    act(it, Who.SENDER, work)


def request_stop(it: Scene, *, now: dt.datetime) -> None:
    """Ask for the end of what was begun."""
    act(it, Who.SENDER, lambda row, actor: handover.request_stop(row, actor=actor, now=now))


def restore(it: Scene, *, now: dt.datetime, client_heard: bool = True) -> None:
    """Undo a withdrawal, as the lead of the receiving unit."""
    act(
        it,
        Who.LEAD,
        lambda row, actor: handover.restore(
            row, consent=given(), client_heard=client_heard, actor=actor, now=now
        ),
    )


def void(
    it: Scene, *, now: dt.datetime, who: Who = Who.SENDER, reason: VoidReason = VoidReason.SENT_TWICE
) -> None:
    """Mark a referral as entered in error."""
    act(it, who, lambda row, actor: handover.void(row, reason=reason, who=who, actor=actor, now=now))


def cancel(it: Scene, *, now: dt.datetime) -> None:
    """Take a referral back."""
    act(it, Who.SENDER, lambda row, actor: county.cancel(row, actor=actor, reason="not_needed", now=now))


def acknowledge(it: Scene, *, now: dt.datetime) -> None:
    """Put a returned referral away."""
    act(it, Who.SENDER, lambda row, actor: county.acknowledge_return(row, actor=actor, now=now))


def placed(state: str, *, now: dt.datetime, mailbox: str = "") -> Scene:
    """A referral in any state of the table; `withdrawn` is `cancelled` by the client's withdrawal."""
    ways: dict[str, tuple[str, Callable[[Scene], None]]] = {
        "cancelled": ("sent", lambda it: cancel(it, now=now)),
        "withdrawn": ("active", lambda it: withdrawn(it, who=Who.SENDER, now=now)),
        "entered_in_error": ("sent", lambda it: void(it, now=now)),
        "transferred": ("sent", lambda it: _transferred(it, now=now)),
    }
    start, go = ways.get(state, (state, lambda _: None))
    it = scene(start, now=now, mailbox=mailbox)
    go(it)
    return it


def _transferred(it: Scene, *, now: dt.datetime) -> None:
    facts = ReferralFacts(offer_open=True, at_target=True, transfer_consent=True)
    act(
        it,
        Who.ADVISER,
        lambda row, actor: county.move_referral(
            row, MoveCode.R13, who=Who.ADVISER, facts=facts, actor=actor, now=now
        ),
    )
