"""Pages of the adviser's screens, and the words of a timeline."""

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm

from referrals.consent import Contact, Giver, Method
from referrals.county.disclosed import DisclosedConsent, WaitingReferral
from referrals.handover import ReturnReason
from referrals.kinds.queries import Kind
from referrals.moves import CaseStatus, ContactChannel, MoveCode, Outcome
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.case_file import CaseFile, Entry, EntryKind
from referrals.municipality.inbox.choices import WaitingReason
from referrals.municipality.inbox.forms import (
    AttemptForm,
    CloseForm,
    MeetingResultForm,
    NoteForm,
    ResumeForm,
    ReturnCaseForm,
    ReturnForm,
    WaitForm,
    WithdrawForm,
)
from referrals.municipality.inbox.queries import Client, FinishedRow, InboxRow
from referrals.municipality.models import AttemptResult, MeetingForm
from referrals.statistics.operations import working_days_since_sent
from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A part of the inbox that one may choose."""

    label: Text
    count: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """A table of the inbox."""

    title: str
    rows: Sequence[InboxRow]
    count: int
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Words:
    """Names of kinds, reasons and municipalities in the page's language."""

    kinds: Mapping[str, Kind]
    reasons: Mapping[tuple[str, str], str]
    municipalities: Mapping[str, str]
    now: dt.datetime

    def kind(self, code: str) -> str:
        """The kind's name as a word: liikuntaneuvonta."""
        kind = self.kinds.get(code)
        return in_language(kind.counselling, current_language()).text if kind else code

    def icon(self, code: str) -> str:
        """The kind's icon."""
        kind = self.kinds.get(code)
        return kind.icon if kind else "Tasklist"

    def colour(self, code: str) -> str:
        """The kind's colour."""
        kind = self.kinds.get(code)
        return kind.colour if kind else "accent"

    def reasons_of(self, kind: str, codes: Sequence[str]) -> list[str]:
        """The names of reasons or interests."""
        return [self.reasons.get((kind, code), code) for code in codes]

    def municipality(self, code: str) -> str:
        """The municipality's name."""
        return self.municipalities.get(code, code)

    def language(self, code: str) -> Text:
        """The name of a client's language; one that the sender wrote in words stays as it is."""
        return labels.LANGUAGES.get(code, code)

    def status(self, status: CaseStatus) -> Text:
        """Where a case stands."""
        return labels.STATUSES[status]

    def status_colour(self, status: CaseStatus) -> str:
        """The colour of the tag that says it."""
        return labels.STATUS_COLOURS[status]

    def outcome(self, outcome: Outcome | None) -> Text:
        """How a case ended."""
        return labels.OUTCOMES[outcome] if outcome else ""

    def meeting(self, form: MeetingForm) -> str:
        """How one meets, within a sentence."""
        return str(labels.MEETING_FORMS[form]).lower()

    def meets_at(self, instant: dt.datetime) -> str:
        """When one meets, the day of the week with it: ``ke 25.11. klo 10.00``."""
        local = clock.helsinki(instant)
        hours = format_datetime(local, "HH:mm" if current_language() == "en" else "H.mm", rebase=False)
        return f"{format_date(local.date(), 'EEE d.M.')} {_('at %(hours)s', hours=hours)}"

    def waiting(self, reason: str | None) -> str:
        """Why a case waits."""
        return _reason(reason)

    def channels(self, channels: Iterable[ContactChannel]) -> list[Text]:
        """Ways of contact, in one order everywhere."""
        chosen = set(channels)
        return [labels.CHANNELS[each] for each in ContactChannel if each in chosen]

    def method(self, method: Method | None) -> Text:
        """How consent was given."""
        return labels.METHODS[method] if method else ""

    def giver(self, giver: Giver) -> Text:
        """Who gave it."""
        return labels.GIVERS[giver]

    def contact(self, contact: Contact | None) -> Text:
        """Whom to contact, where it was asked."""
        return labels.CONTACTS[contact] if contact else ""

    def dialled(self, phone: str) -> str:
        """A phone number as a link dials it."""
        return re.sub(r"[^+\d]", "", phone)

    def waited(self, sent_at: dt.datetime) -> int:
        """Working days since a referral was sent."""
        return working_days_since_sent(sent_at, now=self.now)

    def hours(self, best_time: str) -> str:
        """When it is best to call: hours as ``8–12``, or the sender's words."""
        return _("at %(hours)s", hours=best_time) if best_time[:1].isdigit() else best_time

    def ways(self, client: Client) -> list[tuple[str, Text]]:
        """How the client may be contacted first: icon and words. A phone call says when."""
        if ContactChannel.PHONE in client.channels or not client.channels:
            return [("Phone", self.hours(client.best_time) or _("any time"))]
        return [(labels.CHANNEL_ICONS[each], labels.CHANNELS[each]) for each in client.channels[:1]]


@dataclass(frozen=True, kw_only=True)
class InboxPage(Page):
    """What waits and whose it is."""

    template: ClassVar[str] = "referrals/inbox/inbox.html"
    heading: str
    chips: Sequence[Chip]
    groups: Sequence[Group]
    more_url: str | None
    words: Words
    several_municipalities: bool
    now: dt.datetime
    today: dt.date
    claim_days: int
    contact_days: int


@dataclass(frozen=True, kw_only=True)
class FinishedPage(Page):
    """What has ended."""

    template: ClassVar[str] = "referrals/inbox/finished.html"
    rows: Sequence[FinishedRow]
    words: Words


@dataclass(frozen=True, kw_only=True)
class ReferralPage(Page):
    """A referral that waits, with all that was disclosed."""

    template: ClassVar[str] = "referrals/inbox/referral.html"
    heading: str
    referral: WaitingReferral
    consent: DisclosedConsent
    waited: int
    late: bool
    same_person: Sequence[tuple[uuid.UUID, str]]
    words: Words
    form: ReturnForm

    @property
    def contact_person(self) -> str:
        """Through whom the client is reached, in one line."""
        person = self.referral.content.contact_person if self.referral.content else None
        return f"{person.name} ({person.relation}), {person.phone}" if person else ""

    @property
    def sender_name(self) -> str:
        """Who sent it, with their title."""
        card = self.referral.content.sender if self.referral.content else None
        return ", ".join(filter(None, (card.name, card.title))) if card else ""


@dataclass(frozen=True, kw_only=True)
class TakenPage(Page):
    """Somebody was a moment ahead."""

    template: ClassVar[str] = "referrals/inbox/taken.html"
    handler: str
    case_url: str | None


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """One stone of the river."""

    title: str
    at: dt.datetime
    by: str
    text: str


@dataclass(frozen=True, kw_only=True)
class CaseForms:
    """The forms that a case offers now."""

    attempt: AttemptForm | None = None
    meeting: MeetingResultForm | None = None
    wait: WaitForm | None = None
    resume: ResumeForm | None = None
    note: NoteForm | None = None
    close: CloseForm | None = None
    give_back: ReturnCaseForm | None = None
    withdraw: WithdrawForm | None = None


@dataclass(frozen=True, kw_only=True)
class Stale:
    """What a colleague did meanwhile, and the text that would else be lost."""

    changes: Sequence[TimelineRow]
    kept_text: str
    """What was typed, where the form that it stood in is no longer offered."""


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    """One case."""

    template: ClassVar[str] = "referrals/inbox/case.html"
    heading: str
    file: CaseFile
    words: Words
    timeline: Sequence[TimelineRow]
    forms: CaseForms
    form: FlaskForm
    """The one that came back, for the title and the error summary."""
    stale: Stale | None
    today: dt.date


def timeline_of(entries: Sequence[Entry]) -> tuple[TimelineRow, ...]:
    """Return entries in words; a missed appointment is told by its attempt, not by its move too."""
    return tuple(
        TimelineRow(title=_title(entry), at=entry.at, by=entry.by, text=entry.text)
        for entry in entries
        if entry.move is not MoveCode.C6
    )


def _title(entry: Entry) -> str:
    if entry.kind is EntryKind.NOTE:
        return _p("timeline", "Note")
    if entry.result in {AttemptResult.NO_SHOW, AttemptResult.CANCELLED}:
        return (
            _("The client did not come")
            if entry.result is AttemptResult.NO_SHOW
            else _("The time was cancelled")
        )
    if entry.channel is not None and entry.result is not None:
        return f"{labels.CHANNELS[entry.channel]}: {labels.RESULTS[entry.result]}"
    return _move_title(entry)


def _move_title(entry: Entry) -> str:
    reason = _reason(entry.reason)
    titles = {
        MoveCode.C1: _p("timeline", "Claimed"),
        MoveCode.C2: _p("timeline", "Time agreed"),
        MoveCode.C3: _p("timeline", "Put to wait"),
        MoveCode.C4: _p("timeline", "Taken up again"),
        MoveCode.C5: _p("timeline", "Counselling started"),
        MoveCode.C7: _p("timeline", "Closed"),
        MoveCode.C8: _p("timeline", "Opened again"),
        MoveCode.C9: _p("timeline", "Entered in error"),
        MoveCode.C10: _p("timeline", "Handed over"),
        MoveCode.C11: _p("timeline", "Question to the sender"),
    }
    default = str(labels.STATUSES[entry.to_status or CaseStatus.CONTACTING])
    title = titles.get(entry.move, default) if entry.move else default
    return f"{title}: {reason}" if reason else title


def _reason(code: str | None) -> str:
    if code is None:
        return ""
    if code in set(WaitingReason):
        return str(labels.WAITING_REASONS[WaitingReason(code)])
    if code in set(ReturnReason):
        return str(labels.RETURN_REASONS[ReturnReason(code)])
    return ""
