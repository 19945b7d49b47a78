"""Contacting the client: only the ways that they allowed."""

import pytest

from referrals.moves import ContactChannel
from referrals.municipality import operations, queries
from referrals.municipality.models import AttemptResult
from referrals.municipality.operations import ChannelNotAllowedError
from servicetray.core.db import transaction
from tests.referrals.handover.moving import fresh, held
from tests.referrals.scenes import user

pytestmark = pytest.mark.usefixtures("database")


def test_an_attempt_goes_only_the_ways_that_the_client_allowed(now):
    it = fresh(now)
    with pytest.raises(ChannelNotAllowedError), transaction():
        operations.log_attempt(
            held(it),
            channel=ContactChannel.LETTER,
            result=AttemptResult.NO_ANSWER,
            note="",
            actor=user(it.adviser.id),
            now=now,
        )
    assert queries.attempts_of(it.case().id) == []
