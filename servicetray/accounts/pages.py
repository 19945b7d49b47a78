"""Pages of signing in."""

from dataclasses import dataclass
from typing import ClassVar

from flask_wtf import FlaskForm

from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """First step: who are you."""

    template: ClassVar[str] = "servicetray/accounts/sign_in.html"
    form: FlaskForm
    was_signed_out: bool


@dataclass(frozen=True, kw_only=True)
class CodePage(Page):
    """Second step: show that you hold the device."""

    template: ClassVar[str] = "servicetray/accounts/code.html"
    form: FlaskForm


@dataclass(frozen=True, kw_only=True)
class StartPage(Page):
    """Signed in, but no place to go: the roles of this account have no pages here yet."""

    template: ClassVar[str] = "servicetray/accounts/start.html"
