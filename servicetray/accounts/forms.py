"""The forms of signing in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length

from servicetray.accounts.labels import LANGUAGES, MESSAGE_WISHES
from servicetray.accounts.operations import MIN_PASSWORD

MAX_PASSWORD = 200


class SignInForm(FlaskForm):
    """E-mail and password, the first step."""

    email = StringField(
        _l("Work e-mail"),
        validators=[
            InputRequired(_l("Write your work e-mail.")),
            Length(max=254, message=_l("That is too long.")),
        ],
        render_kw={"autocomplete": "username", "type": "email", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[
            InputRequired(_l("Write your password.")),
            Length(max=MAX_PASSWORD, message=_l("That is too long.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(FlaskForm):
    """The code of the authenticator app, the second step."""

    code = StringField(
        _l("Six-digit code"),
        description=_l("Open your authenticator app and write the code it shows now."),
        validators=[
            InputRequired(_l("Write the six digits of your app.")),
            Length(max=20, message=_l("That is too long.")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "size": "8"},
    )


class NewCodeForm(CodeForm):
    """The first code of a new secret; the secret travels sealed."""

    offer = HiddenField(validators=[InputRequired(), Length(max=1000)])


class PasswordForm(FlaskForm):
    """The present password, a new one, and a code."""

    present = PasswordField(
        _l("Your present password"),
        validators=[
            InputRequired(_l("Write your present password.")),
            Length(max=MAX_PASSWORD, message=_l("That is too long.")),
        ],
    )
    new = PasswordField(
        _l("New password"),
        description=_l("At least 12 characters. Several words are easier to remember than signs."),
        validators=[
            InputRequired(_l("Write a new password.")),
            Length(min=MIN_PASSWORD, message=_l("Use at least 12 characters.")),
            Length(max=MAX_PASSWORD, message=_l("That is too long.")),
        ],
    )
    code = StringField(
        _l("Six-digit code"),
        description=_l("Open your authenticator app and write the code it shows now."),
        validators=[
            InputRequired(_l("Write the six digits of your app.")),
            Length(max=20, message=_l("That is too long.")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "size": "8"},
    )


class PreferencesForm(FlaskForm):
    """What people choose for themselves."""

    language = RadioField(
        _l("Language of messages"),
        choices=[SelectChoice(code, label) for code, label in LANGUAGES.items()],
        validators=[InputRequired(_l("Choose a language."))],
    )
    messages = RadioField(
        _l("When do you want messages?"),
        choices=[SelectChoice(wish.value, label) for wish, label in MESSAGE_WISHES.items()],
        validators=[InputRequired(_l("Choose when."))],
    )
