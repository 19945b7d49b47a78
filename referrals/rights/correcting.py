"""Correcting what a record says of the client (GDPR, article 16); the other side hears that it was done, not what."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from referrals import notifications
from referrals.breaches.queries import officers_of
from referrals.client.codes import end_codes
from referrals.county import content as county_contents
from referrals.county import queries as county
from referrals.county.content import ReferralContent
from referrals.moves import Side
from referrals.municipality import content as case_contents
from referrals.municipality import queries as municipality
from referrals.municipality.content import CaseContent
from referrals.municipality.facts import content_of
from referrals.municipality.queries import Case, cases_of
from referrals.rights.models import Rectification
from referrals.rights.records import Record
from referrals.spoken import language_code
from servicetray.accounts.queries import User
from servicetray.audit.events import Action
from servicetray.audit.operations import record as write
from servicetray.audit.operations import subject_key
from servicetray.core import clock, crypto
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, NotFoundError

KEPT: Final = dt.timedelta(days=90)
"""For which the values before a correction are kept, so that a false correction can be mended."""
FIELDS: Final = (
    "first_name",
    "last_name",
    "birth_year",
    "phone",
    "email",
    "address",
    "contact_person",
    "home_municipality",
    "best_time",
    "language",
    "interpreter",
    "reasons",
    "interests",
    "own_wish",
    "what_to_heed",
)
"""What can be corrected, by its name in the content of both records.

A correction moves nothing: who is counselled where, and whom the client allowed to be contacted, stay as they are.
"""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What an adviser wrote on a case: a note, or beside an attempt."""

    key: str
    """How a correction names it: ``note:7``, ``attempt:12``."""
    at: dt.datetime
    text: str


class NothingCorrectedError(ConflictError):
    """The record says so already."""


class Before(BaseModel):
    """What a correction keeps: why it was made, and what stood there."""

    model_config = ConfigDict(frozen=True)

    reason: str
    values: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One correction, readable."""

    at: dt.datetime
    by: uuid.UUID
    fields: Sequence[str]
    before: Before | None
    """None once it is erased."""


def content(record: Record) -> ReferralContent | CaseContent:
    """Return what is corrected: the referral's content, or the latest case's that still has any.

    Raises:
        NotFoundError: once it is erased.
    """
    if record.referral is not None:
        return county.content_of(record.referral)
    found = content_of(corrected_case(record))
    if found is None:
        raise NotFoundError
    return found


def corrected_case(record: Record) -> Case:
    """Return the case of a municipality's record that a correction changes.

    Raises:
        NotFoundError: if all are erased.
    """
    for case in reversed(record.cases):
        if case.sealed is not None:
            return case
    raise NotFoundError


def noted_of(record: Record) -> Sequence[Noted]:
    """Return what advisers wrote on the case that a correction changes, oldest first; none for the county."""
    if record.referral is not None:
        return ()
    case = corrected_case(record)
    found = [
        Noted(key=key, at=row.at, text=_noted_text(getattr(row, column), case))
        for key, row, column in _noted_rows(case)
    ]
    return sorted(found, key=lambda each: (each.at, each.key))


def rectify(
    record: Record,
    *,
    values: Mapping[str, Any],
    reason: str,
    actor: User,
    now: dt.datetime,
    noted: Mapping[str, str] | None = None,
) -> Correction:
    """Correct fields of a record; the values before are kept sealed for 90 days.

    ``noted`` holds new words for what advisers wrote on the case, by its key (``noted_of``).

    A new name or year changes by what the person is found, and ends the client's code, which is made from the
    year: whoever serves the client makes a new one.

    Raises:
        NotFoundError: if there is no content any more.
        NothingCorrectedError: if every value stands there already.
    """
    old = content(record)
    changed = {name: value for name, value in values.items() if getattr(old, name) != value}
    rewritten = {
        each.key: (each.text, noted[each.key])
        for each in (noted_of(record) if noted else ())
        if noted and each.key in noted and each.text != noted[each.key].strip()
    }
    if not changed and not rewritten:
        raise NothingCorrectedError
    # Validated anew: model_copy would take anything.
    new = type(old).model_validate({**old.model_dump(), **changed})
    case_id = _store(record, new)
    _write_noted(record, {key: text for key, (_old, text) in rewritten.items()})
    if "birth_year" in changed and record.referral is not None:
        end_codes(record.referral_id, now=now)
    row_id = uuid.uuid4()
    stood = {name: old.model_dump(mode="json")[name] for name in changed}
    stood |= {key: text for key, (text, _new) in rewritten.items()}
    before = Before(reason=reason.strip(), values=stood)
    row = Rectification(
        id=row_id,
        controller=record.controller,
        referral_id=record.referral_id,
        case_id=case_id,
        fields=sorted(stood),
        sealed=crypto.seal(record.controller, before.model_dump_json().encode(), f"rectification:{row_id}"),
        at=now,
        by=actor.id,
        erase_after=now + KEPT,
    )
    db.session.add(row)
    db.session.flush()
    write(
        Action.DATA_RECTIFIED,
        actor=actor,
        object_type=record.object_type,
        object_id=case_id or record.referral_id,
        subject=subject_key(record.referral_id),
        now=now,
        detail={"fields": " ".join(sorted(stood))},
    )
    _tell_other_side(record, now=now)
    return Correction(at=now, by=actor.id, fields=row.fields, before=before)


def corrections_of(record: Record) -> Sequence[Correction]:
    """Return the corrections of a record, the latest first."""
    rows = db.session.scalars(
        select(Rectification)
        .where(Rectification.referral_id == record.referral_id, Rectification.controller == record.controller)
        .order_by(Rectification.at.desc(), Rectification.id)
    ).all()
    return tuple(Correction(at=row.at, by=row.by, fields=row.fields, before=_before(row)) for row in rows)


def _store(record: Record, new: ReferralContent | CaseContent) -> uuid.UUID | None:
    referral = record.referral
    if isinstance(new, ReferralContent) and referral is not None:
        referral.sealed = county_contents.seal(new, referral.id)
        referral.person_index = county_contents.index_of(new)
        referral.language_code = language_code(new.language)
        referral.age_group = county_contents.age_group(
            new.birth_year, on=clock.helsinki_day(referral.sent_at)
        )
        return None
    assert isinstance(new, CaseContent)
    case = corrected_case(record)
    case.sealed = case_contents.seal(new, municipality_code=case.municipality_code, case_id=case.id)
    case.language_code = language_code(new.language)
    case.age_group = county_contents.age_group(new.birth_year, on=clock.helsinki_day(case.sent_at))
    return case.id


def _noted_rows(case: Case) -> Iterator[tuple[str, Any, str]]:
    """Yield key, row and sealed column of everything that an adviser wrote on a case and that is still there."""
    for note in municipality.notes_of(case.id):
        if note.sealed is not None:
            yield f"note:{note.id}", note, "sealed"
    for attempt in municipality.attempts_of(case.id):
        if attempt.sealed_note is not None:
            yield f"attempt:{attempt.id}", attempt, "sealed_note"


def _noted_text(sealed: bytes | None, case: Case) -> str:
    return case_contents.unseal_note(sealed, municipality_code=case.municipality_code, case_id=case.id)


def _write_noted(record: Record, words: Mapping[str, str]) -> None:
    if not words:
        return
    case = corrected_case(record)
    for key, row, column in _noted_rows(case):
        if key in words:
            new = case_contents.seal_note(
                words[key], municipality_code=case.municipality_code, case_id=case.id
            )
            setattr(row, column, new)


def _before(row: Rectification) -> Before | None:
    if row.sealed is None:
        return None
    return Before.model_validate_json(crypto.unseal(row.controller, row.sealed, f"rectification:{row.id}"))


def _tell_other_side(record: Record, *, now: dt.datetime) -> None:
    """Tell the officers of whoever else has the data (GDPR, article 19)."""
    told: dict[uuid.UUID, User] = {}
    for case in cases_of(record.referral_id):
        if record.referral is not None:
            found = officers_of(Side.MUNICIPALITY, municipality_code=case.municipality_code)
        else:
            found = officers_of(Side.COUNTY, municipality_code=case.municipality_code)
        told |= {person.id: person for person in found}
    for person in sorted(told.values(), key=lambda each: each.email):
        notifications.tell_officer_of_correction(
            person, referral_id=record.referral_id, reference=record.reference, now=now
        )
