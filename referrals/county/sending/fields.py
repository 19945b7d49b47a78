"""Fields of the referral form: they keep what was typed, and never keep an identity code."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from servicetray.core import identity_codes

LINE_FEED = "\n"


def without_codes(text: str) -> str:
    """Return the text with every personal identity code and the blanks around it cut out."""
    for place in reversed(identity_codes.find(text)):
        before, after = text[: place.start].rstrip(" "), text[place.end :].lstrip(" ")
        text = f"{before} {after}" if before and after[:1].isalnum() else before + after
    return text.strip()


def tidy(text: str) -> str:
    """Return what was typed without control characters and with one kind of line break, ends trimmed."""
    lines = text.replace("\r\n", LINE_FEED).replace("\r", LINE_FEED)
    return "".join(
        sign for sign in lines if sign == LINE_FEED or unicodedata.category(sign) not in {"Cc", "Cs"}
    ).strip()


class _Careful:
    """A text in which no personal identity code stays: it is cut out, the rest is kept, and the page says so."""

    data: Any
    label: Any
    had_code = False

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take in what was typed."""
        if not valuelist:
            return
        typed = tidy(valuelist[0])
        self.data = without_codes(typed)
        self.had_code = self.data != typed and identity_codes.contains_code(typed)

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse a text that held a code."""
        del form
        if self.had_code:
            raise StopValidation(self.code_sentence)

    @property
    def code_sentence(self) -> str:
        """What is said where a code was taken out; it never quotes the code."""
        return _(
            "We took a personal identity code out of “%(field)s”: the municipality doesn't need it. "
            "Read what is left, and send again.",
            field=str(self.label.text),
        )


class TextLine(_Careful, StringField):
    """One line of text."""


class TextBox(_Careful, TextAreaField):
    """Several lines of text."""


class OneOf(RadioField):
    """One of several answers; what isn't among them counts as not answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "validate_choice": False})

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the answer if it is one of the choices."""
        known = _values(self)
        self.data = next((value for value in valuelist if value in known), None)


class OneInList(SelectField):
    """One of several answers in a list; what isn't among them becomes the default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "validate_choice": False})

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the answer if it is one of the choices."""
        known = _values(self)
        self.data = next((value for value in valuelist if value in known), self.default)


class AnyOf(SelectMultipleField):
    """Check boxes; what isn't among them is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "validate_choice": False})

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the answers that are among the choices, in the order of the choices."""
        typed = set(valuelist)
        self.data = [value for value in _values(self) if value in typed]


def _values(field: Any) -> Sequence[str]:
    return [choice.value for choice in field.choices or ()]
