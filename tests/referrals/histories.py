"""A world of referrals that random people work in, through the real operations on a real database.

A rule is one button on one referral, pressed by anybody at any time. What is refused must leave nothing behind;
what goes through must be a row of the table. To add a move, add a rule that calls ``press``.
"""

import datetime as dt
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from referrals import handover
from referrals.county.models import Referral
from referrals.county.returns import expire_returned
from referrals.moves import (
    CASE_MOVES,
    REFERRAL_MOVES,
    CaseMove,
    MoveCode,
    ReferralMove,
    Who,
)
from referrals.municipality import queries
from servicetray.core.db import db
from tests.referrals.histories_buttons import Buttons
from tests.referrals.histories_ground import Draw, mostly, which


class World(Buttons):
    """Random people at work."""

    # ------------------------------------------------------------------------------- who does what

    @rule(n=which, data=st.data())
    def something_fitting(self, n: int, data: st.DataObject) -> None:
        """Press a button that the table shows for the referral as it stands."""
        self.fit(n, data)

    def fit(self, n: int, data: st.DataObject) -> None:
        self.sweep()
        referral = db.session.get_one(Referral, self.ids[n % len(self.ids)])
        case = queries.open_case_of(referral.id) or next(iter(queries.cases_of(referral.id)[::-1]), None)
        rows = [
            row for row in REFERRAL_MOVES.values() if referral.status in row.from_ and row.code in BUTTONS
        ]
        of_case = [
            row
            for row in CASE_MOVES.values()
            if case is not None and case.status in row.from_ and row.code in BUTTONS
        ]
        # Claims and the work on cases more often than what ends them.
        claims = [row for row in rows if row.code is MoveCode.R2]
        found: list[ReferralMove | CaseMove] = [*rows, *claims * 4, *of_case * 3]
        if data.draw(mostly):
            found = [row for row in found if row.code not in RARE]
        db.session.rollback()
        if found:
            row = data.draw(st.sampled_from(found))
            self.do(row.code, n, data.draw(st.sampled_from(row.who)), data.draw)

    @rule(
        n=which,
        code=st.deferred(lambda: st.sampled_from(sorted(BUTTONS))),
        who=st.sampled_from(Who),
        data=st.data(),
    )
    def something_else(self, n: int, code: MoveCode, who: Who, data: st.DataObject) -> None:
        """Press any button in any role."""
        self.do(code, n, who, data.draw)

    @rule(n=which, data=st.data())
    def something_fitting_again(self, n: int, data: st.DataObject) -> None:
        """Press another: hypothesis draws rules alike, and what fits is what brings a history on."""
        self.fit(n, data)
        self.fit(n, data)

    @rule(n=which, entry=st.booleans(), data=st.data())
    def an_entry_or_an_answer(self, n: int, entry: bool, data: st.DataObject) -> None:
        button = self.log_attempt if entry else self.answer
        button(n, Who.ADVISER, data.draw)

    def do(self, code: MoveCode, n: int, who: Who, draw: Draw) -> None:
        for button in BUTTONS[code]:
            button(self, n, who, draw)

    @rule(hours=st.sampled_from((1, 1, 24, 24, 24 * 4, 24 * 9, 24 * 16)))
    def time_passes(self, hours: int) -> None:
        self.now += dt.timedelta(hours=hours)
        for work in (handover.end_old_offers, handover.end_old_pauses, expire_returned):
            work(self.now)


Button = Callable[[World, int, Who, Draw], None]
BUTTONS: dict[MoveCode, tuple[Button, ...]] = {
    MoveCode.R2: (World.accept,),
    MoveCode.R3: (World.give_back,),
    MoveCode.R4: (World.resend,),
    MoveCode.R5: (World.acknowledge,),
    MoveCode.R7: (World.cancel,),
    MoveCode.R8: (World.request_stop,),
    MoveCode.R9: (World.withdraw,),
    MoveCode.R9B: (World.withdraw,),
    MoveCode.R9C: (World.restore,),
    MoveCode.R10: (World.reverse,),
    MoveCode.R11: (World.void,),
    MoveCode.R12: (World.offer,),
    MoveCode.R13: (World.offer, World.accept_offer),
    MoveCode.R14: (World.offer, World.decline_offer),
    MoveCode.C2: (World.schedule,),
    MoveCode.C3: (World.wait,),
    MoveCode.C4: (World.resume,),
    MoveCode.C5: (World.start,),
    MoveCode.C6: (World.miss,),
    MoveCode.C7: (World.close,),
    MoveCode.C8: (World.reopen,),
    MoveCode.C10: (World.assign,),
    MoveCode.C11: (World.ask,),
}
"""What is pressed for a row of the table; R6, R15, R16, C1 and C9 come about with others, or by themselves."""

RARE = frozenset({MoveCode.R7, MoveCode.R9, MoveCode.R9B, MoveCode.R11})
"""They end a referral: pressed as often as the others, they would leave little to work with."""
