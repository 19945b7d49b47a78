"""The table of moves: every change that a referral or a Case can go through, as data.

The one source for the checks, the buttons, the tests and `docs/moves.md`; nothing else decides. A mistake is
mended by a move of this table (R10, R11, C8, C9), never by undoing one.
"""

from collections.abc import Mapping
from typing import Final

from referrals.moves.needs import Need
from referrals.moves.rows import CaseEffect, CaseMove, NewReferral, ReferralMove, Retention
from referrals.moves.vocabulary import (
    OPEN_CASE,
    CaseStatus,
    ClockEffect,
    ConsentEffect,
    EventDirection,
    EventName,
    MoveCode,
    Outcome,
    ReferralStatus,
    Side,
    SideEffect,
    Who,
)

_R, _C, _N = ReferralStatus, CaseStatus, Need
_IN, _OUT = EventDirection.IN, EventDirection.OUT
_RECEIVER = (Who.ADVISER, Who.LEAD)
_BOTH_SIDES = (Side.COUNTY, Side.MUNICIPALITY)
_IN_STOCK = (_R.SENT, _R.ACCEPTED)
_OPEN = tuple(status for status in CaseStatus if status in OPEN_CASE)

_CASE_MADE = CaseEffect(move=MoveCode.C1)
_CASE_VOIDED = CaseEffect(move=MoveCode.C9)


def _case_closed(outcome: Outcome) -> CaseEffect:
    return CaseEffect(move=MoveCode.C7, outcome=outcome)


_REFERRAL_ROWS = (
    ReferralMove(
        code=MoveCode.R1,
        who=(Who.SENDER,),
        from_=(None,),
        to=_R.SENT,
        needs=(_N.ALL_FIELDS, _N.CONSENT_GIVEN, _N.OPEN_CATCHMENT, _N.FORM_KEY),
        consent=ConsentEffect.GIVEN,
        event=EventName.SENT,
        direction=_IN,
        clock=ClockEffect.STARTS,
        side_effects=(SideEffect.DRAFT_ERASED,),
    ),
    ReferralMove(
        code=MoveCode.R2,
        who=_RECEIVER,
        from_=(_R.SENT,),
        to=_R.ACCEPTED,
        # Accepting copies the content into the municipality's record: a disclosure.
        needs=(_N.CONSENT_IN_FORCE, _N.NO_OPEN_CASE),
        case_effect=_CASE_MADE,
        consent=ConsentEffect.CHECKED,
        event=EventName.ACCEPTED,
        clock=ClockEffect.CLAIM_MET,
    ),
    ReferralMove(
        code=MoveCode.R3,
        who=_RECEIVER,
        from_=_IN_STOCK,
        to=_R.RETURNED,
        needs=(_N.REASON, _N.CLIENT_NOT_REACHED, _N.SOMEBODY_HEARS),
        case_effect=_case_closed(Outcome.RETURNED),
        event=EventName.RETURNED,
        direction=_OUT,
        retention=Retention(hidden_from=(Side.MUNICIPALITY,), copy_days=30),
        side_effects=(SideEffect.OFFER_ENDED,),
    ),
    ReferralMove(
        code=MoveCode.R4,
        who=(Who.SENDER,),
        from_=(_R.RETURNED,),
        to=_R.SENT,
        # The consent names its recipient: another municipality means asking anew.
        needs=(_N.MENDED, _N.CONSENT_GIVEN, _N.OPEN_CATCHMENT),
        consent=ConsentEffect.CHECKED,
        event=EventName.RESENT,
        direction=_IN,
        clock=ClockEffect.STARTS,
    ),
    ReferralMove(
        code=MoveCode.R5,
        who=(Who.SENDER,),
        from_=(_R.RETURNED,),
        to=_R.CANCELLED,
        needs=(_N.ACKNOWLEDGED,),
        event=EventName.CANCELLED,
        retention=Retention(content_days=30),
    ),
    ReferralMove(
        code=MoveCode.R6,
        who=(Who.SYSTEM,),
        from_=(_R.RETURNED,),
        to=_R.CANCELLED,
        needs=(_N.RETURN_EXPIRED,),
        event=EventName.EXPIRED,
        retention=Retention(content_days=30),
    ),
    ReferralMove(
        code=MoveCode.R7,
        who=(Who.SENDER,),
        from_=(_R.SENT,),
        to=_R.CANCELLED,
        needs=(_N.REASON,),
        event=EventName.CANCELLED,
        direction=_OUT,
        retention=Retention(hidden_from=(Side.MUNICIPALITY,), content_days=30),
        side_effects=(SideEffect.OFFER_ENDED,),
    ),
    ReferralMove(
        code=MoveCode.R8,
        who=(Who.SENDER,),
        from_=(_R.ACCEPTED,),
        # A wish, not a move: the adviser answers it by closing the Case (C7).
        side_effects=(SideEffect.STOP_REQUESTED,),
    ),
    ReferralMove(
        code=MoveCode.R9,
        who=(Who.CLIENT, Who.SENDER, Who.ADVISER),
        from_=_IN_STOCK,
        to=_R.CANCELLED,
        # No needs: nothing may stand in the way of a withdrawal.
        case_effect=_case_closed(Outcome.WITHDRAWN),
        consent=ConsentEffect.WITHDRAWN,
        event=EventName.WITHDRAWN,
        direction=_OUT,
        retention=Retention(hidden_from=_BOTH_SIDES, content_days=7, copy_days=7),
        side_effects=(
            SideEffect.UNSENT_MESSAGES_CANCELLED,
            SideEffect.FOLLOW_UPS_END,
            SideEffect.OFFER_ENDED,
        ),
    ),
    ReferralMove(
        code=MoveCode.R9B,
        who=(Who.CLIENT,),
        from_=(_R.RETURNED, _R.CLOSED),
        # What was withdrawn once is not withdrawn (and counted) again.
        needs=(_N.CONSENT_IN_FORCE,),
        consent=ConsentEffect.WITHDRAWN,
        event=EventName.WITHDRAWN,
        retention=Retention(hidden_from=_BOTH_SIDES, content_days=7, copy_days=7),
        side_effects=(
            SideEffect.UNSENT_MESSAGES_CANCELLED,
            SideEffect.FOLLOW_UPS_END,
            SideEffect.FEEDBACK_ENDS,
        ),
    ),
    ReferralMove(
        code=MoveCode.R9C,
        who=(Who.LEAD,),
        from_=(_R.CANCELLED,),
        to=_R.SENT,
        needs=(_N.WITHDRAWN_LATELY, _N.CLIENT_HEARD, _N.CONSENT_GIVEN),
        consent=ConsentEffect.GIVEN,
        event=EventName.RESENT,
        direction=_IN,
        clock=ClockEffect.STARTS,
        retention=Retention(stops=True),
    ),
    ReferralMove(
        code=MoveCode.R10,
        who=_RECEIVER,
        from_=(_R.ACCEPTED,),
        to=_R.SENT,
        needs=(_N.ACCEPTED_JUST_NOW, _N.NO_ATTEMPT),
        case_effect=_CASE_VOIDED,
        event=EventName.ACCEPT_REVERSED,
        clock=ClockEffect.GOES_ON,
    ),
    ReferralMove(
        code=MoveCode.R11,
        who=(Who.SENDER, Who.LEAD),
        from_=tuple(status for status in _R if status is not _R.ENTERED_IN_ERROR),
        to=_R.ENTERED_IN_ERROR,
        needs=(_N.REASON,),
        case_effect=_CASE_VOIDED,
        event=EventName.VOIDED,
        direction=_OUT,
        retention=Retention(awaits_release=True),
        side_effects=(SideEffect.BREACH_IF_MISDIRECTED, SideEffect.OFFER_ENDED),
    ),
    ReferralMove(
        code=MoveCode.R12,
        who=_RECEIVER,
        from_=_IN_STOCK,
        needs=(_N.TRANSFER_CONSENT, _N.TARGET_OPEN, _N.NO_OFFER),
        consent=ConsentEffect.CHECKED,
        clock=ClockEffect.GOES_ON,
        side_effects=(SideEffect.OFFER_MADE,),
    ),
    ReferralMove(
        code=MoveCode.R13,
        who=_RECEIVER,
        from_=_IN_STOCK,
        to=_R.TRANSFERRED,
        needs=(_N.OFFER_OPEN, _N.AT_TARGET, _N.TRANSFER_CONSENT),
        case_effect=_case_closed(Outcome.TRANSFERRED),
        new_referral=NewReferral(
            status=_R.ACCEPTED, event=EventName.TRANSFERRED_IN, direction=_IN, case_effect=_CASE_MADE
        ),
        consent=ConsentEffect.CHECKED,
        event=EventName.TRANSFERRED_OUT,
        direction=_OUT,
        retention=Retention(copy_days=30),
        side_effects=(SideEffect.OFFER_ENDED,),
    ),
    ReferralMove(
        code=MoveCode.R14,
        who=(*_RECEIVER, Who.SYSTEM),
        from_=_IN_STOCK,
        needs=(_N.OFFER_OPEN, _N.AT_TARGET, _N.OFFER_EXPIRED),
        side_effects=(SideEffect.OFFER_ENDED, SideEffect.LEAD_TOLD),
    ),
    ReferralMove(
        code=MoveCode.R15,
        who=(Who.SYSTEM,),
        from_=(_R.ACCEPTED,),
        to=_R.CLOSED,
        needs=(_N.OTHER_RECORD_MOVES,),
        event=EventName.CLOSED,
        direction=_OUT,
        retention=Retention(term_starts=True),
        side_effects=(SideEffect.OFFER_ENDED,),
        with_moves=(MoveCode.C7,),
    ),
    ReferralMove(
        code=MoveCode.R16,
        who=(Who.SYSTEM,),
        from_=(_R.CLOSED,),
        to=_R.ACCEPTED,
        needs=(_N.OTHER_RECORD_MOVES,),
        event=EventName.REOPENED,
        direction=_IN,
        retention=Retention(stops=True),
        with_moves=(MoveCode.C8,),
    ),
)

_CASE_ROWS = (
    CaseMove(
        code=MoveCode.C1,
        who=(Who.SYSTEM,),
        from_=(None,),
        to=_C.CONTACTING,
        needs=(_N.OTHER_RECORD_MOVES,),
        with_moves=(MoveCode.R2, MoveCode.R13),
    ),
    CaseMove(
        code=MoveCode.C2,
        who=(Who.ADVISER,),
        from_=(_C.CONTACTING, _C.WAITING),
        to=_C.SCHEDULED,
        needs=(_N.APPOINTMENT,),
        events=(EventName.FIRST_CONTACT,),
    ),
    CaseMove(
        code=MoveCode.C3,
        who=(Who.ADVISER,),
        from_=(_C.CONTACTING, _C.SCHEDULED, _C.ACTIVE),
        to=_C.WAITING,
        needs=(_N.REASON, _N.REVIEW_DATE),
    ),
    CaseMove(
        code=MoveCode.C4,
        who=(Who.ADVISER,),
        from_=(_C.WAITING,),
        to=_C.CONTACTING,
        to_if_ever_active=_C.ACTIVE,
    ),
    CaseMove(
        code=MoveCode.C5,
        who=(Who.ADVISER,),
        from_=(_C.CONTACTING, _C.SCHEDULED),
        to=_C.ACTIVE,
        needs=(_N.COUNSELLING_HELD,),
        events=(EventName.FIRST_CONTACT, EventName.STARTED),
    ),
    CaseMove(
        code=MoveCode.C6,
        who=(Who.ADVISER,),
        from_=(_C.SCHEDULED,),
        to=_C.CONTACTING,
        needs=(_N.ATTEMPT_RECORDED,),
    ),
    CaseMove(
        code=MoveCode.C7,
        who=(Who.ADVISER,),
        from_=_OPEN,
        to=_C.CLOSED,
        needs=(_N.OUTCOME,),
        brings=MoveCode.R15,
    ),
    CaseMove(
        code=MoveCode.C8,
        who=_RECEIVER,
        from_=(_C.CLOSED,),
        to=_C.CONTACTING,
        to_if_ever_active=_C.ACTIVE,
        needs=(_N.CLOSED_LATELY, _N.REASON, _N.REOPENABLE_OUTCOME, _N.CONSENT_IN_FORCE),
        brings=MoveCode.R16,
    ),
    CaseMove(
        code=MoveCode.C9,
        who=(Who.LEAD,),
        from_=(*_OPEN, _C.CLOSED),
        to=_C.ENTERED_IN_ERROR,
        needs=(_N.OTHER_RECORD_MOVES,),
        with_moves=(MoveCode.R10, MoveCode.R11),
    ),
    CaseMove(
        code=MoveCode.C10,
        who=_RECEIVER,
        # A closed one too: its follow-ups need somebody when its adviser leaves.
        from_=(*_OPEN, _C.CLOSED),
        needs=(_N.OWN_CASE,),
    ),
    CaseMove(
        code=MoveCode.C11,
        who=(Who.ADVISER,),
        # Before there is a Case too: the question may be what decides on accepting.
        from_=(None, *_OPEN),
        needs=(_N.SENDER_ANSWERS,),
        clock=ClockEffect.PAUSES,
    ),
)

REFERRAL_MOVES: Final[Mapping[MoveCode, ReferralMove]] = {row.code: row for row in _REFERRAL_ROWS}
CASE_MOVES: Final[Mapping[MoveCode, CaseMove]] = {row.code: row for row in _CASE_ROWS}
