"""Texts by language, and the rows in which they stand, between what is kept and the boxes of a form. Pure."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from servicetray.core.db import Texts
from servicetray.core.i18n import LANGUAGES

Row = TypeVar("Row")


def typed_over(typed: Mapping[str, str | None], before: Mapping[str, str] | None) -> Texts:
    """Return a text as it shall be: as typed, and in the languages that the form has no box for as it was.

    Args:
        typed: what stands in the boxes, by language; an empty one takes its language away.
        before: the text until now.
    """
    before = before or {}
    # As browsers send lines, and as they were kept, so that nothing changes that nobody has changed.
    told = {code: text.replace("\r\n", "\n") for code in LANGUAGES if (text := typed.get(code))}
    return {
        **{code: text for code, text in before.items() if code not in LANGUAGES},
        **{
            code: before[code] if before.get(code, "").strip() == text else text
            for code, text in told.items()
        },
    }


def row_of_each(now: Sequence[Row], before: Sequence[Row]) -> list[int | None]:
    """Return which row each row of a form was before: the same one wherever it stands now, else the one in its place.

    Args:
        now: the rows of the form, the empty ones (falsy) too.
        before: the rows with which the form was filled.

    Returns:
        For each of ``now`` an index of ``before``, each at most once, or None for a new or an empty row.
    """
    found: list[int | None] = [None] * len(now)
    left = dict(enumerate(before))
    for is_same in (True, False):
        for at, row in enumerate(now):
            if not row or found[at] is not None:
                continue
            # Of rows that are alike the one in the same place goes first.
            likely = (at, *left) if is_same else (at,)
            partner = next((key for key in likely if key in left and (left[key] == row or not is_same)), None)
            if partner is not None:
                found[at] = partner
                del left[partner]
    return found
