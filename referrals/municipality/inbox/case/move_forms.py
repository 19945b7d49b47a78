"""The forms of the moves that are made seldom: asking, handing over, opening again, and what mends a mistake."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length

from referrals.municipality.inbox.case.forms import CaseForm
from referrals.municipality.inbox.case.labels import REOPEN_REASONS, VOID_REASONS
from referrals.municipality.inbox.forms import One, no_identity_code, note_field, offer
from referrals.questions.operations import LONGEST


class AskForm(CaseForm):
    """A question to the sender (C11)."""

    place = "ask"

    question = TextAreaField(
        _l("What do you ask the sender?"),
        description=_l("The sender reads this. Ask only what you need for contacting the client."),
        validators=[
            InputRequired(_l("Write the question first.")),
            Length(max=LONGEST, message=_l("Shorten the text to 1000 characters.")),
            no_identity_code,
        ],
        filters=[lambda text: text.strip() if text else ""],
    )

    @property
    def typed(self) -> str:
        """The question that was written."""
        return self.question.data or ""


class AssignForm(CaseForm):
    """Who goes on with the case (C10)."""

    place = "assign"

    to = RadioField(
        _l("Who goes on with it?"),
        choices=(),
        # Whom they are narrowed to is known once the case is; the operation checks it.
        validate_choice=False,
        validators=[InputRequired(_l("Choose who goes on with it."))],
    )

    def narrow(self, people: Sequence[tuple[str, str]]) -> None:
        """Offer these people: id and name."""
        self.to.choices = _choices(people)


class TransferForm(CaseForm):
    """To which municipality a case is offered (R12)."""

    place = "transfer"

    to = RadioField(
        _l("To which municipality?"),
        choices=(),
        validate_choice=False,
        validators=[InputRequired(_l("Choose the municipality."))],
    )

    def narrow(self, targets: Sequence[tuple[str, str]]) -> None:
        """Offer these catchments: id, and municipality with its unit."""
        self.to.choices = _choices(targets)


class ReopenForm(CaseForm):
    """Why a closed case is opened again (C8)."""

    place = "reopen"

    reason = One(
        _l("Why is it opened again?"),
        choices=offer(REOPEN_REASONS),
        validators=[InputRequired(_l("Choose why it is opened again."))],
    )
    note = note_field(_p("case", "Note"))


class ReverseForm(CaseForm):
    """The referral was taken by mistake (R10)."""

    place = "reverse"


class VoidForm(CaseForm):
    """The referral should never have been (R11)."""

    place = "void"

    reason = One(
        _l("What was wrong with it?"),
        choices=offer(VOID_REASONS),
        validators=[InputRequired(_l("Choose what was wrong with it."))],
    )
    sure = BooleanField(
        _l("I understand that this can’t be taken back"),
        validators=[InputRequired(_l("Tick this box to show that you mean it."))],
    )


def _choices(pairs: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in pairs]
