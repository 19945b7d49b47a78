"""Keeping a unit's ready texts. Who administers them, and its audit row, is the caller's."""

import uuid
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from referrals.ready_texts import queries
from referrals.ready_texts.filling import check
from referrals.ready_texts.models import ReadyText, Use
from servicetray.core.db import Texts, db


def add(
    *,
    unit_id: uuid.UUID,
    kind_code: str | None,
    use: Use,
    title: Texts,
    body: Texts,
    position: int = 0,
    adopted: int | None = None,
) -> ReadyText:
    """Add a text to a unit. Its first own text takes the place of those that every unit begins with.

    Raises:
        UnknownPlaceholderError: if a language's body has words in braces that nothing is filled into.
    """
    _check(body)
    made = ReadyText(
        unit_id=unit_id,
        kind_code=kind_code,
        use=use,
        title=title,
        body=body,
        active=True,
        position=position,
        adopted=adopted,
    )
    db.session.add(made)
    db.session.flush()
    return made


def change(
    text: ReadyText, *, kind_code: str | None, use: Use, title: Texts, body: Texts, active: bool
) -> None:
    """Change a text, or take it out of use.

    Raises:
        UnknownPlaceholderError: as ``add``.
    """
    _check(body)
    text.kind_code, text.use, text.title, text.body, text.active = kind_code, use, title, body, active
    db.session.flush()


def adopt(unit_id: uuid.UUID) -> Sequence[ReadyText]:
    """Give a unit the texts that every unit begins with as its own, to be changed; once, else nothing.

    Of two who do it at the same moment one gets nothing: a text of the shared ones stands in a unit once.
    """
    if queries.own_texts(unit_id):
        return ()
    try:
        with db.session.begin_nested():
            return [
                add(
                    unit_id=unit_id,
                    kind_code=each.kind_code,
                    use=each.use,
                    title=dict(each.title),
                    body=dict(each.body),
                    position=number,
                    adopted=number,
                )
                for number, each in enumerate(queries.first_texts())
            ]
    except IntegrityError:
        return ()


def _check(body: Texts) -> None:
    for text in body.values():
        check(text)
