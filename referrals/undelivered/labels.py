"""Words for why a message has not left."""

from flask_babel import lazy_gettext as _l

from referrals.undelivered.queries import Problem

PROBLEMS = {
    Problem.REFUSED: _l("The receiving mail server does not take it. Check the address."),
    Problem.AWAY: _l("The mail server does not answer."),
    Problem.NOT_TRIED: _l("It waits for its turn."),
    Problem.OTHER: _l("Something went wrong on the way."),
}
