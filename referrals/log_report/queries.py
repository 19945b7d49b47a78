"""Finding the client of a report, and what the log says of them."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from referrals.county import content as county_content
from referrals.county import queries as county
from referrals.county.queries import Referral
from referrals.log_report.scope import Reach
from referrals.municipality import operations as municipality_operations
from referrals.municipality import queries as municipality
from servicetray.audit.operations import subject_key
from servicetray.audit.queries import LogRow, rows_about
from servicetray.core import crypto
from servicetray.core.db import db
from servicetray.core.errors import NotFoundError

AT_ONCE = 5000


@dataclass(frozen=True, kw_only=True)
class Found:
    """One referral of a client: enough to tell it from another, and no more."""

    id: uuid.UUID
    reference: str
    kind_code: str
    municipality_code: str
    sent_at: dt.datetime


def by_reference(reference: str, *, reach: Reach) -> Sequence[Found]:
    """Return the referral of a reference if it, or a case made from it, is of this reach."""
    row = db.session.scalars(select(Referral).where(Referral.reference == reference.strip().upper())).first()
    return (_found(row),) if row is not None and _is_within(row, reach) else ()


def by_person(*, first_name: str, last_name: str, birth_year: int) -> Sequence[Found]:
    """Return the referrals of a person by exact names and birth year, newest first: the county's index.

    It may make the county's first index key, so it belongs inside a transaction.
    """
    index = county_content.person_index(first_name=first_name, last_name=last_name, birth_year=birth_year)
    rows = db.session.scalars(
        select(Referral).where(Referral.person_index == index).order_by(Referral.sent_at.desc(), Referral.id)
    ).all()
    return tuple(_found(row) for row in rows)


def referrals_within(referral_ids: Collection[uuid.UUID], *, reach: Reach) -> Sequence[Found]:
    """Return these referrals, oldest first.

    Raises:
        NotFoundError: if one does not exist or is of another controller.
    """
    rows = db.session.scalars(
        select(Referral).where(Referral.id.in_(referral_ids)).order_by(Referral.sent_at, Referral.id)
    ).all()
    if not rows or len(rows) != len(set(referral_ids)) or not all(_is_within(row, reach) for row in rows):
        raise NotFoundError
    return tuple(_found(row) for row in rows)


def log_of(referrals: Sequence[Found], *, reach: Reach, since: dt.datetime | None) -> Sequence[LogRow]:
    """Return every row about the client of these referrals that is in the officer's part, oldest first."""
    case_ids = [
        case.id
        for found in referrals
        for case in municipality.cases_of(found.id)
        if case.municipality_code in reach.municipalities
    ]
    keys = [subject_key(found.id) for found in referrals]
    return rows_about(keys, part=reach.part(case_ids=case_ids), since=since)


def referrals_of_keys(keys: Collection[str]) -> dict[str, Found]:
    """Return the referrals that subject keys stand for, also those whose content is erased.

    A key can't be turned back, so every referral is tried: about a million in some seconds.
    """
    wanted, found = set(keys), {}
    for row in _all_referrals():
        if not wanted:
            break
        key = subject_key(row.id)
        if key in wanted:
            wanted.discard(key)
            found[key] = row
    return found


def name_of(found: Found, *, reach: Reach) -> str:
    """Return the client's name as the officer's own controller still has it, or an empty text."""
    if reach.county:
        row = county.referral(found.id)
        return county.content_of(row).name if row is not None and row.sealed is not None else ""
    for case in municipality.cases_of(found.id):
        if case.municipality_code in reach.municipalities and case.sealed is not None:
            content = municipality_operations.content_of(case)
            return content.name if content else ""
    return ""


def keys_at_hand(reach: Reach) -> Sequence[crypto.DataKey]:
    """Load the keys that names of this reach are sealed with; hold the answer while asking for names."""
    return crypto.keys_at_hand({crypto.COUNTY, *map(crypto.municipality_controller, reach.municipalities)})


def _all_referrals() -> Iterator[Found]:
    columns = (
        Referral.id,
        Referral.reference,
        Referral.kind_code,
        Referral.municipality_code,
        Referral.sent_at,
    )
    rows = db.session.execute(
        select(*columns).order_by(Referral.sent_at.desc()).execution_options(yield_per=AT_ONCE)
    )
    try:
        for row in rows:
            yield Found(
                id=row.id,
                reference=row.reference,
                kind_code=row.kind_code,
                municipality_code=row.municipality_code,
                sent_at=row.sent_at,
            )
    finally:
        # Whoever has found enough stops asking, and PostgreSQL still holds the rest ready.
        rows.close()


def _found(row: Referral) -> Found:
    return Found(
        id=row.id,
        reference=row.reference,
        kind_code=row.kind_code,
        municipality_code=row.municipality_code,
        sent_at=row.sent_at,
    )


def _is_within(row: Referral, reach: Reach) -> bool:
    return reach.county or any(
        case.municipality_code in reach.municipalities for case in municipality.cases_of(row.id)
    )
