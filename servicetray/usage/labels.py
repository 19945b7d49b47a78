"""What is counted, in words."""

from flask_babel import lazy_pgettext as _lp

from servicetray.core.pages import Text
from servicetray.usage.models import Use

USES: dict[Use, Text] = {
    Use.VIEW: _lp("usage", "Pages read"),
    Use.SEARCH: _lp("usage", "Searches"),
    Use.EMPTY_SEARCH: _lp("usage", "Searches that found nothing"),
    Use.CARD: _lp("usage", "Wellbeing cards opened"),
    Use.PATH: _lp("usage", "Paths of Find help begun"),
    Use.OUTBOUND: _lp("usage", "Links followed out of the tray"),
}
