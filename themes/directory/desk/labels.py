"""Words of the editors' desk of services."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from servicetray.core.pages import Text
from themes.directory.desk.hindrances import Hindrance
from themes.directory.desk.operations import CHECKED, FACETS, THEMES
from themes.directory.desk.queries import Pile
from themes.directory.models import ServiceStatus
from themes.directory.operations import own_facet

STATES: Final[Mapping[ServiceStatus, Text]] = {
    ServiceStatus.PUBLISHED: _lp("service state", "Published"),
    ServiceStatus.HIDDEN: _lp("service state", "Hidden"),
    ServiceStatus.RETIRED: _lp("service state", "Ended"),
}
STATE_COLOURS: Final = {
    ServiceStatus.PUBLISHED: "success",
    ServiceStatus.HIDDEN: "warning",
    ServiceStatus.RETIRED: "neutral",
}

PILES: Final[Mapping[Pile, Text]] = {
    Pile.ALL: _lp("services", "All"),
    Pile.TO_CHECK: _lp("services", "To be checked"),
    Pile.UNCHECKED: _lp("services", "Not shown, since unchecked"),
    Pile.HIDDEN: _lp("services", "Hidden"),
    Pile.RETIRED: _lp("services", "Ended"),
}

TEXTS: Final[Mapping[str, Text]] = {
    "name": _lp("service field", "Name"),
    "summary": _lp("service field", "In one sentence"),
    "description": _lp("service field", "What it is"),
    "for_whom": _lp("service field", "For whom"),
    "whenabouts": _lp("service field", "When"),
    "whereabouts": _lp("service field", "Where"),
    "price_details": _lp("service field", "What it costs"),
    "instructions": _lp("service field", "How to come along"),
}

FIELDS: Final[Mapping[str, Text]] = {
    **TEXTS,
    "price": _lp("service field", "Price"),
    "kaikukortti": _lp("service field", "Kaikukortti"),
    THEMES: _lp("service field", "Themes"),
    CHECKED: _lp("service field", "Day of checking"),
    **dict(
        zip(
            (own_facet(facet) for facet in FACETS),
            (
                _lp("service field", "Municipalities"),
                _lp("service field", "Stages of life"),
                _lp("service field", "Target groups"),
                _lp("service field", "How it is given"),
                _lp("service field", "Accessibility"),
            ),
            strict=True,
        )
    ),
}
"""Names of what may be changed here, as ``own_fields`` has them."""

WHY: Final[Mapping[Hindrance, Text]] = {
    Hindrance.RETIRED: _l("The national catalogue no longer has it, so it has ended here too."),
    Hindrance.HIDDEN: _l("An editor has hidden it."),
    Hindrance.UNCHECKED: _l("Nobody has confirmed for 18 months that what is told of it holds."),
    Hindrance.NAMELESS: _l("It has no name in any language."),
    Hindrance.NO_THEME: _l("It has no theme, so it is on no theme's page."),
    Hindrance.THEME_UNPUBLISHED: _l("Its themes have not been published yet, so it is on no theme's page."),
    Hindrance.ELSEWHERE: _l("It serves none of our municipalities, so nobody finds it by municipality."),
    Hindrance.NO_FINNISH: _l("It has no name in Finnish. Finnish pages show it in another language."),
    Hindrance.NO_SWEDISH: _l("It has no name in Swedish. Swedish pages show it in another language."),
}
MEND: Final[Mapping[Hindrance, Text]] = {
    Hindrance.RETIRED: _l(
        "If it goes on, its provider publishes it in the catalogue again; it returns by itself."
    ),
    Hindrance.HIDDEN: _l("Open it and choose “Show to residents”."),
    Hindrance.UNCHECKED: _l("Read it through, mend what has changed, and confirm it. It is shown at once."),
    Hindrance.NAMELESS: _l("Open it and write its name."),
    Hindrance.NO_THEME: _l("Open it and choose its themes."),
    Hindrance.THEME_UNPUBLISHED: _l("Open it and choose a theme that is published."),
    Hindrance.ELSEWHERE: _l("Open it and choose the municipalities, if it is for people here."),
    Hindrance.NO_FINNISH: _l("Open it and write its texts in Finnish."),
    Hindrance.NO_SWEDISH: _l("Open it and write its texts in Swedish."),
}
