"""Residents without an account, each with marks in every field: enrolling, feedback, and asking to be contacted."""

import datetime as dt
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select

from referrals.county.models import Referral
from referrals.enrolment import keeping
from referrals.enrolment.models import Enrolment, EnrolmentState
from servicetray.accounts.models import UnitKind, User
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db, transaction
from servicetray.core.outbox import deliver_due
from tests.client import Client
from tests.factories import catalogue, happenings, people
from tests.reading import Form, Reading
from tests.referrals.county.filling import ground
from tests.referrals.scenes import user
from themes.feedback.models import Feedback
from themes.happenings import operations
from themes.happenings.models import Joining, Occurrence
from themes.happenings.queries import meetings_of

Browser = Callable[[User | None], Client]
"""A new browser: somebody's, or a resident's."""

OWN = "/ryhmat/ilmoittautuminen"
FIRST: dict[str, Any] = {
    "first_name": "Zqaune",
    "last_name": "Zqasukas",
    "phone": "+358 40 777 1122 33",
    "email": "zqaune@example.org",
    "heed": "Zqchair by the door",
    "agreed": "y",
}
SECOND: dict[str, Any] = {
    "first_name": "Zqeino",
    "last_name": "Zqnaapuri",
    "phone": "+358 40 777 2233 44",
    "email": "zqeino@example.org",
    "heed": "Zqrow in front",
    "agreed": "y",
}
REQUEST: dict[str, Any] = {
    "municipality": "286",
    "for_whom": "child",
    "first_name": "Zqlapsi",
    "last_name": "Zqsuku",
    "birth_year": str(clock.now().year - 9),
    "guardian_name": "Zqhuoltaja",
    "channels": ["phone", "email", "letter"],
    "phone": "+358 40 777 3344 55",
    "email": "zqkoti@example.org",
    "address": "Zqkuja 3, Kouvola",
    "follow_up": "yes",
    "consent_given": "y",
    "own_wish": "Zqtoive of swimming",
}
FEEDBACK: dict[str, Any] = {
    "topic": "accessibility",
    "text": "Zqpalaute of the menu.",
    "contact": "zqvastaa@example.org",
}
NOTE = "Zqmerkinta of the answer."

OPENLY = {"Zqpalaute": "feedback.text", "Zqmerkinta": "feedback_note.text"}
"""What is kept as it was written, for editors: where alone it may stand. People are told to leave themselves out."""
SEALED = (
    *(value for row in (FIRST, SECOND) for name, value in row.items() if name != "agreed"),
    *("Zqlapsi", "Zqsuku", "Zqhuoltaja", "+358 40 777 3344 55", "zqkoti@example.org", "Zqkuja", "Zqtoive"),
    FEEDBACK["contact"],
)


def walk(browser: Browser) -> tuple[str, ...]:
    """Let residents do it all, and those who work with it; return the codes that were shown, each as typed."""
    leader, editor, adviser = _county()
    codes = (*_enrol(browser, leader, editor), *_ask(browser, adviser))
    _tell(browser, editor)
    return codes


def _county() -> tuple[User, User, User]:
    catalogue.foundation()
    unit = people.unit(UnitKind.COUNSELLING, name="Testilän liikuntaneuvonta", mailbox="laatikko@example.org")
    ground(unit)
    adviser = people.user(Role.ADVISER, units=[unit], name="Olli Ohjaaja", email="olli@example.org")
    return adviser, people.user(Role.CONTENT_EDITOR, email="eeva@example.org"), adviser


def _enrol(browser: Browser, leader: User, editor: User) -> Iterator[str]:
    """Fill the one place and the waiting list, give the place up, take it, come, and hear of a meeting."""
    leader_id, editor_id, now = leader.id, editor.id, clock.now()
    rule = happenings.weekly(clock.helsinki_day(now) - dt.timedelta(days=7), at="00:30")
    group_id = happenings.group(joining=Joining.CONTINUOUS, leader_id=leader_id, capacity=1, rule=rule)
    resident, address = browser(None), f"/ryhmat/{group_id}/ilmoittaudu"
    resident.send(resident.read(address).form(), status=422, **{**FIRST, "agreed": None})
    first = _code_on(resident.send(resident.read(address).form(), **FIRST))
    second = _code_on(resident.send(resident.read(address).form(), **SECOND))
    own = resident.send(resident.read(OWN).form(), code=first)
    resident.send(own.form(), button="Peru ilmoittautumiseni")
    own = resident.send(resident.read(OWN).form(), code=second)
    resident.send(own.form("Otan paikan"), button="Otan paikan")
    with transaction():
        coming = [each for each in meetings_of(group_id) if each.starts_at > now]
        meeting = db.session.get_one(Occurrence, coming[1].id)
        operations.cancel_date(meeting, reason={"fi": "Sali on varattu"}, actor=user(editor_id), now=now)
    keeping.keep(now)
    desk = browser(user(leader_id))
    enrolment_id = db.session.scalars(
        select(Enrolment.id).where(Enrolment.state == EnrolmentState.PLACE)
    ).one()
    desk.read("/ryhmani")
    desk.read(f"/ryhmani/{group_id}")
    desk.read(f"/ryhmani/{group_id}/lista")
    desk.read(f"/ryhmani/{group_id}/osallistuja/{enrolment_id}")
    came = desk.read(f"/ryhmani/{group_id}/kokoontuminen/{meetings_of(group_id)[0].id}").form()
    marks: dict[str, Any] = {str(enrolment_id): "present"}
    desk.send(came, **marks)
    yield from (first, second)


def _ask(browser: Browser, adviser: User) -> Iterator[str]:
    """Ask to be contacted for a child, look at it with the code, and let the adviser find it."""
    adviser_id, resident, address = adviser.id, browser(None), "/ota-yhteytta/exercise"
    resident.send(resident.read(address).form(), status=422, **{**REQUEST, "consent_given": None})
    code = _code_on(resident.send(resident.read(address).form(), **REQUEST))
    visitor = browser(None)
    visitor.send(visitor.read("/oma").form(), code=code, birth_year=str(REQUEST["birth_year"]))
    desk, referral_id = browser(user(adviser_id)), db.session.scalars(select(Referral.id)).one()
    desk.read("/saapuneet")
    desk.read(f"/saapuneet/{referral_id}")
    yield code


def _tell(browser: Browser, editor: User) -> None:
    """Give feedback, and let an editor answer it."""
    editor_id, resident = editor.id, browser(None)
    _give(resident.read("/palaute").form("Lähetä palaute"), resident, text="", status=422)
    _give(resident.read("/palaute").form("Lähetä palaute"), resident)
    desk, feedback_id = browser(user(editor_id)), db.session.scalars(select(Feedback.id)).one()
    desk.read("/sisalto/palaute")
    page = desk.read(f"/sisalto/palaute/{feedback_id}")
    desk.send(page.form("Tallenna"), state="answered", note=NOTE)


def _give(form: Form, resident: Client, *, status: int = 200, **changes: Any) -> None:
    resident.send(form, status=status, **{**FEEDBACK, **changes})


def deliver() -> list[EmailMessage]:
    """Send what waits, and let the addresses of residents be forgotten; return the letters."""
    sent: list[EmailMessage] = []
    deliver_due(now=clock.now(), send=sent.append)
    keeping.keep(clock.now())
    return sent


def _code_on(page: Reading) -> str:
    return str(page.main.xpath(".//dd[@class='code']")[0].text)
