"""The words read aloud: versions of each kind in all languages. A version is never changed, the next one is made."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from referrals.changes import changed
from referrals.county.models import ConsentText
from servicetray.audit.operations import Actor
from servicetray.core import clock
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError, NotFoundError
from servicetray.core.i18n import LANGUAGES


class NotToComeError(DomainError):
    """A text can't change in the middle of a day, nor before it: a client may be hearing it."""

    def __init__(self, earliest: dt.date) -> None:
        super().__init__(earliest)
        self.earliest = earliest


class DayTakenError(ConflictError):
    """Another version of the kind begins on that day."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, kw_only=True)
class TextVersion:
    """One version of a kind's text."""

    version: str
    valid_from: dt.date
    bodies: Mapping[str, str]
    """The words by language."""


def versions_of(kind_code: str) -> Sequence[TextVersion]:
    """Return every version of a kind, the latest first."""
    rows = db.session.scalars(
        select(ConsentText)
        .where(ConsentText.kind_code == kind_code)
        .order_by(ConsentText.valid_from.desc(), ConsentText.id.desc())
    ).all()
    found: dict[str, dict[str, str]] = {}
    days: dict[str, dt.date] = {}
    for row in rows:
        found.setdefault(row.version, {})[row.language] = row.body
        days.setdefault(row.version, row.valid_from)
    return tuple(
        TextVersion(
            version=version,
            valid_from=days[version],
            bodies={code: bodies[code] for code in LANGUAGES if code in bodies},
        )
        for version, bodies in found.items()
    )


def version_on(kind_code: str, *, on: dt.date) -> TextVersion | None:
    """Return the version that is read on a day, or None."""
    return next((each for each in versions_of(kind_code) if each.valid_from <= on), None)


def add_version(
    kind_code: str, bodies: Mapping[str, str], *, valid_from: dt.date, actor: Actor, now: dt.datetime
) -> str:
    """Add the next version of a kind's text, in all languages at once; return its name, such as 2027-2.

    Raises:
        NotToComeError: if it would be valid today or earlier.
        DayTakenError: if another version begins on the same day.
    """
    tomorrow = clock.helsinki_day(now) + dt.timedelta(days=1)
    if valid_from < tomorrow:
        raise NotToComeError(tomorrow)
    known = versions_of(kind_code)
    same_day = next((each for each in known if each.valid_from == valid_from), None)
    if same_day is not None:
        raise DayTakenError(same_day.version)
    taken = {each.version for each in known}
    numbered = (f"{valid_from.year}-{number}" for number in range(1, len(taken) + 2))
    version = next(name for name in numbered if name not in taken)
    db.session.add_all(
        ConsentText(
            kind_code=kind_code,
            language=language,
            version=version,
            body=bodies[language],
            valid_from=valid_from,
        )
        for language in LANGUAGES
    )
    db.session.flush()
    changed(
        "consent_text", f"{kind_code} {version}", {}, {"valid_from": str(valid_from)}, actor=actor, now=now
    )
    return version


def take_back_version(kind_code: str, version: str, *, actor: Actor, now: dt.datetime) -> None:
    """Take away a version that is not valid yet: nobody has heard it.

    Raises:
        NotFoundError: if there is none such, or it is valid already: that one stays as evidence.
    """
    found = next((each for each in versions_of(kind_code) if each.version == version), None)
    if found is None or found.valid_from <= clock.helsinki_day(now):
        raise NotFoundError
    db.session.execute(
        delete(ConsentText).where(ConsentText.kind_code == kind_code, ConsentText.version == version)
    )
    before = {"valid_from": str(found.valid_from)}
    changed("consent_text", f"{kind_code} {version}", before, {}, actor=actor, now=now)
