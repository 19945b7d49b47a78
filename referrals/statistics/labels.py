"""Words for measures, dimensions and their values."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from referrals.moves import Outcome
from referrals.statistics.counting import Measure
from servicetray.core.pages import Text

MEASURES: dict[Measure, Text] = {
    Measure.REFERRALS: _lp("figures", "Referrals"),
    Measure.VOIDED: _lp("figures", "Entered in error"),
    Measure.RESENT: _lp("figures", "Sent again"),
    Measure.ACCEPTED: _lp("figures", "Accepted"),
    Measure.REACHED: _lp("figures", "Client reached"),
    Measure.STARTED: _lp("figures", "Counselling begun"),
    Measure.CLOSED: _lp("figures", "Closed"),
    Measure.REOPENED: _lp("figures", "Opened again"),
    Measure.RETURNED: _lp("figures", "Returned to sender"),
    Measure.CANCELLED: _lp("figures", "Cancelled"),
    Measure.EXPIRED: _lp("figures", "Return ran out"),
    Measure.WITHDRAWN: _lp("figures", "Consent withdrawn"),
    Measure.TRANSFERRED_IN: _lp("figures", "Transferred here"),
    Measure.TRANSFERRED_OUT: _lp("figures", "Transferred elsewhere"),
    Measure.OPEN_AT_START: _lp("figures", "Open at the start"),
    Measure.IN: _lp("figures", "Came in"),
    Measure.OUT: _lp("figures", "Went out"),
    Measure.OPEN_AT_END: _lp("figures", "Open at the end"),
    Measure.DAYS_TO_ACCEPTED: _l("Working days to acceptance, median"),
    Measure.DAYS_TO_REACHED: _l("Working days to first contact, median"),
    Measure.CLAIMS: _lp("figures", "Taken up"),
    Measure.CLAIMED_IN_WEEK: _lp("figures", "Taken up within 7 days"),
    Measure.LOOPS: _lp("figures", "Ends that a sender waits to hear of"),
    Measure.LOOPS_CLOSED: _lp("figures", "Ends of which the sender knows"),
}

OUTCOMES: dict[Outcome, Text] = {
    Outcome.COMPLETED: _lp("figures outcome", "Counselling completed"),
    Outcome.NOT_REACHED: _lp("figures outcome", "Client not reached"),
    Outcome.DID_NOT_WANT: _lp("figures outcome", "Client did not want counselling"),
    Outcome.INTERRUPTED: _lp("figures outcome", "Counselling interrupted"),
    Outcome.MOVED: _lp("figures outcome", "Client moved away"),
    Outcome.REFERRED_ON: _lp("figures outcome", "Referred to another service"),
    Outcome.NOT_ELIGIBLE: _lp("figures outcome", "Not in the target group"),
    Outcome.DUPLICATE: _lp("figures outcome", "Had an open referral already"),
    Outcome.DECEASED: _lp("figures outcome", "Client died"),
    Outcome.OTHER: _lp("figures outcome", "Another reason"),
    Outcome.WITHDRAWN: _lp("figures outcome", "Consent withdrawn"),
    Outcome.RETURNED: _lp("figures outcome", "Returned to sender"),
    Outcome.TRANSFERRED: _lp("figures outcome", "Transferred to another municipality"),
}
