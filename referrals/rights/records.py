"""One controller's record of one client's referral, as its data protection officer deals with it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from referrals.county import queries as county
from referrals.county.queries import Referral
from referrals.handover import hold_cases
from referrals.log_report.scope import Reach
from referrals.municipality import queries as municipality
from referrals.municipality.facts import content_of
from referrals.municipality.queries import Case
from servicetray.core import crypto
from servicetray.core.errors import NotFoundError

COUNTY_HOLDER: Final = "maakunta"
"""How an address names the county's record; a municipality's is named by its code."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """The county's referral, or all cases that one municipality has had of it: neither reads the other's."""

    referral_id: uuid.UUID
    reference: str
    kind_code: str
    referral: Referral | None
    """None for a municipality."""
    cases: Sequence[Case]
    """Oldest first; none for the county."""
    municipality_code: str | None

    @property
    def holder(self) -> str:
        """How an address names whose record it is."""
        return self.municipality_code or COUNTY_HOLDER

    @property
    def controller(self) -> str:
        """Whose key seals it."""
        code = self.municipality_code
        return crypto.municipality_controller(code) if code else crypto.COUNTY

    @property
    def object_type(self) -> str:
        """What an audit row calls it: by this the log knows whose part the row is."""
        return "case" if self.municipality_code else "referral"

    @property
    def object_id(self) -> uuid.UUID:
        """What an audit row is about: the referral, or the latest case."""
        return self.cases[-1].id if self.cases else self.referral_id

    @property
    def rows(self) -> Sequence[Referral | Case]:
        """Everything in it that has content, or had."""
        return (self.referral,) if self.referral is not None else self.cases

    @property
    def has_content(self) -> bool:
        """Whether anything is left to be read."""
        return any(row.sealed is not None for row in self.rows)

    @property
    def restricted_at(self) -> dt.datetime | None:
        """Since when its use is restricted, or None."""
        return next((row.restricted_at for row in self.rows if row.restricted_at is not None), None)

    @property
    def erase_after(self) -> dt.datetime | None:
        """When the last of it goes; None where no term runs."""
        terms = [row.erase_after for row in self.rows if row.sealed is not None]
        known = [term for term in terms if term is not None]
        return max(known) if known and len(known) == len(terms) else None

    @property
    def language(self) -> str:
        """The client's language of service; empty once the content is erased."""
        if self.referral is not None:
            return county.content_of(self.referral).language if self.referral.sealed is not None else ""
        known = [content.language for case in self.cases if (content := content_of(case)) is not None]
        return known[-1] if known else ""


def record_of(referral_id: uuid.UUID, holder: str, *, reach: Reach, lock: bool = False) -> Record:
    """Return a record that is of this officer's controller.

    Locked, the cases are held first and the referral after them, as everybody does.

    Raises:
        NotFoundError: if there is none, or it is of another controller.
    """
    if lock:
        hold_cases(referral_id)
    if holder == COUNTY_HOLDER:
        row = county.referral(referral_id) if reach.county else None
        if row is None:
            raise NotFoundError
        return Record(
            referral_id=referral_id,
            reference=row.reference,
            kind_code=row.kind_code,
            referral=row,
            cases=(),
            municipality_code=None,
        )
    cases = (
        [each for each in municipality.cases_of(referral_id) if each.municipality_code == holder]
        if holder in reach.municipalities
        else []
    )
    if not cases:
        raise NotFoundError
    return Record(
        referral_id=referral_id,
        reference=cases[-1].reference,
        kind_code=cases[-1].kind_code,
        referral=None,
        cases=cases,
        municipality_code=holder,
    )


def records_of(referral_id: uuid.UUID, *, reach: Reach) -> Sequence[Record]:
    """Return every record of a referral that is of this officer's controllers, the county's first."""
    holders = [COUNTY_HOLDER] if reach.county else []
    holders += sorted(
        {each.municipality_code for each in municipality.cases_of(referral_id)} & reach.municipalities
    )
    found = []
    for holder in holders:
        try:
            found.append(record_of(referral_id, holder, reach=reach))
        except NotFoundError:
            continue
    return found
