"""The words of follow-ups."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from referrals.municipality.follow_up.models import How, NotMeasured
from referrals.municipality.follow_up.points import Measure, Point
from servicetray.core.pages import Text

POINTS: dict[Point, Text] = {
    Point.START: _p("follow-up", "At the start"),
    Point.MONTHS_3: _p("follow-up", "3 months"),
    Point.MONTHS_6: _p("follow-up", "6 months"),
    Point.MONTHS_12: _p("follow-up", "12 months"),
}
MEASURES: dict[Measure, Text] = {
    Measure.DAYS: _l(
        "On how many days a week do you usually get moving, at least as briskly as a brisk walk?"
    ),
    Measure.MINUTES: _l("On such a day, how many minutes do you move?"),
    Measure.STRENGTH: _l("On how many days a week do you do something that strengthens your muscles?"),
    Measure.WELLBEING: _l("How are you doing now, from 0 (as badly as can be) to 10 (as well as can be)?"),
}
"""As they are asked."""
SHORT: dict[Measure, Text] = {
    Measure.DAYS: _l("Moves, days a week"),
    Measure.MINUTES: _l("Moves, minutes a day"),
    Measure.STRENGTH: _l("Strengthens muscles, days a week"),
    Measure.WELLBEING: _l("Own wellbeing, 0–10"),
}
HOW: dict[How, Text] = {
    How.PHONE: _p("follow-up", "By phone"),
    How.IN_PERSON: _p("follow-up", "In person"),
}
NOT_MEASURED: dict[NotMeasured, Text] = {
    NotMeasured.NOT_REACHED: _p("follow-up", "Not reached"),
    NotMeasured.DID_NOT_WANT: _p("follow-up", "Did not want to answer this time"),
    NotMeasured.NO_MORE: _p("follow-up", "Wants no more follow-up: the later ones are off, too"),
}
NOT_MEASURED_SHORT: dict[NotMeasured, Text] = {
    NotMeasured.NOT_REACHED: _p("follow-up", "Not reached"),
    NotMeasured.DID_NOT_WANT: _p("follow-up", "Did not want to"),
    NotMeasured.NO_MORE: _p("follow-up", "No more"),
}
