"""Telling people that something waits for them: a reference and a link, never of whom."""

import datetime as dt
import uuid
from collections.abc import Sequence

from referrals.consent import ConsentTerms, sender_is_told
from referrals.county.queries import Referral
from referrals.moves import EventName, Priority
from referrals.recipients import ABOUT_REFERRAL, to_box, to_person
from servicetray.accounts import queries as accounts
from servicetray.accounts.queries import Unit, User
from servicetray.core import clock
from servicetray.core.access import Permission

ARRIVED = "referral_arrived"
NEWS = "referral_news"
WITHDRAWN = "referral_withdrawn"
STOP_REQUESTED = "stop_requested"
HANDED_OVER = "case_handed_over"
OFFERED = "transfer_offered"
OFFER_ENDED = "transfer_not_taken"
OFFER_TAKEN = "transfer_taken"
ASKED = "question_asked"
ANSWERED = "question_answered"
CLIENT_ASKED = "client_asked"
VOIDED = "referral_voided"
RETURN_WAITS = "return_waits"
PAPER_RETURNED = "paper_returned"
HANDED_ON = "referral_handed_on"
BREACH_OPENED = "breach_opened"
CORRECTED = "data_corrected"
CASES_LEFT = "cases_left"
MONTHLY_REPORT = "monthly_report"
FIGURES_OVERDUE = "figures_overdue"


def about(referral: Referral) -> str:
    """Return the key by which unsent messages of a referral are found and cancelled."""
    return about_id(referral.id)


def about_id(referral_id: uuid.UUID) -> str:
    """Return the key by which unsent messages of a referral are found, where only its id is at hand."""
    return f"{ABOUT_REFERRAL}:{referral_id}"


def tell_unit(referral: Referral, *, unit: Unit, now: dt.datetime) -> None:
    """Tell the counselling unit's shared box that a referral has come."""
    to_box(
        unit,
        template=ARRIVED,
        context={"reference": referral.reference, "path": f"/saapuneet/{referral.id}"},
        about=about(referral),
        now=now,
        at_once=_is_soon(referral),
    )


def tell_sender(referral: Referral, event: EventName, *, terms: ConsentTerms, now: dt.datetime) -> None:
    """Tell the sender that there is news, where the client's consent lets them hear of this."""
    if referral.sender_id is None or not sender_is_told(terms, event):
        return
    to_person(
        accounts.user(referral.sender_id),
        template=NEWS,
        context={"reference": referral.reference, "path": f"/lahetteet/{referral.id}"},
        about=about(referral),
        now=now,
    )


def tell_receiver_withdrawn(
    referral: Referral, *, unit_id: uuid.UUID | None, handler_id: uuid.UUID | None, now: dt.datetime
) -> None:
    """Tell the unit's box and the adviser that a referral is gone: nobody is to call the client any more."""
    context = {"reference": referral.reference}
    _tell_receiver(referral, WITHDRAWN, context, unit_id=unit_id, handler_id=handler_id, now=now)


def tell_stop_requested(
    referral: Referral,
    *,
    unit_id: uuid.UUID | None,
    handler_id: uuid.UUID | None,
    case_id: uuid.UUID,
    now: dt.datetime,
) -> None:
    """Tell the unit's box and the adviser that the sender asks to stop (R8)."""
    context = {"reference": referral.reference, "path": f"/asiakkuudet/{case_id}"}
    _tell_receiver(referral, STOP_REQUESTED, context, unit_id=unit_id, handler_id=handler_id, now=now)


def tell_handler(to: User, *, case_id: uuid.UUID, referral_id: uuid.UUID, now: dt.datetime) -> None:
    """Tell an adviser that a case is theirs now (C10)."""
    to_person(
        to,
        template=HANDED_OVER,
        context={"path": f"/asiakkuudet/{case_id}"},
        about=about_id(referral_id),
        now=now,
    )


def tell_target_of_offer(unit_id: uuid.UUID, *, referral_id: uuid.UUID, now: dt.datetime) -> None:
    """Tell the target unit's box that a referral is offered to it (R12); not which, before it accepts."""
    to_box(
        accounts.unit(unit_id),
        template=OFFERED,
        context={"path": "/saapuneet"},
        about=about_id(referral_id),
        now=now,
    )


def tell_leads_offer_ended(
    referral: Referral, *, unit_id: uuid.UUID, also: uuid.UUID, now: dt.datetime
) -> None:
    """Tell the leads of the offering unit, and who made the offer, that it was not taken (R14)."""
    told = {lead.id: lead for lead in accounts.workers_of(unit_id, Permission.INBOX_LEAD)}
    maker = accounts.user(also)
    if maker is not None:
        told[maker.id] = maker
    for person in sorted(told.values(), key=lambda each: each.email):
        to_person(
            person,
            template=OFFER_ENDED,
            context={"reference": referral.reference, "path": "/saapuneet"},
            about=about(referral),
            now=now,
        )


def tell_offer_taken(referral: Referral, *, to: uuid.UUID, now: dt.datetime) -> None:
    """Tell who offered a referral that the other municipality has taken it (R13)."""
    to_person(
        accounts.user(to),
        template=OFFER_TAKEN,
        context={"reference": referral.reference},
        about=about(referral),
        now=now,
    )


def tell_sender_of_question(referral: Referral, *, now: dt.datetime) -> None:
    """Tell the sender that the municipality asks something (C11); where they have left, their unit's box."""
    sender = accounts.user(referral.sender_id) if referral.sender_id else None
    unit = accounts.unit(referral.sending_unit_id) if referral.sending_unit_id else None
    context = {"reference": referral.reference, "path": f"/lahetteet/{referral.id}"}
    soon = _is_soon(referral)
    if not to_person(sender, template=ASKED, context=context, about=about(referral), now=now, at_once=soon):
        to_box(unit, template=ASKED, context=context, about=about(referral), now=now, at_once=soon)


def tell_adviser_of_answer(
    referral: Referral, *, adviser_id: uuid.UUID, case_id: uuid.UUID | None, now: dt.datetime
) -> None:
    """Tell the adviser that the sender has answered (C11)."""
    to_person(
        accounts.user(adviser_id),
        template=ANSWERED,
        context={
            "reference": referral.reference,
            "path": f"/asiakkuudet/{case_id}" if case_id else f"/saapuneet/{referral.id}",
        },
        about=about(referral),
        now=now,
        at_once=_is_soon(referral),
    )


def tell_receiver_asked(
    referral: Referral,
    *,
    unit_id: uuid.UUID | None,
    handler_id: uuid.UUID | None,
    case_id: uuid.UUID | None,
    now: dt.datetime,
) -> None:
    """Tell the adviser that the client has said something on their own page; where nobody has it, the unit's box."""
    context = {
        "reference": referral.reference,
        "path": f"/asiakkuudet/{case_id}" if case_id else f"/saapuneet/{referral.id}",
    }
    handler = accounts.user(handler_id) if handler_id else None
    soon = _is_soon(referral)
    if not to_person(
        handler, template=CLIENT_ASKED, context=context, about=about(referral), now=now, at_once=soon
    ):
        unit = accounts.unit(unit_id) if unit_id else None
        to_box(unit, template=CLIENT_ASKED, context=context, about=about(referral), now=now, at_once=soon)


def tell_receiver_voided(
    referral: Referral, *, unit_id: uuid.UUID | None, handler_id: uuid.UUID | None, now: dt.datetime
) -> None:
    """Tell the unit's box and the adviser that a referral was entered in error (R11): nobody is to be called."""
    context = {"reference": referral.reference}
    _tell_receiver(referral, VOIDED, context, unit_id=unit_id, handler_id=handler_id, now=now)


def tell_return_waits(referral: Referral, *, now: dt.datetime) -> None:
    """Remind the sender of a returned referral (R6); where they have left, their unit: its box, or its people."""
    sender = accounts.user(referral.sender_id) if referral.sender_id else None
    unit = accounts.unit(referral.sending_unit_id) if referral.sending_unit_id else None
    context = {"reference": referral.reference, "path": f"/lahetteet/{referral.id}"}
    key = about(referral)
    if referral.entered_unit_id is not None:
        tell_unit_of_returned_paper(referral, now=now)
        return
    if to_person(sender, template=RETURN_WAITS, context=context, about=key, now=now) or to_box(
        unit, template=RETURN_WAITS, context=context, about=key, now=now
    ):
        return
    if unit is not None and unit.shared_list:
        for person in accounts.workers_of(unit.id, Permission.REFERRAL_SEND):
            to_person(person, template=RETURN_WAITS, context=context, about=key, now=now)


def tell_unit_of_returned_paper(referral: Referral, *, now: dt.datetime) -> None:
    """Tell the unit that entered a paper that it came back (R3, R6): its box, or its leads where it has none."""
    unit = accounts.unit(referral.entered_unit_id) if referral.entered_unit_id else None
    context = {"reference": referral.reference, "path": "/saapuneet/paperit"}
    key = about(referral)
    if unit is None or to_box(unit, template=PAPER_RETURNED, context=context, about=key, now=now):
        return
    for lead in accounts.workers_of(unit.id, Permission.INBOX_LEAD):
        to_person(lead, template=PAPER_RETURNED, context=context, about=key, now=now)


def tell_of_referral_handed_on(referral: Referral, *, to: User, now: dt.datetime) -> None:
    """Tell somebody that a referral which a colleague sent before leaving is theirs to answer for."""
    to_person(
        to,
        template=HANDED_ON,
        context={"reference": referral.reference, "path": f"/lahetteet/{referral.id}"},
        about=about(referral),
        now=now,
    )


def tell_officer_of_breach(
    person: User, *, breach_id: uuid.UUID, reference: str, by: dt.datetime, now: dt.datetime
) -> None:
    """Tell a data protection officer that a breach came to light, and until when the authority may wait."""
    until = clock.helsinki(by)
    to_person(
        person,
        template=BREACH_OPENED,
        context={
            "reference": reference,
            "by": f"{until.day}.{until.month}.{until.year} {until:%H.%M}",
            "path": f"/tietosuoja/loukkaukset/{breach_id}",
        },
        about=f"breach:{breach_id}",
        now=now,
        at_once=True,
    )


def tell_leads_of_leaver(unit_id: uuid.UUID, *, cases: int, leaver: User, now: dt.datetime) -> None:
    """Tell a unit's leads, or its box where it has none, that open cases have nobody since somebody has left."""
    context = {"clients": str(cases), "path": "/saapuneet/siirra-vastuu"}
    key = f"user:{leaver.id}"
    leads = [lead for lead in accounts.workers_of(unit_id, Permission.INBOX_LEAD) if lead.id != leaver.id]
    for lead in leads:
        to_person(lead, template=CASES_LEFT, context=context, about=key, now=now, at_once=True)
    if not leads:
        to_box(accounts.unit(unit_id), template=CASES_LEFT, context=context, about=key, now=now, at_once=True)


def _tell_receiver(
    referral: Referral,
    template: str,
    context: dict[str, str],
    *,
    unit_id: uuid.UUID | None,
    handler_id: uuid.UUID | None,
    now: dt.datetime,
) -> None:
    """Tell the unit's box and the adviser at once, one letter where both are the same address."""
    unit = accounts.unit(unit_id) if unit_id else None
    handler = accounts.user(handler_id) if handler_id else None
    key = about(referral)
    told = to_box(unit, template=template, context=context, about=key, now=now, at_once=True)
    if handler is not None and not (told and unit is not None and unit.mailbox == handler.email):
        to_person(handler, template=template, context=context, about=key, now=now, at_once=True)


def _is_soon(referral: Referral) -> bool:
    return referral.priority is Priority.SOON


def tell_officer_of_correction(
    person: User, *, referral_id: uuid.UUID, reference: str, now: dt.datetime
) -> None:
    """Tell the other side's officer that a record was corrected (GDPR, article 19): not what, nor whose."""
    to_person(
        person,
        template=CORRECTED,
        context={"reference": reference, "path": f"/tietosuoja/oikeudet/{referral_id}"},
        about=about_id(referral_id),
        now=now,
    )


def tell_coordinators_of_overdue(months: Sequence[str], *, now: dt.datetime) -> None:
    """Tell everyone who answers for the county's figures that finished months have not been frozen."""
    named = ", ".join(f"{int(month[5:])}/{month[:4]}" for month in months)
    for person in accounts.all_users():
        if person.may(Permission.FIGURES_COUNTY):
            to_person(
                person,
                template=FIGURES_OVERDUE,
                context={"months": named, "path": "/luvut"},
                about="figures",
                now=now,
                at_once=True,
            )


def tell_coordinators_of_report(period: str, *, version: int, now: dt.datetime) -> None:
    """Tell the county's coordinators that the report of a month (``2024-12``) is made; without any figure."""
    year, _dash, month = period.partition("-")
    context = {"reference": f"{int(month)}/{year}", "path": f"/raportti/{period}"}
    if version > 1:
        context["version"] = str(version)
    for person in accounts.all_users():
        if person.may(Permission.FIGURES_COUNTY):
            to_person(person, template=MONTHLY_REPORT, context=context, about=f"report:{period}", now=now)
