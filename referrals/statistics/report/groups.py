"""How many enrolled in groups and how many came for the first time: for those in charge, never published.

The counts grow and shrink afterwards, as a leader notes late who came, and they have no place in the order in which
published tables are masked: docs/statistics.md tells why. By theme or by municipality, never by both.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import pgettext as _p

from referrals.enrolment import queries
from referrals.statistics.report.sections import ReportSection, Section
from referrals.statistics.tables import Row, Table
from servicetray.core.db import in_language
from servicetray.core.municipalities import municipalities
from servicetray.core.periods import Month
from themes.topics.queries import theme_names

NAME: Final = "ryhmat"
THEMES, PLACES = "themes", "places"
ENROLLED, BEGAN = 0, 1
"""Where each number stands in a pair."""


def section() -> ReportSection:
    """Return the part of the report that tells of groups."""
    return ReportSection(name=NAME, position=30, collect=collect, tell=tell)


def collect(month: Month) -> Mapping[str, Any] | None:
    """Return a month's numbers by theme and by municipality, or None where nobody enrolled or began."""
    return collected(month, month)


def collected(first: Month, last: Month) -> Mapping[str, Any] | None:
    """Return the numbers of months, both included: pairs of enrolled and began, by the theme's id and by place."""
    enrolled: Counter[tuple[str, str]] = Counter()
    began: Counter[tuple[str, str]] = Counter()
    for each in queries.uptake(str(first), str(last)):
        for key in ((THEMES, str(each.theme_id)), (PLACES, each.municipality_code)):
            enrolled[key] += each.enrolled
            began[key] += each.participants
    if not any(enrolled.values()) and not any(began.values()):
        return None
    return {
        by: {key: [enrolled[by, key], began[by, key]] for of, key in sorted(enrolled) if of == by}
        for by in (THEMES, PLACES)
    }


def tell(found: Mapping[str, Any], language: str) -> Section:
    """Tell what was collected, in a language."""
    with force_locale(language):
        return Section(
            name=NAME,
            heading=_p("figures", "Groups"),
            paragraphs=[
                _(
                    "Enrolled: for a place or for the waiting list, cancelled later or not. Began: came for the "
                    "first time, as the leader noted it. These numbers are for your own work, not for publishing."
                )
            ],
            tables=tables_of(found, language),
        )


def tables_of(found: Mapping[str, Any], language: str) -> Sequence[Table]:
    """Return the two tables, in the language of the page."""
    themes = theme_names([int(key) for key in found[THEMES]])
    names = {str(key): in_language(texts, language).text for key, texts in themes.items()}
    places = {each.code: in_language(each.name, language).text for each in municipalities()}
    return (
        _table(
            NAME,
            _("Groups by theme"),
            _("Theme"),
            [(names.get(key) or _("Without a theme"), pair) for key, pair in found[THEMES].items()],
        ),
        _table(
            f"{NAME}-kunnittain",
            _("Groups by municipality"),
            _("Municipality"),
            [
                (places.get(key, key) if key else _("The whole county"), pair)
                for key, pair in found[PLACES].items()
            ],
        ),
    )


def _table(name: str, caption: str, of: str, rows: Sequence[tuple[str, Sequence[int]]]) -> Table:
    pairs = [pair for _label, pair in rows]
    return Table(
        name=name,
        caption=caption,
        head=[of, _p("groups", "Enrolled"), _p("groups", "Began")],
        rows=[Row(label=label, cells=list(pair)) for label, pair in sorted(rows)],
        foot=Row(
            label=_p("groups", "Together"),
            cells=[sum(pair[at] for pair in pairs) for at in (ENROLLED, BEGAN)],
        ),
    )
