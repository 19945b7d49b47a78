"""docs/authorisation.toml asked of the application: every route as everybody, in the right and the wrong unit."""

import contextvars
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from servicetray.accounts.permissions import PERMISSIONS, Role
from servicetray.audit.models import AuditRow, AuditRowSubject
from servicetray.core import access
from servicetray.core.access import Door
from servicetray.core.db import db
from tests import database as databases
from tests.factories import people
from tests.figures import Figure
from tests.statements import noted, written_table
from tests.trust import matrix, stage
from tests.trust.matrix import OUTSIDE, Matrix, Route
from tests.trust.stage import Stage

MISSING, BROKEN = 404, 500
REFUSED = {400, 401}
"""A POST without a token, and a form that saves itself."""
SAMPLE = 6
"""In the short run one in so many of those asks whom a route is closed to, or who share it with everybody."""
PAIRS = 3
"""In the short run one in so many of those to whom a thing is closed asks for it and for nothing: some of each route."""
LEFT_BEHIND = ("audit_row", "sign_in_session", "throttle_window")
"""What a refused request may write: that somebody was there."""
_OWN_ALONE = re.compile(r"DELETE FROM kept_form WHERE .*\bkept_form\.user_id = ")
"""What may be sent though it is closed: it names whoever asks as the owner, so it finds nothing of another's."""
_CHANGING = re.compile(r'name="csrf_token"[^>]*>|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}')


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one question."""

    status: int
    to_sign_in: bool
    body: str
    wrote: frozenset[str]
    unlogged: frozenset[str]
    """Clients whose names stand in the answer, without an audit row about them."""


@pytest.fixture(scope="module")
def allowed() -> Matrix:
    """The matrix file."""
    return matrix.read()


@pytest.fixture(scope="module")
def played(app: Flask) -> Iterator[Stage]:
    """The stage, built once; every question about it is undone."""
    with databases.undone(app):
        yield stage.build(app)


def test_the_file_names_every_route_and_no_other(app: Flask, allowed: Matrix):
    served = set(matrix.served(app))
    missing, gone = sorted(served - allowed.named), sorted(allowed.named - served)
    told = [f'    "{line}",' for line in missing] + [f"    no longer there: {line}" for line in gone]
    assert not told, "\n".join(["put these into docs/authorisation.toml:", *told])
    assert allowed.faults == []


@pytest.mark.trust
@pytest.mark.one_engine
def test_every_route_answers_everybody_as_the_matrix_says(
    app: Flask, played: Stage, allowed: Matrix, figure: Figure, *, long: bool
):
    """Every route is asked as everybody: it opens, sends to sign in or answers 404 as docs/authorisation.toml says."""
    cells, open_cells, unbuilt = 0, 0, set()
    wrong: list[str] = []
    for number, route in enumerate(allowed.routes):
        values, whole = _values(route, played)
        for place, person in enumerate(allowed.people):
            is_open = route.is_open_to(person)
            named = person in route.open_to
            if not (long or named or person in OUTSIDE or (number + place) % SAMPLE == 0):
                continue
            answer = _asked(app, played, person, route, route.path(values))
            fault = _fault(route, person, answer, whole=whole)
            if fault:
                wrong.append(f"{person}: {route}: {fault}")
            cells += 1
            open_cells += is_open
        if not whole and not route.bare:
            unbuilt.add(str(route))
    figure("routes", len(allowed.named), "routes")
    figure("people", len(allowed.people), "people")
    figure("cells tested", cells, "cells")
    figure("of them open", open_cells, "cells")
    figure("routes about a thing that the scene has not got", len(unbuilt), "routes")
    figure("wrong", len(wrong), "cells")
    assert not wrong, "\n".join(wrong)
    assert not unbuilt, f"tests/trust/things.py makes nothing for {', '.join(sorted(unbuilt))}"


@pytest.mark.trust
@pytest.mark.one_engine
def test_forbidden_looks_like_missing(
    app: Flask, played: Stage, allowed: Matrix, figure: Figure, *, long: bool
):
    """What somebody may not see answers byte for byte like what does not exist."""
    pairs = 0
    # What does not exist is the same nothing for every route of one address that asks about different things.
    nowhere: dict[object, Answer] = {}
    asked_about = [route for route in allowed.routes if route.objects and route.method == "GET"]
    for number, route in enumerate(asked_about):
        values, _whole = _values(route, played)
        nothing = values | {name: _nothing(route.rule, name) for name in route.objects}
        closed_to = [one for one in allowed.people if one not in OUTSIDE and not route.is_open_to(one)]
        for place, person in enumerate(closed_to):
            if not (long or (number + place) % PAIRS == 0):
                continue
            forbidden = _asked(app, played, person, route, route.path(values))
            same = (
                person,
                route.rule,
                *sorted(route.objects),
                *sorted(route.fields.items()),
                *sorted(route.words.items()),
            )
            if same not in nowhere:
                nowhere[same] = _asked(app, played, person, route, route.path(nothing))
            missing = nowhere[same]
            assert (forbidden.status, missing.status) == (MISSING, MISSING), f"{person}: {route}"
            assert forbidden.body == missing.body, f"{person}: {route}"
            pairs += 1
    figure("pairs of answers compared", pairs, "pairs")
    figure("that differ", 0, "pairs")
    assert pairs


@pytest.mark.trust
@pytest.mark.one_engine
def test_every_permission_but_the_needed_one_is_not_enough(
    app: Flask, played: Stage, allowed: Matrix, figure: Figure
):
    """Who holds every role but those that open a route does not get in."""
    doors: dict[frozenset[access.Permission], list[Route]] = {}
    rules = {rule.rule + str(rule.methods): rule for rule in app.url_map.iter_rules()}
    for rule in rules.values():
        marker = access.marker_of(app.view_functions[rule.endpoint]) if rule.endpoint != "static" else None
        if marker is not None and marker.door is Door.PERMISSION:
            found = [
                each
                for each in allowed.routes
                if each.rule == rule.rule and each.method in (rule.methods or ())
            ]
            doors.setdefault(marker.permissions, []).extend(found)
    asked = 0
    units = {name: played.users[name].unit for name in ("sender", "adviser", "officer_of_municipality")}
    for needed, routes in doors.items():
        others = [role for role in Role if not PERMISSIONS[role] & needed]
        person = people.user(*others, units=list(units.values()))
        more = stage.joined_by(app, played, "all but it", person)
        for route in routes:
            values, _whole = _values(route, played)
            answer = _asked(app, more, "all but it", route, route.path(values))
            assert answer.status == MISSING, f"{route} without {', '.join(sorted(needed))}"
            assert not answer.wrote, str(route)
            asked += 1
    figure("permissions or sets of them", len(doors), "doors")
    figure("cells tested", asked, "cells")
    figure("wrong", 0, "cells")


def _values(route: Route, played: Stage) -> tuple[dict[str, object], bool]:
    """Return what stands in the route's address, and whether all of it is there."""
    given = {name: played.objects[thing] for name, thing in route.objects.items()}
    if "question_id" in route.parts:
        given["question_id"] = played.objects["question"]
    known = {**played.values, **route.words, **given}
    unknown = [name for name in route.parts if name not in known]
    return known | {name: _nothing(route.rule, name) for name in unknown}, not unknown and not route.bare


def _nothing(rule: str, name: str) -> object:
    if f"<int:{name}>" in rule:
        return 999_999_999
    return uuid.uuid4()


def _fault(route: Route, person: str, answer: Answer, *, whole: bool) -> str:
    """Say what is wrong with an answer, or nothing."""
    if answer.status >= BROKEN:
        return f"answers {answer.status}"
    if answer.unlogged:
        return f"shows {', '.join(sorted(answer.unlogged))} without an audit row"
    if matrix.EVERYONE in route.open_to:
        return ""
    if route.is_open_to(person):
        shut = answer.status == MISSING and whole
        return "is sent to sign in" if answer.to_sign_in else "meets 404, though it is open" if shut else ""
    if answer.wrote:
        return f"writes {', '.join(sorted(answer.wrote))}, though it is closed"
    # A POST without a token is refused before anybody is asked who they are.
    refused = route.method == "POST" and answer.status in REFUSED
    right = answer.to_sign_in or refused if person in OUTSIDE else answer.status == MISSING
    return "" if right else f"answers {answer.status}, though it is closed"


def _asked(app: Flask, played: Stage, person: str, route: Route, path: str) -> Answer:
    """Ask one route as somebody, and undo whatever it did."""
    db.session.rollback()
    # The test's one connection, which stands in for the engine.
    connection: Any = db.engines[None]
    before = connection.begin_nested()
    try:
        last = db.session.scalars(select(func.max(AuditRow.id))).one() or 0
        db.session.rollback()
        with noted(connection) as sent:
            response = contextvars.Context().run(_send, app, played, person, route, path)
        # Some files are not text.
        body = response.get_data().decode(errors="replace")
        return Answer(
            status=response.status_code,
            to_sign_in=urlsplit(response.location or "").path == "/kirjaudu",
            # The links to the other languages name the page itself.
            body=_CHANGING.sub("", body.replace(path, "")),
            wrote=frozenset(
                table
                for statement in sent
                if (table := written_table(statement)) is not None
                and not table.startswith(LEFT_BEHIND)
                and not _OWN_ALONE.match(statement)
            ),
            unlogged=_unlogged(played.marks, body, since=last),
        )
    finally:
        db.session.rollback()
        before.rollback()


def _send(app: Flask, played: Stage, person: str, route: Route, path: str) -> TestResponse:
    # Without a look at each page, which other tests give: thousands are asked for here. The cookies are a copy,
    # since some routes take them away.
    client = FlaskClient(app, app.response_class)
    client._cookies = dict(played.cookies[person])
    named = {name: str(played.objects[thing]) for name, thing in route.fields.items()}
    fields = {name: word for name, word in route.words.items() if name not in route.parts} | named
    if route.method == "GET":
        return client.get(path, query_string=fields)
    return client.post(path, data={"csrf_token": played.tokens[person], **fields})


def _unlogged(marks: Mapping[str, str], body: str, *, since: int) -> frozenset[str]:
    shown = {mark: key for mark, key in marks.items() if mark in body}
    if not shown:
        return frozenset()
    logged = set(db.session.scalars(select(AuditRow.subject_key).where(AuditRow.id > since)).all())
    listed = select(AuditRowSubject.subject_key).where(AuditRowSubject.row_id > since)
    logged |= set(db.session.scalars(listed).all())
    return frozenset(mark for mark, key in shown.items() if key not in logged)
