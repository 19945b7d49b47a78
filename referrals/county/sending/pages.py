"""Pages of sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from referrals.county.models import Referral
from referrals.county.sending.composing import Preview
from referrals.county.sending.elsewhere import ToRead
from referrals.county.sending.forms import ReferralForm
from referrals.county.sending.openings import Opening
from referrals.county.sending.sheets import SheetTexts
from referrals.county.sending.texts import RecordTexts
from servicetray.core.db import Localized
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class KindLink:
    """A kind of referral and the way to its form."""

    code: str
    name: str
    new_title: str
    icon: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class NewPage(Page):
    """The form of a new referral."""

    template: ClassVar[str] = "referrals/sending/new.html"
    form: ReferralForm
    action: str
    """Where the form is sent."""
    keep_url: str
    """Where it is kept while it is typed; empty where it is not."""
    kind: KindLink
    going_to: Localized
    """"liikuntaneuvontaan"."""
    others: Sequence[KindLink]
    open_notes: Mapping[str, str]
    closed: Sequence[Opening]
    consent_text: ToRead
    text_languages: Sequence[tuple[str, str, bool]]
    """Code, name and whether it is the one shown."""
    preview: Preview
    asks_parties: bool
    times_elsewhere: bool
    """Whether another municipality than the one chosen may have call times to show."""
    duplicates: Sequence[Referral]
    notice: Text


@dataclass(frozen=True, kw_only=True)
class ClosedPage(Page):
    """No municipality takes referrals of this kind today; whom to ask."""

    template: ClassVar[str] = "referrals/sending/closed.html"
    kind: KindLink
    others: Sequence[KindLink]
    closed: Sequence[Opening]


@dataclass(frozen=True, kw_only=True)
class SheetLink:
    """The client's sheet in one language."""

    code: str
    label: Text
    url: str
    is_clients: bool


@dataclass(frozen=True, kw_only=True)
class ReceiptPage(Page):
    """It is there now: where, until when, and what to do next."""

    template: ClassVar[str] = "referrals/sending/receipt.html"
    row: Referral
    kind: KindLink
    unit_name: str
    unit_phone: str
    call_by: str
    """The weekday and day by which the client is contacted; empty once that is over."""
    booked: str
    """The day and time that was chosen; empty where none was."""
    feedback: bool
    in_hand: bool
    """Whether the municipality has it now, as far as the sender may know."""
    texts: RecordTexts
    sheets: Sequence[SheetLink]
    makes_code: bool
    """Whether the client can get a code for a page of their own."""


@dataclass(frozen=True, kw_only=True)
class CodeOnSheet:
    """What leads the client to their own page."""

    code: str
    """In groups, as it is read."""
    address: str
    qr: str
    """Data URI of the address; the code is not in it."""


@dataclass(frozen=True, kw_only=True)
class SheetPage(Page):
    """The sheet that the client takes home."""

    template: ClassVar[str] = "referrals/sending/sheet.html"
    row: Referral
    texts: SheetTexts
    unit_name: Localized
    unit_phone: str
    sent_on: str
    call_by: str
    """The weekday and day by which the client is contacted."""
    booked: str
    """The day and time that was chosen; empty where none was."""
    sender: str
    sender_unit: str
    sender_phone: str
    code: CodeOnSheet | None
    """None where no code has been made in this answer."""
    makes_code: bool
    sheets: Sequence[SheetLink]
    form: FlaskForm
