"""The form that chooses kind and period."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, ValidationError

from referrals.statistics.periods import Period

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
    """A kind and a free period; sent by GET, so that the address can be kept."""

    class Meta:
        """Reading changes nothing, so it needs no token."""

        csrf = False

    laji = SelectField(_lp("figures", "Referral"), validate_choice=True)
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


def period_form(
    arguments: Mapping[str, str], *, kinds: Sequence[tuple[str, str]], today: dt.date
) -> PeriodForm:
    """Return the form as the address fills it; what the address doesn't say is this year, of the first kind."""
    known = [code for code, _ in kinds]
    asked = MultiDict(
        {
            "laji": known[0] if known else "",
            "alku": start_of_year(today).isoformat(),
            "loppu": today.isoformat(),
            **{name: arguments[name] for name in ("alku", "loppu") if name in arguments},
        }
    )
    if arguments.get("laji") in known:
        asked["laji"] = arguments["laji"]
    form = PeriodForm(asked)
    form.laji.choices = list(kinds)
    return form


def start_of_year(today: dt.date) -> dt.date:
    """Return 1 January of this year, in January of the last one: a page with one week tells little."""
    year = today.year if today.month > 1 else today.year - 1
    return dt.date(year, 1, 1)
