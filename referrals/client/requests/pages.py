"""The pages on which residents ask to be contacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from referrals.client.requests.forms import RequestForm
from referrals.county.sending.openings import Opening
from servicetray.core.pages import Page


@dataclass(frozen=True, kw_only=True)
class KindChoice:
    """A kind of counselling that one can ask for."""

    url: str
    name: str
    colour: str
    icon: str
    open_in: str
    """The municipalities that take requests today, in one line."""


@dataclass(frozen=True, kw_only=True)
class ChoicePage(Page):
    """Which counselling; without any that is open, whom to ask."""

    template: ClassVar[str] = "referrals/contact_me/kinds.html"
    kinds: Sequence[KindChoice]


@dataclass(frozen=True, kw_only=True)
class RequestPage(Page):
    """The form."""

    template: ClassVar[str] = "referrals/contact_me/form.html"
    form: RequestForm
    form_key: str
    problem: str
    """What stands against the form as a whole; empty otherwise."""
    closed: Sequence[Opening]
    """Municipalities that take no requests now, with the reason."""


@dataclass(frozen=True, kw_only=True)
class ReceiptPage(Page):
    """It has arrived. Shown in answer to the form alone, and kept nowhere."""

    template: ClassVar[str] = "referrals/contact_me/receipt.html"
    reference: str
    code: str
    unit_name: str
    unit_phone: str
    has_own_page: bool
