"""What the client has follows a referral to another municipality (R13)."""

from sqlalchemy import select

from referrals import handover
from referrals.client import codes, messages, operations
from referrals.client.messages import MessageKind, Said
from referrals.county.queries import Referral
from referrals.moves import ReferralStatus, Who
from servicetray.core.db import db, transaction
from tests.referrals.handover.moving import offered, take


def test_code_and_messages_follow_a_transfer(database, now):
    it, taker, offer_id = offered(now, state="accepted")
    with transaction():
        code = operations.make_code(it.referral_id, actor=None, now=now)
    with transaction():
        handover.hold_cases(it.referral_id)
        operations.say(it.referral_id, MessageKind.NEW_NUMBER, Said(phone="050 123 4567"), now=now)
    year = 1948
    take(offer_id, taker, now=now)
    goes_on = db.session.scalars(select(Referral).where(Referral.status == ReferralStatus.ACCEPTED)).one()
    assert goes_on.id != it.referral_id
    with transaction():
        opened = codes.check(code, year, now=now)
        assert opened is not None
        assert opened.referral_id == goes_on.id
    (message,) = messages.messages_of(goes_on.id, municipality_code=goes_on.municipality_code)
    assert message.said.phone == "050 123 4567"
    with transaction():
        operations.withdraw(goes_on.id, now=now)
    assert db.session.get_one(Referral, goes_on.id).consent.withdrawn_by == Who.CLIENT.value
