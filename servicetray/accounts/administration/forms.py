"""The forms by which people, units and organisations are added and changed."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, ValidationError

from servicetray.accounts.administration.labels import ORGANISATION_KINDS
from servicetray.accounts.administration.operations import UNIT_NEEDED
from servicetray.accounts.forms import MAX_PASSWORD
from servicetray.accounts.labels import LANGUAGES, MESSAGE_WISHES, ROLES, UNIT_KINDS
from servicetray.accounts.models import MessageWish, Unit, UnitKind
from servicetray.accounts.operations import MIN_PASSWORD, NewGrant
from servicetray.accounts.permissions import Role
from servicetray.core.pages import Text
from servicetray.core.validators import no_identity_code

EMPTY_ROWS = 2
"""Rows for further roles that a form offers."""
MOST_ROLES = 40
MARK = Length(max=24)


def _trimmed(text: str | None) -> str:
    return text.strip() if text else ""


def _line(label: Any, most: int, missing: Any = None, **more: Any) -> StringField:
    longest = Length(max=most, message=_l("That is too long."))
    return StringField(
        label,
        validators=[*([InputRequired(missing)] if missing else []), longest, no_identity_code],
        filters=[_trimmed],
        **more,
    )


def is_address(text: str) -> bool:
    """Whether a text looks like an e-mail address, as far as that can be told."""
    before, _at, after = text.rpartition("@")
    return bool(before and after) and not any(sign.isspace() for sign in text) and text.isprintable()


def _address(form: FlaskForm, field: StringField) -> None:
    del form
    if field.data and not is_address(field.data):
        raise ValidationError(_("Write the address like this: name@example.org."))


class _Select(SelectField):
    """A list; a value that is no choice is said so in words."""

    def pre_validate(self, form: BaseForm) -> None:
        del form
        choices: Any = self.choices or ()
        if str(self.data or "") not in {str(choice.value) for choice in choices}:
            raise ValidationError(_("Choose one from the list."))


def choices_of(words: Mapping[str, Text]) -> list[SelectChoice]:
    """Return words by value as choices, in their order."""
    return [SelectChoice(value=value, label=text) for value, text in words.items()]


def chosen_id(field: SelectField) -> uuid.UUID | None:
    """Return the id that was chosen, or None where the empty choice was."""
    return uuid.UUID(field.data) if field.data else None


class DetailsForm(FlaskForm):
    """What is known of a person."""

    email = StringField(
        _l("Work e-mail"),
        description=_l("The name they sign in with, and where messages go."),
        validators=[
            InputRequired(_l("Write their work e-mail.")),
            Length(max=254, message=_l("That is too long.")),
            _address,
            no_identity_code,
        ],
        filters=[_trimmed],
        render_kw={"type": "email", "spellcheck": "false", "autocomplete": "off"},
    )
    name = _line(_l("First and last name"), 120, _l("Write their name."), render_kw={"autocomplete": "off"})
    title = _line(_l("Title"), 120, description=_l("Such as nurse or exercise adviser."))
    phone = _line(_l("Phone"), 40, render_kw={"type": "tel", "autocomplete": "off"})
    language = RadioField(
        _l("Language of messages"),
        choices=choices_of(LANGUAGES),
        default="fi",
        validators=[InputRequired(_l("Choose a language."))],
    )

    def details(self) -> dict[str, str]:
        """Return what was written, by column."""
        return {name: self[name].data or "" for name in ("email", "name", "title", "phone", "language")}


class PersonForm(DetailsForm):
    """The details of somebody who has an account."""

    unit_id = _Select(_l("Unit that they act for"), description=_l("Shown beside their name."))
    seen = HiddenField(validators=[MARK])


class RoleRow(Form):
    """One role in one unit."""

    role = _Select(_p("one of several", "Role"))
    unit = _Select(_l("In which unit"))


class RolesForm(FlaskForm):
    """Several roles, each in a unit."""

    rows = FieldList(FormField(RoleRow), max_entries=MOST_ROLES)
    seen = HiddenField(validators=[MARK])

    def offer(self, units: Sequence[Unit], names: Mapping[uuid.UUID, str]) -> None:
        """Set what each row offers, and see that there are empty ones."""
        self._units = {str(unit.id): unit for unit in units}
        while (
            len(self.rows.entries) < MOST_ROLES
            and sum(not row.role.data for row in self._rows()) < EMPTY_ROWS
        ):
            self.rows.append_entry()
        roles = [SelectChoice(value="", label=_("No role"))]
        roles += [SelectChoice(value=role.value, label=label) for role, label in ROLES.items()]
        places = [SelectChoice(value="", label=_("No unit"))]
        places += [
            SelectChoice(value=str(unit.id), label=names[unit.id], optgroup=str(UNIT_KINDS[unit.kind]))
            for unit in units
        ]
        for row in self._rows():
            row.role.choices = roles
            row.unit.choices = places

    def _rows(self) -> Sequence[Any]:
        return [entry.form for entry in self.rows.entries]

    def grants(self) -> Sequence[NewGrant]:
        """Return the roles that were chosen, each once."""
        chosen = [
            NewGrant(role=Role(row.role.data), unit_id=chosen_id(row.unit))
            for row in self._rows()
            if row.role.data
        ]
        return tuple(dict.fromkeys(chosen))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the rows: a role that works in a unit has one of the right kind."""
        fine = bool(super().validate(extra_validators))
        if not fine:
            return False
        for row in self._rows():
            if row.role.data:
                fine = self._fits(row) and fine
        if fine and not self.grants():
            first = self.rows.entries[0].form.role
            first.errors = [
                _("Choose at least one role. Somebody who needs none leaves: close their account.")
            ]
            fine = False
        return fine

    def _fits(self, row: Any) -> bool:
        needed = UNIT_NEEDED.get(Role(row.role.data))
        unit = self._units.get(row.unit.data or "")
        if needed is None or (unit is not None and unit.kind is needed):
            return True
        row.unit.errors = [
            {
                UnitKind.SENDING: _("This role works in a sending unit: choose one."),
                UnitKind.COUNSELLING: _("This role works in a counselling unit: choose one."),
                UnitKind.OFFICE: _("This role works in an office: choose one."),
            }[needed]
        ]
        return False


class NewPersonForm(RolesForm, DetailsForm):
    """A new person: details and roles at once."""


class _Named(FlaskForm):
    """What has a name in three languages."""

    name_fi = _line(_l("Name in Finnish"), 120, _l("Write the name in Finnish."))
    name_sv = _line(_l("Name in Swedish"), 120, _l("Write the name in Swedish."))
    name_en = _line(_l("Name in English"), 120)
    seen = HiddenField(validators=[MARK])

    def name(self) -> dict[str, str]:
        """Return the name by language; where there is no English one, English readers get the Finnish."""
        said = {code: self[f"name_{code}"].data or "" for code in ("fi", "sv", "en")}
        return {code: text for code, text in said.items() if text}


class UnitForm(_Named):
    """A unit. Its kind is chosen once."""

    kind = _Select(_l("What the unit does"), choices=choices_of({k.value: v for k, v in UNIT_KINDS.items()}))
    organisation = _Select(_l("Organisation"))
    municipality = _Select(_l("Municipality"))
    service_area = _line(
        _l("Service area"), 60, description=_l("Of a sending unit: the county's figures are shown by it.")
    )
    phone = _line(_l("Phone"), 40, render_kw={"type": "tel"})
    mailbox = StringField(
        _l("Shared e-mail"),
        description=_l("Told of new referrals, never of who they are about. May be empty."),
        validators=[Length(max=254, message=_l("That is too long.")), _address, no_identity_code],
        filters=[_trimmed],
        render_kw={"type": "email", "spellcheck": "false"},
    )
    messages = RadioField(
        _l("When does the shared e-mail want messages?"),
        choices=choices_of({wish.value: label for wish, label in MESSAGE_WISHES.items()}),
        default=MessageWish.AT_ONCE.value,
        validators=[InputRequired(_l("Choose when."))],
    )
    shared_list = BooleanField(
        _l("Professionals of the unit see each other's referrals"),
        description=_l(
            "For units where several people care for the same clients. The unit's own decision: whoever opens "
            "another's referral is written into the log."
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a counselling unit has a municipality."""
        fine = bool(super().validate(extra_validators))
        if self.kind.data == UnitKind.COUNSELLING and not self.municipality.data:
            self.municipality.errors = [_("A counselling unit serves a municipality: choose it.")]
            fine = False
        return fine


class OrganisationForm(_Named):
    """An organisation. Its kind and municipality are chosen once."""

    kind = _Select(
        _l("Kind of organisation"), choices=choices_of({k.value: v for k, v in ORGANISATION_KINDS.items()})
    )
    municipality = _Select(_l("Municipality"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that a municipality is named where it is one."""
        fine = bool(super().validate(extra_validators))
        if self.kind.data == "municipality" and not self.municipality.data:
            self.municipality.errors = [_("Choose which municipality it is.")]
            fine = False
        return fine


class AcceptForm(FlaskForm):
    """A password and the first code of a new secret, of somebody who comes by a link."""

    password = PasswordField(
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
    offer = HiddenField(validators=[InputRequired(), Length(max=1000)])
