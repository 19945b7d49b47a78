"""The forms of signing in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

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
