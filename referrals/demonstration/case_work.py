"""What invented advisers did beside their cases: appointments, plans and follow-ups."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from referrals.demonstration.course import CaseCourse
from referrals.demonstration.units import key
from referrals.moves import MoveCode
from referrals.municipality.appointments.models import AppointmentState
from referrals.municipality.appointments.operations import USUAL_MINUTES
from referrals.municipality.follow_up.models import How, NotMeasured
from referrals.municipality.follow_up.operations import seal_answer
from referrals.municipality.follow_up.points import EXERCISE, Measured, Point, due_days
from referrals.municipality.follow_up.queries import ENDING
from referrals.municipality.plan.models import LineKind
from referrals.municipality.plan.operations import LineContent
from referrals.municipality.plan.operations import seal as seal_line
from servicetray.core import clock

Row = dict[str, Any]

GOALS: Final = {
    "exercise": (
        "Jaksan kävellä kauppaan ja takaisin",
        "Liikun joka viikko, enkä yksin",
        "Pääsen portaat ylös ilman taukoa",
        "Löydän lajin, josta tulee hyvä mieli",
    ),
    "culture": (
        "Lähden kotoa kerran viikossa",
        "Löydän seuraa, jonka kanssa tehdä jotakin mukavaa",
        "Palaan käsitöiden pariin",
    ),
}
STEPS: Final = {
    "exercise": (
        "Kävelen kymmenen minuuttia joka arkipäivä",
        "Kokeilen vesijumppaa kerran",
        "Venyttelen aamulla sängyn laidalla",
        "Soitan kaverille ja pyydän mukaan kävelylle",
    ),
    "culture": (
        "Käyn kirjaston lukupiirissä kerran",
        "Kysyn naapuria mukaan näyttelyyn",
        "Kokeilen yhteislaulua",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Worked:
    """One invented case, as these rows need it."""

    case_id: uuid.UUID
    kind: str
    municipality: str
    handler: uuid.UUID
    course: CaseCourse
    follow_up: bool
    """The client agreed to it."""
    kept: bool
    """The content has not been erased."""
    until: dt.datetime
    """What would come later has not happened."""

    @property
    def rng(self) -> random.Random:
        """Chance of its own, so that everything else stays as it was."""
        return random.Random(str(self.case_id))  # noqa: S311 - invented lives


def appointment_rows(it: Worked) -> Iterator[Row]:
    """Yield the appointment that is agreed now."""
    course = it.course
    if course.appointment_at is None or course.appointment_form is None:
        return
    agreed = next(step.at for step in reversed(course.steps) if step.move is MoveCode.C2)
    yield {
        "id": key(f"appointment:{it.case_id}"),
        "case_id": it.case_id,
        "uid": key(f"appointment-uid:{it.case_id}"),
        "sequence": 0,
        "at": course.appointment_at,
        "minutes": USUAL_MINUTES[course.appointment_form],
        "form": course.appointment_form,
        "sealed_place": None,
        "agreed_at": agreed,
        "state": AppointmentState.AGREED,
        "changed_at": agreed,
    }


def plan_rows(it: Worked) -> Iterator[Row]:
    """Yield a goal and a step or two of every other counselling."""
    rng, started = it.rng, it.course.started_at
    if not it.kept or started is None or rng.random() < 0.5:  # noqa: PLR2004 - a share
        return
    lines = [(LineKind.GOAL, rng.choice(GOALS[it.kind]))]
    lines += [(LineKind.STEP, text) for text in rng.sample(STEPS[it.kind], rng.randint(1, 2))]
    added = started + dt.timedelta(minutes=20)
    for number, (kind, text) in enumerate(lines):
        identity = key(f"plan:{it.case_id}:{number}")
        done = started + dt.timedelta(days=14)
        if added >= it.until:
            return
        yield {
            "id": identity,
            "case_id": it.case_id,
            "kind": kind,
            "sealed": seal_line(LineContent(text=text), municipality_code=it.municipality, line_id=identity),
            "added_at": added + dt.timedelta(seconds=number),
            "added_by": it.handler,
            "done_at": done if kind is LineKind.STEP and rng.random() < 0.4 and done < it.until else None,  # noqa: PLR2004 - a share
        }


def follow_up_rows(it: Worked) -> Iterator[Row]:
    """Yield the points of a client who agreed: those of the past mostly asked, the others to come."""
    started, rng = it.course.started_at, it.rng
    if not it.kept or not it.follow_up or started is None or it.course.outcome in ENDING:
        return
    today, answer = clock.helsinki_day(it.until), _first(it.kind, rng)
    for point, due_on in due_days(clock.helsinki_day(started)).items():
        identity = key(f"follow-up:{it.case_id}:{point.value}")
        asked_on = due_on if point is Point.START else due_on + dt.timedelta(days=rng.randint(0, 20))
        asked_on = clock.next_working_day(asked_on)
        at = max(clock.day_start(asked_on) + dt.timedelta(hours=11), started + dt.timedelta(minutes=30))
        asked = asked_on < today and at < it.until
        missed = asked and point is not Point.START and rng.random() < 0.2  # noqa: PLR2004 - a share
        if asked and not missed and point is not Point.START:
            answer = _later(answer, rng)
        yield {
            "id": identity,
            "case_id": it.case_id,
            "point": point,
            "due_on": due_on,
            "measured_on": asked_on if asked else None,
            "how": rng.choice(list(How)) if asked and not missed else None,
            "not_measured": NotMeasured.NOT_REACHED if missed else None,
            "sealed": (
                seal_answer(answer, municipality_code=it.municipality, follow_up_id=identity)
                if asked and not missed
                else None
            ),
            "recorded_at": at if asked else None,
            "actor_id": it.handler if asked else None,
            "version": 1,
        }


def _first(kind: str, rng: random.Random) -> Measured:
    wellbeing = rng.randint(3, 7)
    if kind != EXERCISE:
        return Measured(wellbeing=wellbeing)
    return Measured(
        days=rng.randint(0, 3),
        minutes=rng.choice((0, 10, 15, 20, 30)),
        strength=rng.randint(0, 1),
        wellbeing=wellbeing,
    )


def _later(before: Measured, rng: random.Random) -> Measured:
    def moved(value: int | None, by: int, most: int) -> int | None:
        return None if value is None else max(0, min(most, value + by))

    return Measured(
        days=moved(before.days, rng.randint(-1, 2), 7),
        minutes=moved(before.minutes, rng.choice((-5, 0, 5, 10)), 90),
        strength=moved(before.strength, rng.randint(0, 1), 4),
        wellbeing=moved(before.wellbeing, rng.randint(-1, 2), 10),
    )
