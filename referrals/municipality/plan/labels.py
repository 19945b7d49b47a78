"""The words of a plan."""

from flask_babel import lazy_pgettext as _p

from referrals.municipality.plan.models import LineKind
from servicetray.core.pages import Text

KINDS: dict[LineKind, Text] = {
    LineKind.GOAL: _p("plan", "Goal"),
    LineKind.STEP: _p("plan", "Step"),
    LineKind.SERVICE: _p("plan", "Service"),
}
HEADINGS: dict[LineKind, Text] = {
    LineKind.GOAL: _p("plan", "Goals"),
    LineKind.STEP: _p("plan", "Steps"),
    LineKind.SERVICE: _p("plan", "Services"),
}
