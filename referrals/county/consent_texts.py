"""The words read aloud: versions of each kind in all languages. A version is never changed, the next one is made.

A version has a variant for clients who are counselled in another municipality than their own: it names the
recipient, and is named ``muu-2027-1`` in the consent. The oldest versions have none.
"""

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

PLACE, UNIT = "{place}", "{unit}"
"""What stands in a variant for the names of the municipality and of the unit that get the referral."""
_ELSEWHERE = "muu-"


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
    elsewhere: Mapping[str, str]
    """Those of its variant; empty where it has none."""


def versions_of(kind_code: str) -> Sequence[TextVersion]:
    """Return every version of a kind, the latest first."""
    rows = db.session.scalars(
        select(ConsentText)
        .where(ConsentText.kind_code == kind_code)
        .order_by(ConsentText.valid_from.desc(), ConsentText.id.desc())
    ).all()
    found: dict[str, dict[str, str]] = {}
    variants: dict[str, dict[str, str]] = {}
    days: dict[str, dt.date] = {}
    for row in rows:
        if row.elsewhere:
            variants.setdefault(row.version.removeprefix(_ELSEWHERE), {})[row.language] = row.body
            continue
        found.setdefault(row.version, {})[row.language] = row.body
        days.setdefault(row.version, row.valid_from)
    return tuple(
        TextVersion(
            version=version,
            valid_from=days[version],
            bodies=_in_order(bodies),
            elsewhere=_in_order(variants.get(version, {})),
        )
        for version, bodies in found.items()
    )


def version_on(kind_code: str, *, on: dt.date) -> TextVersion | None:
    """Return the version that is read on a day, or None."""
    return next((each for each in versions_of(kind_code) if each.valid_from <= on), None)


def text_of(kind_code: str, language: str, version: str) -> ConsentText | None:
    """Return the words of a version in a language, or None."""
    return db.session.scalars(
        select(ConsentText).where(
            ConsentText.kind_code == kind_code,
            ConsentText.language == language,
            ConsentText.version == version,
            ConsentText.elsewhere.is_(False),
        )
    ).first()


def elsewhere_of(text: ConsentText, *, on: dt.date) -> ConsentText | None:
    """Return what is read on a day instead of a text to a client who is counselled in another municipality.

    None where its version has no such variant yet.
    """
    return db.session.scalars(
        select(ConsentText).where(
            ConsentText.kind_code == text.kind_code,
            ConsentText.language == text.language,
            ConsentText.version == _ELSEWHERE + text.version,
            ConsentText.elsewhere.is_(True),
            ConsentText.valid_from <= on,
        )
    ).first()


def naming(body: str, *, place: str, unit: str) -> str:
    """Return a variant's words with the names of the recipient."""
    return body.replace(PLACE, place).replace(UNIT, unit)


def add_version(
    kind_code: str,
    bodies: Mapping[str, str],
    elsewhere: Mapping[str, str],
    *,
    valid_from: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> str:
    """Add the next version of a kind's text, in all languages at once; return its name, such as 2027-2.

    ``elsewhere`` is its variant, with PLACE and UNIT in it, by language.

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
            version=prefix + version,
            body=words[language],
            valid_from=valid_from,
            elsewhere=bool(prefix),
        )
        for prefix, words in (("", bodies), (_ELSEWHERE, elsewhere))
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
        delete(ConsentText).where(
            ConsentText.kind_code == kind_code, ConsentText.version.in_([version, _ELSEWHERE + version])
        )
    )
    before = {"valid_from": str(found.valid_from)}
    changed("consent_text", f"{kind_code} {version}", before, {}, actor=actor, now=now)


def _in_order(bodies: Mapping[str, str]) -> Mapping[str, str]:
    return {code: bodies[code] for code in LANGUAGES if code in bodies}
