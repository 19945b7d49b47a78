"""The data dictionary: what every table, measure, dimension, mark and rule of the public figures means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from referrals.statistics.counting import Measure
from referrals.statistics.labels import MEASURES
from referrals.statistics.public import labels
from referrals.statistics.public.contents import YEARS
from referrals.statistics.publication.tables import LoopRow, PublicTable, Stage
from referrals.statistics.suppression import Mark
from servicetray.core.i18n import LANGUAGES
from servicetray.core.pages import Text

EDITION: Final = 1
"""Raised when what a code means changes."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One word of the dictionary."""

    code: str
    name: Text
    meaning: Text
    more: Mapping[str, Any] | None = None
    """Facts for machines."""


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """Entries of one sort."""

    code: str
    name: Text
    entries: Sequence[Entry]


MEANINGS: Final[Mapping[PublicTable, Text]] = {
    PublicTable.MONTHS: _l(
        "Referrals sent in each month in the whole county, and in the year once it is over."
    ),
    PublicTable.PLACES: _l(
        "Referrals sent in each quarter by the client’s home municipality, once the quarter is over. "
        "Municipalities under 10,000 inhabitants are always one group."
    ),
    PublicTable.REASONS: _l("Referrals of a year by the reasons that were ticked. One may have several."),
    PublicTable.AGES: _l("Referrals of a year by the client’s age group on the day of sending."),
    PublicTable.OUTCOMES: _l("Counselling that was closed in the year, by how it ended."),
    PublicTable.FUNNEL: _l("What happened in the year, step by step, whenever the referral was sent."),
    PublicTable.LOOP: _l("How fast referrals are taken up, and whether the sender hears how it went."),
}
METRICS: Final[Mapping[PublicTable, str]] = {
    PublicTable.MONTHS: "referrals",
    PublicTable.PLACES: "referrals",
    PublicTable.REASONS: "referrals",
    PublicTable.AGES: "referrals",
    PublicTable.OUTCOMES: "closed",
    PublicTable.FUNNEL: "events",
    PublicTable.LOOP: "shares",
}
"""What each table counts."""

MEASURE_ENTRIES: Final[Sequence[Entry]] = (
    Entry(
        code="referrals",
        name=MEASURES[Measure.REFERRALS],
        meaning=_l(
            "Referrals sent, less those sent by mistake. One that came back and was sent again counts once. "
            "A referral counts in the month in which it was recorded."
        ),
    ),
    Entry(
        code=Stage.ACCEPTED.value,
        name=MEASURES[Measure.ACCEPTED],
        meaning=_l("The municipality took the referral up."),
    ),
    Entry(
        code=Stage.REACHED.value,
        name=MEASURES[Measure.REACHED],
        meaning=_l("The adviser reached the client for the first time."),
    ),
    Entry(
        code=Stage.STARTED.value,
        name=MEASURES[Measure.STARTED],
        meaning=_l("The first counselling was held."),
    ),
    Entry(
        code="closed",
        name=MEASURES[Measure.CLOSED],
        meaning=_l("Counselling was closed, whatever the outcome."),
    ),
    Entry(
        code=Stage.COMPLETED.value,
        name=labels.STAGES[Stage.COMPLETED],
        meaning=_l("Counselling was closed because it had been carried through."),
    ),
    Entry(
        code="events",
        name=_lp("figures", "Events"),
        meaning=_l("How many times each step was taken in the year."),
    ),
    Entry(
        code="shares",
        name=_lp("figures", "Shares and waits"),
        meaning=_l("Shares in whole percents and medians in working days, each from ten referrals on."),
    ),
    Entry(
        code=LoopRow.CLAIMED_IN_TIME.value,
        name=labels.LOOP[LoopRow.CLAIMED_IN_TIME],
        meaning=_l("Of the referrals that were accepted, how many within seven days from sending."),
    ),
    Entry(
        code=LoopRow.LOOPS_CLOSED.value,
        name=labels.LOOP[LoopRow.LOOPS_CLOSED],
        meaning=_l(
            "Of the referrals that came to an end, how many whose sender heard of it. "
            "The sender hears of the outcome only if the client allowed it."
        ),
    ),
    Entry(
        code=LoopRow.DAYS_TO_ACCEPTED.value,
        name=labels.LOOP[LoopRow.DAYS_TO_ACCEPTED],
        meaning=_l("At least half of the referrals were accepted in at most so many working days."),
    ),
    Entry(
        code=LoopRow.DAYS_TO_REACHED.value,
        name=labels.LOOP[LoopRow.DAYS_TO_REACHED],
        meaning=_l("At least half of the clients were reached in at most so many working days."),
    ),
)

DIMENSION_MEANINGS: Final[Mapping[str, Text]] = {
    "year": _l("A calendar year in Finland’s time."),
    "quarter": _l("Three calendar months: 2024-Q1 is January to March 2024."),
    "month": _l("A calendar month in Finland’s time: 2024-03."),
    "municipality": _l(
        "The client’s home municipality, by the code of Statistics Finland; “group” is the small ones together, "
        "“county” all of them."
    ),
    "kind": _l("To which counselling the referral goes; “all” is the sum."),
    "reason": _l("A reason from the list of the kind."),
    "age_group": _l("0–17, 18–29, 30–64, 65–74, 75 or older."),
    "outcome": _l("How counselling ended, from a closed list."),
    "stage": _l("A step of the way from sent to completed."),
    "measure": _l("What the row tells; its unit stands in its name."),
}

RULES: Final[Sequence[Entry]] = (
    Entry(
        code="small_numbers",
        name=_l("Small numbers are hidden"),
        meaning=_l(
            "Numbers under a limit, usually 5, are not shown, zero among them. So nobody can be recognised."
        ),
    ),
    Entry(
        code="worked_out",
        name=_l("What would give them away is hidden, too"),
        meaning=_l(
            "If a small number could be worked out from the others, one more is hidden. "
            "All tables and earlier versions are looked at together."
        ),
    ),
    Entry(
        code="same_everywhere",
        name=_l("The same in every form"),
        meaning=_l("Page, picture, CSV, Excel, PDF and JSON-stat show and hide the same numbers."),
    ),
    Entry(
        code="closed_list",
        name=_l("A closed list of tables"),
        meaning=_l(
            "Only these tables are published. None crosses reason, age or outcome with a municipality."
        ),
    ),
    Entry(
        code="versions",
        name=_l("Versions"),
        meaning=_l(
            "What is published never changes. Each month and each correction makes a new version of the year, "
            "and earlier versions keep their addresses."
        ),
    ),
)


def chapters() -> Sequence[Chapter]:
    """Return the whole dictionary, its texts lazy."""
    tables = [
        Entry(
            code=which.value,
            name=labels.HEADINGS[which],
            meaning=MEANINGS[which],
            more={
                "address": labels.SLUGS[which],
                "dimensions": [*labels.DIMENSIONS[which], "kind"],
                "measure": METRICS[which],
            },
        )
        for which in PublicTable
    ]
    years = Entry(
        code="years",
        name=_l("Referrals sent, by year"),
        meaning=_l("Referrals sent in each year since the beginning, and in all."),
        more={"address": YEARS, "dimensions": ["year", "kind"], "measure": "referrals"},
    )
    return (
        Chapter(code="tables", name=_lp("figures", "Tables"), entries=[years, *tables]),
        Chapter(code="measures", name=_lp("figures", "Measures"), entries=MEASURE_ENTRIES),
        Chapter(
            code="dimensions",
            name=_lp("figures", "Dimensions"),
            entries=[
                Entry(code=code, name=name, meaning=DIMENSION_MEANINGS[code])
                for code, name in labels.DIMENSION_NAMES.items()
            ],
        ),
        Chapter(
            code="marks",
            name=_lp("figures", "Marks in place of a number"),
            entries=[
                Entry(code=mark.value, name=labels.MARK_NAMES[mark.value], meaning=labels.MARKS[mark.value])
                for mark in Mark
            ],
        ),
        Chapter(code="rules", name=_lp("figures", "Rules"), entries=RULES),
    )


def dictionary() -> dict[str, Any]:
    """Return the dictionary for machines: each text in every language."""
    return {
        "edition": EDITION,
        "languages": list(LANGUAGES),
        **{
            chapter.code: [
                {
                    "code": entry.code,
                    "name": _in_all(entry.name),
                    "meaning": _in_all(entry.meaning),
                    **(entry.more or {}),
                }
                for entry in chapter.entries
            ]
            for chapter in chapters()
        },
    }


def metric(table_name: str) -> Entry:
    """Return what a table counts, by the table's name in addresses."""
    code = next((METRICS[which] for which, slug in labels.SLUGS.items() if slug == table_name), "referrals")
    return next(entry for entry in MEASURE_ENTRIES if entry.code == code)


def _in_all(text: Text) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with force_locale(language):
            said[language] = str(text)
    return said
