"""Every text field of every form refuses a personal identity code, or stands below with its reason."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from wtforms import (
    DateField,
    DateTimeField,
    DecimalField,
    Form,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.core import UnboundField
from wtforms.validators import ValidationError

import referrals
import servicetray.accounts
import themes
from servicetray.core import identity_codes
from tests.figures import Figure

SIGNS = "+-YXWVUABCDEF"
NOT_TEXT = (
    DateField,
    DateTimeField,
    DecimalField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    TimeField,
)
"""What can hold no free text: numbers, days, choices; and passwords, which are only compared."""
ALLOWED = {
    # Nothing is kept of them: they are looked up or compared, and a code finds nothing.
    "LogForm.tili": "looks an account up by its e-mail",
    "LogForm.viite": "looks a referral up by its reference",
    "PeriodForm.tili": "looks an account up by its e-mail",
    "ExposureForm.tili": "looks an account up by its e-mail",
    "ExposureForm.istunto": "is the id of a sign-in",
    "ReferenceForm.reference": "looks a referral up by its reference",
    "PersonForm.first_name": "is compared by its fingerprint",
    "PersonForm.last_name": "is compared by its fingerprint",
    "SignInForm.email": "looks an account up",
    "CodeForm.code": "is a code of six digits, compared",
    "NewCodeForm.code": "is a code of six digits, compared",
    "AcceptForm.code": "is a code of six digits, compared",
    "PasswordForm.code": "is a code of six digits, compared",
    "NewCodeForm.offer": "is a sealed value of our own",
}
HIDDEN = "HiddenField"
"""Hidden fields hold keys of our own; each is checked where it is read."""


def forms() -> Iterator[type[Form]]:
    """Every form class of the code."""
    for package in (referrals, servicetray.accounts, themes):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rsplit(".", 1)[-1] != "__main__":
                importlib.import_module(module.name)
    found, waiting = {}, [Form]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith(("referrals", "servicetray", "themes")):
                found[f"{form.__module__}.{form.__qualname__}"] = form
    yield from (found[name] for name in sorted(found))


def text_fields(form: type[Form]) -> Iterator[tuple[str, "UnboundField[StringField]"]]:
    """The fields of a form that take free text."""
    for name in dir(form):
        field = getattr(form, name, None)
        if not isinstance(field, UnboundField) or not issubclass(field.field_class, StringField):
            continue
        if issubclass(field.field_class, NOT_TEXT) or field.field_class.__name__ == HIDDEN:
            continue
        yield name, field


def refuses(form: type[Form], name: str, unbound: "UnboundField[StringField]", text: str) -> bool:
    """Whether a field refuses a text, whatever else its form holds."""
    bound = unbound.bind(form=_Bare(), name=name, prefix="", _meta=_Bare.Meta())
    bound.process(_Typed({name: [text]}))
    own = [getattr(form, f"validate_{name}")] if hasattr(form, f"validate_{name}") else []
    try:
        passed = bound.validate(_Bare(), [])
    except ValidationError:
        return True
    if not passed and any("henkilötunnu" in each or "identity code" in each for each in bound.errors):
        return True
    for check in own:
        try:
            check(_Bare(), bound)
        except ValidationError as error:
            return "identity" in str(error) or "henkilötunnu" in str(error)
    return False


class _Bare(Form):
    """Stands for whichever form a field is of."""


class _Typed(dict[str, list[str]]):
    """What a browser sends."""

    def getlist(self, key: str) -> list[str]:
        return self.get(key, [])


def test_no_text_field_of_any_form_takes_an_identity_code(app: Flask, figure: Figure):
    """Text fields of all forms that take an identity code."""
    tried, open_ones = 0, []
    with app.test_request_context("/en/"):
        for form in forms():
            for name, unbound in text_fields(form):
                key = f"{form.__name__}.{name}"
                if key in ALLOWED:
                    continue
                tried += 1
                if not refuses(form, name, unbound, "Asiakas 131052-308T tulee"):
                    open_ones.append(f"{form.__module__}.{key}")
    figure("text fields tried", tried)
    figure("text fields that take a code", len(open_ones))
    assert open_ones == [], "\n".join(open_ones)


def test_what_is_allowed_is_still_there(app: Flask):
    with app.test_request_context("/"):
        known = {f"{form.__name__}.{name}" for form in forms() for name in dir(form)}
    assert set(ALLOWED) <= known


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_of_a_century_is_refused(sign: str):
    assert identity_codes.contains_code(f"131052{sign}308T")
