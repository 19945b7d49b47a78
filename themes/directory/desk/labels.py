"""Words of the editors' desk of services."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from servicetray.core.pages import Text
from themes.directory.desk.hindrances import Hindrance
from themes.directory.desk.operations import FACETS, THEMES
from themes.directory.desk.queries import Pile
from themes.directory.models import ServiceStage, ServiceStatus
from themes.directory.own import CHANNELS, CHECKED, own_facet

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
STAGES: Final[Mapping[ServiceStage, Text]] = {
    ServiceStage.DRAFT: _lp("service state", "Draft"),
    ServiceStage.WAITING: _lp("service state", "Waits to be published"),
}
STAGE_COLOURS: Final = {ServiceStage.DRAFT: "neutral", ServiceStage.WAITING: "info"}

PILES: Final[Mapping[Pile, Text]] = {
    Pile.ALL: _lp("services", "All"),
    Pile.WAITING: _lp("services", "To be published"),
    Pile.TO_CHECK: _lp("services", "To be checked"),
    Pile.UNCHECKED: _lp("services", "Not shown, since unchecked"),
    Pile.LACKING: _lp("services", "Lacking something"),
    Pile.DRAFTS: _lp("services", "Drafts"),
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
    "easy": _lp("service field", "In easy language"),
}

FIELDS: Final[Mapping[str, Text]] = {
    **TEXTS,
    "price": _lp("service field", "Price"),
    "kaikukortti": _lp("service field", "Kaikukortti"),
    THEMES: _lp("service field", "Themes"),
    CHANNELS: _lp("service field", "Ways to reach it"),
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
                _lp("service field", "Languages in which it is given"),
            ),
            strict=True,
        )
    ),
}
"""Names of what may be changed here, as ``own_fields`` has them."""

WHY: Final[Mapping[Hindrance, Text]] = {
    Hindrance.RETIRED: _l("The national catalogue no longer has it, so it has ended here too."),
    Hindrance.DRAFT: _l("It is a draft: it has not been asked to be published."),
    Hindrance.WAITING: _l("It waits for an editor of content to publish it."),
    Hindrance.HIDDEN: _l("An editor has hidden it."),
    Hindrance.UNCHECKED: _l("Nobody has confirmed for 18 months that what is told of it holds."),
    Hindrance.NAMELESS: _l("It has no name in any language."),
    Hindrance.NO_WAY_ON: _l(
        "It tells no number, e-mail address, web page or place, so nobody can go on from its page."
    ),
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
    Hindrance.DRAFT: _l("Open it, write what is missing, and ask for it to be published."),
    Hindrance.WAITING: _l("An editor of content opens it, reads it and publishes it."),
    Hindrance.HIDDEN: _l("Open it and choose “Show to residents”."),
    Hindrance.UNCHECKED: _l("Read it through, mend what has changed, and confirm it. It is shown at once."),
    Hindrance.NAMELESS: _l("Open it and write its name."),
    Hindrance.NO_WAY_ON: _l("Open it and add a way to reach it."),
    Hindrance.NO_THEME: _l("Open it and choose its themes."),
    Hindrance.THEME_UNPUBLISHED: _l("Open it and choose a theme that is published."),
    Hindrance.ELSEWHERE: _l("Open it and choose the municipalities, if it is for people here."),
    Hindrance.NO_FINNISH: _l("Open it and write its texts in Finnish."),
    Hindrance.NO_SWEDISH: _l("Open it and write its texts in Swedish."),
}


@dataclass(frozen=True, kw_only=True)
class Need:
    """What each published service has, in the few words of a list, and as said at its field where it is missing."""

    word: Text
    sentence: Text


NEEDS: Final[Mapping[Hindrance, Need]] = {
    Hindrance.NAMELESS: Need(
        word=_lp("lacking", "a name"), sentence=_l("Write its name: residents know it by that.")
    ),
    Hindrance.NO_FINNISH: Need(
        word=_lp("lacking", "a name in Finnish"),
        sentence=_l("Write its name in Finnish: it is told in Finnish, and residents know it by its name."),
    ),
    Hindrance.NO_SWEDISH: Need(
        word=_lp("lacking", "a name in Swedish"),
        sentence=_l("Write its name in Swedish: it is told in Swedish, and residents know it by its name."),
    ),
    Hindrance.NO_THEME: Need(
        word=_lp("lacking", "a theme"),
        sentence=_l("Choose at least one theme: residents look for it there."),
    ),
    Hindrance.ELSEWHERE: Need(
        word=_lp("lacking", "a municipality"),
        sentence=_l("Choose at least one municipality: residents look for what is in their own."),
    ),
    Hindrance.NO_WAY_ON: Need(
        word=_lp("lacking", "a way to reach it"),
        sentence=_l(
            "Tell how it is reached: a number, an e-mail address, a web page or a place. It needs at least one."
        ),
    ),
}
