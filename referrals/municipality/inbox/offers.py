"""What other municipalities offer to hand over to these catchments, in words."""

import uuid
from collections.abc import Mapping, Sequence

from referrals import handover
from referrals.municipality import queries
from referrals.municipality.inbox.pages import Offer
from referrals.municipality.inbox.scope import Scope
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipality


def offers_for(scope: Scope) -> Sequence[Offer]:
    """Return the open offers to somebody's catchments, oldest first: nothing tells of whom."""
    rows = handover.offers_to(scope.catchment_ids)
    names = _names({row.from_catchment_id for row in rows})
    return tuple(
        Offer(
            id=row.id,
            kind_code=row.kind_code,
            age_group=row.age_group,
            language=row.language,
            from_where=names.get(row.from_catchment_id, ""),
            offered_at=row.offered_at,
            until=row.until,
        )
        for row in rows
    )


def _names(catchment_ids: set[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    language = current_language()
    names = {}
    for catchment_id in catchment_ids:
        place = queries.catchment(catchment_id)
        town = municipality(place.municipality_code) if place else None
        if town is not None:
            names[catchment_id] = in_language(town.name, language).text
    return names
