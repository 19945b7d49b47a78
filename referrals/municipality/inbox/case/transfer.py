"""Handing a client's case to another municipality, as the page tells of it (R12 to R14)."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from referrals import handover
from referrals.moves import MoveCode
from referrals.municipality import queries
from referrals.municipality.inbox.case.file import CaseFile
from referrals.municipality.inbox.case.labels import OFFER_ENDS
from referrals.transfers import queries as transfers
from servicetray.accounts import queries as accounts
from servicetray.core import clock
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality
from servicetray.core.pages import Text


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One offer to another municipality, and what became of it."""

    to: str
    offered_at: dt.datetime
    until: dt.date
    end: Text
    """Empty while it stands open."""
    ended_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """What can be said and done about a transfer."""

    allowed: bool
    """Whether the client allowed it; the adviser can't add that."""
    offers: Sequence[Offer]
    """Oldest first."""
    targets: Sequence[tuple[str, str]]
    """Catchments that take the client today: id, and municipality with its unit."""

    @property
    def open_offer(self) -> Offer | None:
        """The offer that waits for an answer."""
        return next((each for each in self.offers if not each.end), None)


def transfer_of(file: CaseFile, *, now: dt.datetime) -> Transfer:
    """Return where a case could go, and to whom it was offered."""
    today, content = clock.helsinki_day(now), file.content
    found = []
    if MoveCode.R12 in file.offered and content is not None:
        targets = handover.transfer_targets(file.kind_code, but=file.municipality_code, on=today)
        age = today.year - content.birth_year
        found = [(str(each.catchment_id), each.catchment_id) for each in targets if each.takes_age(age)]
    rows = transfers.offers_of(file.referral_id)
    names = _names([*(place for _value, place in found), *(row.to_catchment_id for row in rows)])
    return Transfer(
        allowed=content is not None and content.transfer,
        offers=tuple(
            Offer(
                to=names.get(row.to_catchment_id, ""),
                offered_at=row.offered_at,
                until=transfers.last_day(row.offered_at),
                end=OFFER_ENDS[row.end] if row.end else "",
                ended_at=row.ended_at,
            )
            for row in rows
        ),
        targets=sorted(((value, names.get(place, "")) for value, place in found), key=lambda each: each[1]),
    )


def _names(catchment_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return municipality and unit of catchments in the language of the page."""
    language = current_language()
    places = [place for place in map(queries.catchment, set(catchment_ids)) if place is not None]
    units = {unit.id: unit for unit in accounts.units(place.unit_id for place in places)}
    names = {}
    for place in places:
        town, unit = municipality(place.municipality_code), units.get(place.unit_id)
        parts = [each for each in (town and town.name, unit and unit.name) if each]
        names[place.id] = ", ".join(in_language(each, language).text for each in parts)
    return names
