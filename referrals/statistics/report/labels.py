"""What codes are called in a language: kinds that are no longer active, too."""

from referrals.kinds import queries as kinds
from referrals.statistics.report.numbers import Numbers
from referrals.statistics.report.story import Names
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities


def names_in(language: str, numbers: Numbers) -> Names:
    """Return the names that a report of these numbers needs; a code without a name stands for itself."""
    known = {kind.code: in_language(kind.name, language).text for kind in kinds.kinds()}
    towns = municipalities()
    return Names(
        kinds={code: known.get(code, code) for code in numbers.kinds},
        places={town.code: in_language(town.name, language).text for town in towns},
        places_in={town.code: in_language(town.name_in, language).text for town in towns},
        reasons=kinds.reason_names(language),
    )
