"""What clients said on the page: kept sealed with whoever holds the work, shown beside what is known.

While a referral waits the county's key seals it; accepting copies it into the municipality's record. Neither
reads the other's rows.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, literal, select

from referrals.client.models import ClientMessage
from referrals.client.models import MessageKind as MessageKind
from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record, subject_key
from servicetray.core import crypto
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError


class Said(BaseModel):
    """What a message holds besides its kind."""

    model_config = ConfigDict(frozen=True)

    phone: str = ""
    best_time: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One thing that a client said. The number is a claim: shown beside the one that is known."""

    id: uuid.UUID
    kind: MessageKind
    at: dt.datetime
    said: Said
    handled_at: dt.datetime | None


def keep(referral_id: uuid.UUID, kind: MessageKind, said: Said, *, controller: str, now: dt.datetime) -> None:
    """Keep one message; the same thing said again takes the place of what nobody has handled yet."""
    open_ones = db.session.scalars(
        _held(referral_id, controller).where(ClientMessage.handled_at.is_(None)).with_for_update()
    ).all()
    row = next((each for each in open_ones if each.kind is kind), None)
    if row is None:
        row = ClientMessage(id=uuid.uuid4(), referral_id=referral_id, controller=controller, kind=kind)
        db.session.add(row)
    row.at = now
    row.sealed = _seal(said, controller=controller, message_id=row.id)
    db.session.flush()


def messages_of(referral_id: uuid.UUID, *, municipality_code: str | None = None) -> Sequence[Message]:
    """Return what the client has said, oldest first: what the county holds, or a municipality's own copy.

    Args:
        referral_id: the referral.
        municipality_code: whose record is read; None for the county's, while the referral waits.
    """
    controller = _controller(municipality_code)
    return tuple(
        Message(
            id=row.id,
            kind=row.kind,
            at=row.at,
            said=_unseal(row),
            handled_at=row.handled_at,
        )
        for row in db.session.scalars(_held(referral_id, controller)).all()
    )


def unhandled(
    referral_ids: Iterable[uuid.UUID], *, municipality_code: str | None = None
) -> dict[uuid.UUID, int]:
    """Return how many messages wait to be read, for those referrals that have any."""
    rows = db.session.execute(
        select(ClientMessage.referral_id, func.count())
        .where(
            ClientMessage.referral_id.in_(set(referral_ids)),
            ClientMessage.controller == _controller(municipality_code),
            ClientMessage.handled_at.is_(None),
        )
        .group_by(ClientMessage.referral_id)
    ).all()
    return {referral_id: int(number) for referral_id, number in rows}


def has_unhandled(
    referral_id: SQLColumnExpression[uuid.UUID], *, municipality_code: SQLColumnExpression[str] | None = None
) -> ColumnElement[bool]:
    """Return, as part of a larger question, whether a referral has messages that wait to be read.

    Args:
        referral_id: the column of the larger question.
        municipality_code: whose record is asked, a column too; None for the county's.
    """
    controller: ColumnElement[str] | str = crypto.COUNTY
    if municipality_code is not None:
        controller = literal(crypto.municipality_controller("")).concat(municipality_code)
    return (
        select(ClientMessage.id)
        .where(
            ClientMessage.referral_id == referral_id,
            ClientMessage.controller == controller,
            ClientMessage.handled_at.is_(None),
        )
        .exists()
    )


def mark_handled(
    message_id: uuid.UUID,
    *,
    referral_id: uuid.UUID,
    municipality_code: str | None = None,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Mark a message as taken care of; done twice, the first one stands.

    Args:
        message_id: the message.
        referral_id: the referral that the actor may open; a message of another is nowhere.
        municipality_code: whose record it is in; None for the county's.
        actor: who took care of it.
        now: when.

    Raises:
        NotFoundError: if this record has no such message.
    """
    row = db.session.scalars(
        _held(referral_id, _controller(municipality_code))
        .where(ClientMessage.id == message_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFoundError
    if row.handled_at is not None:
        return
    row.handled_at, row.handled_by = now, actor.id
    db.session.flush()
    record(
        Action.CASE_NOTED,
        actor=actor,
        object_type="client_message",
        object_id=row.id,
        subject=subject_key(referral_id),
        now=now,
        detail={"handled": row.kind.value},
    )


def carry_over(
    referral_id: uuid.UUID,
    *,
    municipality_code: str,
    from_municipality: str | None = None,
    from_referral_id: uuid.UUID | None = None,
) -> None:
    """Copy what waits to be read into the record of the municipality that has taken the work over.

    Args:
        referral_id: the referral under which the municipality will read it.
        municipality_code: who has accepted.
        from_municipality: whose record it is copied from; None for the county's.
        from_referral_id: the transferred referral that this one goes on from; None where it is the same.
    """
    target = _controller(municipality_code)
    waiting = _held(from_referral_id or referral_id, _controller(from_municipality)).where(
        ClientMessage.handled_at.is_(None)
    )
    for row in db.session.scalars(waiting).all():
        copy_id = uuid.uuid4()
        db.session.add(
            ClientMessage(
                id=copy_id,
                referral_id=referral_id,
                controller=target,
                kind=row.kind,
                at=row.at,
                sealed=_seal(_unseal(row), controller=target, message_id=copy_id),
            )
        )
    db.session.flush()


def _controller(municipality_code: str | None) -> str:
    return crypto.municipality_controller(municipality_code) if municipality_code else crypto.COUNTY


def _held(referral_id: uuid.UUID, controller: str) -> Select[ClientMessage]:
    return (
        select(ClientMessage)
        .where(ClientMessage.referral_id == referral_id, ClientMessage.controller == controller)
        .order_by(ClientMessage.at, ClientMessage.id)
    )


def _seal(said: Said, *, controller: str, message_id: uuid.UUID) -> bytes | None:
    if said == Said():
        return None
    return crypto.seal(controller, said.model_dump_json().encode(), f"client_message:{message_id}")


def _unseal(row: ClientMessage) -> Said:
    if row.sealed is None:
        return Said()
    return Said.model_validate_json(crypto.unseal(row.controller, row.sealed, f"client_message:{row.id}"))
