"""The form that chooses a period; sent by GET, so that the address can be kept."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from servicetray.core.periods import Period

MOST_YEARS: Final = 10
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
    """A free period; a form that asks for more than it inherits from it."""

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
        if last.year - first.year > MOST_YEARS:
            raise ValidationError(str(_l("Choose at most ten years at a time.")))

    @property
    def period(self) -> Period:
        """The period chosen; ask only a form that is valid."""
        first, last = self.alku.data, self.loppu.data
        assert first is not None
        assert last is not None
        return Period(first, last)


def days_asked(arguments: Mapping[str, str], *, unasked: Period) -> dict[str, str]:
    """Return both days as the address has them; what it doesn't say is that of ``unasked``."""
    asked = {"alku": unasked.first.isoformat(), "loppu": unasked.last.isoformat()}
    return asked | {name: arguments[name] for name in asked if name in arguments}
