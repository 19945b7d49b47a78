"""Where the follow-up stands, on the page of a case."""

import datetime as dt
from dataclasses import dataclass

from flask import url_for

from referrals.municipality.follow_up import queries
from referrals.municipality.follow_up.pages import Course, course_of
from referrals.municipality.follow_up.views import answers_of
from referrals.municipality.inbox.case.sections import Asked, Place, Section
from servicetray.core import clock


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the section says."""

    course: Course
    today: dt.date
    page_url: str


def follow_up(asked: Asked) -> Section | None:
    """Return the section, where the client agreed and counselling has started."""
    file = asked.file
    rows = queries.of_case(file.id)
    if file.content is None or not file.content.follow_up or not rows:
        return None
    today = clock.helsinki_day(asked.now)
    answers = answers_of(rows, municipality_code=file.municipality_code)
    return Section(
        template="referrals/follow_up/section.html",
        data=Shown(
            course=course_of(file.kind_code, rows, answers, today=today),
            today=today,
            page_url=url_for("follow_up.follow_up", case_id=file.id),
        ),
        place=Place.WORK,
    )
