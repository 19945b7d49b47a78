"""The form of a referral that was written on paper: the usual one, with the paper's day and who filled it in."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from referrals.consent import Method
from referrals.county.content import SenderCard
from referrals.county.sending import labels
from referrals.county.sending.fields import OneOf, TextLine
from referrals.county.sending.forms import AtMost, Filled, Offer, ReferralForm
from referrals.municipality.inbox.forms import Day
from servicetray.core import clock

OLDEST_PAPER = dt.timedelta(days=60)
"""A permission on paper that is older than this is asked anew."""


class PaperForm(ReferralForm):
    """What stands on the paper, typed by its writer, or by an adviser who was handed it."""

    paper_date = Day(_l("Date on the paper"), validators=[Filled(_l("Write the date that is on the paper."))])
    sender_name = TextLine(
        _l("Who filled in the paper?"),
        description=_l("Name and title, as on the paper."),
        validators=[Filled(_l("Write who filled in the paper.")), AtMost(120)],
    )
    sender_unit = TextLine(_l("Their unit"), validators=[Filled(_l("Write their unit.")), AtMost(120)])
    sender_phone = TextLine(
        _l("Their phone"),
        description=_l("You tell them by phone how it went, if the client allows it."),
        validators=[Filled(_l("Write their phone number.")), AtMost(40)],
    )
    method = OneOf(
        _l("How was the permission given?"),
        choices=[SelectChoice(value=member.value, label=words) for member, words in labels.METHODS.items()],
        default=Method.WRITTEN.value,
    )

    def __init__(self, *, offer: Offer, asks_sender: bool, **kwargs: Any) -> None:
        """Make the form; somebody who may send types a paper of their own, and is its sender."""
        super().__init__(offer=offer, **kwargs)
        self.asks_sender = asks_sender
        if not asks_sender:
            del self.sender_name, self.sender_unit, self.sender_phone

    def validate_paper_date(self, field: Day) -> None:
        """Neither to come nor too long ago."""
        today = clock.helsinki_day(clock.now())
        if field.data is not None and field.data > today:
            raise ValidationError(_("This day is still to come. Look at the date on the paper."))
        if field.data is not None and field.data < today - OLDEST_PAPER:
            raise ValidationError(
                _(
                    "The paper is more than 60 days old. Ask the client's permission anew before it is entered."
                )
            )

    @property
    def typed_sender(self) -> SenderCard | None:
        """Who filled in the paper, where it is asked."""
        if not self.asks_sender:
            return None
        return SenderCard(
            name=self.sender_name.data or "",
            title="",
            unit=self.sender_unit.data or "",
            phone=self.sender_phone.data or "",
        )
