"""Feedback in words."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from servicetray.core.anonymous import FormProblem
from servicetray.core.pages import Text
from themes.feedback.models import State, Topic

TOPICS: dict[Topic, Text] = {
    Topic.SERVICE: _l("Something is wrong or missing in what you tell of a service"),
    Topic.ACCESSIBILITY: _l("The site is hard or impossible for me to use"),
    Topic.IDEA: _l("I have an idea or a wish"),
    Topic.OTHER: _l("Something else"),
}
SHORT: dict[Topic, Text] = {
    Topic.SERVICE: _lp("feedback", "Service"),
    Topic.ACCESSIBILITY: _lp("feedback", "Accessibility"),
    Topic.IDEA: _lp("feedback", "Idea"),
    Topic.OTHER: _lp("feedback", "Other"),
}
STATES: dict[State, Text] = {
    State.NEW: _lp("feedback", "New"),
    State.ANSWERED: _lp("feedback", "Answered"),
    State.CLOSED: _lp("feedback", "Closed"),
}
COLOURS = {State.NEW: "info", State.ANSWERED: "success", State.CLOSED: "neutral"}
PROBLEMS: dict[FormProblem, Text] = {
    FormProblem.FORGED: _l(
        "We could not see that this came from this page. Read it through and send once more."
    ),
    FormProblem.TOO_OLD: _l("The page had been open for a long time. Read it through and send once more."),
    FormProblem.TOO_FAST: _l("That was very quick. Read it through and send once more."),
    FormProblem.TRAPPED: _l(
        "Something in your browser filled in a field that people don't see. Send once more."
    ),
}
