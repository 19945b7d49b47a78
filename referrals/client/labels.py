"""The words that a client reads: how far it has come, and what one may say. Never of what, why, where or when."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from referrals.client.models import MessageKind
from servicetray.core.pages import Text


class Stage(StrEnum):
    """How far it has come, as the client is told."""

    SENT = "sent"
    TAKEN = "taken"
    AGREED = "agreed"
    WAITING = "waiting"
    STARTED = "started"
    CLOSED = "closed"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    MOVED = "moved"


class CallTime(StrEnum):
    """When the client would like to be called; stored as hours, which need no translation."""

    ANY = ""
    MORNING = "8–12"
    AFTERNOON = "12–16"


STAGES: dict[Stage, Text] = {
    Stage.SENT: _l("Your message has arrived"),
    Stage.TAKEN: _l("You have a person of your own"),
    Stage.AGREED: _l("You have agreed on a time"),
    Stage.WAITING: _l("You have agreed to come back to this"),
    Stage.STARTED: _l("You are under way together"),
    Stage.CLOSED: _l("This has ended"),
    Stage.RETURNED: _l("This went back to the one who sent it"),
    Stage.CANCELLED: _l("This has been taken back"),
    Stage.MOVED: _l("This goes on in another municipality"),
}
MORE: dict[Stage, Text] = {
    Stage.SENT: _l("Somebody takes it soon. You need not do anything."),
    Stage.TAKEN: _l("They contact you in the way that you allowed. If you can't answer, they try again."),
    Stage.AGREED: _l("If it doesn't suit you after all, call or say below that you would like to be called."),
    Stage.WAITING: _l("They will be in touch as you agreed. You can ask for a call sooner."),
    Stage.STARTED: _l("Ask the person you know if anything is unclear, or ask for a call below."),
    Stage.CLOSED: _l("Thank you for being along. Should you need it again, call the number below."),
    Stage.RETURNED: _l("Something was missing. The one who sent it mends it and tells you more."),
    Stage.CANCELLED: _l(
        "Nobody will contact you because of it. If that surprises you, call the number below."
    ),
    Stage.MOVED: _l("They contact you. You can ask more by calling the number below."),
}
ASKED: dict[MessageKind, Text] = {
    MessageKind.CALL_AGAIN: _l("Your wish for a call has been passed on."),
    MessageKind.BEST_TIME: _l("The best time has been passed on."),
    MessageKind.NEW_NUMBER: _l(
        "Your new number has been passed on. They may ask you about it when they call."
    ),
    MessageKind.NO_LONGER_NEEDED: _l(
        "It has been passed on that you no longer need this. You may still be asked once."
    ),
}
CLAIMS: dict[MessageKind, Text] = {
    MessageKind.CALL_AGAIN: _p("client's message", "Asks for a call"),
    MessageKind.BEST_TIME: _p("client's message", "Tells the best time to call"),
    MessageKind.NEW_NUMBER: _p("client's message", "Gives a new number, not yet confirmed"),
    MessageKind.NO_LONGER_NEEDED: _p("client's message", "Says that this is no longer needed"),
}
"""What those who work with the referral read."""
CALL_TIMES: dict[CallTime, Text] = {
    CallTime.ANY: _p("best time", "Any time"),
    CallTime.MORNING: _p("best time", "In the morning, 8–12"),
    CallTime.AFTERNOON: _p("best time", "In the afternoon, 12–16"),
}
