"""The forms of catchments and absences."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from referrals.administration.fields import Day, OneOfList, SeenForm, choices_of, say
from referrals.county.sending.openings import COUNSELLED_IN
from referrals.municipality.setting_up import Terms
from servicetray.core.pages import Text

OLDEST, LONGEST_WAIT = 120, 250
NOBODY = ""


class _Number(IntegerField):
    """A whole number that may be left out."""

    def __init__(self, label: Any, most: int, sentence: Any, **more: Any) -> None:
        within = NumberRange(0, most, message=sentence)
        super().__init__(label, validators=[Optional(), within], **more)
        self.sentence = sentence

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else is refused in the same words."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(self.sentence)) from None


class TermsForm(SeenForm):
    """On what terms a catchment takes referrals."""

    languages = SelectMultipleField(
        _l("Languages counselled in"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[],
    )
    min_age = _Number(_l("Youngest client, years"), OLDEST, _l("Write an age from 0 to 120."))
    max_age = _Number(
        _l("Oldest client, years"),
        OLDEST,
        _l("Write an age from 0 to 120."),
        description=_l("Leave empty where there is no limit."),
    )
    usual_wait_days = _Number(
        _l("Usual wait, working days"),
        LONGEST_WAIT,
        _l("Write a number of days from 0 to 250."),
        description=_l("Until the first contact. Senders see it before they fill in the form."),
    )
    closes_on = Day(
        _p("catchment", "Last day"),
        description=_l("The last day on which referrals are taken. Leave empty where there is no end."),
    )
    takes_non_residents = BooleanField(
        _l("Takes clients of other municipalities"),
        description=_l("Clients whose home municipality is another one may be sent here, too."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.languages.choices = choices_of(COUNSELLED_IN)

    @property
    def terms(self) -> Terms:
        """The terms, of a form that is valid."""
        return Terms(
            languages=tuple(self.languages.data or ()),
            closes_on=self.closes_on.data,
            usual_wait_days=self.usual_wait_days.data,
            min_age=self.min_age.data or 0,
            max_age=self.max_age.data,
            takes_non_residents=bool(self.takes_non_residents.data),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the ages are in order."""
        fine = bool(super().validate(extra_validators))
        if not self.languages.data:
            say(self.languages, _("Choose at least one language."))
            fine = False
        oldest = self.max_age.data
        if oldest is not None and oldest < (self.min_age.data or 0):
            say(self.max_age, _("The oldest would be younger than the youngest."))
            fine = False
        return fine


class NewCatchmentForm(TermsForm):
    """A unit begins to take a municipality's referrals of a kind."""

    kind = OneOfList(_l("Kind of referral"))
    municipality = OneOfList(_l("Municipality of the clients"))
    unit = OneOfList(_l("Unit that receives"))
    opens_on = Day(_p("catchment", "First day"), missing=_l("Choose the day."))

    def offer(
        self, kinds: Mapping[str, Text], municipalities: Mapping[str, Text], units: Mapping[uuid.UUID, Text]
    ) -> None:
        """Set what can be chosen."""
        self.kind.choices = choices_of(kinds)
        self.municipality.choices = choices_of(municipalities)
        self.unit.choices = choices_of({str(key): name for key, name in units.items()})


class AbsenceForm(FlaskForm):
    """Somebody is away from one day to another."""

    catchments = SelectMultipleField(
        _l("Which referrals wait"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    first_day = Day(_p("absence", "First day"), missing=_l("Choose the day."))
    last_day = Day(_p("absence", "Last day"), missing=_l("Choose the day."))
    substitute = OneOfList(
        _l("Who stands in"),
        default=NOBODY,
        description=_l("Whoever stands in sees and works these referrals on those days, and no longer."),
    )

    def offer(self, catchments: Mapping[uuid.UUID, Text], substitutes: Mapping[uuid.UUID, Text]) -> None:
        """Set what can be chosen."""
        self.catchments.choices = choices_of({str(key): name for key, name in catchments.items()})
        nobody = {NOBODY: _("Nobody: the referrals wait, and senders are told until when")}
        self.substitute.choices = choices_of(nobody | {str(key): name for key, name in substitutes.items()})

    @property
    def chosen(self) -> list[uuid.UUID]:
        """The catchments, of a form that is valid."""
        return [uuid.UUID(each) for each in self.catchments.data or ()]

    @property
    def substitute_id(self) -> uuid.UUID | None:
        """Who stands in, of a form that is valid."""
        return uuid.UUID(self.substitute.data) if self.substitute.data else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that the days are in order."""
        fine = bool(super().validate(extra_validators))
        if not self.catchments.data:
            say(self.catchments, _("Choose at least one."))
            fine = False
        first, last = self.first_day.data, self.last_day.data
        if first and last and last < first:
            say(self.last_day, _("The last day would be before the first."))
            fine = False
        return fine


def refuse(field: Field, sentence: str) -> None:
    """Put a sentence under a field, for what only the database knew."""
    say(field, sentence)
