"""People, units and sign-ins. A user holds roles, several of them, each in a unit."""

import datetime as dt
import uuid
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from servicetray.accounts.permissions import Role, permissions_of
from servicetray.core.access import Permission
from servicetray.core.db import Model, Texts, TextsType, UtcDateTime, enum_column


class UnitKind(StrEnum):
    """What a unit is for."""

    SENDING = "sending"
    COUNSELLING = "counselling"
    OFFICE = "office"


class OrganisationKind(StrEnum):
    """Whose units they are."""

    COUNTY = "county"
    MUNICIPALITY = "municipality"
    OTHER = "other"


class MessageWish(StrEnum):
    """When a person or a unit's box wants to hear: of each thing at once, or once each working morning."""

    AT_ONCE = "at_once"
    DAILY = "daily"


class SignInMethod(StrEnum):
    """How somebody signed in; both ask for more than a password."""

    PASSWORD_TOTP = "password_totp"  # noqa: S105 - names a way, holds no secret
    OIDC = "oidc"


class Organisation(Model):
    """The county, a municipality, an association: whose units they are."""

    __tablename__ = "organisation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[OrganisationKind] = mapped_column(enum_column(OrganisationKind))
    name: Mapped[Texts] = mapped_column(TextsType)
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    """Which municipality it is; None of the county and of others."""
    active: Mapped[bool] = mapped_column(default=True)


class Unit(Model):
    """Where people work: a SendingUnit of the county, a CounsellingUnit of a municipality, or an office."""

    __tablename__ = "unit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[UnitKind] = mapped_column(enum_column(UnitKind))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[Texts] = mapped_column(TextsType)
    service_area: Mapped[str] = mapped_column(String(60), default="")
    """The county's service area of a sending unit; a dimension of the figures."""
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"))
    phone: Mapped[str] = mapped_column(String(40), default="")
    mailbox: Mapped[str] = mapped_column(String(254), default="")
    message_wish: Mapped[MessageWish] = mapped_column(
        enum_column(MessageWish), default=MessageWish.AT_ONCE, server_default=MessageWish.AT_ONCE.value
    )
    shared_list: Mapped[bool] = mapped_column(default=False)
    """Whether its professionals see each other's referrals: the unit's own choice."""
    active: Mapped[bool] = mapped_column(default=True)

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")


class RoleGrant(Model):
    """A role of a user, in a unit where the role is bound to one."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role))
    unit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("unit.id"))


class User(Model):
    """A person who signs in. Residents and clients never do."""

    __tablename__ = "user_account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case; the name one signs in with."""
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(5), default="fi")
    message_wish: Mapped[MessageWish] = mapped_column(
        enum_column(MessageWish), default=MessageWish.AT_ONCE, server_default=MessageWish.AT_ONCE.value
    )
    unit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("unit.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    """The last time step used, so that a code works once (RFC 6238, 5.2)."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    unit: Mapped[Unit | None] = relationship(lazy="joined")
    grants: Mapped[list[RoleGrant]] = relationship(lazy="selectin", order_by=RoleGrant.id)

    @property
    def unit_name(self) -> str:
        """The unit's name in Finnish, as records keep it."""
        return self.unit.name.get("fi", "") if self.unit else ""

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything the roles allow, read anew on each request."""
        return permissions_of(grant.role for grant in self.grants)

    def may(self, permission: Permission) -> bool:
        """Whether any role of the user allows it."""
        return permission in self.permissions

    def units_for(self, permission: Permission) -> frozenset[uuid.UUID]:
        """Return the units in which the user holds a permission."""
        return frozenset(
            grant.unit_id
            for grant in self.grants
            if grant.unit_id and permission in permissions_of([grant.role])
        )


class SignInSession(Model):
    """One sign-in, kept on the server so that it can be ended from there."""

    __tablename__ = "sign_in_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    method: Mapped[SignInMethod] = mapped_column(enum_column(SignInMethod))
    device: Mapped[str] = mapped_column(String(60), default="")
    """Browser and system in two names, for the person's own list; empty where unknown."""
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    """When the person last showed a second factor in it."""
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    practising: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the person practises in it: with invented clients alone, and for as long as it lasts."""


class Invitation(Model):
    """A link by which a person sets their own password and codes: good once, for three days.

    The link itself is nowhere: it is made from the row's id and the secret key as the letter leaves.
    """

    __tablename__ = "invitation"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class LinkedIdentity(Model):
    """An account's identity at the organisation's own sign-in (OpenID Connect Core, 2: ``iss`` and ``sub``)."""

    __tablename__ = "linked_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class KeptForm(Model):
    """What was posted just after a sign-in had lapsed, sealed for its own user, for an hour."""

    __tablename__ = "kept_form"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Path and fields, as JSON."""
    kept_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class ThrottleWindow(Model):
    """How often something was tried in a window of time; keys are hashed, no address is stored."""

    __tablename__ = "throttle_window"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[dt.datetime] = mapped_column(UtcDateTime, primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
