"""The agreed appointment on the page of a case: where, how long, and its calendar file."""

from dataclasses import dataclass

from flask import url_for

from referrals.municipality.appointments import operations, queries
from referrals.municipality.inbox.case.sections import Asked, Place, Section


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the section says."""

    minutes: int
    place: str
    page_url: str
    file_url: str
    """Empty for a protected client."""


def appointment(asked: Asked) -> Section | None:
    """Return the section, where a time is agreed or was."""
    file = asked.file
    standing = queries.standing(file.id)
    if standing is None:
        return None
    return Section(
        template="referrals/appointments/section.html",
        data=Shown(
            minutes=standing.minutes,
            place=operations.place_of(standing, municipality_code=file.municipality_code),
            page_url=url_for("appointments.appointments", case_id=file.id),
            file_url=(
                ""
                if file.protected
                else url_for("appointments.calendar", case_id=file.id, appointment_id=standing.id)
            ),
        ),
        place=Place.NEXT,
    )
