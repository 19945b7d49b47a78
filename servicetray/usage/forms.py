"""The form that chooses a period; sent by GET, so that the address can be kept."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from servicetray.usage.periods import Period

DAYS: Final = 30
MOST_DAYS: Final = 3700
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100


class DayField(DateField):
    """A day as browsers send it, with an error that says how to write one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; one that nobody can have meant is refused here, before it is counted with."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_l("Write the day as year-month-day, such as 2024-12-31."))) from error
        if self.data is not None and not FIRST_YEAR <= self.data.year < LAST_YEAR:
            self.data = None
            raise ValueError(str(_l("There are no figures of that year.")))


class PeriodForm(FlaskForm):
    """A free period."""

    class Meta:
        """Reading changes nothing, so it needs no token."""

        csrf = False

    alku = DayField(_l("First day"), validators=[InputRequired(_l("Write the first day of the period."))])
    loppu = DayField(_l("Last day"), validators=[InputRequired(_l("Write the last day of the period."))])

    def validate_loppu(self, field: DayField) -> None:
        """Refuse a period that ends before it begins, or that is longer than ten years."""
        first, last = self.alku.data, field.data
        if first is None or last is None:
            return
        if last < first:
            raise ValidationError(str(_l("The period ends before it begins. Change one of the days.")))
        if (last - first).days >= MOST_DAYS:
            raise ValidationError(str(_l("Choose at most ten years at a time.")))

    @property
    def period(self) -> Period:
        """The period chosen; ask only a form that is valid."""
        first, last = self.alku.data, self.loppu.data
        assert first is not None
        assert last is not None
        return Period(first, last)


def period_form(arguments: Mapping[str, str], *, today: dt.date) -> PeriodForm:
    """Return the form as the address fills it; what the address doesn't say is the last thirty days."""
    first = today - dt.timedelta(days=DAYS - 1)
    asked = {"alku": first.isoformat(), "loppu": today.isoformat()}
    asked |= {name: arguments[name] for name in asked if name in arguments}
    return PeriodForm(MultiDict(asked))
