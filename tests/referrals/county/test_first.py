import pytest
from sqlalchemy import select
from referrals.county.models import Referral
from servicetray.core.db import db
from tests.referrals.county.filling import ground, signed_in, fill

pytestmark = pytest.mark.usefixtures("database")

def test_line(new_client):
    ground()
    client = signed_in(new_client)
    page = fill(client, button=None) if False else None
    p = client.read("/lahetteet/uusi/exercise")
    forms = [f for f in p.main.iter("form")]
    from tests.reading import Form
    form = Form(forms[0], p.path)
    print(form.buttons, form.names)
    from tests.referrals.county.filling import ANSWERS
    r = client.send(form, **ANSWERS)
    print(r.h1, r.path)
    row = db.session.scalars(select(Referral)).one()
    for path in (f"/lahetteet/{row.id}", f"/lahetteet/{row.id}/ohje", "/lahetteet", f"/sv/lahetteet/{row.id}/ohje", f"/en/lahetteet/{row.id}/kuittaus"):
        x = client.read(path)
        print(x.h1, [w for w in x.headings(2)])
