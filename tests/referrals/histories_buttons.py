"""Every button of the random world: one for each row of the table that somebody makes happen."""

import datetime as dt
import uuid

from hypothesis import strategies as st

from referrals import handover
from referrals.county import operations as county_operations
from referrals.county import queries as county
from referrals.county.models import Referral
from referrals.county.operations import NewReferral
from referrals.moves import (
    ContactChannel,
    Priority,
    VoidReason,
    Who,
)
from referrals.municipality import operations, queries
from referrals.municipality.models import AttemptResult, Case, MeetingForm
from referrals.questions import queries as questions
from referrals.transfers import queries as transfers
from servicetray.accounts import queries as accounts
from servicetray.core import clock
from tests.factories.referrals import PREFIXES
from tests.referrals.histories_ground import GIVEN, Draw, Ground, mostly, outcomes, reasons, which


class Buttons(Ground):
    """What may be tried on a referral."""

    # -------------------------------------------------------------------------- the county's rules

    def resend(self, n: int, who: Who, draw: Draw) -> None:
        del who
        same = draw(st.booleans())

        def work(referral: Referral, _: Case | None) -> None:
            code = referral.municipality_code if same else "285"
            route = queries.route(referral.kind_code, code, on=clock.helsinki_day(self.now))
            if route is None or referral.sealed is None:
                return
            receiver = accounts.unit(route.unit_id)
            assert receiver is not None
            new = NewReferral(
                form_key=uuid.uuid4(),
                kind_code=referral.kind_code,
                prefix=PREFIXES[referral.kind_code],
                content=county.content_of(referral),
                consent=GIVEN,
                priority=Priority.NORMAL,
                practice=referral.practice,
            )
            handover.resend(
                referral,
                new=new,
                route=route,
                receiver=receiver,
                consent=None if handover.keeps_consent(referral, route=route) else GIVEN,
                actor=self.sender(),
                now=self.now,
            )

        self.press(n, work)

    def acknowledge(self, n: int, who: Who, draw: Draw) -> None:
        del who, draw
        self.press(
            n, lambda row, _: county_operations.acknowledge_return(row, actor=self.sender(), now=self.now)
        )

    def cancel(self, n: int, who: Who, draw: Draw) -> None:
        del who
        reason = draw(reasons)
        self.press(
            n, lambda row, _: county_operations.cancel(row, actor=self.sender(), reason=reason, now=self.now)
        )

    def request_stop(self, n: int, who: Who, draw: Draw) -> None:
        del who, draw
        self.press(n, lambda row, _: handover.request_stop(row, actor=self.sender(), now=self.now))

    def withdraw(self, n: int, who: Who, draw: Draw) -> None:
        del draw
        self.press(
            n, lambda row, _: handover.withdraw(row, who=who, actor=self.actor(row, who), now=self.now)
        )

    def restore(self, n: int, who: Who, draw: Draw) -> None:
        del who
        heard = draw(mostly)
        self.press(
            n,
            lambda row, _: handover.restore(
                row, consent=GIVEN, client_heard=heard, actor=self.actor(row, Who.LEAD), now=self.now
            ),
        )

    def void(self, n: int, who: Who, draw: Draw) -> None:
        reason = draw(st.sampled_from(VoidReason))
        self.press(
            n,
            lambda row, _: handover.void(
                row, reason=reason, who=who, actor=self.actor(row, who), now=self.now
            ),
        )

    # ------------------------------------------------------------- between county and municipality

    def accept(self, n: int, who: Who, draw: Draw) -> None:
        for_adviser = draw(st.booleans())
        self.press(
            n,
            lambda row, _: handover.accept(
                row,
                who=who,
                actor=self.actor(row, who),
                handler=self.actor(row) if for_adviser else None,
                now=self.now,
            ),
        )

    def reverse(self, n: int, who: Who, draw: Draw) -> None:
        del draw
        self.on_case(
            n,
            lambda case: handover.reverse_acceptance(
                case, who=who, actor=self.actor(case, who), now=self.now
            ),
        )

    def give_back(self, n: int, who: Who, draw: Draw) -> None:
        reason = draw(reasons)
        self.press(
            n,
            lambda row, _: handover.give_back(
                row, reason=reason, who=who, actor=self.actor(row, who), now=self.now
            ),
        )

    def offer(self, n: int, who: Who, draw: Draw) -> None:
        del who
        place = draw(which)
        to = self.places[place % len(self.places)]
        self.press(
            n,
            lambda row, _: handover.offer_transfer(
                row, to_catchment_id=to, who=Who.ADVISER, actor=self.actor(row), now=self.now
            ),
        )

    def answer_offer(self, n: int, draw: Draw, *, accept: bool) -> None:
        elsewhere = not draw(mostly)

        def work(row: Referral, _: Case | None) -> None:
            offers = transfers.offers_of(row.id)
            if not offers:
                return
            place = offers[-1].from_catchment_id if elsewhere else offers[-1].to_catchment_id
            actor = accounts.user(self.workers[place][0])
            assert actor is not None
            act = handover.accept_offer if accept else handover.decline_offer
            act(offers[-1].id, who=Who.ADVISER, actor=actor, now=self.now)

        self.press(n, work)

    def accept_offer(self, n: int, who: Who, draw: Draw) -> None:
        del who
        self.answer_offer(n, draw, accept=True)

    def decline_offer(self, n: int, who: Who, draw: Draw) -> None:
        del who
        self.answer_offer(n, draw, accept=False)

    def close(self, n: int, who: Who, draw: Draw) -> None:
        del who
        outcome = draw(outcomes)
        self.on_case(
            n,
            lambda case: handover.close(
                case, outcome=outcome, who=Who.ADVISER, actor=self.actor(case), now=self.now
            ),
        )

    def reopen(self, n: int, who: Who, draw: Draw) -> None:
        reason = draw(reasons)
        self.on_case(
            n,
            lambda case: handover.reopen(
                case, reason=reason, who=who, actor=self.actor(case, who), now=self.now
            ),
        )

    def ask(self, n: int, who: Who, draw: Draw) -> None:
        del who, draw
        self.press(n, lambda row, _: handover.ask(row, question="Mikä?", actor=self.actor(row), now=self.now))

    def answer(self, n: int, who: Who, draw: Draw) -> None:
        del who, draw

        def work(row: Referral, _: Case | None) -> None:
            for asked in questions.rows_of(row.id)[-1:]:
                handover.answer(asked.id, text="Tämä", actor=self.sender(), now=self.now)

        self.press(n, work)

    # -------------------------------------------------------------------- the municipality's rules

    def assign(self, n: int, who: Who, draw: Draw) -> None:
        del draw
        self.on_case(
            n,
            lambda case: operations.assign(
                case, to=self.actor(case, Who.LEAD), who=who, actor=self.actor(case, who), now=self.now
            ),
        )

    def log_attempt(self, n: int, who: Who, draw: Draw) -> None:
        del who
        result = draw(st.sampled_from(AttemptResult))
        channel = draw(st.sampled_from((ContactChannel.PHONE, ContactChannel.PHONE, ContactChannel.LETTER)))
        self.on_case(
            n,
            lambda case: operations.log_attempt(
                case, channel=channel, result=result, note="Veikko", actor=self.actor(case), now=self.now
            ),
        )

    def schedule(self, n: int, who: Who, draw: Draw) -> None:
        del draw
        at = self.now + dt.timedelta(days=3)
        self.on_case(
            n,
            lambda case: operations.schedule(
                case, at=at, form=MeetingForm.PHONE, who=who, actor=self.actor(case), now=self.now
            ),
        )

    def wait(self, n: int, who: Who, draw: Draw) -> None:
        days = draw(st.sampled_from((14, 14, 14, 0, 91)))
        review = clock.helsinki_day(self.now) + dt.timedelta(days=days)
        self.on_case(
            n,
            lambda case: operations.wait(
                case, reason="client_asked", review_on=review, who=who, actor=self.actor(case), now=self.now
            ),
        )

    def resume(self, n: int, who: Who, draw: Draw) -> None:
        del draw
        self.on_case(n, lambda case: operations.resume(case, who=who, actor=self.actor(case), now=self.now))

    def start(self, n: int, who: Who, draw: Draw) -> None:
        del draw
        self.on_case(n, lambda case: operations.start(case, who=who, actor=self.actor(case), now=self.now))

    def miss(self, n: int, who: Who, draw: Draw) -> None:
        del who, draw
        self.on_case(
            n,
            lambda case: operations.miss_appointment(
                case,
                result=AttemptResult.NO_SHOW,
                note="",
                who=Who.ADVISER,
                actor=self.actor(case),
                now=self.now,
            ),
        )
