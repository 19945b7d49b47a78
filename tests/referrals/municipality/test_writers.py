"""Twenty people write on one case from the same page, each something else: no one saves over another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import cast

from sqlalchemy import func, select

from referrals.moves import MoveCode
from referrals.municipality.models import Attempt, Case, CaseHistory, Note
from referrals.questions.models import ReferralQuestion
from servicetray.accounts.models import UnitKind
from servicetray.accounts.permissions import Role
from servicetray.core.db import db
from tests.client import Client
from tests.committed import committed_app
from tests.factories import people
from tests.factories.referrals import catchment, sent
from tests.referrals.municipality.test_case import ATTEMPT, NOTE, WAIT
from tests.referrals.municipality.test_case_moves import ASK

WRITERS = 20
ENTRIES: tuple[tuple[str, dict[str, str], str], ...] = (
    (ATTEMPT, {"went": "no_answer"}, "note"),
    (NOTE, {}, "note"),
    (WAIT, {"reason": "away", "review_on": "2026-05-04"}, "note"),
    (ASK, {}, "question"),
)


def test_of_twenty_writers_one_is_saved_and_nobody_s_text_is_lost(engine_name, request, tmp_path, now, day):
    with committed_app(engine_name, request, tmp_path) as app:
        app.test_client_class = Client
        with app.app_context():
            unit = people.unit(UnitKind.COUNSELLING)
            referral_id = sent(catchment(unit), now=now).id
            writers = [
                people.user(Role.ADVISER, units=[unit], name=f"Neuvoja {number}") for number in range(WRITERS)
            ]
            clients = [people.sign_in(cast("Client", app.test_client()), each) for each in writers]
            page = clients[0].read(f"/saapuneet/{referral_id}")
            page = clients[0].send(page.form("Ota itselleni"))
            pages = [each.read(page.path) for each in clients]
            before = _rows()
        gate = Barrier(WRITERS)

        def write(number: int) -> tuple[int, bool]:
            button, fields, text = ENTRIES[number % len(ENTRIES)]
            form = pages[number].form(button)
            data = form.data(**fields, **{text: f"Teksti {number}."})
            gate.wait(timeout=60)
            response = clients[number].post(form.action, data=data)
            return response.status_code, f"Teksti {number}." in response.text

        with ThreadPoolExecutor(WRITERS) as pool:
            answers = list(pool.map(write, range(WRITERS)))
        assert sorted(status for status, _kept in answers) == [303] + [409] * (WRITERS - 1)
        assert all(kept for status, kept in answers if status == 409)
        with app.app_context():
            assert _rows() - before == 1
            assert db.session.scalars(select(Case)).one().status.value in {"contacting", "waiting"}


def _rows() -> int:
    """Count what the four entries write: a question writes a row of history too, so it counts by that alone."""
    questions = db.session.scalar(select(func.count()).select_from(ReferralQuestion)) or 0
    moves = db.session.scalar(select(func.count()).select_from(CaseHistory)) or 0
    asked = db.session.scalar(
        select(func.count()).select_from(CaseHistory).where(CaseHistory.move == MoveCode.C11)
    )
    assert questions == asked
    return moves + sum(
        db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (Attempt, Note)
    )
