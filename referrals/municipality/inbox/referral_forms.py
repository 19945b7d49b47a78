"""The forms of a referral that waits, and what stands around it on its page."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from referrals.call_times.queries import BookedTime
from referrals.handover import Question
from referrals.moves import VoidReason
from referrals.municipality.inbox.case.labels import VOID_REASONS
from referrals.municipality.inbox.forms import One, OnePageForm, ReturnForm, Select, no_identity_code, offer
from servicetray.core.pages import Text

QUESTION_LENGTH = 1000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question to the sender, and who wrote what."""

    question: Question
    by: str
    answered_by: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What the client said on their own page, in words."""

    id: uuid.UUID
    title: Text
    at: dt.datetime
    phone: str
    """A number that they give: a claim, shown beside the one that is known."""
    best_time: Text
    handled: bool


@dataclass(frozen=True, kw_only=True)
class Around:
    """What has been said and agreed around a referral that waits."""

    asked: Sequence[Asked]
    claims: Sequence[Claim]
    booked: BookedTime | None
    offered_to: str
    """Where a transfer stands on offer; empty where none does."""
    offered_until: dt.date | None
    has_code: bool
    """Whether the client has a page of their own."""


class AskForm(OnePageForm):
    """A question to the sender."""

    place = "ask"

    question = TextAreaField(
        _l("What do you need to know?"),
        description=_l(
            "The sender sees it at once. It must not tell more of the client than the referral does."
        ),
        validators=[
            InputRequired(_l("Write the question first.")),
            Length(max=QUESTION_LENGTH, message=_l("Shorten the text to 1,000 characters.")),
            no_identity_code,
        ],
        filters=[lambda text: text.strip() if text else ""],
    )


class TransferForm(OnePageForm):
    """Where a referral is offered to."""

    place = "transfer"

    to = Select(_l("To which unit?"), choices=[])


class GiveForm(OnePageForm):
    """To whom a lead gives a referral."""

    place = "give"

    to = Select(_p("give a referral", "To whom?"), choices=[])


class VoidForm(OnePageForm):
    """Why a referral should never have been."""

    place = "void"

    reason = One(
        _l("What is wrong?"),
        choices=offer(VOID_REASONS, list(VoidReason)),
        validators=[InputRequired(_l("Choose what is wrong."))],
    )


@dataclass(frozen=True, kw_only=True)
class ReferralForms:
    """The forms that a referral offers its reader now."""

    give_back: ReturnForm | None = None
    """None for a resident's own request: nobody would hear that it came back."""
    ask: AskForm | None = None
    transfer: TransferForm | None = None
    give: GiveForm | None = None
    void: VoidForm | None = None
