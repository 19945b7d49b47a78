"""The groups of a client in the copy of a case: what the municipality knows of them through the case."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from referrals.enrolment import queries
from referrals.enrolment.labels import STATES
from referrals.municipality.queries import Case
from referrals.rights.parts import Part, add_case_part
from referrals.rights.parts_held import fact
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language


def register() -> None:
    """Add the part to the copy of a case."""
    add_case_part("groups", _groups)


def _groups(row: Case) -> Part:
    return Part(
        name="groups",
        title=_l("Groups in which the adviser enrolled you"),
        entries=[
            [
                fact("group", _l("Group"), in_language(each.group.name, current_language()).text),
                fact("enrolled_at", _lp("log", "When"), each.enrolment.enrolled_at),
                fact("state", _lp("rights", "State"), each.enrolment.state, STATES[each.enrolment.state]),
                fact(
                    "first_attended_on",
                    _lp("rights", "First came"),
                    each.enrolment.first_attended_on.isoformat() if each.enrolment.first_attended_on else "",
                ),
            ]
            for each in queries.of_cases([row.id])
        ],
    )
