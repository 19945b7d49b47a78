"""Sending a returned referral again, mended (R4)."""

import datetime as dt

from referrals import notifications
from referrals.county import consents, mending
from referrals.county import operations as county
from referrals.county.models import Referral
from referrals.county.operations import ConsentGiven, NewReferral
from referrals.moves import MoveCode, ReferralFacts, Who, check_referral_move
from referrals.municipality import queries as municipality_queries
from referrals.municipality.queries import Route
from referrals.statistics.operations import Dimensions, dimensions_of
from servicetray.accounts.queries import Unit, User
from servicetray.audit.events import Action
from servicetray.audit.operations import record, subject_key
from servicetray.core.db import db


def resend(
    referral: Referral,
    *,
    new: NewReferral,
    route: Route,
    receiver: Unit,
    consent: ConsentGiven | None,
    actor: User,
    now: dt.datetime,
) -> None:
    """Send a returned referral again (R4): everything may be mended, and the clock begins anew.

    The consent named its recipient, so another unit, municipality or kind asks for a new one; the earlier one
    stays as evidence. The case that was returned stays closed, and its copy goes in its time: whoever accepts
    now gets one of their own. ``new.consent`` is not read.

    Args:
        referral: locked by the caller.
        new: the mended form.
        route: where it leads today.
        receiver: the unit of the route.
        consent: given anew; None only where ``keeps_consent`` holds.
        actor: the sender, or a colleague where the unit shares its list.
        now: the moment.

    Raises:
        MoveRefused: if it was not returned, nothing was mended, a new consent is missing, or the catchment is
            closed.
    """
    kept = keeps_consent(referral, route=route)
    facts = ReferralFacts(
        mended=consent is not None or mending.differs(referral, new, route=route),
        consent=consent is not None or kept,
        open_catchment=county.takes(new.content, route),
    )
    check_referral_move(MoveCode.R4, status=referral.status, who=Who.SENDER, facts=facts)
    mending.rewrite(referral, new, route=route, now=now)
    mending.begin_anew(referral, absence_until=route.absence_until, now=now)
    if consent is not None:
        consents.give(referral, consent, receiver=receiver, actor=actor, now=now)
        # An erasure that an earlier withdrawal promised (R9b) was of the earlier consent.
        referral.erase_after = None
    county.move_referral(
        referral,
        MoveCode.R4,
        who=Who.SENDER,
        facts=facts,
        actor=actor,
        dimensions=_dimensions(referral, new, actor=actor),
        now=now,
    )
    county.erase_draft(new.form_key, actor=actor)
    record(
        Action.REFERRAL_SENT,
        actor=actor,
        object_type="referral",
        object_id=referral.id,
        subject=subject_key(referral.id),
        now=now,
        detail={"to_unit": str(receiver.id), "kind": referral.kind_code, "move": MoveCode.R4.value},
    )
    notifications.tell_unit(referral, unit=receiver, now=now)
    db.session.flush()


def keeps_consent(referral: Referral, *, route: Route) -> bool:
    """Whether the consent of a referral covers sending it along a route: in force, and of the same recipient."""
    place = municipality_queries.catchment(referral.catchment_id)
    return (
        referral.consent.withdrawn_at is None
        and place is not None
        and (place.unit_id, place.municipality_code, place.kind_code)
        == (route.unit_id, route.municipality_code, route.kind_code)
    )


def _dimensions(referral: Referral, new: NewReferral, *, actor: User) -> Dimensions:
    # Counted in where it goes now; the return counted it out where it came from.
    known = dimensions_of(referral.id)
    area = actor.unit.service_area if actor.unit else ""
    return Dimensions(
        kind_code=referral.kind_code,
        municipality_code=referral.municipality_code,
        service_area=known.service_area if known else area,
        reasons=new.content.reasons,
        age_group=referral.age_group,
        origin=referral.origin.value,
    )
