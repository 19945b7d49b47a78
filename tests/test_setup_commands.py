"""Setting an installation up by hand: units, catchments and accounts, by commands alone."""

import contextvars
import datetime as dt
from collections.abc import Callable

import pyotp
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from referrals.kinds.operations import load_seed
from referrals.municipality.models import Catchment
from referrals.municipality.queries import route
from servicetray.accounts.models import SignInSession, Unit, User
from servicetray.accounts.permissions import Role
from servicetray.audit.events import Action
from servicetray.audit.models import AuditRow
from servicetray.cli import cli
from servicetray.core import clock
from servicetray.core.db import db, transaction
from tests.client import Client
from tests.factories import people

NOWHERE = "00000000-0000-4000-8000-000000000000"
COUNSELLING = [
    "--kind",
    "counselling",
    "--name-fi",
    "Kouvolan liikuntaneuvonta",
    "--name-sv",
    "Motionsrådgivning",
]
SENDING = ["--kind", "sending", "--name-fi", "Sote-asema", "--name-sv", "Social- och hälsostation"]
PERSON = ["--email", "anna@example.org", "--name", "Anna Esimerkki"]


class Commands:
    """The command line on the test's database."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def run(self, *words: str) -> Result:
        """Run a command as a process of its own would: with a session of its own."""
        db.session.commit()
        info = ScriptInfo(create_app=lambda: self.app)
        result = contextvars.Context().run(CliRunner().invoke, cli, list(words), obj=info)
        db.session.expire_all()
        return result

    def ran(self, *words: str) -> str:
        """Run a command that has to succeed, and return what it said."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.output.strip()

    def refused(self, *words: str, code: int, reason: str) -> None:
        """Run a command that has to be refused in words."""
        result = self.run(*words)
        assert (result.exit_code, reason in result.output) == (code, True), result.output
        assert "Traceback" not in result.output
        assert "password" not in result.output


@pytest.fixture
def commands(app: Flask, database: scoped_session[Session]) -> Commands:
    """The commands, where the municipalities and kinds are loaded and nothing else."""
    people.municipality("286", "Kouvola")
    people.municipality("285", "Kotka")
    with transaction():
        load_seed()
    return Commands(app)


@pytest.fixture
def counselling(commands: Commands) -> str:
    """A counselling unit's id."""
    return commands.ran("unit", "create", *COUNSELLING, "--municipality", "286", "--mailbox", "n@example.org")


@pytest.fixture
def sending(commands: Commands) -> str:
    """A sending unit's id."""
    return commands.ran("unit", "create", *SENDING, "--service-area", "kuntoutus", "--phone", "040 000 0100")


def opening(unit: str, /, **changes: str) -> list[str]:
    """Return the words that open a catchment; ``changes`` replace or add options."""
    options = {"unit": unit, "municipality": "286", "kind": "exercise", "opens": "2026-12-01", **changes}
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    return ["catchment", "open", *words, "--language", "fi", "--language", "sv"]


def secrets_in(printed: str) -> tuple[str, str]:
    """Return the password and the TOTP secret that a command printed."""
    password, totp, _ = (line.split(maxsplit=1)[1] for line in printed.splitlines())
    return password, totp


def come_in(client: Client, email: str, password: str, totp: str) -> int:
    """Take both steps; return the status of the second, or of the first where that is refused."""
    form = client.read("/kirjaudu").form()
    first = client.post("/kirjaudu", data=form.data(email=email, password=password))
    if first.status_code != 303:
        return first.status_code
    second = client.read("/kirjaudu/koodi").form()
    return client.post(second.action, data=second.data(code=pyotp.TOTP(totp).now())).status_code


# ------------------------------------------------------------------------------------- the whole line


def test_installation_without_demonstration_is_set_up_and_its_people_reach_their_pages(
    commands: Commands, sending: str, counselling: str, new_client: Callable[[], Client]
) -> None:
    """Units, a catchment that is open, a professional and an adviser: the queue can be used."""
    commands.ran(*opening(counselling, opens="2026-01-01", usual_wait="6"))
    pages = {"professional": "/lahetteet", "adviser": "/saapuneet"}
    for role, unit in {"professional": sending, "adviser": counselling}.items():
        email = f"{role}@example.org"
        words = ["--email", email, "--name", "Testi Henkilö", "--role", role, "--unit", unit]
        client = new_client()
        assert come_in(client, email, *secrets_in(commands.ran("user", "create", *words))) == 303
        assert client.get(pages[role]).status_code == 200
    found = route("exercise", "286", on=dt.date(2026, 11, 22))
    assert found is not None
    assert (found.is_open, found.languages, found.usual_wait_days) == (True, ("fi", "sv"), 6)


# --------------------------------------------------------------------------------------------- units


def test_unit_is_made_as_said_and_listed(commands: Commands, sending: str, counselling: str) -> None:
    listed = {line.split("\t")[0]: line.split("\t")[1:] for line in commands.ran("unit", "list").splitlines()}
    assert listed == {
        sending: ["sending", "-", "Sote-asema", "kuntoutus"],
        counselling: ["counselling", "286", "Kouvolan liikuntaneuvonta", "-"],
    }
    made = db.session.scalars(select(Unit).where(Unit.mailbox == "n@example.org")).one()
    assert made.name == {"fi": "Kouvolan liikuntaneuvonta", "sv": "Motionsrådgivning"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (COUNSELLING, "belongs to a municipality"),
        ([*COUNSELLING, "--municipality", "999"], "there are 285, 286"),
        (["--kind", "counselling", "--name-fi", "Vain suomeksi"], "--name-sv"),
        ([*SENDING, "--name-fi", "  "], "must not be empty"),
        ([*SENDING, "--name-fi", "kaksi\nriviä"], "one line"),
        ([*SENDING, "--service-area", "x" * 61], "61 characters are too many"),
        ([*SENDING, "--phone", "0" * 41], "41 characters are too many"),
        ([*SENDING, "--mailbox", "not an address"], "is not an e-mail address"),
        (["--kind", "ward", "--name-fi", "x", "--name-sv", "x"], "ward"),
    ],
)
def test_unit_that_can_not_be_is_refused_in_words(commands: Commands, words: list[str], reason: str) -> None:
    commands.refused("unit", "create", *words, code=2, reason=reason)
    assert db.session.scalars(select(Unit)).all() == []


# ---------------------------------------------------------------------------------------- catchments


def test_catchment_is_opened_and_listed(commands: Commands, counselling: str) -> None:
    made = commands.ran(*opening(counselling, closes="2027-05-31"))
    assert commands.ran("catchment", "list").split("\t") == [
        *(made, "286", "exercise", "2026-12-01..2027-05-31", "fi,sv", "-", "Kouvolan liikuntaneuvonta")
    ]


def test_opening_and_closing_a_catchment_is_written_down(commands: Commands, counselling: str) -> None:
    made = commands.ran(*opening(counselling))
    commands.ran("catchment", "close", "--id", made, "--last-day", "2027-05-31")
    rows = db.session.scalars(
        select(AuditRow).where(AuditRow.action == Action.SETUP_CHANGED).order_by(AuditRow.id)
    ).all()
    assert [(row.object_type, row.object_id, row.actor_id) for row in rows] == [("catchment", made, None)] * 2
    assert rows[1].detail == {"closes_on": " → 2027-05-31"}


@pytest.mark.parametrize(
    ("changes", "code", "reason"),
    [
        ({"unit": NOWHERE}, 1, "there is no unit"),
        ({"unit": "x"}, 2, "UUID"),
        ({"municipality": "999"}, 2, "there are 285, 286"),
        ({"kind": "chess"}, 2, "there are"),
        ({"opens": "1.12.2026"}, 2, "2026"),
        ({"closes": "2026-11-30"}, 2, "before it opens, 2026-12-01"),
        ({"usual_wait": "-1"}, 2, "-1"),
        ({"language": "xx"}, 2, "xx"),
    ],
)
def test_catchment_that_can_not_be_is_refused_in_words(
    commands: Commands, counselling: str, changes: dict[str, str], code: int, reason: str
) -> None:
    commands.refused(*opening(counselling, **changes), code=code, reason=reason)
    assert db.session.scalars(select(Catchment)).all() == []


def test_sending_unit_receives_nothing(commands: Commands, sending: str) -> None:
    commands.refused(*opening(sending), code=2, reason="a counselling one receives")


def test_only_one_catchment_takes_a_municipalitys_referrals_of_a_kind(
    commands: Commands, counselling: str
) -> None:
    """Another day, another kind or another municipality is another matter."""
    first = commands.ran(*opening(counselling, closes="2027-05-31"))
    commands.refused(*opening(counselling, opens="2027-05-31"), code=1, reason=first)
    commands.refused(*opening(counselling, opens="2026-01-01"), code=1, reason=first)
    commands.ran(*opening(counselling, opens="2026-01-01", closes="2026-11-30"))
    commands.ran(*opening(counselling, opens="2027-06-01"))
    commands.ran(*opening(counselling, kind="culture"))
    commands.ran(*opening(counselling, municipality="285"))


def days_from_today(days: int) -> dt.date:
    """Return a Helsinki day."""
    return clock.helsinki_day(clock.now()) + dt.timedelta(days=days)


@pytest.mark.parametrize(("last", "open_today"), [(-1, False), (0, True), (30, True)])
def test_closed_catchment_takes_referrals_until_its_last_day(
    commands: Commands, counselling: str, last: int, open_today: bool
) -> None:
    made = commands.ran(*opening(counselling, opens="2026-01-01"))
    day = str(days_from_today(last))
    assert day in commands.ran("catchment", "close", "--id", made, "--last-day", day)
    found = route("exercise", "286", on=days_from_today(0))
    assert found is not None
    assert found.is_open is open_today
    later = route("exercise", "286", on=days_from_today(31))
    assert later is not None
    assert not later.is_open


def test_catchment_that_can_not_be_closed_so_is_refused_in_words(
    commands: Commands, counselling: str
) -> None:
    first = commands.ran(*opening(counselling, opens="2026-01-01", closes=str(days_from_today(9))))
    after = commands.ran(*opening(counselling, opens=str(days_from_today(10))))
    close = ("catchment", "close", "--id")
    today, yesterday = str(days_from_today(0)), str(days_from_today(-1))
    commands.refused(*close, NOWHERE, "--last-day", today, code=1, reason="there is no catchment")
    commands.refused(*close, first, "--last-day", str(days_from_today(-2)), code=2, reason=yesterday)
    commands.refused(*close, first, "--last-day", "2026-02-30", code=2, reason="2026-02-30")
    commands.refused(*close, first, "--last-day", str(days_from_today(10)), code=1, reason=after)
    commands.refused(*close, after, "--last-day", today, code=2, reason="before it opens")
    commands.ran(*close, first, "--last-day", yesterday)
    commands.refused(*close, first, "--last-day", today, code=1, reason=f"ended on {yesterday}")


# ------------------------------------------------------------------------------------------ accounts


@pytest.mark.parametrize("role", ["professional", "adviser", "municipal_lead"])
def test_role_that_works_in_a_unit_is_not_given_without_the_right_one(
    commands: Commands, sending: str, counselling: str, role: str
) -> None:
    right, wrong = (sending, counselling) if role == "professional" else (counselling, sending)
    words = ("user", "create", *PERSON, "--role", role)
    commands.refused(*words, code=2, reason=f"{role} works in a")
    commands.refused(*words, "--role", "coordinator", code=2, reason=f"{role} works in a")
    commands.refused(*words, "--unit", wrong, code=2, reason=f"{role} works in a")
    assert db.session.scalars(select(User)).all() == []
    commands.ran(*words, "--unit", right)
    person = db.session.scalars(select(User)).one()
    assert [(grant.role, str(grant.unit_id)) for grant in person.grants] == [(Role(role), right)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (["--email", "anna"], "is not an e-mail address"),
        (["--email", ""], "must not be empty"),
        (["--name", "x" * 121], "121 characters are too many"),
        (["--title", "\x1b[31m"], "one line"),
    ],
)
def test_account_of_bad_input_is_refused_in_words(commands: Commands, change: list[str], reason: str) -> None:
    commands.refused("user", "create", *PERSON, "--role", "coordinator", *change, code=2, reason=reason)


def test_role_given_twice_is_given_once(commands: Commands) -> None:
    commands.ran("user", "create", *PERSON, "--role", "coordinator", "--role", "coordinator")
    assert len(db.session.scalars(select(User)).one().grants) == 1


def test_accounts_are_listed(commands: Commands, counselling: str) -> None:
    roles = ["--role", "municipal_lead", "--role", "adviser", "--unit", counselling]
    commands.ran("user", "create", *PERSON, *roles)
    commands.ran("user", "create", "--email", "Bo@example.org", "--name", "Bo", "--role", "administrator")
    commands.ran("user", "deactivate", "--email", "bo@example.org")
    assert [line.split("\t") for line in commands.ran("user", "list").splitlines()] == [
        [
            *("anna@example.org", "Anna Esimerkki", "open", "adviser,municipal_lead"),
            "Kouvolan liikuntaneuvonta",
        ],
        ["bo@example.org", "Bo", "closed", "administrator", "-"],
    ]


def changes_of(person: User) -> list[dict[str, str]]:
    """Return what the log tells of an account's changes."""
    rows = db.session.scalars(
        select(AuditRow)
        .where(AuditRow.action == Action.USER_CHANGED, AuditRow.object_id == str(person.id))
        .order_by(AuditRow.id)
    ).all()
    return [dict(row.detail) for row in rows]


def open_sessions_of(person: User) -> int:
    """Count the sign-ins of an account that were not ended."""
    return len(
        db.session.scalars(
            select(SignInSession).where(SignInSession.user_id == person.id, SignInSession.ended_at.is_(None))
        ).all()
    )


def test_deactivated_account_is_out_everywhere_at_once_and_for_good(
    commands: Commands, client: Client, new_client: Callable[[], Client]
) -> None:
    password, totp = secrets_in(commands.ran("user", "create", *PERSON, "--role", "administrator"))
    other = people.sign_in(new_client(), people.user(Role.ADMINISTRATOR))
    assert come_in(client, "anna@example.org", password, totp) == 303
    person = db.session.scalars(select(User).where(User.email == "anna@example.org")).one()
    assert commands.ran("user", "deactivate", "--email", "Anna@Example.org") == "closed; 1 sign-ins ended"
    assert client.get("/alku").headers["Location"].startswith("/kirjaudu")
    assert open_sessions_of(person) == 0
    assert come_in(new_client(), "anna@example.org", password, totp) == 422
    assert other.read("/alku").status == 200
    assert changes_of(person) == [{"change": "deactivated", "sessions_ended": "1"}]
    commands.refused("user", "deactivate", "--email", person.email, code=1, reason="closed already")
    commands.refused("user", "reset", "--email", person.email, code=1, reason="is closed")


def test_reset_account_is_entered_with_the_new_secrets_alone(
    commands: Commands, client: Client, new_client: Callable[[], Client]
) -> None:
    old_password, old_totp = secrets_in(commands.ran("user", "create", *PERSON, "--role", "administrator"))
    assert come_in(client, "anna@example.org", old_password, old_totp) == 303
    person = db.session.scalars(select(User)).one()
    password, totp = secrets_in(commands.ran("user", "reset", "--email", "anna@example.org"))
    assert client.get("/alku").headers["Location"].startswith("/kirjaudu")
    assert open_sessions_of(person) == 0
    assert come_in(new_client(), "anna@example.org", old_password, totp) == 422
    assert come_in(new_client(), "anna@example.org", password, old_totp) == 422
    assert come_in(new_client(), "anna@example.org", password, totp) == 303
    assert changes_of(person) == [{"change": "secrets_reset", "sessions_ended": "1"}]


@pytest.mark.parametrize("command", ["deactivate", "reset"])
def test_account_that_is_not_there_is_refused_in_words(commands: Commands, command: str) -> None:
    commands.refused("user", command, "--email", "nobody@example.org", code=1, reason="has no account")
