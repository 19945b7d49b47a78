"""What editors do to a service: write it, change it, confirm it, publish, hide and show it, leave it to its source.

What is changed here stays when its source is imported again (``own_fields``). A published service always has what
``hindrances.lacks`` asks for: nothing here takes that away. Nothing here commits.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core import clock
from servicetray.core.db import Texts, db
from servicetray.core.errors import ConflictError, DomainError
from themes.directory import indexing
from themes.directory.desk import letters
from themes.directory.desk.hindrances import Facts, Hindrance, lacks
from themes.directory.desk.queries import facts_of
from themes.directory.models import Area, Facet, Price, Service, ServiceStage, ServiceStatus, Source
from themes.directory.operations import drop_unused_channels, set_facet_values, set_themes
from themes.directory.own import CHECKED, own_facet

TEXTS: Final = (
    *("name", "summary", "description", "for_whom", "whenabouts", "whereabouts"),
    *("price_details", "instructions", "easy"),
)
"""The columns of texts that are changed here."""
FACETS: Final = (
    *(Facet.MUNICIPALITY, Facet.LIFE_STAGE, Facet.TARGET_GROUP),
    *(Facet.FORM, Facet.ACCESSIBILITY, Facet.LANGUAGE),
)
THEMES: Final = "themes"


class NotShownHereError(ConflictError):
    """Not what can be done to a service in this state: one that its source no longer has is not shown or hidden."""


class LackingError(DomainError):
    """A service would be published, or left published, without what each one has to have."""

    def __init__(self, found: Sequence[Hindrance]) -> None:
        super().__init__(", ".join(found))
        self.lacks = found


@dataclass(frozen=True, kw_only=True)
class Edit:
    """How a service shall be; ``themes`` are slugs, None where they stay as they are."""

    texts: Mapping[str, Texts]
    price: Price
    kaikukortti: bool
    facets: Mapping[Facet, Collection[str]]
    themes: Sequence[str] | None = None


def create(edit: Edit, *, provider_id: uuid.UUID, source: Source, actor: Actor, now: dt.datetime) -> Service:
    """Write down a service that nobody sees yet.

    Raises:
        UnknownThemeError: if a theme does not exist.
    """
    service = Service(
        id=uuid.uuid4(),
        source=source,
        status=ServiceStatus.HIDDEN,
        stage=ServiceStage.DRAFT,
        provider_id=provider_id,
        alternative_name={},
        **edit.texts,
        price=edit.price,
        kaikukortti=edit.kaikukortti,
        keywords={},
        area=Area.LIMITED,
        own_fields=[],
        created_at=now,
        updated_at=now,
        facets=[],
        themes=[],
        classifications=[],
        channels=[],
    )
    db.session.add(service)
    set_facet_values(service, edit.facets)
    set_themes(service, edit.themes or ())
    done(service, {"what": "added"}, actor=actor, now=now)
    return service


def change(service: Service, edit: Edit, *, actor: Actor, now: dt.datetime) -> Sequence[str]:
    """Change a service (locked, with facets and themes loaded); return the names of what differs now.

    Raises:
        LackingError: if residents see it and would miss what they have now; the caller's transaction ends with it.
        UnknownThemeError: if a theme does not exist.
    """
    values = {**edit.texts, "price": edit.price, "kaikukortti": edit.kaikukortti}
    with nothing_lost(service):
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
        own(service, names)
        done(service, {"what": "changed", "fields": " ".join(names)}, actor=actor, now=now)
    return names


def confirm(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Say that everything told of a service holds today."""
    service.checked_on, service.reminded_on = clock.helsinki_day(now), None
    own(service, [CHECKED])
    done(service, {"what": "confirmed"}, actor=actor, now=now)


def ask(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Ask for a draft to be published.

    Raises:
        LackingError: if it lacks what its writer could add; themes are the county's.
        NotShownHereError: if it is no draft.
    """
    if service.stage is not ServiceStage.DRAFT:
        raise NotShownHereError
    _check(service, but={Hindrance.NO_THEME})
    service.stage, service.to_mend = ServiceStage.WAITING, ""
    letters.take_back(service.id)
    done(service, {"what": "asked"}, actor=actor, now=now)


def give_back(service: Service, *, to_mend: str, actor: Actor, now: dt.datetime) -> None:
    """Let whoever wrote it go on writing, and tell them.

    Args:
        service: one that waits to be published.
        to_mend: what is to be mended, in words for its writer.
        actor: who has read it.
        now: the time of this.

    Raises:
        NotShownHereError: if it does not wait.
    """
    if service.stage is not ServiceStage.WAITING:
        raise NotShownHereError
    service.stage, service.to_mend = ServiceStage.DRAFT, to_mend
    done(service, {"what": "given_back"}, actor=actor, now=now)
    letters.tell_writers(service, letters.GIVEN_BACK, actor=actor, now=now)


def publish(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Let residents see what was written here, and tell its provider; whoever publishes it has read it today.

    Raises:
        LackingError: if it lacks what each published service has to have.
        NotShownHereError: if it has been published already.
    """
    if service.stage is None:
        raise NotShownHereError
    _check(service)
    is_theirs = service.source is Source.PROVIDER or service.stage is ServiceStage.WAITING
    service.status, service.stage, service.to_mend = ServiceStatus.PUBLISHED, None, ""
    service.checked_on = clock.helsinki_day(now)
    done(service, {"what": "published"}, actor=actor, now=now)
    if is_theirs:
        letters.tell_writers(service, letters.PUBLISHED, actor=actor, now=now)


def discard(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Delete a draft with the ways to reach it; raise NotShownHereError if it is none."""
    if service.stage is not ServiceStage.DRAFT:
        raise NotShownHereError
    channels = [row.channel_id for row in service.channels]
    db.session.delete(service)
    db.session.flush()
    drop_unused_channels(channels)
    letters.take_back(service.id)
    _note(service.id, {"what": "discarded"}, actor=actor, now=now)


def hide(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Hide a service from residents; raise NotShownHereError if it is retired or was never published."""
    _put(service, ServiceStatus.HIDDEN, "hidden", actor=actor, now=now)


def show(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Let residents see a hidden service again.

    Raises:
        LackingError: if it lacks what each published service has to have, themes left out.
        NotShownHereError: if it is retired or was never published.
    """
    if service.status is ServiceStatus.HIDDEN and service.stage is None:
        # Themes are the county's: whoever edits for a provider could not mend that, nor take the hiding back.
        _check(service, but={Hindrance.NO_THEME})
    _put(service, ServiceStatus.PUBLISHED, "shown", actor=actor, now=now)


def leave_to_source(service: Service, *, actor: Actor, now: dt.datetime) -> None:
    """Let the next import write over what was changed here; until then it stays as it is."""
    kept = [name for name in service.own_fields if name == CHECKED]
    if kept != service.own_fields:
        service.own_fields = kept
        done(service, {"what": "left_to_source"}, actor=actor, now=now)


@contextmanager
def nothing_lost(service: Service) -> Iterator[None]:
    """Let the block change a service, but not take away what residents who see it need.

    What it lacked before, it may go on lacking: a slip in an imported text can be mended all the same.

    Raises:
        LackingError: at the end of the block; the caller's transaction ends with it, and so does the change.
    """
    before = _facts(service)
    yield
    db.session.flush()
    after = _facts(service)
    # What was told in a language until now is missed by those who read it.
    after = replace(after, told={*before.told, *after.told})
    lost = [each for each in lacks(after) if each not in lacks(before)]
    if service.status is not ServiceStatus.PUBLISHED:
        lost = [each for each in lost if each is Hindrance.NAMELESS]
    if lost:
        raise LackingError(lost)


def own(service: Service, names: Sequence[str]) -> None:
    """Note that these were changed here."""
    service.own_fields = sorted({*service.own_fields, *names})


def done(service: Service, detail: Mapping[str, str], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the index and the log up to date with a change of a service."""
    service.updated_at = now
    db.session.flush()
    indexing.index(service)
    _note(service.id, detail, actor=actor, now=now)


def _check(service: Service, *, but: Collection[Hindrance] = ()) -> None:
    found = [each for each in lacks(_facts(service)) if each not in but]
    if found:
        raise LackingError(found)


def _facts(service: Service) -> Facts:
    # Of what is always needed nothing depends on the day.
    return facts_of([service.id], today=clock.helsinki_day(service.created_at))[service.id]


def _put(service: Service, status: ServiceStatus, what: str, *, actor: Actor, now: dt.datetime) -> None:
    if service.status is ServiceStatus.RETIRED or service.stage is not None:
        raise NotShownHereError
    if service.status is not status:
        service.status = status
        done(service, {"what": what}, actor=actor, now=now)


def _note(service_id: uuid.UUID, detail: Mapping[str, str], *, actor: Actor, now: dt.datetime) -> None:
    record(
        Action.CONTENT_CHANGED,
        actor=actor,
        object_type="service",
        object_id=service_id,
        now=now,
        detail=detail,
    )
