"""The groups of a client on the page of their case: place or waiting list, and when they first came."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from referrals.enrolment import queries
from referrals.enrolment.labels import COLOURS, STATES
from referrals.enrolment.models import EnrolmentState
from referrals.municipality.inbox.case.sections import Asked, Place, Section
from servicetray.core.db import Localized, in_language
from servicetray.core.i18n import current_language
from servicetray.core.pages import Text


@dataclass(frozen=True, kw_only=True)
class Line:
    """One group."""

    id: uuid.UUID
    name: Localized
    url: str
    state: Text
    colour: str
    place_in_line: int
    first_attended_on: dt.date | None
    cancel_url: str
    """Empty where there is nothing to cancel."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the section says."""

    lines: Sequence[Line]
    enrol_url: str
    """Empty where the client can't be enrolled."""


def groups(asked: Asked) -> Section | None:
    """Return the section: for an open case always, for a closed one where the client was enrolled."""
    file = asked.file
    found = queries.of_cases([file.id])
    may_enrol = file.is_open and file.content is not None and not file.protected
    if not found and not may_enrol:
        return None
    return Section(
        template="referrals/enrolment/section.html",
        data=Shown(
            lines=[
                Line(
                    id=each.enrolment.id,
                    name=in_language(each.group.name, current_language()),
                    url=url_for("happenings.group", happening_id=each.group.id),
                    state=STATES[each.enrolment.state],
                    colour=COLOURS[each.enrolment.state],
                    place_in_line=queries.place_in_line(each.enrolment),
                    first_attended_on=each.enrolment.first_attended_on,
                    cancel_url=(
                        url_for("client_groups.cancel", case_id=file.id, enrolment_id=each.enrolment.id)
                        if file.is_open and each.enrolment.state is not EnrolmentState.CANCELLED
                        else ""
                    ),
                )
                for each in found
            ],
            enrol_url=url_for("client_groups.choose", case_id=file.id) if may_enrol else "",
        ),
        place=Place.ASIDE,
    )
