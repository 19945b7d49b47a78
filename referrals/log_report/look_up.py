"""What a look-up of a client has found, as the pages of the data protection officers list it."""

import uuid
from collections.abc import Callable, Sequence

from referrals.kinds import queries as kinds
from referrals.log_report.pages import FoundRow
from referrals.log_report.queries import Found
from servicetray.core.db import in_language
from servicetray.core.i18n import current_language
from servicetray.core.municipalities import municipalities


def found_rows(found: Sequence[Found], *, url_of: Callable[[uuid.UUID], str]) -> Sequence[FoundRow]:
    """Return what was found, in the language of the page; ``url_of`` gives where each leads."""
    language = current_language()
    names = {kind.code: in_language(kind.name, language).text for kind in kinds.kinds()}
    places = {place.code: in_language(place.name, language).text for place in municipalities()}
    return [
        FoundRow(
            id=each.id,
            reference=each.reference,
            kind=names.get(each.kind_code, each.kind_code),
            municipality=places.get(each.municipality_code, each.municipality_code),
            sent_at=each.sent_at,
            url=url_of(each.id),
        )
        for each in found
    ]
