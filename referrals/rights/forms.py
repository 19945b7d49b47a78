"""The forms of the data protection officers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than the library
from wtforms.validators import InputRequired, Length, ValidationError

from referrals.breaches.operations import LONGEST
from referrals.client.forms import check_year
from referrals.county.content import ContactPerson
from referrals.county.sending.fields import AnyOf, OneInList, OneOf, TextBox, TextLine
from referrals.county.sending.forms import AtMost, Filled
from referrals.municipality.inbox.forms import DAY_FORMATS, TIME_FORMATS, Day, Time, offer
from referrals.rights import labels
from referrals.rights.correcting import FIELDS
from servicetray.core import clock

LONGEST_REASON = 500
LINES = ("first_name", "last_name", "phone", "email", "address", "best_time", "language", "interpreter")
PERSON = ("contact_name", "contact_relation", "contact_phone")
BOXES = ("own_wish", "what_to_heed")
LISTS = ("reasons", "interests")


class ConfirmForm(FlaskForm):
    """A press of a button, nothing else."""


class RestrictForm(FlaskForm):
    """Restrict the use of a record."""

    ground = OneOf(
        _l("Why is the use restricted?"),
        choices=offer(labels.RESTRICTION_GROUNDS),
        validators=[Filled(_l("Choose why."))],
    )


class HoldForm(FlaskForm):
    """Stop the erasing of a record."""

    reason = TextBox(
        _l("Why must it not be erased?"),
        description=_l("For example the case number of a court or an authority. Kept encrypted."),
        validators=[Filled(_l("Write why it must not be erased.")), AtMost(LONGEST_REASON)],
    )


class EraseForm(FlaskForm):
    """Erase a record before its term."""

    erase_ground = OneOf(
        _l("Why is it erased now?"),
        choices=offer(labels.ERASURE_GROUNDS),
        validators=[Filled(_l("Choose why."))],
    )
    sure = BooleanField(
        _l("I understand that it can't be brought back"),
        validators=[InputRequired(_l("Mark that you understand it: what is erased is gone."))],
    )


class WithdrawForm(FlaskForm):
    """Write down that the client takes the permission back."""

    heard = BooleanField(
        _l("I have heard it from the client, or from who decides for them"),
        validators=[InputRequired(_l("Mark that you have heard it from the client."))],
    )


class RectifyForm(FlaskForm):
    """What the record says of the client, each field open to be corrected."""

    first_name = TextLine(
        labels.FIELDS["first_name"], validators=[Filled(_l("Write the first name.")), AtMost(60)]
    )
    last_name = TextLine(
        labels.FIELDS["last_name"], validators=[Filled(_l("Write the last name.")), AtMost(60)]
    )
    birth_year = TextLine(
        labels.FIELDS["birth_year"], validators=[Filled(_l("Write the year of birth.")), check_year]
    )
    phone = TextLine(labels.FIELDS["phone"], validators=[AtMost(40)])
    email = TextLine(labels.FIELDS["email"], validators=[AtMost(200)])
    address = TextLine(labels.FIELDS["address"], validators=[AtMost(200)])
    contact_person = TextLine(labels.FIELDS["contact_person"], validators=[AtMost(240)])
    contact_name = TextLine(labels.FIELDS["contact_person.name"], validators=[AtMost(120)])
    contact_relation = TextLine(labels.FIELDS["contact_person.relation"], validators=[AtMost(60)])
    contact_phone = TextLine(labels.FIELDS["contact_person.phone"], validators=[AtMost(40)])
    home_municipality = OneInList(
        labels.FIELDS["home_municipality"],
        description=_l("A correction moves nothing: the client is counselled where they are now."),
        choices=[],
    )
    best_time = TextLine(labels.FIELDS["best_time"], validators=[AtMost(40)])
    language = TextLine(
        labels.FIELDS["language"],
        description=_l("fi, sv, en, fse, fss, or another language written out."),
        validators=[Filled(_l("Write which language.")), AtMost(60)],
    )
    interpreter = TextLine(labels.FIELDS["interpreter"], validators=[AtMost(100)])
    reasons = AnyOf(labels.FIELDS["reasons"], choices=[])
    interests = AnyOf(labels.FIELDS["interests"], choices=[])
    own_wish = TextBox(labels.FIELDS["own_wish"], validators=[AtMost(300)])
    what_to_heed = TextBox(labels.FIELDS["what_to_heed"], validators=[AtMost(300)])
    noted = FieldList(
        TextBox(
            labels.FIELDS["note"], validators=[Filled(_l("Write what the note is to say.")), AtMost(4000)]
        )
    )
    reason = TextBox(
        _l("Why is it corrected?"),
        description=_l("Kept encrypted beside the values before, for 90 days."),
        validators=[Filled(_l("Write why it is corrected.")), AtMost(LONGEST_REASON)],
    )

    def __init__(
        self,
        formdata: MultiDict[str, str] | None = None,
        *,
        kind_code: str,
        names: Mapping[tuple[str, str], str],
        held: Sequence[str] = (),
        homes: Mapping[str, str],
        in_parts: bool,
        **kwargs: Any,
    ) -> None:
        """Make the form with the choices of one record.

        Args:
            formdata: what was typed; None for a form that is shown first.
            kind_code: whose reasons and interests are offered,
            names: their names in the reader's language,
            held: and those that the record holds already.
            homes: municipalities of residence by code, the empty one first.
            in_parts: whether the record has name, relation and phone of the contact person apart.
            kwargs: as for every form.
        """
        self._homes = homes
        known = {code: name for (kind, code), name in names.items() if kind == kind_code}
        known |= {code: code for code in held if code not in known}
        self._known = [SelectChoice(value=code, label=name) for code, name in known.items()]
        super().__init__(formdata, **kwargs)
        for name in ("contact_person",) if in_parts else PERSON:
            del self[name]

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Give the lists their choices, then take in what was typed."""
        self.reasons.choices = self.interests.choices = self._known
        self.home_municipality.choices = [
            SelectChoice(value=code, label=name) for code, name in self._homes.items()
        ]
        super().process(*args, **kwargs)

    def validate_contact_name(self, field: TextLine) -> None:
        """Ask for all three of a contact person, or none."""
        told = [bool(self[name].data) for name in PERSON]
        if any(told) and not all(told):
            raise ValidationError(
                _("Write the contact person's name, relation to the client and phone, or none.")
            )
        del field

    @property
    def person(self) -> ContactPerson | str | None:
        """The contact person as the record has it, of a form that is valid."""
        if "contact_person" in self:
            return self.contact_person.data or ""
        if not self.contact_name.data:
            return None
        return ContactPerson(
            name=self.contact_name.data,
            relation=self.contact_relation.data or "",
            phone=self.contact_phone.data or "",
        )

    @property
    def values(self) -> dict[str, Any]:
        """What the record is to say, of a form that is valid."""
        told: dict[str, Any] = {name: self[name].data or "" for name in (*LINES, *BOXES)}
        told["birth_year"] = int(self.birth_year.data or 0)
        told["contact_person"] = self.person
        told["home_municipality"] = self.home_municipality.data or ""
        for name in LISTS:
            told[name] = tuple(self[name].data or ())
        return {name: told[name] for name in FIELDS}


class AssessForm(FlaskForm):
    """What a breach means, and what was done."""

    risk = OneOf(
        _l("What does it mean for the client?"),
        choices=offer(labels.RISKS),
        validators=[Filled(_l("Choose what it means for the client."))],
    )
    text = TextBox(
        _l("What happened, what followed, what was done"),
        description=_l("Kept encrypted. The supervisory authority may ask to read it."),
        validators=[
            Filled(_l("Write what happened and what was done.")),
            Length(max=LONGEST, message=_l("That is too long: at most %(max)d characters.")),
        ],
    )


class ToldForm(FlaskForm):
    """When somebody was told of a breach."""

    day = Day(
        _lp("appointment", "Day"), format=DAY_FORMATS, validators=[InputRequired(_l("Choose the day."))]
    )
    time = Time(
        _lp("breach", "Time"),
        format=TIME_FORMATS,
        validators=[InputRequired(_l("Write the time like this: 9.30."))],
    )

    def validate_day(self, field: Day) -> None:
        """Refuse a day to come."""
        if field.data and field.data > clock.helsinki_day(clock.now()):
            raise ValidationError(_("That day is still to come."))

    @property
    def at(self) -> dt.datetime:
        """The instant, of a form that is valid."""
        assert self.day.data is not None
        assert self.time.data is not None
        return dt.datetime.combine(self.day.data, self.time.data, tzinfo=clock.HELSINKI).astimezone(dt.UTC)
