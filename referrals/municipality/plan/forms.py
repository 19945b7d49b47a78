"""The forms of a plan: a line of one's own, a search for services, and closing with one of them."""

from typing import ClassVar

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from referrals.municipality.inbox.forms import One, OnePageForm, no_identity_code, note_field, offer
from referrals.municipality.plan.labels import KINDS
from referrals.municipality.plan.models import LineKind

LINE_LENGTH = 200
WORDS_LENGTH = 100


class LineForm(OnePageForm):
    """A goal or a step in the client's words."""

    place: ClassVar[str] = "line"

    kind = One(
        _p("plan", "What it is"),
        choices=offer(KINDS, [LineKind.GOAL, LineKind.STEP]),
        validators=[InputRequired(_l("Choose whether it is a goal or a step."))],
    )
    text = TextAreaField(
        _l("In the client’s own words"),
        description=_l("One thing at a time, small enough to succeed. No diagnoses."),
        validators=[
            InputRequired(_l("Write the goal or step first.")),
            Length(max=LINE_LENGTH, message=_l("Shorten the text to 200 characters.")),
            no_identity_code,
        ],
        filters=[lambda text: text.strip() if text else ""],
    )


class SearchForm(OnePageForm):
    """Words to find services by; sent by POST, so that they stand in no address."""

    place: ClassVar[str] = "search"

    words = StringField(
        _l("Find a service of the tray"),
        validators=[
            InputRequired(_l("Write what you are looking for.")),
            Length(max=WORDS_LENGTH, message=_l("Shorten the text to 100 characters.")),
            no_identity_code,
        ],
        filters=[lambda text: text.strip() if text else ""],
    )


class GuideForm(OnePageForm):
    """Closing the case because the client goes on with a service of the plan."""

    place: ClassVar[str] = "guide"

    version = HiddenField()
    service = One(
        _l("Which service does the client go on with?"),
        validators=[InputRequired(_l("Choose the service."))],
        choices=[],
    )
    note = note_field(_p("case", "Note"))
