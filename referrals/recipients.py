"""Who a message goes to: a person in their language, a unit's box in two; at once, or with the morning's letter.

What can't wait (a client who may be called in vain, somebody who needs an answer soon) goes at once to everyone,
whatever they have chosen.
"""

import datetime as dt
from collections.abc import Mapping

from servicetray.accounts.queries import MessageWish, Unit, User
from servicetray.core import outbox
from servicetray.core.letters import BOTH


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
    if person is None or not person.active:
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
    if unit is None or not unit.mailbox:
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
