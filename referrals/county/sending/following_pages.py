"""Pages of what one has sent: the list, one referral, sending it again, and voiding it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.consent import SenderSees
from referrals.county.content import ReferralContent
from referrals.county.models import Referral
from referrals.county.sending.drafts import DraftRow
from referrals.county.sending.following_forms import AnswerForm, VoidForm
from referrals.county.sending.forms import AcknowledgeForm, CancelForm
from referrals.county.sending.pages import KindLink, NewPage
from referrals.county.sending.standing import Standing
from referrals.handover import Question
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class Line:
    """One referral of the list, in words."""

    standing: Standing
    stage: Text
    more: Text
    """How counselling ended, why the referral came back, or how long it has been quiet; may be empty."""
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """Lines under one heading."""

    id: str
    heading: Text
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One way to narrow the list down."""

    label: Text
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class MinePage(Page):
    """What I have sent: news, what needs me, what goes on, what is over; and what I have not finished."""

    template: ClassVar[str] = "referrals/sending/mine.html"
    kinds: Mapping[str, KindLink]
    waiting: Sequence[Group]
    """What wants something of the sender, before the drafts."""
    others: Sequence[Group]
    drafts: Sequence[DraftRow]
    municipalities: Mapping[str, str]
    form: AcknowledgeForm
    chips: Sequence[Sequence[Chip]]
    """Choices that stand beside each other, each row of them one question."""
    reference: str
    """What was searched for; may be empty."""
    hidden: Mapping[str, str]
    """The other choices of the address, which a search keeps."""
    is_narrowed: bool
    is_first: bool
    first_url: str
    next_url: str
    """Empty on the last page."""


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A question of the municipality, and its answer or the form for it."""

    question: Question
    answered_by: str
    form: AnswerForm | None
    """None where it is answered, or nobody waits for the answer any more."""


@dataclass(frozen=True, kw_only=True)
class ReferralPage(Page):
    """One referral: what was sent and what has become of it."""

    template: ClassVar[str] = "referrals/sending/referral.html"
    row: Referral
    kind: KindLink
    municipality: str
    unit_name: str
    unit_phone: str
    sees: SenderSees
    stage: Text
    says_stage: bool
    """Whether the stage says more than the last of the steps."""
    outcome: Text
    returned_reason: Text
    expires_on: dt.date | None
    """Helsinki day on which a returned one is cancelled by itself."""
    cancelled_reason: Text
    voided_reason: Text
    voided_by_me: bool
    late_since: dt.date | None
    """The day by which somebody should have picked it up, once that is over."""
    quiet_days: int
    """Working days without news, while more is to come."""
    goes_on: Referral | None
    """What it became by a transfer, where the sender may hear of that."""
    steps: Sequence[tuple[Text, dt.datetime | None]]
    """What has happened, oldest first, and when (None where only that it happened is told)."""
    call_by: str
    """The weekday and day by which the client is contacted."""
    is_waiting: bool
    content: ReferralContent | None
    language: Text
    best_time: Text
    contacts: Sequence[tuple[Text, str]]
    home: str
    """The home municipality, where another one counsels."""
    reasons: Sequence[str]
    interests: Sequence[str]
    questions: Sequence[QuestionLine]
    form: CancelForm
    faulty: CancelForm | AnswerForm
    """The form whose faults stand first on the page."""
    acknowledge_form: AcknowledgeForm
    may_mend: bool
    may_cancel: bool
    may_withdraw: bool
    may_request_stop: bool
    may_void: bool
    stop_requested_at: dt.datetime | None
    withdrawn: bool
    """The client has taken the permission back: nothing is shown but that."""
    restore_until: dt.date | None
    """Helsinki day until which the unit's lead can undo a withdrawal that was not meant; None if none can."""
    voided: bool
    needs_me: bool
    sent_by_me: bool


@dataclass(frozen=True, kw_only=True)
class AgainPage(NewPage):
    """The form of a returned referral, to be mended and sent again."""

    template: ClassVar[str] = "referrals/sending/again.html"
    row: Referral
    returned_reason: Text
    missing: tuple[str, Text] | None
    """Where in the form to look first, and its name."""
    expires_on: dt.date | None
    keeps_consent: bool
    """Whether the client's earlier permission covers this sending."""
    why_anew: Text
    """Why the permission is asked anew; empty where it is kept."""
    given_at: dt.datetime
    other_kinds: Sequence[KindLink]
    """Kinds that may suit the client better, where that is why it came back."""


@dataclass(frozen=True, kw_only=True)
class VoidPage(Page):
    """Before a referral is marked as entered by mistake: what that does, and why."""

    template: ClassVar[str] = "referrals/sending/void.html"
    row: Referral
    kind: KindLink
    form: VoidForm
    goes_on: Referral | None
    """What it became by a transfer, where the sender may hear of that."""
