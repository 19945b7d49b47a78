"""Words for the public tables, their rows and marks."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from referrals.statistics.counting import Measure
from referrals.statistics.labels import MEASURES, OUTCOMES
from referrals.statistics.publication.tables import LoopRow, PublicTable, Stage, WithheldReason
from referrals.statistics.suppression import Mark
from servicetray.core.pages import Text

SLUGS: Final[Mapping[PublicTable, str]] = {
    PublicTable.MONTHS: "kuukaudet",
    PublicTable.PLACES: "kunnat",
    PublicTable.REASONS: "syyt",
    PublicTable.AGES: "iat",
    PublicTable.OUTCOMES: "lopputulokset",
    PublicTable.FUNNEL: "polku",
    PublicTable.LOOP: "tieto-kulkee",
}
"""Names in addresses: never changed, since they have been cited."""

CAPTIONS: Final[Mapping[PublicTable, Text]] = {
    PublicTable.MONTHS: _l("Referrals sent in %(year)s"),
    PublicTable.PLACES: _l("Referrals by municipality and quarter in %(year)s"),
    PublicTable.REASONS: _l("Reasons of the referrals in %(year)s"),
    PublicTable.AGES: _l("Age groups in %(year)s"),
    PublicTable.OUTCOMES: _l("How counselling ended in %(year)s"),
    PublicTable.FUNNEL: _l("From referral to counselling in %(year)s"),
    PublicTable.LOOP: _l("How fast, and who heard of it, in %(year)s"),
}
"""To be completed with the year."""

HEADINGS: Final[Mapping[PublicTable, Text]] = {
    PublicTable.MONTHS: _l("Referrals by month"),
    PublicTable.PLACES: _l("By municipality"),
    PublicTable.REASONS: _l("By reason"),
    PublicTable.AGES: _l("By age group"),
    PublicTable.OUTCOMES: _l("Closed, by outcome"),
    PublicTable.FUNNEL: _l("From referral to counselling"),
    PublicTable.LOOP: _l("How fast, and who hears of it"),
}

ROW_HEADS: Final[Mapping[PublicTable, Text]] = {
    PublicTable.MONTHS: _lp("figures", "Month"),
    PublicTable.PLACES: _lp("figures", "Municipality"),
    PublicTable.REASONS: _lp("figures", "Reason"),
    PublicTable.AGES: _l("Age group"),
    PublicTable.OUTCOMES: _lp("figures", "Outcome"),
    PublicTable.FUNNEL: _lp("figures", "Step"),
    PublicTable.LOOP: _lp("figures", "Measure"),
}

DIMENSIONS: Final[Mapping[PublicTable, tuple[str, ...]]] = {
    PublicTable.MONTHS: ("month",),
    PublicTable.PLACES: ("quarter", "municipality"),
    PublicTable.REASONS: ("reason",),
    PublicTable.AGES: ("age_group",),
    PublicTable.OUTCOMES: ("outcome",),
    PublicTable.FUNNEL: ("stage",),
    PublicTable.LOOP: ("measure",),
}

DIMENSION_NAMES: Final[Mapping[str, Text]] = {
    "year": _lp("figures", "Year"),
    "quarter": _lp("figures", "Quarter"),
    "month": _lp("figures", "Month"),
    "municipality": _lp("figures", "Municipality"),
    "kind": _lp("figures", "Kind of referral"),
    "reason": _lp("figures", "Reason"),
    "age_group": _l("Age group"),
    "outcome": _lp("figures", "Outcome"),
    "stage": _lp("figures", "Step"),
    "measure": _lp("figures", "Measure"),
}

STAGES: Final[Mapping[Stage, Text]] = {
    Stage.SENT: _lp("figures", "Referral sent"),
    Stage.ACCEPTED: MEASURES[Measure.ACCEPTED],
    Stage.REACHED: MEASURES[Measure.REACHED],
    Stage.STARTED: MEASURES[Measure.STARTED],
    Stage.COMPLETED: _lp("figures outcome", "Counselling completed"),
}
LOOP: Final[Mapping[LoopRow, Text]] = {
    LoopRow.CLAIMED_IN_TIME: _l("Taken up within 7 days, % of accepted"),
    LoopRow.LOOPS_CLOSED: _l("Sender heard of the end, % of ended"),
    LoopRow.DAYS_TO_ACCEPTED: MEASURES[Measure.DAYS_TO_ACCEPTED],
    LoopRow.DAYS_TO_REACHED: MEASURES[Measure.DAYS_TO_REACHED],
}
ROWS: Final[Mapping[PublicTable, Mapping[str, Text]]] = {
    PublicTable.OUTCOMES: {outcome.value: label for outcome, label in OUTCOMES.items()},
    PublicTable.FUNNEL: {stage.value: label for stage, label in STAGES.items()},
    PublicTable.LOOP: {row.value: label for row, label in LOOP.items()},
}
MARK_NAMES: Final[Mapping[str, Text]] = {
    Mark.HIDDEN.value: _lp("figures", "hidden"),
    Mark.NOT_IN_USE.value: "\N{EN DASH}",
    Mark.NOT_YET.value: _lp("figures", "not over yet"),
    Mark.WITHHELD.value: _lp("figures", "withheld"),
}
MARKS: Final[Mapping[str, Text]] = {
    Mark.HIDDEN.value: _l("Hidden, so that nobody can be recognised"),
    Mark.NOT_IN_USE.value: _l("The referral was not in use yet"),
    Mark.NOT_YET.value: _l("The year is not over yet"),
    Mark.WITHHELD.value: _l("Left out: it could not be published safely, or there were too few referrals"),
}
"""What stands in place of a number, by its code."""

WITHHELD: Final[Mapping[WithheldReason, Text]] = {
    WithheldReason.PROTECTION: _l("so few referrals that they could not be told safely"),
    WithheldReason.CORRECTION: _l("the change is so small that it could not be told safely"),
    WithheldReason.NO_DETAIL: _l("the earlier system does not tell it"),
}
"""Why a part of a release was left out."""
