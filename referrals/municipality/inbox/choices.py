"""What an adviser can say that the rules do not know: how a call went, why a case waits."""

from enum import StrEnum

from referrals.municipality.models import AttemptResult


class Went(StrEnum):
    """How an attempt to reach the client went, as the adviser says it."""

    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    AGREED = "agreed"
    REACHED = "reached"
    COUNSELLED = "counselled"
    WRONG_NUMBER = "wrong_number"


RESULTS = {
    Went.NO_ANSWER: AttemptResult.NO_ANSWER,
    Went.MESSAGE_LEFT: AttemptResult.MESSAGE_LEFT,
    Went.AGREED: AttemptResult.REACHED,
    Went.REACHED: AttemptResult.REACHED,
    Went.COUNSELLED: AttemptResult.REACHED,
    Went.WRONG_NUMBER: AttemptResult.WRONG_NUMBER,
}


class Met(StrEnum):
    """How an agreed appointment went."""

    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class WaitingReason(StrEnum):
    """Why a case waits; stored in its history."""

    CLIENT_ASKED = "client_asked"
    ILLNESS = "illness"
    AWAY = "away"
    GROUP_STARTS_LATER = "group_starts_later"
    ANSWER_AWAITED = "answer_awaited"
    OTHER = "other"
