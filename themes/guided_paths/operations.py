"""Keeping, publishing and withdrawing versions of paths."""

import datetime as dt

from sqlalchemy import func, select

from servicetray.audit.events import Action
from servicetray.audit.operations import Actor, record
from servicetray.core.db import db
from servicetray.core.errors import ConflictError, DomainError
from themes.guided_paths import queries
from themes.guided_paths.faults import Fault, FaultKind, PathFaultsError
from themes.guided_paths.models import PathVersion, VersionState
from themes.guided_paths.reading import LONGEST_SOURCE, read


class SlugTakenError(DomainError):
    """Another path has this slug."""


class NothingShownError(DomainError):
    """The path isn't shown to residents as it is."""


def keep_draft(source: str, *, slug: str, mark: str | None, actor: Actor, now: dt.datetime) -> PathVersion:
    """Keep a text as the draft of a path, faults and all: a draft may be half written.

    Args:
        source: TOML.
        slug: of the path.
        mark: of the path as the editor saw it; None for a new path.
        actor: the editor.
        now: the instant.

    Raises:
        SlugTakenError: if a new path would have the slug of another.
        ConflictError: if somebody has changed the path since.
        PathFaultsError: if the text is longer than any path.
        NotFoundError: if there is no such path.
    """
    if len(source) > LONGEST_SOURCE:
        raise PathFaultsError([Fault(line=1, kind=FaultKind.TOO_LONG, about=str(LONGEST_SOURCE))])
    draft = None
    if mark is None:
        if queries.slug_taken(slug):
            raise SlugTakenError(slug)
    else:
        draft = _unchanged(slug, mark).draft
    if draft is None:
        draft = PathVersion(slug=slug, number=_next(slug), state=VersionState.DRAFT)
        db.session.add(draft)
    draft.source = source
    draft.changed_at = now
    draft.changed_by_id = actor.id
    db.session.flush()
    _record("draft", slug, draft.number, actor=actor, now=now)
    return draft


def publish(*, slug: str, mark: str, today: dt.date, actor: Actor, now: dt.datetime) -> PathVersion:
    """Show the draft of a path to residents.

    Raises:
        PathFaultsError: if anything about it has to be mended first.
        ConflictError: if somebody has changed the path since, or it has no draft.
        NotFoundError: if there is no such path.
    """
    draft = _unchanged(slug, mark).draft
    if draft is None:
        raise ConflictError(slug)
    faults = list(queries.faults_of(draft.source, today=today))
    if not faults and (told := read(draft.source).slug) != slug:
        faults.append(Fault(line=1, kind=FaultKind.SLUG, about=told))
    if faults:
        raise PathFaultsError(faults)
    # A number after all others: the newest version is the one that counts.
    draft.number = _next(slug)
    draft.state = VersionState.PUBLISHED
    draft.changed_at = now
    draft.changed_by_id = actor.id
    db.session.flush()
    _record("published", slug, draft.number, actor=actor, now=now)
    return draft


def withdraw(*, slug: str, mark: str, actor: Actor, now: dt.datetime) -> PathVersion:
    """Show a path to residents no more; its text stays.

    Raises:
        NothingShownError: if they see none as it is.
        ConflictError: if somebody has changed the path since.
        NotFoundError: if there is no such path.
    """
    it = _unchanged(slug, mark)
    if it.shown is None:
        raise NothingShownError(slug)
    version = PathVersion(
        slug=slug,
        number=_next(slug),
        state=VersionState.WITHDRAWN,
        source=it.shown,
        changed_at=now,
        changed_by_id=actor.id,
    )
    db.session.add(version)
    db.session.flush()
    _record("withdrawn", slug, version.number, actor=actor, now=now)
    return version


def discard_draft(*, slug: str, mark: str, actor: Actor, now: dt.datetime) -> None:
    """Throw a draft away; what residents see stays as it is.

    Raises:
        ConflictError: if somebody has changed the path since, or it has no draft.
        NotFoundError: if there is no such path.
    """
    draft = _unchanged(slug, mark).draft
    if draft is None:
        raise ConflictError(slug)
    number = draft.number
    db.session.delete(draft)
    db.session.flush()
    _record("discarded", slug, number, actor=actor, now=now)


def _unchanged(slug: str, mark: str) -> queries.Kept:
    it = queries.kept_path(slug, lock=True)
    if it.mark != mark:
        raise ConflictError(slug)
    return it


def _next(slug: str) -> int:
    newest = db.session.scalar(select(func.max(PathVersion.number)).where(PathVersion.slug == slug))
    return (newest or 0) + 1


def _record(what: str, slug: str, number: int, *, actor: Actor, now: dt.datetime) -> None:
    record(
        Action.CONTENT_CHANGED,
        actor=actor,
        object_type="guided_path",
        object_id=slug,
        now=now,
        detail={"what": what, "version": str(number)},
    )
