"""The small forms of what one has sent: answering a question, voiding, asking to stop."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library

from referrals.county.sending.fields import OneOf, TextBox
from referrals.county.sending.forms import AtMost, Filled
from referrals.moves import VoidReason
from referrals.questions.operations import LONGEST
from servicetray.core.pages import Text

VOID_REASONS: dict[VoidReason, Text] = {
    VoidReason.WRONG_PERSON: _p("entered by mistake", "It is about the wrong person"),
    VoidReason.WRONG_RECIPIENT: _p("entered by mistake", "It went to the wrong place"),
    VoidReason.SENT_TWICE: _p("entered by mistake", "It was sent twice"),
    VoidReason.OTHER: _p("entered by mistake", "It should not have been made for another reason"),
}


class AnswerForm(FlaskForm):
    """The answer to a question of the municipality; each question on a page has a prefix of its own."""

    text = TextBox(
        _l("Your answer"),
        description=_l("Only what the adviser needs. No identity codes, diagnoses or medicines."),
        validators=[Filled(_l("Write an answer.")), AtMost(LONGEST)],
    )


class StopForm(FlaskForm):
    """Asking the adviser to stop: a press of a button."""


class VoidForm(FlaskForm):
    """Marking a referral as entered by mistake."""

    reason = OneOf(
        _l("What went wrong?"),
        choices=[SelectChoice(value=each.value, label=words) for each, words in VOID_REASONS.items()],
        validators=[Filled(_l("Choose what went wrong."))],
    )
    also = BooleanField(_l("The one in the other municipality was a mistake, too"), default=True)
    sure = BooleanField(
        _l("I understand that this can't be undone"),
        validators=[Filled(_l("Mark that you understand this. It can't be undone."))],
    )

    @property
    def chosen(self) -> VoidReason:
        """The reason chosen; valid forms have one."""
        return VoidReason(self.reason.data)
