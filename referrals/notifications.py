"""Telling people that something waits for them: a reference and a link, never of whom."""

import datetime as dt
import uuid

from referrals.consent import ConsentTerms, sender_is_told
from referrals.county.queries import Referral
from referrals.moves import EventName
from servicetray.accounts import queries as accounts
from servicetray.core import outbox

ARRIVED = "referral_arrived"
NEWS = "referral_news"
WITHDRAWN = "referral_withdrawn"


def about(referral: Referral) -> str:
    """Return the key by which unsent messages of a referral are found and cancelled."""
    return f"referral:{referral.id}"


def tell_unit(referral: Referral, *, mailbox: str, now: dt.datetime) -> None:
    """Tell the counselling unit's shared box, in Finnish and Swedish both, that a referral has come."""
    if mailbox:
        outbox.enqueue(
            address=mailbox,
            template=ARRIVED,
            language="fi",
            context={"reference": referral.reference, "path": f"/saapuneet/{referral.id}"},
            about=about(referral),
            now=now,
        )


def tell_sender(referral: Referral, event: EventName, *, terms: ConsentTerms, now: dt.datetime) -> None:
    """Tell the sender that there is news, where the client's consent lets them hear of this."""
    if referral.sender_id is None or not sender_is_told(terms, event):
        return
    sender = accounts.user(referral.sender_id)
    if sender is not None and sender.active:
        outbox.enqueue(
            address=sender.email,
            template=NEWS,
            language=sender.language,
            context={"reference": referral.reference, "path": f"/lahetteet/{referral.id}"},
            about=about(referral),
            now=now,
        )


def tell_receiver_withdrawn(
    referral: Referral, *, unit_id: uuid.UUID | None, handler_id: uuid.UUID | None, now: dt.datetime
) -> None:
    """Tell the unit's box and the adviser that a referral is gone: nobody is to call the client any more."""
    unit = accounts.unit(unit_id) if unit_id else None
    handler = accounts.user(handler_id) if handler_id else None
    addresses = {unit.mailbox if unit else "", handler.email if handler and handler.active else ""}
    for address in sorted(addresses - {""}):
        outbox.enqueue(
            address=address,
            template=WITHDRAWN,
            language="fi",
            context={"reference": referral.reference},
            about=about(referral),
            now=now,
        )
