"""Random histories through the real operations: never an illegal state, and the figures always balance."""

from collections import Counter

import pytest
from flask import Flask
from hypothesis import settings

from referrals.moves import MoveCode
from tests import database as databases
from tests.figures import Figure
from tests.referrals.histories import World


@pytest.mark.trust
@pytest.mark.parametrize("engine_name", [databases.SQLITE], indirect=True)
def test_no_history_of_the_real_records_is_illegal_or_out_of_balance(app: Flask, figure: Figure, long: bool):
    """No history of the real records is illegal or out of balance."""
    runs, steps = (200, 80) if long else (8, 30)
    made: Counter[MoveCode] = Counter()

    class Watched(World):
        pass

    Watched.app, Watched.moves = app, made
    Watched.TestCase.settings = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, derandomize=not long
    )
    Watched.TestCase("runTest").runTest()
    figure("random histories of real records", runs, "")
    figure("moves made in them by the operations", made.total(), "")
    figure("rows of the table among these moves", f"{len(made)} of {len(MoveCode)}", "")
    # In a world in which little happens little would be proved.
    assert len(made) > len(MoveCode) * (0.85 if long else 0.4)
