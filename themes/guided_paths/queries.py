"""Which paths there are, as residents see them and as editors keep them."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from sqlalchemy import func, select

from servicetray.core.content import kept
from servicetray.core.db import Localized, db, in_language
from servicetray.core.errors import NotFoundError
from themes.directory.queries import shown_ids
from themes.guided_paths import matching
from themes.guided_paths.checking import Known, check, check_links
from themes.guided_paths.faults import Fault, PathFaultsError
from themes.guided_paths.models import PathVersion, VersionState
from themes.guided_paths.reading import read
from themes.guided_paths.tree import GuidedPath, TargetKind
from themes.self_care.queries import programmes
from themes.tools.queries import tool_slugs
from themes.topics.pages import HELPLINES
from themes.topics.queries import published_themes

FOLDER = Path(__file__).resolve().parent / "paths"
CONTACTS = frozenset({"exercise", "culture"})
"""Kinds of counselling that one can ask to be contacted by."""


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """A path that fits what somebody wrote, in the language of the page."""

    slug: str
    name: Localized
    summary: Localized


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A path as editors see it: what residents see, and the draft."""

    slug: str
    shown: str | None
    """The text of the path that residents see; None while they see none."""
    shipped: bool
    """Whether that is the product's own."""
    withdrawn: bool
    draft: PathVersion | None
    latest: PathVersion | None
    """The newest version that was published or withdrawn."""

    @property
    def source(self) -> str:
        """The text to go on writing: the draft, else what is or was shown."""
        newest = self.draft or self.latest
        return newest.source if newest else self.shown or ""

    @property
    def mark(self) -> str:
        """Changes whenever somebody keeps, publishes or withdraws."""
        versions = [each for each in (self.draft, self.latest) if each is not None]
        return ",".join(f"{each.number}:{each.changed_at.isoformat()}" for each in versions)


@cache
def shipped() -> Mapping[str, str]:
    """Return the texts of the product's own paths by slug."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.toml"))}


def sources() -> Mapping[str, str]:
    """Return the texts of the paths that residents see, by slug."""

    def make() -> Mapping[str, str]:
        found = dict(shipped())
        for version in _latest():
            if version.state is VersionState.WITHDRAWN:
                found.pop(version.slug, None)
            else:
                found[version.slug] = version.source
        return dict(sorted(found.items()))

    return kept(("guided_paths.sources",), make)


def published() -> Sequence[GuidedPath]:
    """Return the paths that residents see, by slug."""
    return _read_all(tuple(sources().values()))


def published_path(slug: str) -> GuidedPath:
    """Return one path as residents see it.

    Raises:
        NotFoundError: if there is none.
    """
    source = sources().get(slug)
    if source is None:
        raise NotFoundError(slug)
    return read(source)


def fitting(words: str, language: str, most: int = 2) -> Sequence[Fitting]:
    """Return the paths that fit what somebody has written, best first; none where nothing fits well.

    Args:
        words: as typed; kept nowhere.
        language: of the page.
        most: paths at most.
    """
    texts = tuple(sources().values())
    found = matching.best(_index(texts), words, language=language, most=most)
    return [_fitting(path, language) for slug in found for path in _read_all(texts) if path.slug == slug]


def _fitting(path: GuidedPath, language: str) -> Fitting:
    def make() -> Fitting:
        return Fitting(
            slug=path.slug,
            name=in_language(path.name, language),
            summary=in_language(path.summary, language),
        )

    return kept(("guided_paths.fitting", path.slug, language), make)


def known(*, today: dt.date) -> Known:
    """Return what paths may point to on a day: what is published and there."""
    themes = published_themes(language="fi", today=today)
    return Known(
        values={
            TargetKind.THEME: frozenset(theme.slug for theme in themes),
            TargetKind.TOOL: tool_slugs(),
            TargetKind.PROGRAMME: frozenset(each.slug for each in programmes()),
            TargetKind.SERVICE: frozenset(str(each) for each in shown_ids(today=today)),
            TargetKind.NUMBER: frozenset(line.number.replace(" ", "") for line in HELPLINES),
            TargetKind.CONTACT: CONTACTS,
            TargetKind.PATH: frozenset(sources()),
        }
    )


def faults_of(source: str, *, today: dt.date) -> Sequence[Fault]:
    """Return everything that is wrong with the text of a path on a day, by line."""
    try:
        path = read(source)
    except PathFaultsError as error:
        return error.faults
    others = [each for each in published() if each.slug != path.slug]
    crossing = [fault for fault in check_links([*others, path]) if fault.slug == path.slug]
    return [*crossing, *check(path, source, known(today=today))]


def faults_of_published(*, today: dt.date) -> Sequence[Fault]:
    """Return what is wrong with the paths that residents see: what they point to may have gone since."""
    there = known(today=today)
    found = list(check_links(published()))
    for source in sources().values():
        found += check(read(source), source, there)
    return found


def all_kept() -> Sequence[Kept]:
    """Return every path that is shown, was shown, or is being written, by slug."""
    latest = {version.slug: version for version in _latest()}
    drafts = {
        version.slug: version
        for version in db.session.scalars(
            select(PathVersion).where(PathVersion.state == VersionState.DRAFT).order_by(PathVersion.slug)
        )
    }
    return [
        _kept(slug, latest.get(slug), drafts.get(slug)) for slug in sorted({*shipped(), *latest, *drafts})
    ]


def kept_path(slug: str, *, lock: bool = False) -> Kept:
    """Return one path as editors see it.

    Args:
        slug: of the path.
        lock: whether its versions wait for this transaction's end.

    Raises:
        NotFoundError: if there never was one.
    """
    wanted = select(PathVersion).where(PathVersion.slug == slug).order_by(PathVersion.number)
    versions = db.session.scalars(wanted.with_for_update() if lock else wanted).all()
    if not versions and slug not in shipped():
        raise NotFoundError(slug)
    draft = next((each for each in versions if each.state is VersionState.DRAFT), None)
    others = [each for each in versions if each.state is not VersionState.DRAFT]
    return _kept(slug, others[-1] if others else None, draft)


def slug_taken(slug: str) -> bool:
    """Whether a path has this slug, shown or not."""
    wanted = select(PathVersion.id).where(PathVersion.slug == slug).limit(1)
    return slug in shipped() or db.session.scalar(wanted) is not None


def editors_of(kept_paths: Sequence[Kept]) -> frozenset[uuid.UUID]:
    """Return the accounts that changed these paths last."""
    versions = [each.draft or each.latest for each in kept_paths]
    return frozenset(each.changed_by_id for each in versions if each and each.changed_by_id)


def _latest() -> Sequence[PathVersion]:
    newest = (
        select(PathVersion.slug, func.max(PathVersion.number).label("number"))
        .where(PathVersion.state != VersionState.DRAFT)
        .group_by(PathVersion.slug)
        .subquery()
    )
    wanted = select(PathVersion).join(
        newest, (PathVersion.slug == newest.c.slug) & (PathVersion.number == newest.c.number)
    )
    return db.session.scalars(wanted.order_by(PathVersion.slug)).all()


def _kept(slug: str, latest: PathVersion | None, draft: PathVersion | None) -> Kept:
    withdrawn = latest is not None and latest.state is VersionState.WITHDRAWN
    shown = None if withdrawn else latest.source if latest else shipped().get(slug)
    return Kept(
        slug=slug,
        shown=shown,
        shipped=latest is None and shown is not None,
        withdrawn=withdrawn,
        draft=draft,
        latest=latest,
    )


def load() -> None:
    """Read the product's own paths now: in a server's master process, so that no worker does at its first search."""
    _index(tuple(shipped().values()))


@lru_cache(maxsize=4)
def _read_all(texts: tuple[str, ...]) -> Sequence[GuidedPath]:
    return tuple(read(text) for text in texts)


@lru_cache(maxsize=2)
def _index(texts: tuple[str, ...]) -> matching.Index:
    return matching.index_of(_read_all(texts))
