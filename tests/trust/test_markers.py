"""Client data is nowhere but where it is sealed: addresses, logs, messages, caches and plain columns are searched."""

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import LargeBinary, cast, select
from sqlalchemy.types import String

from referrals import handover
from referrals.client import operations as client_operations
from referrals.client.messages import MessageKind, Said
from referrals.county.models import Referral
from referrals.municipality.models import Case
from servicetray.accounts import queries as accounts
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core import anonymous, clock, letters
from servicetray.core.db import Model, db, is_sqlite, transaction
from servicetray.core.outbox import OutboxMessage
from tests.client import Client
from tests.committed import committed_app
from tests.factories import people
from tests.figures import Figure
from tests.referrals.county.filling import ANSWERS, FORM, PREVIEW, SAVE, SEND, form_of, ground
from tests.referrals.scenes import locked, user
from tests.trust import residents

MARKS = {
    "first_name": "Zqfirst",
    "last_name": "Zqlast",
    "phone": "+358 40 777 5533 11",
    "email": "zqmail@example.org",
    "address": "Zqstreet 7, Kouvola",
    "contact_name": "Zqcontact",
    "contact_relation": "Zqrelation",
    "contact_phone": "+358 40 777 6644 22",
    "interpreter": "Zqinterpreter",
    "own_wish": "Zqwish to walk",
    "what_to_heed": "Zqheed of stairs",
}
"""What a client's referral holds: each value stands nowhere else in the world."""
LATER = ("Zqnote", "Zqclosing", "Zqquestion", "Zqanswer", "+358 40 777 8855 33")
"""What is written about the client afterwards: notes, question and answer, a number the client gave."""
SEARCHED = (*(value.split(",")[0] for value in MARKS.values()), *LATER)

Line = tuple[str, str]


class Traces:
    """Everything that left the application, by the place it was seen in."""

    def __init__(self) -> None:
        self.seen: list[Line] = []
        self.log = io.StringIO()

    def watch(self, app: Flask) -> None:
        """Note each address, and each answer that a shared cache may keep."""

        def note(response: Any) -> Any:
            from flask import request  # noqa: PLC0415 - of the request that is answered

            self.seen.append(("address", request.url))
            self.seen.append(("address", response.headers.get("Location", "")))
            self.seen.append(("header", str(response.headers)))
            if "no-store" not in response.headers.get("Cache-Control", ""):
                self.seen.append(("cache", response.get_data(as_text=True)))
            return response

        # First in the list is called last: when every header stands.
        app.after_request_funcs.setdefault(None, []).insert(0, note)

    def found(self, more: list[Line], marks: Sequence[str] = SEARCHED) -> list[Line]:
        """Return where a mark was met, and which."""
        lines = [*self.seen, *more, *(("log", line) for line in self.log.getvalue().splitlines())]
        return [(place, mark) for place, text in lines for mark in marks if _plain(mark) in _plain(text)]


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Traces:
    """Traces whose log is written as in production, as JSON at the level of information."""
    kept = Traces()
    configure = structlog.configure

    def into_memory(**options: Any) -> None:
        options["logger_factory"] = structlog.PrintLoggerFactory(kept.log)
        options["wrapper_class"] = structlog.make_filtering_bound_logger(20)
        options["cache_logger_on_first_use"] = False
        configure(**options)

    monkeypatch.setattr(structlog, "configure", into_memory)
    return kept


@pytest.fixture
def shared(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path, traces: Traces
) -> Iterator[Flask]:
    """An application on a database that really commits, watched."""
    with committed_app(engine_name, request, tmp_path) as app:
        app.test_client_class = Client
        traces.watch(app)
        yield app


@pytest.mark.trust
def test_client_data_is_nowhere_but_where_it_is_sealed(
    shared: Flask, traces: Traces, tmp_path: Path, figure: Figure
) -> None:
    """Markers in every field of a referral and its case, searched in addresses, logs, mails, caches, columns, files."""
    with shared.app_context():
        sender, adviser = _county()
        _send(_browser(shared, sender))
        _work(_browser(shared, adviser), adviser, sender)
        columns, letters_made = list(_columns()), list(_letters())
        db.session.remove()
    # SQLite keeps everything in one file, the journal beside it; the bytes tell what a stolen disk would.
    files = [("file", path.read_bytes().decode("latin-1")) for path in tmp_path.rglob("*") if path.is_file()]
    found = traces.found([*columns, *letters_made, *files])

    figure("marks", len(SEARCHED), "values")
    figure("addresses searched", sum(place == "address" for place, _ in traces.seen), "addresses")
    figure("log lines searched", len(traces.log.getvalue().splitlines()), "lines")
    figure("letters searched", len(letters_made), "letters")
    figure("column values searched", len(columns), "values")
    figure("marks found", len(found), "places")
    assert letters_made
    assert "sending.create" in traces.log.getvalue() or "sending.new" in traces.log.getvalue()
    assert found == []


@pytest.mark.trust
def test_residents_data_is_nowhere_but_where_it_is_sealed(
    shared: Flask, traces: Traces, tmp_path: Path, figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same of enrolling in a group with its waiting list and codes, of feedback, and of asking to be contacted."""
    monkeypatch.setattr(anonymous.problem_of, "__kwdefaults__", {"fastest": dt.timedelta(0)})
    with shared.app_context():
        codes = residents.walk(lambda person: _browser(shared, person))
        # Before they leave: what a letter tells, and that nothing but its envelope has the address.
        letters_made = list(_letters())
        sent = residents.deliver()
        columns = list(_columns())
        db.session.remove()
        _write_journal_over()
    files = [("file", path.read_bytes().decode("latin-1")) for path in tmp_path.rglob("*") if path.is_file()]
    marks = (*residents.SEALED, *codes, *(code.replace(" ", "") for code in codes))
    found = traces.found([*columns, *letters_made, *files], marks)
    # What is written openly stands in its own column, and so in the file of SQLite; nowhere else.
    openly = traces.found([*columns, *letters_made], tuple(residents.OPENLY))

    figure("marks of residents", len(marks) + len(residents.OPENLY), "values")
    figure("addresses searched", sum(place == "address" for place, _ in traces.seen), "addresses")
    figure("letters searched", len(letters_made), "letters")
    figure("marks found", len(found) + len(openly) - len(residents.OPENLY), "places")
    assert sent
    assert "enrolment.send" in traces.log.getvalue()
    assert found == []
    assert sorted(openly) == sorted((column, mark) for mark, column in residents.OPENLY.items())


def test_the_search_would_find_a_mark(traces: Traces) -> None:
    """A mark in a log line or an address is a finding, however it is written there."""
    traces.log.write("event=request name=zqLAST\n")
    traces.seen.append(("address", "/lahetteet?q=%2B35840 7775533 11"))
    assert traces.found([]) == [("address", MARKS["phone"]), ("log", "Zqlast")]


def _plain(text: str) -> str:
    return text.lower().replace(" ", "").replace("%2b", "+").replace("%20", "")


def _browser(app: Flask, person: User | None) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    return people.sign_in(client, person) if person else client


def _county() -> tuple[User, User]:
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", mailbox="laatikko@example.org")
    ground(unit)
    sending = people.unit(mailbox="lahettaja@example.org")
    sender = people.user(Role.PROFESSIONAL, units=[sending])
    return sender, people.user(Role.ADVISER, units=[accounts.unit(unit.id)])


def _send(browser: Client) -> None:
    answers = {
        **ANSWERS,
        **MARKS,
        "channels": ["phone", "email", "letter", "contact_person"],
        "feedback": "yes",
        "follow_up": "yes",
        "transfer": "yes",
    }
    form = form_of(browser.read(FORM))
    # A draft, a preview and a refusal hold the data too.
    for button in (SAVE, PREVIEW):
        browser.post(form.action, data=form.data(button=button, **answers), follow_redirects=True)
    form = form_of(browser.read(FORM))
    browser.post(form.action, data=form.data(button=SEND, **{**answers, "birth_year": "48"}))
    form = form_of(browser.read(FORM))
    answer = browser.post(form.action, data=form.data(button=SEND, **answers), follow_redirects=True)
    assert answer.status_code == 200, answer.status_code
    browser.read("/lahetteet")


def _work(browser: Client, adviser: User, sender: User) -> None:
    now = clock.now()
    referral_id = db.session.scalars(select(Referral.id)).one()
    adviser_id, sender_id = adviser.id, sender.id
    browser.read("/saapuneet")
    browser.send(browser.read(f"/saapuneet/{referral_id}").form_to("/ota"))
    case_id = db.session.scalars(select(Case.id)).one()
    address = f"/asiakkuudet/{case_id}"
    browser.send(browser.read(address).form_to("/muistiinpano"), note="Zqnote")
    with transaction():
        handover.hold_cases(referral_id)
        question = handover.ask(
            locked(referral_id), question="Zqquestion?", actor=user(adviser_id), now=now
        ).id
    with transaction():
        handover.answer(question, text="Zqanswer.", actor=user(sender_id), now=now)
    with transaction():
        handover.hold_cases(referral_id)
        said = Said(phone="+358 40 777 8855 33")
        client_operations.say(referral_id, MessageKind.NEW_NUMBER, said, now=now)
    browser.send(browser.read(address).form_to("/paata"), outcome="did_not_want", note="Zqclosing")
    browser.read("/saapuneet/paattyneet")
    browser.get("/saapuneet?nimi=" + str(case_id))


def _write_journal_over() -> None:
    """Let SQLite's journal be taken into its file, as happens by itself in time: it holds addresses of sent letters."""
    if is_sqlite(db.session()):
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar() == 0


def _letters() -> Iterator[Line]:
    for message in db.session.scalars(select(OutboxMessage)).all():
        matter = letters.Matter(template=message.template, context=message.context)
        made = letters.letter(
            matter,
            address=message.address,
            language=message.language,
            key=message.id,
            at=message.created_at,
        )
        yield "letter", f"{made['Subject']}\n{made.get_content()}"


def _columns() -> Iterator[Line]:
    """Read every value of every table, but for what is sealed, as text."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                continue
            place = f"{table.name}.{column.name}"
            for value in db.session.scalars(select(cast(column, String))).all():
                yield place, str(value)
