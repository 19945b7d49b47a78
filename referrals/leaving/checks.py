"""Numbers of what is left, in words; and telling the leads of cases that have nobody any more."""

import datetime as dt
import uuid
from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from referrals import notifications
from referrals.call_times import leaving as call_times
from referrals.county import leaving as county
from referrals.municipality import leaving as municipality
from referrals.municipality import queries as catchments
from servicetray.accounts import queries as accounts
from servicetray.accounts.administration.remains import Remaining
from servicetray.accounts.queries import User
from servicetray.audit.operations import Actor
from servicetray.core import clock
from servicetray.core.access import Permission
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language


def held_by_person(user_id: uuid.UUID, now: dt.datetime) -> Sequence[Remaining]:
    """Say what somebody still holds: open cases by unit, returned referrals, drafts, call times, absences."""
    today = clock.helsinki(now).date()
    found = [_cases(unit_id, count) for unit_id, count in municipality.open_cases_by_unit(user_id).items()]
    if number := county.returned_to(user_id):
        found.append(
            Remaining(
                what=ngettext(
                    "One returned referral waits for them.",
                    "%(num)s returned referrals wait for them.",
                    number,
                ),
                how=_(
                    "They can still mend and send these. Later only the unit can, where it has a shared list."
                ),
            )
        )
    if number := sum(county.protected_by_unit(user_id).values()):
        person = accounts.user(user_id)
        has_left = person is not None and not person.active
        found.append(
            Remaining(
                what=ngettext(
                    "One open referral of a protected client, which nobody else in the unit sees.",
                    "%(num)s open referrals of protected clients, which nobody else in the unit sees.",
                    number,
                ),
                how=""
                if has_left
                else _("When the account is closed, you choose a colleague who takes these over."),
                url=url_for("administration_leaving.protected", user_id=user_id) if has_left else "",
                way=_("Choose who takes these over"),
            )
        )
    if number := county.drafts_of(user_id, now=now):
        found.append(
            Remaining(
                what=ngettext("One unsent form.", "%(num)s unsent forms.", number),
                how=_("Only they can send these. What is not sent is erased after two weeks."),
            )
        )
    if number := call_times.patterns_of_adviser(user_id, on=today):
        found.append(
            Remaining(
                what=ngettext(
                    "Call times in their name: one entry.",
                    "Call times in their name: %(num)s entries.",
                    number,
                ),
                how=_("Their unit ends these or gives them to somebody else."),
            )
        )
    if number := municipality.stands_in(user_id, on=today):
        found.append(
            Remaining(
                what=ngettext(
                    "They stand in for one absence.", "They stand in for %(num)s absences.", number
                ),
                how=_("The lead of the unit names somebody else."),
            )
        )
    return tuple(found)


def left_in_unit(unit_id: uuid.UUID, now: dt.datetime) -> Sequence[Remaining]:
    """Say what keeps a unit from being closed: open catchments, waiting referrals, open cases."""
    today = clock.helsinki(now).date()
    found = []
    if number := municipality.open_catchments_of(unit_id, on=today):
        found.append(
            Remaining(
                what=ngettext("One catchment is open.", "%(num)s catchments are open.", number),
                how=_("Close these first, so that nothing new comes."),
            )
        )
    places = [place.id for place in catchments.catchments_of(frozenset({unit_id}))]
    if number := county.waiting_for(places):
        found.append(
            Remaining(
                what=ngettext(
                    "One referral waits to be taken.", "%(num)s referrals wait to be taken.", number
                ),
                how=_("The unit takes, returns or offers these to another municipality."),
            )
        )
    if number := municipality.open_cases_in_unit(unit_id):
        found.append(
            Remaining(
                what=ngettext("One case is open.", "%(num)s cases are open.", number),
                how=_("The unit's people close these, or agree on them with the client."),
            )
        )
    return tuple(found)


def tell_leads(user: User, actor: Actor | None, now: dt.datetime) -> None:
    """Tell the leads of each unit how many open cases have nobody, now that somebody has left."""
    del actor
    for unit_id, count in municipality.open_cases_by_unit(user.id).items():
        notifications.tell_leads_of_leaver(unit_id, cases=count, leaver=user, now=now)


def _cases(unit_id: uuid.UUID, count: int) -> Remaining:
    unit = accounts.unit(unit_id)
    leads = ", ".join(person.name for person in accounts.workers_of(unit_id, Permission.INBOX_LEAD))
    name = in_language(unit.name if unit else None, current_language()).text
    return Remaining(
        what=ngettext("%(unit)s: one open case.", "%(unit)s: %(num)s open cases.", count, unit=name),
        how=_("The unit's lead moves these in the inbox: %(leads)s.", leads=leads)
        if leads
        else _("The unit has no lead: give somebody the role, so that these can be moved."),
    )
