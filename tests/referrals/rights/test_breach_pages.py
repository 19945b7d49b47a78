"""The pages on which the data protection officers deal with a misdirected referral."""

import pytest
from sqlalchemy import select

from referrals.breaches.models import Breach
from referrals.moves import VoidReason
from servicetray.accounts.permissions import Role
from servicetray.core import clock
from servicetray.core.db import db
from tests.factories import people
from tests.referrals.handover import corrections
from tests.referrals.rights.test_rights import SIDES, officer_of
from tests.referrals.scenes import DAY, HOUR, scene

pytestmark = pytest.mark.usefixtures("database")


def misdirected() -> str:
    it = scene("accepted", now=clock.now() - DAY)
    corrections.void(it, now=clock.now() - HOUR, reason=VoidReason.WRONG_PERSON)
    return f"/en/tietosuoja/loukkaukset/{db.session.scalars(select(Breach)).one().id}"


@pytest.mark.parametrize("side", SIDES)
def test_both_officers_see_it_and_write_their_assessment(new_client, side):
    path = misdirected()
    officer = officer_of(new_client, side)
    assert path in officer.get("/en/tietosuoja/loukkaukset").get_data(as_text=True)
    page = officer.read(path)
    assert "Tiainen" not in page.text
    form = page.form_to("/arvio")
    names = [name for name in form.names if name not in {"csrf_token", "risk", "state", "version"}]
    text = next(name for name in names if "assess" in name or "text" in name)
    refused = officer.post(form.action, data=form.data(**{text: "hetu 131052-308T"}))
    assert refused.status_code == 422
    assert "131052" not in officer.read(path).text


def test_nobody_else_finds_it(new_client):
    path = misdirected()
    for role in set(Role) - {Role.DATA_PROTECTION_OFFICER}:
        assert people.sign_in(new_client(), people.user(role)).get(path).status_code == 404, role
