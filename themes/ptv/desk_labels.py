"""Words of the editors' pages of imports."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from servicetray.core.pages import Text
from themes.ptv.models import Retirement
from themes.ptv.sources import Kind

RETIREMENTS: Final[Mapping[Retirement, Text]] = {
    Retirement.DONE: _l(
        "It saw everything to its end. What the catalogue no longer has, has ended here too."
    ),
    Retirement.PARTIAL: _l("Nothing was ended: it asked for a part of the services alone."),
    Retirement.CUT_SHORT: _l("Nothing was ended: it did not come to its end."),
    Retirement.PROBLEMS: _l("Nothing was ended: some services could not be read, and may be there."),
    Retirement.TOO_MANY: _l(
        "Nothing was ended: more than a fifth of the services seemed to be gone. If that is so, whoever runs the "
        "import allows it once (--allow)."
    ),
    Retirement.NOTHING_READ: _l("Nothing was ended: not one service came."),
}
UNTOLD: Final = _l("It is under way, or was stopped before it could say what it did.")
SHORT: Final[Mapping[Retirement, Text]] = {
    Retirement.DONE: _lp("import", "To its end"),
    Retirement.PARTIAL: _lp("import", "A part"),
    Retirement.CUT_SHORT: _lp("import", "Broke off"),
    Retirement.PROBLEMS: _lp("import", "Services unread"),
    Retirement.TOO_MANY: _lp("import", "Too many gone"),
    Retirement.NOTHING_READ: _lp("import", "Nothing came"),
}
COLOURS: Final = {
    Retirement.DONE: "success",
    Retirement.PARTIAL: "neutral",
    Retirement.CUT_SHORT: "danger",
    Retirement.PROBLEMS: "warning",
    Retirement.TOO_MANY: "danger",
    Retirement.NOTHING_READ: "danger",
}
COUNTS: Final[Mapping[str, Text]] = {
    "new": _lp("import", "New"),
    "changed": _lp("import", "Changed"),
    "unchanged": _lp("import", "As before"),
    "returned": _lp("import", "Come back"),
    "skipped": _lp("import", "Passed over"),
    "missing": _lp("import", "Not seen"),
    "problems": _lp("import", "Problems"),
    "kept": _lp("import", "Left as changed here"),
}
KINDS: Final[Mapping[Kind, Text]] = {
    Kind.SERVICE: _lp("import", "Service"),
    Kind.CHANNEL: _lp("import", "Way to reach it"),
    Kind.ORGANISATION: _lp("import", "Organisation"),
}
