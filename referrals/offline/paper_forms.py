"""The form of a referral that was written on paper: the usual one, with the paper's day and who filled it in."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from referrals.consent import Method
from referrals.county.consent_texts import TextVersion
from referrals.county.content import SenderCard
from referrals.county.sending import labels
from referrals.county.sending.fields import OneInList, OneOf, TextLine
from referrals.county.sending.forms import AtMost, Filled, Offer, ReferralForm, yes_or_no
from referrals.municipality.inbox.forms import Day
from servicetray.core import clock

OF_THE_DAY = ""
"""The version that was in force on the paper's day."""
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
    no_consent = _l(
        "Mark the permission as it stands on the paper. Without it the referral can't be entered."
    )
    feedback = yes_or_no(
        _l("May the sender be told how the counselling went?"),
        _l("Without a yes they hear only that the municipality has received it."),
        _l("Choose yes or no, as it is marked on the paper."),
    )
    follow_up = yes_or_no(
        _l("May the adviser ask how things are after 3, 6 and 12 months?"),
        _l("The adviser asks, not the sender's unit."),
        _l("Choose yes or no, as it is marked on the paper."),
    )
    transfer = yes_or_no(
        _l("May the referral be moved to another municipality if the client moves?"),
        _l("It is moved with this permission alone."),
        _l("Choose yes or no, as it is marked on the paper."),
    )
    text_on_paper = OneInList(
        _l("Which text was read?"),
        description=_l("The version stands on the paper, below the text."),
        choices=[],
        default=OF_THE_DAY,
    )
    method = OneOf(
        _l("How was the permission given?"),
        choices=[SelectChoice(value=member.value, label=words) for member, words in labels.METHODS.items()],
        default=Method.WRITTEN.value,
    )

    def __init__(
        self, *, offer: Offer, asks_sender: bool, versions: Sequence[TextVersion], **kwargs: Any
    ) -> None:
        """Make the form; somebody who may send types a paper of their own, and is its sender.

        ``versions`` of the consent text may stand on a paper, the latest first.
        """
        self.versions = versions
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

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Give the versions to choose from; the first choice says which was in force, once the day is known."""
        self.text_on_paper.choices = [
            SelectChoice(value=OF_THE_DAY, label=_l("The one in force on the date of the paper")),
            *(SelectChoice(value=each.version, label=_version(each)) for each in self.versions),
        ]
        super().process(*args, **kwargs)
        of_the_day = self.version_of_the_day
        if of_the_day is not None:
            label = _("The one in force on the date of the paper: %(version)s", version=_version(of_the_day))
            others = self.text_on_paper.choices[1:]
            self.text_on_paper.choices = [SelectChoice(value=OF_THE_DAY, label=label), *others]

    @property
    def version_of_the_day(self) -> TextVersion | None:
        """The version that was in force on the paper's day, once that is known."""
        day = self.paper_date.data
        return next((each for each in self.versions if day and each.valid_from <= day), None)

    def validate_text_on_paper(self, field: OneInList) -> None:
        """A text can't have been read before it was made."""
        chosen = next((each for each in self.versions if each.version == field.data), None)
        if chosen and self.paper_date.data and chosen.valid_from > self.paper_date.data:
            raise ValidationError(
                _(
                    "This text is read only from %(day)s on. Look at the version and the date on the paper.",
                    day=format_date(chosen.valid_from, "d.M.yyyy"),
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


def _version(each: TextVersion) -> str:
    return _(
        "%(version)s, read from %(day)s on",
        version=each.version,
        day=format_date(each.valid_from, "d.M.yyyy"),
    )
