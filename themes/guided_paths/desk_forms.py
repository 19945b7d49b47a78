"""The form in which editors write a path."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from servicetray.core.validators import no_identity_code
from themes.guided_paths.reading import LONGEST_KEY, LONGEST_SOURCE


class PathForm(FlaskForm):
    """The text of a path."""

    mark = HiddenField()
    source = TextAreaField(
        _l("The path, line by line"),
        validators=[
            InputRequired(_l("Write the path.")),
            Length(max=LONGEST_SOURCE, message=_l("This is longer than any path. Make two of it.")),
            no_identity_code,
        ],
    )


class NewPathForm(PathForm):
    """The text of a new path, and its address."""

    slug = StringField(
        _l("Address of the path"),
        description=_l("A few words of Finnish with hyphens between them, such as nukun-huonosti. It stays."),
        filters=[lambda value: (value or "").strip().lower()],
        validators=[
            InputRequired(_l("Write the address.")),
            no_identity_code,
            Length(max=LONGEST_KEY, message=_l("Write the address shorter.")),
            Regexp(r"[a-z0-9]+(?:-[a-z0-9]+)*$", message=_l("Use small letters a–z, digits and hyphens.")),
        ],
    )
