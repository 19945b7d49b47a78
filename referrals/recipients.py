"""Who a message goes to: a person in their language, a unit's box in two; at once, or with the morning's letter.

What can't wait (a client who may be called in vain, somebody who needs an answer soon) goes at once to everyone,
whatever they have chosen. Of practice nobody is written to at all.
"""

import datetime as dt
import uuid
from collections.abc import Mapping

from referrals.county.practice import is_practice
from servicetray.accounts.queries import MessageWish, Unit, User
from servicetray.core import outbox
from servicetray.core.letters import BOTH

ABOUT_REFERRAL = "referral"
"""What the key of a message about a referral begins with: ``referral:<id>``."""


def to_person(
    person: User | None,
    *,
    template: str,
    context: Mapping[str, str],
    about: str,
    now: dt.datetime,
    at_once: bool = False,
) -> bool:
    """Write to somebody in their language, unless they have left; return whether they are written to."""
    if person is None or not person.active or _is_practice(about):
        return False
    outbox.enqueue(
        address=person.email,
        template=template,
        language=person.language,
        context=context,
        about=about,
        now=now,
        held=person.message_wish is MessageWish.DAILY and not at_once,
    )
    return True


def to_box(
    unit: Unit | None,
    *,
    template: str,
    context: Mapping[str, str],
    about: str,
    now: dt.datetime,
    at_once: bool = False,
) -> bool:
    """Write to a unit's shared box, in Finnish and Swedish; return whether it has one."""
    if unit is None or not unit.mailbox or _is_practice(about):
        return False
    outbox.enqueue(
        address=unit.mailbox,
        template=template,
        language=BOTH,
        context=context,
        about=about,
        now=now,
        held=unit.message_wish is MessageWish.DAILY and not at_once,
    )
    return True


def _is_practice(about: str) -> bool:
    kind, _colon, key = about.partition(":")
    return kind == ABOUT_REFERRAL and is_practice(uuid.UUID(key))
