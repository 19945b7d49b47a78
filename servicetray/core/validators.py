"""What every form asks of a text."""

from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from servicetray.core.identity_codes import contains_code


def no_identity_code(form: object, field: Any) -> None:
    """Refuse a text that holds a personal identity code: nothing of ours needs one (product.md, Data).

    Raises:
        ValidationError: in the language of the page.
    """
    del form
    if contains_code(field.data or ""):
        raise ValidationError(_("Take the personal identity code out. It isn't needed here."))
