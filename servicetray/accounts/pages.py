"""Pages of signing in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from servicetray.accounts.sign_ins import SignInRow
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """First step: who are you."""

    template: ClassVar[str] = "servicetray/accounts/sign_in.html"
    form: FlaskForm
    was_signed_out: bool
    provider_url: str
    """Of the organisation's own sign-in; empty where there is none."""
    provider_name: str
    provider_sign_out: str
    """Where to sign out of it, too, for somebody who has just left."""
    refusal: Text
    """Why it let nobody in a moment ago."""
    idle_minutes: int
    form_waits: bool
    """Whether something was posted too late in this browser and is kept."""


@dataclass(frozen=True, kw_only=True)
class CodePage(Page):
    """Second step: show that you hold the device."""

    template: ClassVar[str] = "servicetray/accounts/code.html"
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    """Signed in, but no place to go: the roles of this account have no pages here yet."""

    template: ClassVar[str] = "servicetray/accounts/start.html"


@dataclass(frozen=True, kw_only=True)
class ConfirmPage(Page):
    """The second factor once more, before something that could do much harm."""

    template: ClassVar[str] = "servicetray/accounts/confirm.html"
    form: FlaskForm
    provider_url: str
    provider_name: str
    refusal: Text


@dataclass(frozen=True, kw_only=True)
class ResumePage(Page):
    """What was posted too late, one press from being sent again."""

    template: ClassVar[str] = "servicetray/accounts/resume.html"
    action: str
    fields: Sequence[tuple[str, str]]
    kept_id: str
    """Empty where it stands in this page alone."""
    kept_at: dt.datetime | None
    kept_until: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One line of what is known of a person."""

    label: Text
    value: Text


@dataclass(frozen=True, kw_only=True)
class OwnPage(Page):
    """What the house knows of the person, what they may change, and where they are signed in."""

    template: ClassVar[str] = "servicetray/accounts/own.html"
    form: FlaskForm
    details: Sequence[Detail]
    sign_ins: Sequence[SignInRow]
    methods: dict[str, Text]
    """Words for how each sign-in was opened."""
    here: str
    """The id of this very sign-in."""
    linked: bool


@dataclass(frozen=True, kw_only=True)
class PasswordPage(Page):
    """Changing one's password."""

    template: ClassVar[str] = "servicetray/accounts/password.html"
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class NewSecretPage(Page):
    """A new secret for the authenticator app, and the field for its first code."""

    template: ClassVar[str] = "servicetray/accounts/new_secret.html"
    form: FlaskForm
    image: str
    """The QR code as a data: address."""
    spelled: str
    """The secret in groups of four."""


@dataclass(frozen=True, kw_only=True)
class SecondFactorPage(Page):
    """Before a new secret is shown: the code of the present one."""

    template: ClassVar[str] = "servicetray/accounts/second_factor.html"
    form: FlaskForm
