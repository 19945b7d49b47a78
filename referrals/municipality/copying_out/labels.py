"""The words of what is copied out, where a line stands alone."""

from flask_babel import lazy_pgettext as _p

from referrals.municipality.plan.queries import LineKind
from servicetray.core.pages import Text

LINES: dict[LineKind, Text] = {
    LineKind.GOAL: _p("copy-out", "Goal"),
    LineKind.STEP: _p("copy-out", "Step"),
    LineKind.SERVICE: _p("copy-out", "Service"),
}
