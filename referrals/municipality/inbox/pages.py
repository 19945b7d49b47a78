"""Pages of the adviser's lists, of a referral that waits, and the names that all these screens use."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from flask_babel import format_date, format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import pgettext as _p
from flask_wtf import FlaskForm

from referrals.consent import Contact, Giver, Method
from referrals.county.disclosed import DisclosedConsent, SamePerson, WaitingReferral
from referrals.kinds.queries import Kind
from referrals.moves import CaseStatus, ContactChannel, Outcome
from referrals.municipality.follow_up.due import Counted
from referrals.municipality.inbox import labels
from referrals.municipality.inbox.assigning import Held, Left
from referrals.municipality.inbox.choices import WaitingReason
from referrals.municipality.inbox.finished import FinishedRow
from referrals.municipality.inbox.queries import Client, InboxRow
from referrals.municipality.inbox.referral_forms import Around, ReferralForms
from referrals.municipality.models import MeetingForm
from referrals.statistics.operations import working_days_since_sent
from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality
from servicetray.core.pages import Page, Text

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A part of the inbox that one may choose."""

    label: Text
    count: int
    url: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of a list to choose from."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list can be narrowed by."""

    flags: Sequence[Chip]
    municipalities: Sequence[Choice]
    """Empty where there is nothing to choose, as the kinds are."""
    kinds: Sequence[Choice]
    languages: Sequence[Choice]
    """In which clients are counselled, each with its number in brackets."""
    kept: Sequence[tuple[str, str]]
    """What the form of the lists carries along."""
    clear_url: str | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """A table of the inbox."""

    title: Text
    rows: Sequence[InboxRow]
    count: int
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A transfer that another municipality offers, in words; of whom is not known."""

    id: uuid.UUID
    kind_code: str
    age_group: str
    language: str
    from_where: str
    offered_at: dt.datetime
    until: dt.date


@dataclass(frozen=True, kw_only=True)
class Notice:
    """An absence that a lead should know of."""

    where: str
    first_day: dt.date
    last_day: dt.date
    substitute: str
    """Empty where nobody stands in: referrals wait."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """Names of kinds, reasons and municipalities in the page's language."""

    kinds: Mapping[str, Kind]
    reasons: Mapping[tuple[str, str], str]
    municipalities: Mapping[str, str]
    now: dt.datetime
    _made: dict[tuple[str, object], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

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

    def home(self, code: str) -> str:
        """The name of any municipality of the county, such as a client's home one; empty of none."""
        place = municipality(code) if code else None
        return in_language(place.name, current_language()).text if place else code

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
        return str(labels.WAITING_REASONS[WaitingReason(reason)]) if reason in set(WaitingReason) else ""

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
        return self._once(("waited", clock.helsinki_day(sent_at)), lambda: self._waited(sent_at))

    def _waited(self, sent_at: dt.datetime) -> int:
        return working_days_since_sent(sent_at, now=self.now)

    def days(self, count: int) -> str:
        """The words after a number of working days that somebody has waited."""

        def words() -> str:
            return ngettext("working day", "working days", count) if count else _p("waited", "today")

        return self._once(("days", count), words)

    def due(self, day: dt.date) -> str:
        """By when it is due."""
        return self._once(("due", day), lambda: _("Due %(day)s", day=format_date(day, "EEE d.M.")))

    def born(self, year: int) -> str:
        """When a client was born."""
        return self._once(("born", year), lambda: _("born %(year)s", year=year))

    def kind_begun(self, code: str) -> str:
        """The kind's name as a sentence begins with it."""
        return self._once(("kind", code), lambda: self.kind(code).capitalize())

    def _once(self, key: tuple[str, object], make: Callable[[], T]) -> T:
        """Return what was made for this page already: a list of fifty rows says the same words over and over."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def hours(self, best_time: str) -> str:
        """When it is best to call: hours as ``8–12``, or the sender's words."""
        return _("at %(hours)s", hours=best_time) if best_time[:1].isdigit() else best_time

    def phone_first(self, client: Client) -> str:
        """The number to call, where a call is how the client is reached first."""
        return client.phone if ContactChannel.PHONE in client.channels else ""

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
    tabs: Sequence[Chip]
    filters: Filters
    offers: Sequence[Offer]
    follow_ups: Counted
    """Clients who are to be asked how they are doing."""
    papers_back: int
    """Referrals entered here from paper that came back."""
    groups: Sequence[Group]
    nothing: tuple[str, str, Sequence[tuple[str, str, str]]]
    """Why there are no rows, and ways on."""
    previous_url: str | None
    next_url: str | None
    words: Words
    several_municipalities: bool
    now: dt.datetime
    today: dt.date
    claim_days: int
    contact_days: int
    leads: bool
    unsent: int
    """Messages that have not left; a lead's to know."""
    notices: Sequence[Notice]
    workers: Sequence[Choice]
    """To whom a lead may give rows."""


@dataclass(frozen=True, kw_only=True)
class FinishedPage(Page):
    """What has ended."""

    template: ClassVar[str] = "referrals/inbox/finished.html"
    rows: Sequence[FinishedRow]
    words: Words
    first_url: str | None
    next_url: str | None


@dataclass(frozen=True, kw_only=True)
class ReferralPage(Page):
    """A referral that waits, with all that was disclosed."""

    template: ClassVar[str] = "referrals/inbox/referral.html"
    heading: str
    referral: WaitingReferral
    consent: DisclosedConsent
    waited: int
    late: bool
    same_person: Sequence[SamePerson]
    own_catchments: Collection[uuid.UUID]
    """Where the reader may open one of these."""
    around: Around
    words: Words
    forms: ReferralForms
    form: FlaskForm
    """The one that came back, for the title and the error summary."""

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
class HandOverPage(Page):
    """Everything that one adviser has, to be given to another."""

    template: ClassVar[str] = "referrals/inbox/hand_over.html"
    holders: Sequence[Choice]
    holder: str
    holder_id: str
    rows: Sequence[tuple[str, Held, bool]]
    """What the form sends, the case, and whether it is ticked."""
    workers: Sequence[Choice]
    words: Words
    problem: str


@dataclass(frozen=True, kw_only=True)
class LeftPage(Page):
    """Rows that could not be given."""

    template: ClassVar[str] = "referrals/inbox/left.html"
    said: str
    left: Sequence[Left]
    back_url: str

    def why(self, left: Left) -> Text:
        """Why a row stayed where it was."""
        return labels.REFUSED[left.why]


@dataclass(frozen=True, kw_only=True)
class CodePage(Page):
    """A code for the client's own page: shown this once."""

    template: ClassVar[str] = "referrals/inbox/code.html"
    reference: str
    code: str
    back_url: str
