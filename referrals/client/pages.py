"""The pages of a client's visit. Their title is neutral: nobody who glances at a screen learns anything."""

from dataclasses import dataclass
from typing import ClassVar

from referrals.client.forms import CallForm, EnterForm, NumberForm, TimeForm
from referrals.client.queries import Standing
from servicetray.core.pages import Page, Text


@dataclass(frozen=True, kw_only=True)
class EnterPage(Page):
    """The code and the birth year."""

    template: ClassVar[str] = "referrals/client/enter.html"
    form: EnterForm
    form_key: str


@dataclass(frozen=True, kw_only=True)
class StandingPage(Page):
    """How far it has come, and what the client may say."""

    template: ClassVar[str] = "referrals/client/standing.html"
    standing: Standing
    stage: Text
    more: Text
    told: Text
    """What has just been passed on; empty otherwise."""
    visit_key: str
    form: CallForm | NumberForm
    """The one that was sent, with its errors."""
    call: CallForm
    number: NumberForm


@dataclass(frozen=True, kw_only=True)
class TimesPage(Page):
    """The times to choose from."""

    template: ClassVar[str] = "referrals/client/times.html"
    form: TimeForm
    visit_key: str


@dataclass(frozen=True, kw_only=True)
class WithdrawPage(Page):
    """Asks once more before the permission is taken back."""

    template: ClassVar[str] = "referrals/client/withdraw.html"
    visit_key: str


@dataclass(frozen=True, kw_only=True)
class WithdrawnPage(Page):
    """Says that it is taken back; holds nothing of anybody."""

    template: ClassVar[str] = "referrals/client/withdrawn.html"
