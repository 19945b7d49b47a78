"""The pages of the client's rights and of breaches."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.log_report.pages import LookUpPage
from referrals.rights.correcting import Noted
from referrals.rights.forms import (
    AssessForm,
    ConfirmForm,
    EraseForm,
    HoldForm,
    RectifyForm,
    RestrictForm,
    ToldForm,
    WithdrawForm,
)
from referrals.rights.parts import Part
from referrals.rights.records import Record
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class RightsLookUpPage(LookUpPage):
    """Finding the client who asks for something."""

    template: ClassVar[str] = "referrals/rights/look_up.html"


@dataclass(frozen=True, kw_only=True)
class HoldRow:
    """One hold."""

    reason: str
    set_at: dt.datetime
    by: str
    lifted_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class CorrectionRow:
    """One correction."""

    at: dt.datetime
    by: str
    fields: Sequence[Text]
    reason: str
    """Empty once it is erased."""
    before: Sequence[tuple[Text, str]]


@dataclass(frozen=True, kw_only=True)
class RecordPage(Page):
    """One record, and everything that can be done with it."""

    template: ClassVar[str] = "referrals/rights/record.html"
    record: Record
    refused: str
    """Why what was asked for can't be done; empty where nothing was."""
    controller: str
    kind: str
    states: Sequence[Text]
    others: Sequence[tuple[str, str]]
    """The other records of the same referral that this officer looks after: name and address."""
    holds: Sequence[HoldRow]
    is_held: bool
    corrections: Sequence[CorrectionRow]
    may_be_withdrawn: bool
    not_erasable: Text
    """Why it can't be erased now; empty where it can."""
    copy_url: str
    restrict: RestrictForm
    hold: HoldForm
    erase: EraseForm
    withdraw: WithdrawForm
    confirm: ConfirmForm


@dataclass(frozen=True, kw_only=True)
class RectifyPage(Page):
    """Correcting a record."""

    template: ClassVar[str] = "referrals/rights/rectify.html"
    form: RectifyForm
    noted: Sequence[Noted]
    """What advisers wrote, in the order of the form's fields; one written meanwhile stands last, without a field."""
    record_url: str


@dataclass(frozen=True, kw_only=True)
class CopyPage(Page):
    """A copy of the data, to be given to the client."""

    template: ClassVar[str] = "referrals/rights/copy.html"
    reference: str
    controller: str
    made_at: dt.datetime
    records: Sequence[Sequence[Part]]
    record_url: str
    json_url: str


@dataclass(frozen=True, kw_only=True)
class RestrictedPage(Page):
    """Somebody opened a record whose use is restricted."""

    template: ClassVar[str] = "referrals/rights/restricted.html"


@dataclass(frozen=True, kw_only=True)
class BreachRow:
    """One breach in a list."""

    id: uuid.UUID
    reference: str
    municipality: str
    reason: Text
    opened_at: dt.datetime
    notify_by: dt.datetime
    hours_left: int
    """Whole hours until the authority must be told; negative when they are over."""
    needs_telling: bool
    """Whether the 72 hours count: nothing is said yet of no risk, and the authority was not told."""
    closed_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class ReleaseRow:
    """One voided referral that waits to be released."""

    referral_id: uuid.UUID
    reference: str
    municipality: str
    voided_at: dt.datetime
    side: Text
    side_code: str
    other_released: bool


@dataclass(frozen=True, kw_only=True)
class BreachesPage(Page):
    """The breaches, and what waits for a release."""

    template: ClassVar[str] = "referrals/rights/breaches.html"
    open_ones: Sequence[BreachRow]
    closed: Sequence[BreachRow]
    releases: Sequence[ReleaseRow]
    form: ConfirmForm


@dataclass(frozen=True, kw_only=True)
class BreachPage(Page):
    """One breach."""

    template: ClassVar[str] = "referrals/rights/breach.html"
    row: BreachRow
    risk: Text
    assessment: str
    assessed_at: dt.datetime | None
    notified_at: dt.datetime | None
    client_told_at: dt.datetime | None
    missing: Sequence[Text]
    """What is still to be done before it can be closed, after it was tried."""
    assess: AssessForm
    authority: ToldForm
    client: ToldForm
    confirm: ConfirmForm
    exposure_url: str
