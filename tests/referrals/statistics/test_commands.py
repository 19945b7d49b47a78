"""The figures at the command line: exact, in three shapes, and clear about what they can't read."""

import json

import pytest
from click.testing import Result

from referrals.kinds.operations import load_seed
from referrals.moves import EventName
from servicetray.core.db import transaction
from tests.factories import events, people


@pytest.fixture
def run(app, database):
    """Run ``servicetray statistics …`` and return what came of it."""
    people.municipality("286")
    people.municipality("075", "Hamina")
    with transaction():
        load_seed()
    runner = app.test_cli_runner()

    def invoke(*words: str) -> Result:
        answer = runner.invoke(args=["statistics", *words])
        assert isinstance(answer, Result)
        return answer

    return invoke


def period(run, *words: str):
    """Return the answer of the period command as an object."""
    answer = run("period", *words, "--format", "json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_a_period_is_sent_less_voided_and_holds_its_last_day(run):
    events.sent("2024-01-31 23:59")
    events.sent("2024-02-01 00:00", times=3)
    events.sent("2024-03-31 23:59", municipality="075")
    events.event(EventName.VOIDED, "2024-03-02 10:00")
    events.sent("2024-04-01 00:00")
    events.sent("2024-02-05 10:00", kind="culture")
    answer = period(run, "--kind", "exercise", "--from", "2024-02-01", "--to", "2024-03-31")
    assert answer["total"] == 3
    assert (answer["kind"], answer["from"], answer["to"]) == ("exercise", "2024-02-01", "2024-03-31")
    assert answer["by_month"] == [
        {"month": "2024-02", "referrals": 3},
        {"month": "2024-03", "referrals": 0},
    ]
    assert [(place["code"], place["referrals"]) for place in answer["by_municipality"]] == [
        ("075", 1),
        ("286", 2),
    ]


def test_a_period_of_one_municipality(run):
    events.sent("2024-02-05 10:00", times=2)
    events.sent("2024-02-05 10:00", municipality="075")
    days = ("--kind", "exercise", "--from", "2024-02-01", "--to", "2024-02-29")
    assert period(run, *days, "--municipality", "075")["total"] == 1


def test_a_period_without_referrals_is_nought(run):
    assert period(run, "--kind", "culture", "--from", "2024-02-01", "--to", "2024-02-01")["total"] == 0


def test_text_and_csv_tell_the_same(run):
    events.sent("2024-02-05 10:00", times=2)
    days = ("--kind", "exercise", "--from", "2024-02-01", "--to", "2024-02-29")
    assert "2 referrals" in run("period", *days).stdout
    assert "total,,2" in run("period", *days, "--format", "csv").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "sports", "--from", "2024-01-01", "--to", "2024-01-31"), "there are exercise, culture"),
        (("--kind", "exercise", "--from", "2024-02-01", "--to", "2024-01-31"), "before"),
        (("--kind", "exercise", "--from", "2024-02-30", "--to", "2024-03-31"), "2024-02-30"),
        (("--kind", "exercise", "--from", "2024-01-01"), "--to"),
        (
            ("--kind", "exercise", "--from", "2024-01-01", "--to", "2024-01-31", "--municipality", "999"),
            "999",
        ),
    ],
)
def test_what_can_not_be_read_is_said_and_ends_with_2(run, words, said):
    answer = run("period", *words)
    assert answer.exit_code == 2
    assert said in answer.output


def test_due_months_are_frozen_by_hand_once_and_can_be_read(run):
    events.sent("2024-02-05 10:00", times=2)
    first = run("freeze")
    assert first.exit_code == 0, first.output
    assert "2024-02 frozen" in first.stdout
    assert "0 months frozen" in run("freeze").stdout
    month = json.loads(run("month", "2024-02", "--format", "json").stdout)
    assert (month["month"], month["version"]) == ("2024-02", 1)
    county = [row for row in month["numbers"] if row["measure"] == "referrals" and not row["municipality"]]
    assert [row["number"] for row in county if not row["dimension"]] == [2]
    assert "2  referrals exercise" in run("month", "2024-02").stdout
    assert "referrals,exercise,286,,,2" in run("month", "2024-02", "--format", "csv").stdout


def test_a_month_that_is_not_frozen_or_no_month_is_said(run):
    assert run("month", "2024-13").exit_code == 2
    missing = run("month", "2024-01")
    assert missing.exit_code == 1
    assert "not frozen" in missing.output


def test_a_month_is_corrected_with_its_reason_and_told_of(run):
    events.sent("2024-02-05 10:00", times=2)
    run("freeze")
    assert "nothing to correct" in run("correct", "2024-02", "--reason", "To be sure.").output
    events.sent("2024-02-06 10:00")
    assert run("correct", "2024-02").exit_code == 2, "no reason"
    assert run("correct", "2024-02", "--reason", " ").exit_code == 2
    assert run("correct", "2023-02", "--reason", "Late.").exit_code == 1
    answer = run("correct", "2024-02", "--reason", "A paper had been left out.")
    assert answer.exit_code == 0, answer.output
    assert "2024-02 corrected: version 2" in answer.stdout
    assert "2024-03 corrected: version 2" in answer.stdout, "its open stock begins otherwise"
    month = json.loads(run("month", "2024-02", "--format", "json").stdout)
    assert (month["version"], month["correction"]) == (2, "A paper had been left out.")
