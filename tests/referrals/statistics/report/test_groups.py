"""The part of the monthly report on groups."""

from referrals.enrolment.models import GroupUptake
from referrals.statistics.report.groups import collect, tell
from servicetray.core.db import transaction
from servicetray.core.periods import Month
from tests.factories import catalogue
from themes.topics.queries import theme_ids


def test_a_month_is_told_by_theme_and_by_municipality_and_never_by_both(database):
    catalogue.foundation()
    exercise = theme_ids(["liikunta"])["liikunta"]
    with transaction() as session:
        for theme, place, month, enrolled, began in (
            (exercise, "286", "2026-03", 6, 4),
            (exercise, "285", "2026-03", 3, 1),
            (0, "", "2026-03", 2, 0),
            (exercise, "286", "2026-04", 9, 9),
        ):
            session.add(
                GroupUptake(
                    month=month,
                    theme_id=theme,
                    municipality_code=place,
                    enrolled=enrolled,
                    participants=began,
                )
            )
    found = collect(Month(2026, 3))
    assert found == {
        "themes": {"0": [2, 0], str(exercise): [9, 5]},
        "places": {"": [2, 0], "285": [3, 1], "286": [6, 4]},
    }
    told = tell(found, "fi")
    assert told.heading == "Ryhmät"
    by_theme, by_place = told.tables
    assert [(row.label, row.cells) for row in by_theme.rows] == [
        ("Ilman teemaa", [2, 0]),
        ("Liikunta", [9, 5]),
    ]
    assert [row.label for row in by_place.rows] == ["Koko hyvinvointialue", "Kotka", "Kouvola"]
    assert by_theme.foot is not None
    assert by_theme.foot.cells == [11, 5]
    assert tell(found, "sv").tables[1].rows[0].label == "Hela välfärdsområdet"
    assert collect(Month(2026, 2)) is None
