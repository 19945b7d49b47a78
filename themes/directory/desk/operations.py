"""What editors do to a service: change it, confirm it, hide it, show it, leave it to its source again.

What is changed here stays when its source is imported again (``own_fields``). Nothing here commits.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core import clock
from servicetray.core.db import Texts, db
from servicetray.core.errors import ConflictError
from themes.directory import indexing
from themes.directory.models import Facet, Price, Service, ServiceStatus
from themes.directory.operations import own_facet, set_facet_values, set_themes

TEXTS: Final = (
    *("name", "summary", "description", "for_whom", "whenabouts", "whereabouts"),
    *("price_details", "instructions"),
)
"""The columns of texts that are changed here."""
FACETS: Final = (Facet.MUNICIPALITY, Facet.LIFE_STAGE, Facet.TARGET_GROUP, Facet.FORM, Facet.ACCESSIBILITY)
CHECKED: Final = "checked_on"
THEMES: Final = "themes"


class NotShownHereError(ConflictError):
    """A service that its source no longer has can't be shown or hidden."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """How a service shall be; ``themes`` are slugs, None where they stay as they are."""

    texts: Mapping[str, Texts]
    price: Price
    kaikukortti: bool
    facets: Mapping[Facet, Collection[str]]
    themes: Sequence[str] | None = None


def change(service: Service, edit: Edit, *, actor: Actor, now: dt.datetime) -> Sequence[str]:
    """Change a service (locked, with facets and themes loaded); return the names of what differs now.

    Raises:
        UnknownThemeError: if a theme does not exist.
    """
    values = {**edit.texts, "price": edit.price, "kaikukortti": edit.kaikukortti}
    names = [name for name, value in values.items() if getattr(service, name) != value]
    for name in names:
        setattr(service, name, values[name])
    names += [
        own_facet(facet)
        for facet, chosen in edit.facets.items()
        if set_facet_values(service, {facet: chosen})
    ]
    if edit.themes is not None and set_themes(service, edit.themes):
        names.append(THEMES)
    if names:
        _own(service, names)
        _done(service, {"what": "changed", "fields": " ".join(names)}, actor=actor, now=now)
    return names


def confirm(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Say that everything told of a service holds today."""
    service.checked_on, service.reminded_on = clock.helsinki_day(now), None
    _own(service, [CHECKED])
    _done(service, {"what": "confirmed"}, actor=actor, now=now)


def hide(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Hide a service from residents; raise NotShownHereError if it is retired."""
    _put(service, ServiceStatus.HIDDEN, "hidden", actor=actor, now=now)


def show(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Let residents see a hidden service again; raise NotShownHereError if it is retired."""
    _put(service, ServiceStatus.PUBLISHED, "shown", actor=actor, now=now)


def leave_to_source(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Let the next import write over what was changed here; until then it stays as it is."""
    kept = [name for name in service.own_fields if name == CHECKED]
    if kept != service.own_fields:
        service.own_fields = kept
        _done(service, {"what": "left_to_source"}, actor=actor, now=now)


def _put(service: Service, status: ServiceStatus, what: str, *, actor: Actor, now: dt.datetime) -> None:
    if service.status is ServiceStatus.RETIRED:
        raise NotShownHereError
    if service.status is not status:
        service.status = status
        _done(service, {"what": what}, actor=actor, now=now)


def _own(service: Service, names: Sequence[str]) -> None:
    service.own_fields = sorted({*service.own_fields, *names})


def _done(service: Service, detail: Mapping[str, str], *, actor: Actor, now: dt.datetime) -> None:
    service.updated_at = now
    db.session.flush()
    indexing.index(service)
    record(
        Action.CONTENT_CHANGED,
        actor=actor,
        object_type="service",
        object_id=service.id,
        now=now,
        detail=detail,
    )
