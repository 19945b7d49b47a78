"""Areas of the staff navigation to which several features belong."""

from typing import Final

from flask_babel import lazy_pgettext as _p

from servicetray.core.pages import NavArea

CONTENT: Final = NavArea(name="content", label=_p("staff navigation", "Content"))
"""What editors keep: events, groups, paths, words of the search, feedback."""
FIGURES: Final = NavArea(name="figures", label=_p("staff navigation", "Figures"))
"""What is counted: referrals, monthly reports, the use of the tray."""
