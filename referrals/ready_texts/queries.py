"""Questions about ready texts."""

import tomllib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select

from referrals.ready_texts.models import ReadyText
from referrals.ready_texts.models import Use as Use
from servicetray.core.db import db

FIRST = Path(__file__).with_name("first_texts.toml")
NAMESPACE = uuid.UUID("5f0d4a52-8f0a-4f55-9d6c-6d5c6a1f7b10")


@dataclass(frozen=True, kw_only=True)
class OfferedText:
    """A text to pick."""

    id: uuid.UUID
    kind_code: str | None
    use: Use
    title: Mapping[str, str]
    body: Mapping[str, str]


def texts_for(unit_id: uuid.UUID, *, kind_code: str) -> Sequence[OfferedText]:
    """Return the texts in use of a unit for a kind of counselling, by use.

    A unit that never wrote one of its own has those that every unit begins with.
    """
    own = own_texts(unit_id)
    offered: Sequence[OfferedText] = (
        tuple(
            OfferedText(id=row.id, kind_code=row.kind_code, use=row.use, title=row.title, body=row.body)
            for row in own
            if row.active
        )
        if own
        else first_texts()
    )
    order = list(Use)
    fitting = [each for each in offered if each.kind_code in {None, kind_code}]
    return tuple(sorted(fitting, key=lambda each: order.index(each.use)))


def own_texts(unit_id: uuid.UUID) -> Sequence[ReadyText]:
    """Return every text of a unit, also those out of use."""
    return db.session.scalars(
        select(ReadyText)
        .where(ReadyText.unit_id == unit_id)
        .order_by(ReadyText.use, ReadyText.position, ReadyText.id)
    ).all()


def text_of(text_id: uuid.UUID, *, unit_id: uuid.UUID, lock: bool = False) -> ReadyText | None:
    """Return a text of this unit, or None."""
    statement = select(ReadyText).where(ReadyText.id == text_id, ReadyText.unit_id == unit_id)
    return db.session.scalars(statement.with_for_update() if lock else statement).first()


@cache
def first_texts() -> tuple[OfferedText, ...]:
    """Return the texts that every unit begins with (``first_texts.toml``)."""
    tables = tomllib.loads(FIRST.read_text(encoding="utf-8"))
    return tuple(
        OfferedText(
            id=uuid.uuid5(NAMESPACE, name),
            kind_code=table.get("kind"),
            use=Use(table["use"]),
            title=table["title"],
            body={code: text.strip() for code, text in table["body"].items()},
        )
        for name, table in tables.items()
    )
