"""Tables leave as CSV that spreadsheets read and never run."""

import pytest

from referrals.statistics.suppression import Mark
from referrals.statistics.tables import Row, Table, as_csv
from servicetray.core.tables import neutral


@pytest.mark.parametrize("text", ["=1+1", "+358", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_begins_a_formula(text):
    assert neutral(text) == f"'{text}"


def test_plain_words_stay_as_they_are():
    assert neutral("Tuki- ja liikuntaelinoireet") == "Tuki- ja liikuntaelinoireet"


def test_a_csv_says_what_the_table_says(app):
    table = Table(
        name="2024",
        caption="",
        head=["Kuukausi", "Liikunta; kaikki"],
        rows=[
            Row(label="1/2024", cells=[66]),
            Row(label="2/2024", cells=[Mark.HIDDEN]),
            Row(label="=HYPERLINK()", cells=[Mark.NOT_IN_USE]),
        ],
        foot=Row(label="Yhteensä", cells=[Mark.NOT_YET]),
    )
    with app.test_request_context("/"):
        lines = as_csv(table).lstrip("\ufeff").split("\r\n")
    assert lines == [
        'Kuukausi;"Liikunta; kaikki"',
        "1/2024;66",
        "2/2024;peitetty",
        "'=HYPERLINK();",
        "Yhteensä;kesken",
        "",
    ]
