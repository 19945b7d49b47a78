"""The forms of feedback: the resident's and the editor's."""

from typing import Any, Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from servicetray.core.validators import no_identity_code
from themes.feedback.labels import STATES, TOPICS
from themes.feedback.models import State, Topic

LONGEST: Final = 1000
LONGEST_CONTACT: Final = 200


def _stripped(text: str | None) -> str:
    # Browsers send line ends as two characters and count them as one.
    return (text or "").replace("\r\n", "\n").strip()


class FeedbackForm(FlaskForm):
    """What a resident fills in. Without a session: its own key stands in for the token."""

    class Meta:
        """The anonymous form's key is checked by the view."""

        csrf = False

    topic = RadioField(
        _l("What is it about?"), validators=[InputRequired(_l("Choose what it is about."))], coerce=str
    )
    text = TextAreaField(
        _l("Tell us"),
        description=_l(
            "On which page were you, and what should be different? Leave out names, illnesses and identity "
            "codes: we don't need them."
        ),
        filters=[_stripped],
        validators=[
            InputRequired(_l("Write what you want to tell.")),
            Length(max=LONGEST, message=_l("Write at most 1,000 characters.")),
            no_identity_code,
        ],
    )
    contact = StringField(
        _l("E-mail or phone"),
        description=_l("If you want an answer. We use it for that alone and erase it 90 days after."),
        filters=[_stripped],
        validators=[
            Length(max=LONGEST_CONTACT, message=_l("Write at most 200 characters.")),
            no_identity_code,
        ],
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.topic.choices = [(topic.value, label) for topic, label in TOPICS.items()]

    @property
    def chosen(self) -> Topic:
        """The topic; ask only a form that is valid."""
        return Topic(self.topic.data)


class DealForm(FlaskForm):
    """What an editor did about it."""

    state = RadioField(_lp("feedback", "State"), validators=[InputRequired(_l("Choose one."))], coerce=str)
    note = TextAreaField(
        _l("Note"),
        description=_l("What was done or answered. Only editors see it."),
        filters=[_stripped],
        validators=[
            Length(max=LONGEST, message=_l("Write at most 1,000 characters.")),
            no_identity_code,
        ],
    )

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.state.choices = [(state.value, label) for state, label in STATES.items()]

    @property
    def chosen(self) -> State:
        """The state; ask only a form that is valid."""
        return State(self.state.data)
