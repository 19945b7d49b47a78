"""The form that chooses kind and period."""

import datetime as dt
from collections.abc import Mapping, Sequence

from flask_babel import lazy_pgettext as _lp
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from servicetray.core import period_forms
from servicetray.core.periods import Period


class PeriodForm(period_forms.PeriodForm):
    """A kind and a free period."""

    laji = SelectField(_lp("figures", "Referral"), validate_choice=True)


def period_form(
    arguments: Mapping[str, str], *, kinds: Sequence[tuple[str, str]], today: dt.date
) -> PeriodForm:
    """Return the form as the address fills it; what the address doesn't say is this year, of the first kind."""
    known = [code for code, _ in kinds]
    asked = MultiDict(
        {
            "laji": known[0] if known else "",
            **period_forms.days_asked(arguments, unasked=Period(start_of_year(today), today)),
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
