"""Words for what is wrong with a path, for what an end points to, and for the state of a path."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from servicetray.core.pages import Text
from themes.guided_paths.faults import Fault, FaultKind
from themes.guided_paths.tree import TargetKind

TARGETS: dict[TargetKind, Text] = {
    TargetKind.PROGRAMME: _l("Self-care programme"),
    TargetKind.TOOL: _l("By yourself"),
    TargetKind.THEME: _l("Theme"),
    TargetKind.SERVICE: _l("Service"),
    TargetKind.SEARCH: _l("Services near you"),
    TargetKind.NUMBER: _l("Call"),
    TargetKind.CONTACT: _l("Ask to be contacted"),
    TargetKind.PATH: _l("Another path"),
}

FAULTS: dict[FaultKind, Text] = {
    FaultKind.NOT_TOML: _l("This can't be read. Look for a missing quote, comma or bracket: %(about)s"),
    FaultKind.MISSING: _l("“%(about)s” is missing."),
    FaultKind.UNKNOWN: _l("“%(about)s” is not a field of a path. Is it spelt right?"),
    FaultKind.SHAPE: _l(
        "“%(about)s” is written in another way than it should be. See the instructions below."
    ),
    FaultKind.LANGUAGE: _l("A text is missing in one language: %(about)s"),
    FaultKind.TOO_LONG: _l("This is too long to read on a phone: %(about)s"),
    FaultKind.TOO_MANY: _l("There are too many of these: %(about)s"),
    FaultKind.KEY: _l("Use small letters a–z, digits and hyphens: %(about)s"),
    FaultKind.DOUBLE: _l("Two steps have the key “%(about)s”."),
    FaultKind.SLUG: _l("The address of a path stays as it is. Here it says “%(about)s”."),
    FaultKind.FEW_ANSWERS: _l("The question “%(about)s” needs at least two answers."),
    FaultKind.NO_TARGET: _l(
        "The end “%(about)s” leads nowhere. Give it a service, a number or something to read."
    ),
    FaultKind.NOWHERE: _l("An answer leads to the step “%(about)s”, and there is none."),
    FaultKind.LOOP: _l("From “%(about)s” one can come back to it again and again."),
    FaultKind.UNREACHABLE: _l("No answer leads to the step “%(about)s”."),
    FaultKind.TARGET_SHAPE: _l("“%(about)s” is not a target. Write it like theme:liikunta."),
    FaultKind.TARGET_MISSING: _l("There is no such target, or residents don't see it: %(about)s"),
}


def fault_text(fault: Fault) -> str:
    """Return what is wrong, in the language of the page."""
    return str(FAULTS[fault.kind]) % {"about": fault.about}


SHOWN = _lp("content", "Shown")
SHIPPED = _lp("content", "Shown, as it came")
WITHDRAWN = _lp("content", "Withdrawn")
UNPUBLISHED = _lp("content", "Not published yet")
