"""The page of one case, and the client's sheet that is printed from it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from referrals.county.sending.sheets import SheetTexts
from referrals.municipality.inbox.case.correspondence import Correspondence
from referrals.municipality.inbox.case.file import CaseFile
from referrals.municipality.inbox.case.forms import (
    AttemptForm,
    CloseForm,
    MeetingResultForm,
    NoteForm,
    QuickForm,
    ResumeForm,
    ReturnCaseForm,
    WaitForm,
    WithdrawForm,
)
from referrals.municipality.inbox.case.move_forms import (
    AskForm,
    AssignForm,
    ReopenForm,
    ReverseForm,
    TransferForm,
    VoidForm,
)
from referrals.municipality.inbox.case.sections import Section
from referrals.municipality.inbox.case.timeline import TimelineDay, TimelineRow
from referrals.municipality.inbox.case.transfer import Transfer
from referrals.municipality.inbox.pages import Words
from servicetray.core.db import Localized
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class CaseForms:
    """The forms that a case offers now."""

    attempt: AttemptForm | None = None
    quick: QuickForm | None = None
    meeting: MeetingResultForm | None = None
    wait: WaitForm | None = None
    resume: ResumeForm | None = None
    note: NoteForm | None = None
    close: CloseForm | None = None
    reopen: ReopenForm | None = None
    ask: AskForm | None = None
    assign: AssignForm | None = None
    transfer: TransferForm | None = None
    give_back: ReturnCaseForm | None = None
    reverse: ReverseForm | None = None
    void: VoidForm | None = None
    withdraw: WithdrawForm | None = None


@dataclass(frozen=True, kw_only=True)
class Stale:
    """What a colleague did meanwhile, and the text that would else be lost."""

    changes: Sequence[TimelineRow]
    still_offered: bool
    """Whether what was sent may be sent again."""
    kept_text: str
    """What was typed, where the form that it stood in is no longer offered."""


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    """One case."""

    template: ClassVar[str] = "referrals/inbox/case.html"
    heading: str
    file: CaseFile
    words: Words
    timeline: Sequence[TimelineDay]
    said: Correspondence
    transfer: Transfer
    sections: Sequence[Section]
    makes_code: bool
    """Whether the client can get a new code for a page of their own."""
    forms: CaseForms
    form: FlaskForm
    """The one that came back, for the title and the error summary."""
    stale: Stale | None
    today: dt.date


@dataclass(frozen=True, kw_only=True)
class CodeSheetPage(Page):
    """A new code for the client, on paper: shown this once."""

    template: ClassVar[str] = "referrals/inbox/code_sheet.html"
    back: str
    texts: SheetTexts
    reference: str
    unit_name: Localized
    unit_phone: str
    code: str
    """In groups, as it is read."""
    address: str
    """As a person types it, without the scheme."""
    qr: str
    """Data URI of the address; the code is not in it."""
