"""What clients said, and their codes and visits, go together with the content that they belong to."""

import uuid
from collections.abc import Collection

from sqlalchemy import delete

from referrals.client.models import ClientCode, ClientMessage, ClientVisit
from servicetray.core import crypto
from servicetray.core.db import db


def erase_of_referrals(referral_ids: Collection[uuid.UUID]) -> None:
    """Erase codes, visits and the county's messages of referrals whose content is being erased."""
    for model in (ClientVisit, ClientCode):
        db.session.execute(delete(model).where(model.referral_id.in_(referral_ids)))
    db.session.execute(
        delete(ClientMessage).where(
            ClientMessage.referral_id.in_(referral_ids), ClientMessage.controller == crypto.COUNTY
        )
    )


def erase_of_case(referral_id: uuid.UUID, *, municipality_code: str) -> None:
    """Erase a municipality's copy of what a client said, when the copy of the content goes."""
    db.session.execute(
        delete(ClientMessage).where(
            ClientMessage.referral_id == referral_id,
            ClientMessage.controller == crypto.municipality_controller(municipality_code),
        )
    )
