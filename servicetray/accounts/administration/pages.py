"""Pages of the administration."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from servicetray.accounts.administration.queries import PersonState
from servicetray.accounts.administration.remains import Remaining
from servicetray.accounts.labels import ROLES
from servicetray.accounts.models import Invitation, Organisation, Unit, User
from servicetray.accounts.pages import Detail
from servicetray.accounts.permissions import Role
from servicetray.accounts.sign_ins import SignInRow
from servicetray.core.db import Localized
from servicetray.core.outbox import MessageState
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One option of a filter."""

    value: str
    label: Text
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """One person of the list."""

    id: uuid.UUID
    name: str
    title: str
    email: str
    roles: Sequence[Text]
    unit: Localized
    state: PersonState


@dataclass(frozen=True, kw_only=True)
class PeoplePage(Page):
    """Everyone who has an account, sought and filtered."""

    template: ClassVar[str] = "servicetray/administration/people.html"
    rows: Sequence[PersonLine]
    total: int
    current: int
    last: int
    previous_url: str | None
    next_url: str | None
    text: str
    units: Sequence[Choice]
    roles: Sequence[Choice]
    states: Sequence[Choice]
    narrowed: bool
    labels: Mapping[PersonState, Text]


@dataclass(frozen=True, kw_only=True)
class GrantLine:
    """One role of a person."""

    role: Text
    may: Text
    unit: Localized


@dataclass(frozen=True, kw_only=True)
class PersonPage(Page):
    """One person: details, roles, ways in, and where they are signed in."""

    template: ClassVar[str] = "servicetray/administration/person.html"
    person: User
    state: PersonState
    state_label: Text
    details: Sequence[Detail]
    grants: Sequence[GrantLine]
    own: bool
    invitation: Invitation | None
    letter: MessageState | None
    too_old: bool
    linked: bool
    sign_ins: Sequence[SignInRow]
    methods: Mapping[str, Text]
    remaining: Sequence[Remaining]
    """What a closed account still holds that an administrator can see to."""


@dataclass(frozen=True, kw_only=True)
class PersonFormPage(Page):
    """Adding somebody, or changing their details."""

    template: ClassVar[str] = "servicetray/administration/person_form.html"
    form: FlaskForm
    person: User | None
    may: Mapping[Role, Text]
    stands: Sequence[Detail] = ()
    """What stands now, where somebody else has changed it meanwhile."""

    role_labels: ClassVar[Mapping[Role, Text]] = ROLES


@dataclass(frozen=True, kw_only=True)
class RolesPage(Page):
    """Changing a person's roles."""

    template: ClassVar[str] = "servicetray/administration/roles.html"
    form: FlaskForm
    person: User
    may: Mapping[Role, Text]
    stands: Sequence[Detail] = ()

    role_labels: ClassVar[Mapping[Role, Text]] = ROLES


@dataclass(frozen=True, kw_only=True)
class LeaverPage(Page):
    """Somebody leaves: what they still hold, and closing their account."""

    template: ClassVar[str] = "servicetray/administration/leaver.html"
    form: FlaskForm
    person: User
    remaining: Sequence[Remaining]
    roles: Sequence[GrantLine]
    refusal: Text


@dataclass(frozen=True, kw_only=True)
class UnitLine:
    """One unit of the list."""

    id: uuid.UUID
    name: Localized
    kind: Text
    municipality: Localized | None
    people: int
    alone: bool
    """Whether a counselling unit has one person only: nobody stands in for them."""
    active: bool


@dataclass(frozen=True, kw_only=True)
class OrganisationUnits:
    """An organisation with its units."""

    organisation: Organisation | None
    name: Localized
    kind: Text
    units: Sequence[UnitLine]


@dataclass(frozen=True, kw_only=True)
class UnitsPage(Page):
    """Every organisation with its units."""

    template: ClassVar[str] = "servicetray/administration/units.html"
    groups: Sequence[OrganisationUnits]


@dataclass(frozen=True, kw_only=True)
class UnitPage(Page):
    """One unit: changing it, who works there, and closing it."""

    template: ClassVar[str] = "servicetray/administration/unit.html"
    form: FlaskForm
    unit: Unit | None
    kind: Text
    people: Sequence[PersonLine]
    alone: bool
    left_people: int = 0
    remaining: Sequence[Remaining] = ()
    stands: Sequence[Detail] = ()


@dataclass(frozen=True, kw_only=True)
class OrganisationPage(Page):
    """One organisation: its name, and closing it."""

    template: ClassVar[str] = "servicetray/administration/organisation.html"
    form: FlaskForm
    organisation: Organisation | None
    kind: Text
    refusal: Text = ""
    stands: Sequence[Detail] = ()


@dataclass(frozen=True, kw_only=True)
class AcceptPage(Page):
    """Somebody comes by their link: password, QR code, first code."""

    template: ClassVar[str] = "servicetray/administration/accept.html"
    form: FlaskForm
    email: str
    image: str
    """The QR code as a data: address."""
    spelled: str
    """The secret in groups of four."""
    provider_url: str
    """To the organisation's own sign-in, which spares both; empty where there is none."""
    provider_name: str
    refusal: Text
    """Why that one has just let nobody in, or nothing."""


@dataclass(frozen=True, kw_only=True)
class JoinPage(Page):
    """Somebody whom the organisation's own sign-in has named says whether this is the account to connect."""

    template: ClassVar[str] = "servicetray/administration/join.html"
    form: FlaskForm
    name: str
    email: str
    provider_email: str
    """Their address there; empty where the provider vouches for none."""
    link_url: str


@dataclass(frozen=True, kw_only=True)
class GonePage(Page):
    """A link that was good once."""

    template: ClassVar[str] = "servicetray/administration/gone.html"
