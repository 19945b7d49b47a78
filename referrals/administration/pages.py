"""Pages of the administration of the queue."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from flask_wtf import FlaskForm

from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """One catchment as the list shows it."""

    id: uuid.UUID
    unit: str
    days: Text
    state: Text
    """Open, opens later, ended."""
    is_open: bool
    has_ended: bool
    terms: Text
    """Languages, ages, usual wait."""
    away: Text
    """Until when nobody answers; empty where somebody does."""
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """One municipality of one kind: who receives, or nobody."""

    code: str
    name: str
    receivers: Sequence[Receiver]
    covered: bool
    """Whether somebody receives today."""


@dataclass(frozen=True, kw_only=True)
class KindPlaces:
    """One kind of referral, with every municipality."""

    code: str
    name: str
    places: Sequence[Place]
    gaps: Sequence[str]
    """The municipalities where nobody receives today."""


@dataclass(frozen=True, kw_only=True)
class CatchmentsPage(Page):
    """Who receives whose referrals, and where nobody does."""

    template: ClassVar[str] = "referrals/administration/catchments.html"
    kinds: Sequence[KindPlaces]


@dataclass(frozen=True, kw_only=True)
class CatchmentPage(Page):
    """One catchment: opened, or changed."""

    template: ClassVar[str] = "referrals/administration/catchment.html"
    form: FlaskForm
    is_new: bool
    name: str
    opened: dt.date | None
    has_ended: bool


@dataclass(frozen=True, kw_only=True)
class Away:
    """One absence as the list shows it."""

    id: int
    name: str
    first_day: dt.date
    last_day: dt.date
    substitute: str
    """Empty where nobody stands in."""
    answered_from: dt.date
    is_now: bool


@dataclass(frozen=True, kw_only=True)
class AbsencesPage(Page):
    """Absences of today and to come, and the form of a new one."""

    template: ClassVar[str] = "referrals/administration/absences.html"
    rows: Sequence[Away]
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class ReasonRow:
    """A reason or an interest."""

    id: int
    name: str
    lang: str
    code: str
    unspecified: bool
    active: bool
    first: bool


@dataclass(frozen=True, kw_only=True)
class KindRow:
    """A kind with its reasons and interests."""

    code: str
    name: str
    lang: str
    active: bool
    reasons: Sequence[ReasonRow]
    interests: Sequence[ReasonRow]
    asks_interests: bool


@dataclass(frozen=True, kw_only=True)
class KindsPage(Page):
    """Kinds of referral, their reasons and interests."""

    template: ClassVar[str] = "referrals/administration/kinds.html"
    kinds: Sequence[KindRow]
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class TextsPage(Page):
    """Texts in three languages of one thing: a kind, a reason, an interest."""

    template: ClassVar[str] = "referrals/administration/texts.html"
    form: FlaskForm
    lead: Text
    groups: Sequence[tuple[Text, str]]
    """Each text's words and the beginning of its three fields' names."""
    button: Text


@dataclass(frozen=True, kw_only=True)
class ConsentVersion:
    """One version of a kind's text."""

    version: str
    valid_from: dt.date
    state: Text
    texts: Sequence[tuple[str, str, str]]
    elsewhere: Sequence[tuple[str, str, str]]
    """The same of the variant for clients who are counselled in another municipality."""
    """Language, its name, the words."""
    may_withdraw: bool
    """Whether it is not valid yet, and may still be taken away."""


@dataclass(frozen=True, kw_only=True)
class ConsentKind:
    """A kind with its versions, the latest first."""

    code: str
    name: str
    versions: Sequence[ConsentVersion]


@dataclass(frozen=True, kw_only=True)
class ConsentTextsPage(Page):
    """The words read aloud, by kind and version."""

    template: ClassVar[str] = "referrals/administration/consent_texts.html"
    kinds: Sequence[ConsentKind]
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class Words:
    """A run of words of a comparison."""

    text: str
    mark: str
    """Empty, ``del`` or ``ins``."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """The present text and the new one in one language, beside each other."""

    lang: str
    name: str
    old: Sequence[Words]
    new: Sequence[Words]


@dataclass(frozen=True, kw_only=True)
class ConsentTextPage(Page):
    """A new version of a text, beside the present one."""

    template: ClassVar[str] = "referrals/administration/consent_text.html"
    form: FlaskForm
    kind: str
    compared: Sequence[Compared]
    compared_elsewhere: Sequence[Compared]
    """The same of the variant for clients who are counselled in another municipality."""


@dataclass(frozen=True, kw_only=True)
class TargetRow:
    """Targets that hold from a day on."""

    valid_from: dt.date | None
    """None for those of the settings."""
    claim: int
    contact: int
    soon: int
    state: Text
    may_withdraw: bool


@dataclass(frozen=True, kw_only=True)
class TargetsPage(Page):
    """Target times: those that hold, those to come, those that were."""

    template: ClassVar[str] = "referrals/administration/targets.html"
    rows: Sequence[TargetRow]
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class UnitLink:
    """A unit whose texts can be shown."""

    id: uuid.UUID
    name: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class ReadyTextRow:
    """A ready text as the list shows it."""

    id: uuid.UUID
    use: StrEnum
    title: str
    lang: str
    body: str
    body_lang: str
    kind: Text
    active: bool


@dataclass(frozen=True, kw_only=True)
class TextUse:
    """The ready texts of one use."""

    code: str
    heading: Text
    rows: Sequence[ReadyTextRow]


@dataclass(frozen=True, kw_only=True)
class ReadyTextsPage(Page):
    """The ready texts of one unit, by use."""

    template: ClassVar[str] = "referrals/administration/ready_texts.html"
    unit_id: uuid.UUID | None
    """None where there is no counselling unit."""
    unit: str
    units: Sequence[UnitLink]
    uses: Sequence[TextUse]
    is_own: bool
    """Whether they are the unit's own; else those that every unit begins with."""


@dataclass(frozen=True, kw_only=True)
class ReadyTextPage(Page):
    """One ready text: added, or changed."""

    template: ClassVar[str] = "referrals/administration/ready_text.html"
    form: FlaskForm
    unit_id: uuid.UUID
    unit: str
    placeholders: Sequence[tuple[str, Text]]
    """Each with what is filled in."""
    replaces_shared: bool
